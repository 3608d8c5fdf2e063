//! Pipes: their size, and a process's own ends of them.

#![cfg_attr(
    unix,
    expect(
        unsafe_code,
        reason = "descriptors of unknown origin have no owner to close them by"
    )
)]

#[cfg(unix)]
use std::os::fd::{AsFd, BorrowedFd, FromRawFd as _, OwnedFd, RawFd};
#[cfg(windows)]
use std::os::windows::io::AsHandle;

use std::fs::File;
use std::io;

/// Asks for a buffer of `n_bytes`; a system that grants less, or has no such call, is as good.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn enlarge(pipe: &impl AsFd, n_bytes: usize) {
    rustix::pipe::fcntl_setpipe_size(pipe, n_bytes).ok();
}

/// Asks for a larger buffer, where a system has such a call; this one has not.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn enlarge<P>(_pipe: &P, _n_bytes: usize) {}

/// Closes every descriptor that came from whoever started this process, apart from the standard
/// streams and `handed_over`. Not every program marks what it opens as its own.
///
/// To be called first of all, while this process has opened nothing itself.
#[cfg(unix)]
pub fn close_inherited(handed_over: &[RawFd]) {
    let listed: Vec<RawFd> = std::fs::read_dir("/dev/fd")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    for fd in listed {
        if fd > 2 && !handed_over.contains(&fd) {
            // SAFETY: nothing in this process has opened or taken a descriptor yet, so nobody else
            // owns this one; the list's own, which is closed by now, is looked at and left.
            unsafe {
                if rustix::io::fcntl_getfd(BorrowedFd::borrow_raw(fd)).is_ok() {
                    drop(OwnedFd::from_raw_fd(fd));
                }
            }
        }
    }
}

/// Closes nothing: systems of this kind hand over only what they are told to.
#[cfg(not(unix))]
pub const fn close_inherited(_handed_over: &[i32]) {}

/// This process's stdin and stdout, for a protocol of its own. Whatever is printed to stdout from
/// now on goes to stderr, where it cannot be taken for the protocol.
///
/// # Errors
/// When a stream is closed or the system has no more descriptors.
#[cfg(unix)]
pub fn claim_stdio() -> io::Result<(File, File)> {
    let stdin = io::stdin().as_fd().try_clone_to_owned()?;
    let stdout = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok((stdin.into(), stdout.into()))
}

/// This process's stdin and stdout, for a protocol of its own.
///
/// # Errors
/// When a stream is closed.
#[cfg(windows)]
pub fn claim_stdio() -> io::Result<(File, File)> {
    let stdin = io::stdin().as_handle().try_clone_to_owned()?;
    let stdout = io::stdout().as_handle().try_clone_to_owned()?;
    Ok((stdin.into(), stdout.into()))
}
