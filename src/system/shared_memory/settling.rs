//! Pages of shared memory put in place, and let go, by a thread beside the one that uses them.
//!
//! A page fault of such memory costs several times what one of a program's own memory does, and there
//! are 250 a MiB; letting them go costs a tenth of it. One thread is enough, and two are worse: they
//! get into each other's way, and both into the way of the one that uses the pages.
#![cfg_attr(
    any(target_os = "linux", target_os = "android"),
    expect(unsafe_code, reason = "madvise is given a raw range")
)]

use std::sync::atomic::{AtomicBool, Ordering};

/// Pages put in place between two looks at whether it is still worth it.
const STEP_BYTES: usize = 2 << 20;

/// Puts pages in place for writing, from the front on, until all are there or `is_over`. Only the
/// system's tables change, no byte does.
pub(super) fn settle((start, n_bytes): (*const u8, usize), is_over: &AtomicBool) {
    for at in (0..n_bytes).step_by(STEP_BYTES) {
        let len = STEP_BYTES.min(n_bytes - at);
        // A kernel before 5.14 does it page by page when they are touched; so does one without memory.
        if is_over.load(Ordering::Relaxed) || !advised(start.wrapping_add(at), len, Aim::Write) {
            return;
        }
    }
}

/// Puts pages in place for reading; those that are not there at all come into being as zeros.
pub(super) fn settle_to_read(start: *const u8, n_bytes: usize) {
    advised(start, n_bytes, Aim::Read);
}

/// Takes pages out of this process's tables: what stands in them stays, in the memory itself.
pub(super) fn let_go(start: *const u8, n_bytes: usize) {
    advised(start, n_bytes, Aim::LetGo);
}

/// What shall become of pages.
#[derive(Clone, Copy)]
enum Aim {
    Write,
    Read,
    LetGo,
}

/// `start` lies at the beginning of a page, in a map of shared memory that the caller holds. Answers
/// whether the system did it.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn advised(start: *const u8, n_bytes: usize, aim: Aim) -> bool {
    use rustix::mm::{Advice, madvise};
    let advice = match aim {
        Aim::Write => Advice::LinuxPopulateWrite,
        Aim::Read => Advice::LinuxPopulateRead,
        Aim::LetGo => Advice::LinuxDontNeed,
    };
    // SAFETY: the range lies inside a map the caller holds, and no such advice changes content: what
    // is let go of shared memory is found again at the next touch.
    unsafe { madvise(start.cast_mut().cast(), n_bytes, advice) }.is_ok()
}

/// Other systems put pages in place when they are touched.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const fn advised(_start: *const u8, _n_bytes: usize, _aim: Aim) -> bool {
    false
}
