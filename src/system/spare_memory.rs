//! Memory of this process: what it may take, how its threads take it, and giving back what was freed.

#![cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    expect(unsafe_code, reason = "the C library's calls for it have no safe form")
)]

/// The most address space this process and those it starts may have; `None` where there is no limit.
#[cfg(unix)]
#[must_use]
pub fn memory_limit_bytes() -> Option<u64> {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::As).current
}

/// Systems without such limits.
#[cfg(not(unix))]
#[must_use]
pub const fn memory_limit_bytes() -> Option<u64> {
    None
}

/// Where address space is bounded, lets the threads of this process share what they allocate from: each
/// would take some hundred times more of it than it needs.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn share_where_bounded() {
    use std::ffi::c_int;
    unsafe extern "C" {
        /// `mallopt(3)`.
        fn mallopt(param: c_int, value: c_int) -> c_int;
    }
    /// `M_ARENA_MAX` of malloc.h.
    const MOST_ARENAS: c_int = -8;
    if memory_limit_bytes().is_some() {
        // SAFETY: glibc's function of that name takes two numbers; what it does not know it ignores.
        unsafe {
            mallopt(MOST_ARENAS, 2);
        }
    }
}

/// Systems whose allocators decide by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub const fn share_where_bounded() {}

/// Gives freed memory back to the system now. Allocators keep some for the next request; a process
/// that will not have one for a while should not.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back() {
    use std::ffi::c_int;
    unsafe extern "C" {
        /// `malloc_trim(3)`.
        fn malloc_trim(pad: usize) -> c_int;
    }
    // SAFETY: glibc's function of that name takes a number of bytes to keep and may be called from
    // any thread at any time.
    unsafe {
        malloc_trim(0);
    }
}

/// Systems whose allocators decide by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub const fn give_back() {}
