//! How long a process lives: not longer than its parent.

use std::io;
use std::process::Child;

/// Lets the system kill this process when the thread that started it ends.
///
/// # Errors
/// When the parent is gone already, or the system refuses.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn end_with_parent() -> io::Result<()> {
    use rustix::process::{Signal, getppid, set_parent_process_death_signal};
    let parent = getppid();
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // A parent that ended before the call sends no signal.
    if getppid() == parent {
        Ok(())
    } else {
        Err(io::Error::other("the parent ended"))
    }
}

/// Other systems have no such call; a worker there ends with its stdin.
///
/// # Errors
/// Never.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn end_with_parent() -> io::Result<()> {
    Ok(())
}

/// Gives this process a name for lists of processes, where the system has such a call.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn set_process_name(name: &std::ffi::CStr) {
    rustix::thread::set_name(name).ok();
}

/// Gives this process a name for lists of processes, where the system has such a call.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn set_process_name(_name: &std::ffi::CStr) {}

/// Makes a file that grows over the limit of files (`ulimit -f`) an error like others, where it is
/// the end of the process else.
#[cfg(unix)]
pub fn outlive_the_limit_of_files() {
    // That there is a handler is enough; nobody asks it.
    let nobody_asks = std::sync::Arc::default();
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, nobody_asks).ok();
}

/// Systems without such a limit.
#[cfg(not(unix))]
pub const fn outlive_the_limit_of_files() {}

/// Lets other processes go first where cores are scarce.
#[cfg(unix)]
pub fn give_way() {
    const STEPS: i32 = 5;
    // A system that refuses loses nothing but courtesy.
    rustix::process::nice(STEPS).ok();
}

/// Lets other processes go first where cores are scarce: systems that are not asked.
#[cfg(not(unix))]
pub const fn give_way() {}

/// Kills a child that was not reaped yet, and all of the group it leads.
#[cfg(unix)]
pub fn kill_group(leader: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(pid) = Pid::from_raw(leader.id().cast_signed()) {
        kill_process_group(pid, Signal::KILL).ok();
    }
}

/// Systems without groups of processes: the caller kills the child alone.
#[cfg(not(unix))]
pub fn kill_group(_leader: &Child) {}
