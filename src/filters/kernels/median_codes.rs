//! Small medians of the photo's own samples, before they become light.
//!
//! A rising curve keeps the order of its values, so the median of codes is the code of the median of
//! light, channel by channel: sorted as integers a quarter as wide.

use crate::filters::kernel::{CodeKernel, Codes};
use crate::filters::kernels::median_network::{Level, row_of_3_by_3, row_of_5_by_5};
use crate::filters::kernels::mirror::mirrored;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{SamplesMut, SamplesRef};
use crate::pixels::scratch::Scratch;
use crate::pixels::simd::vectorize;

/// The median of `3 × 3` or `5 × 5` codes of each channel, one or three of them.
pub struct CodeMedian {
    radius_px: u32,
}

impl CodeMedian {
    /// `None` for windows that no network is made for.
    #[must_use]
    pub fn new(radius_px: u32) -> Option<Self> {
        matches!(radius_px, 1 | 2).then_some(Self { radius_px })
    }

    fn of<T: Level>(
        &self,
        codes: &Codes<'_>,
        from: &[T],
        out: &mut [T],
        [padded, sorted]: [&mut Vec<T>; 2],
    ) {
        let radius = self.radius_px as usize;
        let n_rows = 2 * radius + 1;
        let row_len = codes.wanted.width as usize * codes.channels;
        let stride = row_len + 2 * radius * codes.channels;
        padded.resize(
            stride * (codes.wanted.height as usize + 2 * radius),
            T::default(),
        );
        sorted.resize(stride * n_rows, T::default());
        for (row_idx, row) in padded.chunks_exact_mut(stride).enumerate() {
            codes.pad_row(from, row_idx as i64, self.radius_px, row);
        }
        for (row_idx, out) in out.chunks_exact_mut(row_len).enumerate() {
            let rows = &padded[row_idx * stride..(row_idx + n_rows) * stride];
            vectorize(
                #[inline(always)]
                || match (radius, codes.channels) {
                    (1, 1) => row_of_3_by_3::<T, 1>(rows, sorted, out),
                    (1, _) => row_of_3_by_3::<T, 3>(rows, sorted, out),
                    (_, 1) => row_of_5_by_5::<T, 1>(rows, sorted, out),
                    _ => row_of_5_by_5::<T, 3>(rows, sorted, out),
                },
            );
        }
    }
}

impl CodeKernel for CodeMedian {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.radius_px, frame)
    }

    fn run(&self, codes: &Codes<'_>, out: SamplesMut<'_>, scratch: &mut Scratch) {
        match (codes.samples, out) {
            (SamplesRef::U8(from), SamplesMut::U8(out)) => {
                let [mut padded, mut sorted] = [scratch.bytes(), scratch.bytes()];
                self.of(codes, from, out, [&mut padded, &mut sorted]);
                scratch.give_bytes(padded);
                scratch.give_bytes(sorted);
            }
            (SamplesRef::U16(from), SamplesMut::U16(out)) => {
                let [mut padded, mut sorted] = [scratch.words(), scratch.words()];
                self.of(codes, from, out, [&mut padded, &mut sorted]);
                scratch.give_words(padded);
                scratch.give_words(sorted);
            }
            _ => panic!("codes go in and out at one depth"),
        }
    }
}

impl Codes<'_> {
    /// Fills `padded` with row `row_idx` of the window around what is wanted, mirrored where
    /// `bounds`, and with it the frame, ends.
    fn pad_row<T: Copy>(&self, from: &[T], row_idx: i64, radius_px: u32, padded: &mut [T]) {
        let (bounds, n) = (self.bounds, self.channels);
        let top = i64::from(self.wanted.y) - i64::from(radius_px) - i64::from(bounds.y);
        let left = i64::from(self.wanted.x) - i64::from(radius_px) - i64::from(bounds.x);
        let y = mirrored(top + row_idx, bounds.height) + (bounds.y - self.rect.y) as usize;
        let start = y * self.rect.width as usize + (bounds.x - self.rect.x) as usize;
        let row = &from[start * n..(start + bounds.width as usize) * n];
        let width = padded.len() / n;
        let is_inside = left >= 0 && left as usize + width <= bounds.width as usize;
        if is_inside {
            padded.copy_from_slice(&row[left as usize * n..(left as usize + width) * n]);
            return;
        }
        for (x, pixel) in padded.chunks_exact_mut(n).enumerate() {
            let at = mirrored(left + x as i64, bounds.width) * n;
            pixel.copy_from_slice(&row[at..at + n]);
        }
    }
}
