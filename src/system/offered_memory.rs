//! How much memory the system still has for this process and those it starts, as far as it tells.

use std::fmt;

/// Memory that may still be taken, by the tightest bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    pub n_bytes: u64,
    pub bound: Bound,
}

/// What bounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The limit of this process's address space, which those it starts inherit. Each has it for
    /// itself, but who sets one means the program: it is taken for all of them together.
    AddressSpace,
    /// The control group this process is in, or one above it (Linux).
    ControlGroup,
    /// What is free, or can be freed, on this machine.
    Machine,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AddressSpace => "the limit of address space",
            Self::ControlGroup => "the control group",
            Self::Machine => "the machine",
        })
    }
}

/// What is offered now; `None` where the system does not tell.
#[must_use]
pub fn offered() -> Option<Offer> {
    let bounds = [
        (Bound::AddressSpace, address_space()),
        (Bound::ControlGroup, system::control_group()),
        (Bound::Machine, system::machine()),
    ];
    let offers = bounds
        .into_iter()
        .filter_map(|(bound, n_bytes)| n_bytes.map(|n_bytes| Offer { n_bytes, bound }));
    offers.min_by_key(|offer| offer.n_bytes)
}

/// The limit less what this process holds.
fn address_space() -> Option<u64> {
    let limit = super::spare_memory::memory_limit_bytes()?;
    Some(limit.saturating_sub(system::held().unwrap_or_default()))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::fs;
    use std::path::{Path, PathBuf};

    const ROOT: &str = "/sys/fs/cgroup";

    /// Resident bytes of this process.
    pub(super) fn held() -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        kib_of(&status, "VmRSS:")
    }

    /// Free memory and what can be freed without swapping.
    pub(super) fn machine() -> Option<u64> {
        let text = fs::read_to_string("/proc/meminfo").ok()?;
        kib_of(&text, "MemAvailable:")
    }

    /// The least that this process's group and those above it have left.
    pub(super) fn control_group() -> Option<u64> {
        let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
        groups
            .lines()
            .filter_map(|line| files_of(line))
            .filter_map(|files| files.least_left(Path::new(ROOT)))
            .min()
    }

    /// Where a kind of control group says its limits.
    pub(super) struct Files {
        /// Below the root of all groups.
        folder: PathBuf,
        /// As the group is named, from the hierarchy's root.
        group: PathBuf,
        limit: &'static str,
        used: &'static str,
        /// In `memory.stat`: the cache of files that were not looked at for a while.
        spare: &'static str,
    }

    /// Of a line of `/proc/self/cgroup`, where it is about memory.
    pub(super) fn files_of(line: &str) -> Option<Files> {
        let mut parts = line.splitn(3, ':');
        let (number, kinds, group) = (parts.next()?, parts.next()?, parts.next()?);
        let group = PathBuf::from(group.trim_start_matches('/'));
        if number == "0" && kinds.is_empty() {
            return Some(Files {
                folder: PathBuf::new(),
                group,
                limit: "memory.max",
                used: "memory.current",
                spare: "inactive_file ",
            });
        }
        kinds
            .split(',')
            .any(|kind| kind == "memory")
            .then(|| Files {
                folder: PathBuf::from("memory"),
                group,
                limit: "memory.limit_in_bytes",
                used: "memory.usage_in_bytes",
                spare: "total_inactive_file ",
            })
    }

    impl Files {
        pub(super) fn least_left(&self, root: &Path) -> Option<u64> {
            let root = root.join(&self.folder);
            let above = self.group.ancestors();
            above
                .filter_map(|group| self.left_in(&root.join(group)))
                .min()
        }

        fn left_in(&self, folder: &Path) -> Option<u64> {
            let number = |name: &str| -> Option<u64> {
                let text = fs::read_to_string(folder.join(name)).ok()?;
                text.trim().parse().ok()
            };
            // `max`, and what only means it, are no limits.
            let limit = number(self.limit).filter(|limit| *limit < 1 << 60)?;
            let stat = fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
            let spare = stat.lines().find_map(|line| line.strip_prefix(self.spare));
            let spare = spare.and_then(|text| text.trim().parse::<u64>().ok());
            let used = number(self.used)?.saturating_sub(spare.unwrap_or_default());
            Some(limit.saturating_sub(used))
        }
    }

    /// A line `NAME   123 kB` of the kernel's books, in bytes.
    pub(super) fn kib_of(text: &str, name: &str) -> Option<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        let number: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(number * 1024)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod system {
    pub(super) const fn held() -> Option<u64> {
        None
    }

    pub(super) const fn control_group() -> Option<u64> {
        None
    }

    pub(super) fn machine() -> Option<u64> {
        let mut system = sysinfo::System::new();
        system.refresh_memory();
        // Where it is not known, it is nothing.
        Some(system.available_memory()).filter(|n_bytes| *n_bytes > 0)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    use super::system::{files_of, kib_of};
    use super::*;

    #[test]
    fn this_machine_offers_something_that_is_less_than_it_has() {
        let offer = offered().unwrap();
        let text = fs::read_to_string("/proc/meminfo").unwrap();
        let total = kib_of(&text, "MemTotal:").unwrap();
        assert!(offer.n_bytes > 0 && offer.n_bytes < total, "{offer:?}");
    }

    #[test]
    fn the_tightest_group_counts_and_cache_is_no_use() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = root.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("a/memory.max", "1000\n");
        write("a/memory.current", "700\n");
        write("a/memory.stat", "anon 5\ninactive_file 200\n");
        write("a/b/memory.max", "max\n");
        write("a/b/memory.current", "90\n");
        let left = |line: &str| files_of(line).unwrap().least_left(root.path());
        assert_eq!(left("0::/a/b"), Some(500));
        assert_eq!(left("0::/"), None);
        write("memory/c/memory.limit_in_bytes", "4096");
        write("memory/c/memory.usage_in_bytes", "96");
        assert_eq!(left("7:cpu,memory:/c"), Some(4000));
        write("memory/c/memory.limit_in_bytes", "9223372036854771712");
        assert_eq!(left("7:cpu,memory:/c"), None);
        assert!(files_of("3:cpuset:/c").is_none() && files_of("").is_none());
    }
}
