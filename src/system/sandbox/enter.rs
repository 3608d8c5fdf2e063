//! The way in: walls are put up one after another, and none can be taken down again.

use std::io;

use super::limits;
use super::state::{Missing, SandboxState, Wall};

/// Puts up all walls the system has, for the calling thread and all it starts: a process calls this
/// before it has others. `n_bytes` bound what it may hold until its parent allows more, up to
/// `most_bytes`.
#[must_use]
pub fn enter(n_bytes: u64, most_bytes: u64) -> SandboxState {
    let mut state = SandboxState {
        missing: Vec::new(),
        landlock_abi: None,
    };
    let mut put_up = |wall: Wall, stands: io::Result<()>| {
        if let Err(error) = stands {
            let why = error.to_string();
            state.missing.push(Missing { wall, why });
        }
    };
    // Descriptors first, while folders can be read; system calls last, for they are what walls are
    // put up with.
    let descriptors = walls::close_descriptors().and_then(|()| std::env::set_current_dir("/"));
    let limits = limits::begin(n_bytes, most_bytes);
    let privileges = walls::give_up_privileges().and_then(|()| walls::hide_memory());
    let files = walls::leave_files();
    put_up(Wall::Files, files.as_ref().map(|_| ()).map_err(copied));
    put_up(Wall::Calls, walls::leave_calls());
    put_up(Wall::Limits, limits);
    put_up(Wall::Privileges, privileges);
    put_up(Wall::Descriptors, descriptors);
    state.landlock_abi = files.ok();
    state
}

/// What a process that computes must still get at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Nothing,
    /// Memory of its parent, which it opens by name: files are left open to it for that.
    NamedMemory,
}

/// As [`enter`], for a process that computes what its parent sends it and holds its streams already.
/// Its memory and time are its parent's to watch, and tools of its user may look at what it holds.
#[must_use]
pub fn enter_to_compute(reach: Reach) -> SandboxState {
    let by_name = || io::Error::other("memory is handed over by name");
    let privileges = walls::give_up_privileges();
    let files = match reach {
        Reach::Nothing => walls::leave_files(),
        Reach::NamedMemory => Err(by_name()),
    };
    let calls = match reach {
        Reach::Nothing => walls::leave_calls(),
        Reach::NamedMemory => walls::leave_calls_but_opening(),
    };
    let outcomes = [
        (Wall::Files, files.as_ref().map(|_| ()).map_err(copied)),
        (Wall::Calls, calls),
        (Wall::Privileges, privileges),
    ];
    let missing = outcomes.into_iter().filter_map(|(wall, stands)| {
        let why = stands.err()?.to_string();
        Some(Missing { wall, why })
    });
    SandboxState {
        missing: missing.collect(),
        landlock_abi: files.ok(),
    }
}

fn copied(error: &io::Error) -> io::Error {
    io::Error::other(error.to_string())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod walls {
    #![expect(unsafe_code, reason = "descriptors nobody owns are closed by number")]

    use std::io;

    pub(super) use super::super::files::leave_files;

    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    pub(super) use super::super::filter::{leave_calls, leave_calls_but_opening};

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(super) fn leave_calls() -> io::Result<()> {
        Err(io::Error::other("not written for this processor"))
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(super) fn leave_calls_but_opening() -> io::Result<()> {
        leave_calls()
    }

    /// Closes what the parent had open and did not hand over: all above stderr.
    pub(super) fn close_descriptors() -> io::Result<()> {
        // SAFETY: nothing in this process owns a descriptor above 2 yet; whatever is there was
        // inherited, and is known to nobody.
        let done = unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, 0) };
        if done == 0 {
            return Ok(());
        }
        // Kernels before 5.9: one by one, those that are there.
        for entry in std::fs::read_dir("/proc/self/fd")? {
            let name = entry?.file_name();
            let number: Option<i32> = name.to_str().and_then(|name| name.parse().ok());
            if let Some(number @ 3..) = number {
                // SAFETY: as above; the folder's own descriptor is closed once more at its end,
                // which fails for a number that is closed.
                unsafe { libc::close(number) };
            }
        }
        Ok(())
    }

    /// No program it might start has more rights.
    pub(super) fn give_up_privileges() -> io::Result<()> {
        Ok(rustix::thread::set_no_new_privs(true)?)
    }

    /// Nobody may look into its memory.
    pub(super) fn hide_memory() -> io::Result<()> {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod walls {
    use std::io;

    fn absent() -> io::Error {
        io::Error::other("this system has none")
    }

    pub(super) fn close_descriptors() -> io::Result<()> {
        // What the parent opens is closed in its children by default.
        Ok(())
    }

    pub(super) fn give_up_privileges() -> io::Result<()> {
        Err(absent())
    }

    pub(super) fn hide_memory() -> io::Result<()> {
        Err(absent())
    }

    pub(super) fn leave_files() -> io::Result<u32> {
        Err(absent())
    }

    pub(super) fn leave_calls() -> io::Result<()> {
        Err(absent())
    }

    pub(super) fn leave_calls_but_opening() -> io::Result<()> {
        Err(absent())
    }
}
