//! Linux: clocks and the current core by system calls, everything about processes from `/proc`.

use std::fs;

use rustix::thread::ClockId;
use rustix::time::clock_gettime;

/// CPU time of the calling thread, about 0.3 µs to ask.
#[must_use]
pub fn thread_cpu_ns() -> Option<u64> {
    Some(clock_ns(ClockId::ThreadCPUTime))
}

/// CPU time of all threads of this process, ended ones included.
#[must_use]
pub fn process_cpu_ns() -> Option<u64> {
    Some(clock_ns(ClockId::ProcessCPUTime))
}

/// The core the calling thread runs on at this moment.
#[must_use]
pub fn current_core() -> Option<u32> {
    u32::try_from(rustix::thread::sched_getcpu()).ok()
}

/// The system's number of the calling thread.
#[must_use]
pub fn thread_id() -> Option<u32> {
    u32::try_from(rustix::thread::gettid().as_raw_nonzero().get()).ok()
}

/// Memory a process holds resident now, pages shared with others included; `None` where there is no
/// such process.
#[must_use]
pub fn rss_bytes(pid: u32) -> Option<u64> {
    kib_field(
        &fs::read_to_string(format!("/proc/{pid}/status")).ok()?,
        "VmRSS:",
    )
}

/// The most memory a process ever held resident, pages shared with others included.
#[must_use]
pub fn peak_rss_bytes(pid: u32) -> Option<u64> {
    kib_field(
        &fs::read_to_string(format!("/proc/{pid}/status")).ok()?,
        "VmHWM:",
    )
}

/// Memory a process holds now, each shared page counted by its share, so that sums over
/// processes are true. Slow (milliseconds): for after a run, not for within.
#[must_use]
pub fn pss_bytes(pid: u32) -> Option<u64> {
    kib_field(
        &fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?,
        "Pss:",
    )
}

/// Lets [`peak_rss_bytes`] of this process begin again at what it holds now; whether that worked.
#[must_use]
pub fn reset_peak_rss() -> bool {
    // proc_pid_clear_refs(5): 5 resets the peak.
    fs::write("/proc/self/clear_refs", "5").is_ok()
}

fn clock_ns(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// The bytes of a line such as `VmHWM:     1234 kB`.
fn kib_field(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let text = "Name:\tx\nVmPeak:\t  99 kB\nVmHWM:\t   1234 kB\nPss_Dirty: 5 kB\nPss:  7 kB\n";
        assert_eq!(kib_field(text, "VmHWM:"), Some(1234 * 1024));
        assert_eq!(kib_field(text, "Pss:"), Some(7 * 1024));
        assert_eq!(kib_field(text, "Rss:"), None);
        assert_eq!(kib_field("VmHWM: many kB", "VmHWM:"), None);
        assert_eq!(kib_field("VmHWM: 18446744073709551615 kB", "VmHWM:"), None);
    }

    #[test]
    fn this_process_is_in_proc() {
        let pid = std::process::id();
        let (peak, pss) = (peak_rss_bytes(pid).unwrap(), pss_bytes(pid));
        assert!(peak > 1 << 20, "{peak}");
        assert!(pss.is_none_or(|pss| pss > 1 << 16), "{pss:?}");
        assert!(thread_id().is_some());
        assert!(current_core().is_some());
    }
}
