//! Bounds on what a process may take, set by itself at its start and by its parent once it knows
//! how much the work needs.

use std::io;

/// No process of ours needs less, whatever its work: the program itself and its libraries count too.
const BASE_BYTES: u64 = 2 << 30;

/// Processor time for what comes before the work, and at most.
const START_S: u64 = 60;
const MOST_CPU_S: u64 = 1 << 20;

/// Address space for work that holds `n_bytes`: generous, for allocators reserve more than they
/// use, and a valid photo that is refused is worse than a bomb that takes a little longer.
#[must_use]
pub const fn address_space_for(n_bytes: u64) -> u64 {
    BASE_BYTES.saturating_add(n_bytes.saturating_mul(4))
}

/// Resident memory beside the work's own; far above what the program and its libraries touch.
const RESIDENT_BASE_BYTES: u64 = 512 << 20;

/// Memory that work holding `n_bytes` may really use, shared memory included.
#[must_use]
pub const fn resident_for(n_bytes: u64) -> u64 {
    RESIDENT_BASE_BYTES.saturating_add(n_bytes.saturating_mul(4))
}

/// What a process uses; `None` when it is gone or the system does not tell.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[must_use]
pub fn resident_of(pid: u32) -> Option<u64> {
    let pages = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let resident: u64 = pages.split_whitespace().nth(1)?.parse().ok()?;
    Some(resident * rustix::param::page_size() as u64)
}

/// Only Linux tells by a file.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[must_use]
pub const fn resident_of(_pid: u32) -> Option<u64> {
    None
}

/// Bounds this process until its parent knows more: no dumps, little time, and memory for
/// `n_bytes`, which the parent may raise up to what `most_bytes` need.
///
/// # Errors
/// When the system refuses.
#[cfg(unix)]
pub(super) fn begin(n_bytes: u64, most_bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let bound = |resource, soft: u64, hard: u64| {
        // What was bounded more tightly from outside stays so.
        let now = getrlimit(resource);
        let hard = now.maximum.map_or(hard, |now| now.min(hard));
        let limit = Rlimit {
            current: Some(now.current.map_or(soft, |now| now.min(soft)).min(hard)),
            maximum: Some(hard),
        };
        setrlimit(resource, limit)
    };
    bound(Resource::Core, 0, 0)?;
    bound(Resource::Cpu, START_S, MOST_CPU_S)?;
    let (soft, hard) = (address_space_for(n_bytes), address_space_for(most_bytes));
    bound(Resource::As, soft, hard)?;
    Ok(())
}

/// Systems without such bounds.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub(super) fn begin(_n_bytes: u64, _most_bytes: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Bounds a running child: memory for `n_bytes` of work now and for `most_bytes` later on, and so
/// much processor time in all.
///
/// # Errors
/// When it is gone or the system refuses.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn of_child(pid: u32, (n_bytes, most_bytes): (u64, u64), cpu_s: u64) -> io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let pid = Pid::from_raw(pid.cast_signed()).ok_or(io::ErrorKind::NotFound)?;
    let (soft, hard) = (address_space_for(n_bytes), address_space_for(most_bytes));
    for (resource, soft, hard) in [
        (Resource::As, soft, hard),
        (Resource::Cpu, cpu_s, MOST_CPU_S),
    ] {
        let limit = Rlimit {
            current: Some(soft),
            maximum: Some(hard),
        };
        match prlimit(Some(pid), resource, limit) {
            // It is bounded more tightly already, from outside.
            Ok(_) | Err(rustix::io::Errno::PERM) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Only Linux bounds another process; elsewhere the first bounds stay.
///
/// # Errors
/// Never.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn of_child(_pid: u32, (_n_bytes, _most_bytes): (u64, u64), _cpu_s: u64) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_four_times_the_work_and_two_gibibytes() {
        assert_eq!(address_space_for(0), 2 << 30);
        assert_eq!(address_space_for(1 << 30), 6 << 30);
        assert_eq!(address_space_for(u64::MAX), u64::MAX);
        assert_eq!(resident_for(1 << 30), (4 << 30) + (512 << 20));
        assert_eq!(resident_for(u64::MAX), u64::MAX);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_process_uses_is_counted_when_it_is_touched() {
        let used = || resident_of(std::process::id()).unwrap();
        let before = used();
        let mut memory: Vec<u8> = Vec::with_capacity(256 << 20);
        // Other tests take and give memory meanwhile.
        assert!(used() < before + (200 << 20));
        memory.resize(256 << 20, 1);
        assert!(used() > before + (128 << 20));
        assert_eq!(std::hint::black_box(memory)[5], 1);
        assert_eq!(resident_of(u32::MAX), None);
    }
}
