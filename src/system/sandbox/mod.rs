//! What holds a process that reads hostile bytes: it enters [`enter`] with what it was handed, and
//! from then on has no files, no network, no other processes, and bounded memory and time.
//!
//! Each wall is put up as far as the system has it; [`SandboxState`] tells which stand and why
//! others do not. There is a wall behind most walls: opening files is denied by Landlock and as a
//! system call, memory is bounded by the system and what may be asked for by the parent.

#[cfg(all(
    feature = "fault-injection",
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
pub mod attempts;
#[cfg(all(
    any(target_os = "linux", target_os = "android"),
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod calls;
mod enter;
#[cfg(any(target_os = "linux", target_os = "android"))]
mod files;
#[cfg(all(
    any(target_os = "linux", target_os = "android"),
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod filter;
pub mod limits;
mod state;

pub use enter::{Reach, enter, enter_to_compute};
pub use state::{Missing, SandboxLevel, SandboxState, Wall};
