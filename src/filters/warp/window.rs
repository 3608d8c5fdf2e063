//! The taps of a position in the input tile, or as a patch where the frame ends.

use crate::filters::kernels::mirror::mirrored;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::tile::Tile;

/// Where the taps around a position lie in the input tile.
pub(super) struct Window {
    rect: Rect,
    size: Size,
    pub(super) stride: usize,
    n: [usize; 2],
    n_padded: usize,
    /// From the position to the first tap.
    back: [i64; 2],
}

impl Window {
    #[inline(always)]
    pub(super) fn new(input: &Tile, frame: Size, n: [usize; 2], n_padded: usize) -> Self {
        Self {
            rect: input.rect(),
            size: frame,
            stride: input.stride(),
            n,
            n_padded,
            back: n.map(|n| n as i64 / 2 - 1),
        }
    }

    /// First float of the taps in a plane; `None` where some lie beyond the frame, or their padding
    /// beyond the tile.
    #[inline(always)]
    pub(super) fn start(&self, [x, y]: [i32; 2]) -> Option<usize> {
        let (left, top) = (i64::from(x) - self.back[0], i64::from(y) - self.back[1]);
        let (in_x, in_y) = (left - i64::from(self.rect.x), top - i64::from(self.rect.y));
        let is_inside = left >= 0
            && top >= 0
            && left + self.n[0] as i64 <= i64::from(self.size.width)
            && top + self.n[1] as i64 <= i64::from(self.size.height)
            && in_x + self.n_padded as i64 <= self.stride as i64;
        is_inside.then(|| in_y as usize * self.stride + in_x as usize)
    }

    /// The taps as a patch of their own for each plane, mirrored at the frame's edges.
    #[inline(never)]
    pub(super) fn gather(&self, input: &Tile, [x, y]: [i32; 2], patch: &mut [f32]) {
        let (left, top) = (i64::from(x) - self.back[0], i64::from(y) - self.back[1]);
        let patches = patch.chunks_exact_mut(patch.len() / input.n_planes());
        for (plane_idx, patch) in patches.enumerate() {
            let plane = input.plane(plane_idx);
            let rows = patch.chunks_exact_mut(self.n_padded).take(self.n[1]);
            for (k, row) in rows.enumerate() {
                let y = mirrored(top + k as i64, self.size.height) - self.rect.y as usize;
                for (j, value) in row.iter_mut().enumerate() {
                    *value = if j < self.n[0] {
                        let x = mirrored(left + j as i64, self.size.width) - self.rect.x as usize;
                        plane[y * self.stride + x]
                    } else {
                        0.0
                    };
                }
            }
        }
    }
}
