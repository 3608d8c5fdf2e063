//! Planes with a margin: what a kernel of several steps works on, so that none of them meets an edge.
//!
//! A field covers a tile and some pixels around it. Beyond the frame it holds the mirror image, so a
//! value depends on its place alone and not on the tile it is computed for.

use crate::filters::kernels::mirror::{mirror_row, mirrored};
use crate::pixels::geometry::Rect;
use crate::pixels::scratch::Scratch;
use crate::pixels::tile::Tile;

/// One plane with a margin on all sides.
#[derive(Debug)]
pub struct Field {
    values: Vec<f32>,
    width: usize,
    height: usize,
}

impl Field {
    /// With whatever the memory held before.
    #[must_use]
    pub fn new(width: usize, height: usize, scratch: &mut Scratch) -> Self {
        Self {
            values: scratch.floats(width * height),
            width,
            height,
        }
    }

    /// A plane of `input`, with `margin` pixels around `rect`.
    #[must_use]
    pub fn around(
        input: &Tile,
        plane_idx: usize,
        rect: Rect,
        margin: usize,
        scratch: &mut Scratch,
    ) -> Self {
        let width = rect.width as usize + 2 * margin;
        let height = rect.height as usize + 2 * margin;
        let mut field = Self::new(width, height, scratch);
        let bounds = input.rect();
        let left = i64::from(rect.x) - margin as i64 - i64::from(bounds.x);
        let top = i64::from(rect.y) - margin as i64 - i64::from(bounds.y);
        for (row_idx, row) in field.values.chunks_exact_mut(width).enumerate() {
            let y = mirrored(top + row_idx as i64, bounds.height);
            let source = &input.row(plane_idx, y)[..bounds.width as usize];
            mirror_row(source, left, row);
        }
        field
    }

    /// Gives the memory back.
    pub fn finish(self, scratch: &mut Scratch) {
        scratch.give_floats(self.values);
    }

    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    #[must_use]
    pub fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }

    pub fn row_mut(&mut self, y: usize) -> &mut [f32] {
        &mut self.values[y * self.width..][..self.width]
    }

    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }
}
