//! Fetching memory into the cache ahead of its use.
//!
//! Rows of a tile are far apart in a picture and too short for the processor to see where they go;
//! who works through them says what comes next. Only a hint: no content changes, and a machine
//! without one loses nothing.
#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "the instruction takes an address")
)]

/// How far ahead those who go row by row name a row: far enough to be there in time, near enough to be
/// there still.
pub const ROWS_AHEAD: u32 = 2;

/// Bytes fetched at once, on nearly all machines.
#[cfg(target_arch = "x86_64")]
const LINE_BYTES: usize = 64;

/// Says that `memory` will be read or written soon. It should fit the cache beside what is at work.
#[cfg(target_arch = "x86_64")]
#[inline]
pub fn prefetch<T: bytemuck::Pod>(memory: &[T]) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

    let bytes: &[u8] = bytemuck::cast_slice(memory);
    for line in bytes.chunks(LINE_BYTES) {
        // SAFETY: a hint for an address inside a slice; it neither faults nor reads for the program,
        // and every x86-64 processor has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
    }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub fn prefetch<T: bytemuck::Pod>(_memory: &[T]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_memory_may_be_named_and_keeps_its_content() {
        let memory: Vec<u16> = (0..5000).collect();
        for range in [0..0, 0..1, 3..77, 0..5000, 5000..5000] {
            prefetch(&memory[range]);
        }
        assert!(memory.iter().copied().eq(0..5000));
    }
}
