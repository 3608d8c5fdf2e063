//! Large pages for large memory: a picture of 100 MB in pages of 4 KiB costs 25,000 page faults
//! before the first pixel is written, in pages of 2 MiB fifty.
//!
//! Only advice: no content changes, and a system that does not know it loses nothing.
#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "madvise is given a raw range")
)]

/// Below this the gain is not worth the call.
const MIN_BYTES: usize = 4 << 20;

/// Asks for large pages under `memory`, which should just have been allocated.
pub fn prefer_large_pages<T: bytemuck::Pod>(memory: &mut [T]) {
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(memory);
    if bytes.len() >= MIN_BYTES {
        advise(bytes);
    }
}

#[cfg(target_os = "linux")]
fn advise(bytes: &mut [u8]) {
    let page = rustix::param::page_size();
    let from_page = bytes.as_ptr().align_offset(page).min(bytes.len());
    let inner = &mut bytes[from_page..];
    let len = inner.len() / page * page;
    // SAFETY: the range consists of whole pages inside a slice borrowed for writing, and this
    // advice neither unmaps nor changes what stands in them.
    let told = unsafe {
        rustix::mm::madvise(
            inner.as_mut_ptr().cast(),
            len,
            rustix::mm::Advice::LinuxHugepage,
        )
    };
    // A kernel built without large pages says no; the memory is as good as before.
    told.ok();
}

#[cfg(not(target_os = "linux"))]
fn advise(_bytes: &mut [u8]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_changes_no_content_wherever_the_slice_begins() {
        let mut memory: Vec<u8> = (0..9_000_000_u32).map(|i| i as u8).collect();
        for from in [0, 1, 4095, 4096] {
            prefer_large_pages(&mut memory[from..]);
        }
        prefer_large_pages(&mut [0_u16; 3]);
        prefer_large_pages::<f32>(&mut []);
        assert!(memory.iter().zip(0_u32..).all(|(byte, i)| *byte == i as u8));
    }
}
