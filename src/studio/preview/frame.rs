//! A finished preview as the window takes it: pixels, histogram, costs, and when what happened.

use rayon::prelude::*;

use crate::pixels::geometry::{Rect, Size};

use super::super::engines::BackendChoice;

/// The visible part of the picture.
#[derive(Debug, Clone)]
pub struct PreviewFrame {
    /// Counts requests; a frame answers the request of its number.
    pub seq: u64,
    /// What is shown, in pixels of `frame_size`.
    pub region: Rect,
    /// The whole picture at this scale.
    pub frame_size: Size,
    /// The whole picture at scale 1.
    pub full_size: Size,
    /// Computed pixels a photo pixel.
    pub scale: f64,
    /// Screen pixels a photo pixel this was asked for at.
    pub screen_scale: f64,
    /// Red, green, blue, alpha (straight) in 8-bit sRGB, packed row after row.
    pub pixels: Vec<u8>,
    /// The picture before all edits but geometry, over the same region, where it was asked for.
    pub before: Option<Vec<u8>>,
    /// Whether a finer one will follow.
    pub is_draft: bool,
    pub histogram: Histogram,
    pub stamps: Stamps,
    pub backend: BackendChoice,
    /// Nanoseconds of all workers together by edit id, in the order of the stack.
    pub edit_ns: Vec<(u64, u64)>,
}

/// When each part of a preview happened, on the program's clock. Zero where it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamps {
    /// The input that caused it.
    pub input_ns: u64,
    /// The thread took the request.
    pub taken_ns: u64,
    pub planned_ns: u64,
    /// The first and the last tile of the picture were done.
    pub first_tile_ns: u64,
    pub last_tile_ns: u64,
    pub computed_ns: u64,
    /// The histogram too was counted.
    pub finished_ns: u64,
    /// Earlier requests that this one overtook before they were taken.
    pub n_coalesced: u32,
}

impl Stamps {
    /// Nanoseconds of computing, planning included.
    #[must_use]
    pub const fn compute_ns(&self) -> u64 {
        self.computed_ns.saturating_sub(self.taken_ns)
    }

    /// Nanoseconds from taking the request to handing the frame over.
    #[must_use]
    pub const fn busy_ns(&self) -> u64 {
        self.finished_ns.saturating_sub(self.taken_ns)
    }
}

/// How often each 8-bit value occurs in what is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// Red, green, blue, luma (Rec. 709 weights on encoded values).
    pub counts: [[u32; 256]; 4],
    /// Pixels with a channel at 0.
    pub n_clipped_low: u32,
    /// Pixels with a channel at 255.
    pub n_clipped_high: u32,
    pub n_pixels: u32,
}

impl Histogram {
    /// Of RGBA pixels, counted by the threads of the pool it is called in.
    #[must_use]
    pub fn of(pixels: &[u8]) -> Self {
        const CHUNK_BYTES: usize = 4 * 65_536;
        let parts = pixels.par_chunks(CHUNK_BYTES).map(Self::counted);
        parts.reduce(Self::empty, |sum, part| sum.plus(&part))
    }

    const fn empty() -> Self {
        Self {
            counts: [[0; 256]; 4],
            n_clipped_low: 0,
            n_clipped_high: 0,
            n_pixels: 0,
        }
    }

    fn counted(pixels: &[u8]) -> Self {
        let mut histogram = Self::empty();
        histogram.n_pixels = (pixels.len() / 4) as u32;
        for pixel in pixels.as_chunks::<4>().0 {
            let [r, g, b, _] = *pixel;
            let luma = (54 * u32::from(r) + 183 * u32::from(g) + 19 * u32::from(b)) >> 8;
            histogram.counts[0][usize::from(r)] += 1;
            histogram.counts[1][usize::from(g)] += 1;
            histogram.counts[2][usize::from(b)] += 1;
            histogram.counts[3][luma as usize] += 1;
            histogram.n_clipped_low += u32::from(r.min(g).min(b) == 0);
            histogram.n_clipped_high += u32::from(r.max(g).max(b) == 255);
        }
        histogram
    }

    fn plus(mut self, other: &Self) -> Self {
        let counts = self.counts.as_flattened_mut();
        for (count, more) in counts.iter_mut().zip(other.counts.as_flattened()) {
            *count += more;
        }
        self.n_clipped_low += other.n_clipped_low;
        self.n_clipped_high += other.n_clipped_high;
        self.n_pixels += other.n_pixels;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_every_pixel_once_a_channel() {
        let histogram = Histogram::of(&[255, 0, 10, 255, 20, 20, 20, 255]);
        for counts in &histogram.counts {
            assert_eq!(counts.iter().sum::<u32>(), 2);
        }
        assert_eq!(histogram.counts[0][255], 1);
        assert_eq!(histogram.counts[3][20], 1);
        assert_eq!((histogram.n_clipped_low, histogram.n_clipped_high), (1, 1));
    }
}
