//! Pages of fresh shared memory put in place by a thread beside the one that writes them: a page fault
//! of such memory costs several times what one of a program's own memory does, and there are 250 a MiB.
#![cfg_attr(
    any(target_os = "linux", target_os = "android"),
    expect(unsafe_code, reason = "madvise is given a raw range")
)]

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};

/// Pages put in place between two looks at whether it is still worth it.
#[cfg(any(target_os = "linux", target_os = "android"))]
const STEP_BYTES: usize = 2 << 20;

/// Puts pages in place from the front on until all are there or `is_over`. Only the system's tables
/// change, no byte does. `start` is where the file is mapped.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn settle(file: &File, (start, n_bytes): (*const u8, usize), is_over: &AtomicBool) {
    use rustix::fs::FallocateFlags;
    use rustix::mm::{Advice, madvise};
    for at in (0..n_bytes).step_by(STEP_BYTES) {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        let len = STEP_BYTES.min(n_bytes - at);
        let taken = rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, at as u64, len as u64);
        // SAFETY: the range lies inside a map the caller holds, and this advice changes no content.
        let mapped = unsafe {
            let range = start.wrapping_add(at).cast_mut().cast();
            madvise(range, len, Advice::LinuxPopulateRead)
        };
        // A kernel before 5.14 does it page by page when they are touched; so does one without memory.
        if taken.is_err() || mapped.is_err() {
            return;
        }
    }
}

/// Other systems put pages in place when they are touched.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn settle(_file: &File, _range: (*const u8, usize), is_over: &AtomicBool) {
    is_over.load(Ordering::Relaxed);
}
