//! Planes with their surroundings: what a neighbourhood reads, as rows of one length without edges.
//!
//! Every pixel that lies `reach_px` around the wanted rectangle is there, mirrored at the frame's
//! edges and finite, so that a kernel reads any neighbour at a constant offset and whole vectors
//! beyond the end of a row.

use crate::filters::kernels::mirror::{mirror_row, mirrored};
use crate::pixels::geometry::Rect;
use crate::pixels::scratch::Scratch;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{LANES, Tile};

/// A few planes of one rectangle, each with the same surroundings.
#[derive(Debug)]
pub struct Surround {
    values: Vec<f32>,
    rect: Rect,
    reach_px: usize,
    stride: usize,
    n_rows: usize,
}

impl Surround {
    /// `n_planes` planes around `rect`, filled by [`Self::fill`].
    #[must_use]
    pub fn new(rect: Rect, reach_px: usize, n_planes: usize, scratch: &mut Scratch) -> Self {
        let padded = (rect.width as usize).next_multiple_of(LANES);
        let stride = (padded + 2 * reach_px).next_multiple_of(LANES);
        let n_rows = rect.height as usize + 2 * reach_px;
        Self {
            values: scratch.floats(stride * n_rows * n_planes),
            rect,
            reach_px,
            stride,
            n_rows,
        }
    }

    /// Gives the buffer back.
    pub fn finish(self, scratch: &mut Scratch) {
        scratch.give_floats(self.values);
    }

    /// Writes plane `to` from plane `from` of `input`, which ends where the frame ends or holds all
    /// of the surroundings.
    pub fn fill(&mut self, input: &Tile, from: usize, to: usize) {
        let bounds = input.rect();
        let reach = self.reach_px as i64;
        let left = i64::from(self.rect.x) - reach - i64::from(bounds.x);
        let top = i64::from(self.rect.y) - reach - i64::from(bounds.y);
        let stride = self.stride;
        for (row_idx, padded) in self.plane_mut(to).chunks_exact_mut(stride).enumerate() {
            let source = mirrored(top + row_idx as i64, bounds.height);
            let source = &input.row(from, source)[..bounds.width as usize];
            vectorize(
                #[inline(always)]
                || mirror_row(source, left, padded),
            );
        }
    }

    /// Floats from one row to the next.
    #[must_use]
    pub const fn stride(&self) -> usize {
        self.stride
    }

    /// Rows of a plane, surroundings included.
    #[must_use]
    pub const fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// A plane: its first value lies `reach_px` left of and above the rectangle's corner.
    #[must_use]
    pub fn plane(&self, plane_idx: usize) -> &[f32] {
        let len = self.stride * self.n_rows;
        &self.values[plane_idx * len..(plane_idx + 1) * len]
    }

    pub fn plane_mut(&mut self, plane_idx: usize) -> &mut [f32] {
        let len = self.stride * self.n_rows;
        &mut self.values[plane_idx * len..(plane_idx + 1) * len]
    }

    /// All planes at once, for kernels that mix channels.
    pub fn planes_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let len = (self.stride * self.n_rows).max(1);
        self.values.chunks_exact_mut(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::whole::{fold, test_picture};
    use crate::pixels::geometry::Size;

    #[test]
    fn every_neighbour_stands_at_its_offset() {
        let size = Size::new(40, 9);
        let picture = test_picture(size, 3);
        let rect = Rect::new(30, 2, 10, 7);
        let mut input = Tile::new(rect.grown_within(12, size), 3);
        input.copy_from(&picture);
        let mut scratch = Scratch::default();
        let mut surround = Surround::new(rect, 12, 2, &mut scratch);
        surround.fill(&input, 2, 1);
        let plane = surround.plane(1);
        assert_eq!(plane.len(), surround.stride() * surround.n_rows());
        for dy in -12..19_i64 {
            for dx in -12..22_i64 {
                let got = plane[(dy + 12) as usize * surround.stride() + (dx + 12) as usize];
                let row = picture.row(2, fold(2 + dy, size.height));
                assert_eq!(got, row[fold(30 + dx, size.width)], "{dx} {dy}");
            }
        }
    }
}
