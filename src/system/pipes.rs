//! Pipes: their size, and a process's own ends of them.

#[cfg(unix)]
use std::os::fd::AsFd;
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
