//! A rectangle of a frame as planes of f32: what kernels read and write.
//!
//! Three colour planes in the working space and, where the photo has one, alpha. Every row is
//! padded to [`LANES`] floats, so that kernels run over whole vectors without an odd tail; what
//! stands in the padding is finite but means nothing.

use super::geometry::{Rect, Size};

/// Rows are a multiple of this many floats: the widest vector any level has.
pub const LANES: usize = 16;

/// Planes of f32 over one rectangle of a frame.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    rect: Rect,
    stride: usize,
    n_planes: usize,
    data: Vec<f32>,
}

impl Tile {
    /// All zero.
    #[must_use]
    pub fn new(rect: Rect, n_planes: usize) -> Self {
        let stride = (rect.width as usize).next_multiple_of(LANES);
        Self {
            rect,
            stride,
            n_planes,
            // Asked for as zeros, memory is not touched before it is used.
            data: vec![0.0; stride * rect.height as usize * n_planes],
        }
    }

    /// Makes this tile cover `rect`, keeping its memory where that suffices. What the planes hold
    /// afterwards is left from before (or zero): the caller writes every pixel.
    pub fn reshape(&mut self, rect: Rect, n_planes: usize) {
        self.rect = rect;
        self.n_planes = n_planes;
        self.stride = (rect.width as usize).next_multiple_of(LANES);
        self.data
            .resize(self.stride * rect.height as usize * n_planes, 0.0);
    }

    /// The same pixels as part of another frame, whose column `x` and row `y` its corner is.
    pub const fn relocate(&mut self, x: u32, y: u32) {
        self.rect.x = x;
        self.rect.y = y;
    }

    /// The part of the frame this tile covers.
    #[must_use]
    pub const fn rect(&self) -> Rect {
        self.rect
    }

    #[must_use]
    pub const fn size(&self) -> Size {
        self.rect.size()
    }

    /// Floats from one row to the next, padding included.
    #[must_use]
    pub const fn stride(&self) -> usize {
        self.stride
    }

    /// 1…4.
    #[must_use]
    pub const fn n_planes(&self) -> usize {
        self.n_planes
    }

    /// Every plane, one behind the other, padding included.
    #[must_use]
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// As [`Self::data`], for writing.
    pub fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// Floats this tile can hold without allocating.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.data.capacity()
    }

    const fn plane_len(&self) -> usize {
        self.stride * self.rect.height as usize
    }

    /// One plane, rows one behind the other at [`Self::stride`].
    #[must_use]
    pub fn plane(&self, plane_idx: usize) -> &[f32] {
        let len = self.plane_len();
        &self.data[plane_idx * len..(plane_idx + 1) * len]
    }

    pub fn plane_mut(&mut self, plane_idx: usize) -> &mut [f32] {
        let len = self.plane_len();
        &mut self.data[plane_idx * len..(plane_idx + 1) * len]
    }

    /// All planes at once, for kernels that mix channels.
    pub fn planes_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let len = self.plane_len().max(1);
        self.data.chunks_exact_mut(len)
    }

    /// Row `row_idx` of a plane, counted from the tile's top, padding included.
    #[must_use]
    pub fn row(&self, plane_idx: usize, row_idx: usize) -> &[f32] {
        let start = plane_idx * self.plane_len() + row_idx * self.stride;
        &self.data[start..start + self.stride]
    }

    pub fn row_mut(&mut self, plane_idx: usize, row_idx: usize) -> &mut [f32] {
        let start = plane_idx * self.plane_len() + row_idx * self.stride;
        let stride = self.stride;
        &mut self.data[start..start + stride]
    }

    /// Row `row_idx` of every plane: red, green, blue and, if there is one, alpha.
    ///
    /// # Panics
    /// When the tile has fewer than three planes.
    pub fn color_row_mut(&mut self, row_idx: usize) -> ColorRow<'_> {
        let stride = self.stride;
        let (x, y) = (self.rect.x, self.rect.y + row_idx as u32);
        let start = row_idx * stride;
        let mut rows = self
            .planes_mut()
            .map(|plane| &mut plane[start..start + stride]);
        match (rows.next(), rows.next(), rows.next(), rows.next()) {
            (Some(r), Some(g), Some(b), a) => ColorRow { r, g, b, a, x, y },
            _ => panic!("a tile of colour has at least three planes"),
        }
    }

    /// Copies the part of `from` under this tile's rectangle; both lie in the same frame.
    ///
    /// # Panics
    /// When `from` does not hold the whole rectangle or has fewer planes.
    pub fn copy_from(&mut self, from: &Self) {
        assert!(from.rect.contains(self.rect) && from.n_planes >= self.n_planes);
        let left = (self.rect.x - from.rect.x) as usize;
        let top = (self.rect.y - from.rect.y) as usize;
        let width = self.rect.width as usize;
        for plane_idx in 0..self.n_planes {
            for row_idx in 0..self.rect.height as usize {
                let source = &from.row(plane_idx, top + row_idx)[left..left + width];
                self.row_mut(plane_idx, row_idx)[..width].copy_from_slice(source);
            }
        }
    }
}

/// One row of colour in the working space, all slices of one (padded) length.
#[derive(Debug)]
pub struct ColorRow<'a> {
    pub r: &'a mut [f32],
    pub g: &'a mut [f32],
    pub b: &'a mut [f32],
    /// Straight alpha 0…1, where the photo has it.
    pub a: Option<&'a mut [f32]>,
    /// Frame column of the first value.
    pub x: u32,
    /// Frame row.
    pub y: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_padded_and_planes_do_not_overlap() {
        let mut tile = Tile::new(Rect::new(5, 6, 17, 3), 4);
        assert_eq!(tile.stride(), 32);
        for plane_idx in 0..4 {
            tile.plane_mut(plane_idx).fill(plane_idx as f32);
        }
        let row = tile.color_row_mut(2);
        assert_eq!((row.x, row.y, row.r.len()), (5, 8, 32));
        assert_eq!(
            (row.r[31], row.g[0], row.b[31], row.a.unwrap()[0]),
            (0.0, 1.0, 2.0, 3.0)
        );
    }

    #[test]
    fn copying_takes_the_same_pixels_of_the_frame() {
        let mut big = Tile::new(Rect::new(0, 0, 40, 40), 3);
        for y in 0..40 {
            for (x, value) in big.row_mut(1, y).iter_mut().enumerate() {
                *value = (y * 100 + x) as f32;
            }
        }
        let mut small = Tile::new(Rect::new(10, 20, 5, 4), 3);
        small.copy_from(&big);
        assert_eq!(small.row(1, 3)[4], 2314.0);
    }
}
