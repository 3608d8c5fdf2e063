//! Where tiles of a pass come together: the finished picture, or planes for later passes.
//!
//! Rows are cut into bands with a lock each, so that workers paste side by side without `unsafe`;
//! two of them meet at a band only when their tiles lie in one row of tiles, for a memory copy.

use std::sync::{Mutex, PoisonError};

use crate::pixels::geometry::Rect;
use crate::pixels::image::{Depth, Samples, SamplesMut, SamplesRef};
use crate::pixels::tile::Tile;
use crate::system::prefetch::{ROWS_AHEAD, prefetch};

/// The pixels of one finished tile.
#[derive(Debug)]
pub enum TilePixels {
    /// Packed rows in the output format.
    Samples(Samples),
    Planes(Tile),
    /// Samples, in the room that was given for them.
    Laid,
}

impl TilePixels {
    /// Of the pixels that are here.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        match self {
            Self::Samples(samples) => (samples.len() * samples.depth().bytes()) as u64,
            Self::Planes(tile) => tile.rect().area() * tile.n_planes() as u64 * 4,
            Self::Laid => 0,
        }
    }
}

/// Collects the tiles of one region.
pub struct Canvas<'a> {
    region: Rect,
    band_rows: u32,
    bands: Bands<'a>,
}

enum Bands<'a> {
    U8 {
        channels: usize,
        bands: Vec<Mutex<&'a mut [u8]>>,
    },
    U16 {
        channels: usize,
        bands: Vec<Mutex<&'a mut [u16]>>,
    },
    /// By plane, then by band.
    Planes {
        stride: usize,
        planes: Vec<Vec<Mutex<&'a mut [f32]>>>,
    },
}

impl<'a> Canvas<'a> {
    /// A canvas for samples of `region`, packed row after row.
    #[must_use]
    pub fn for_samples(
        region: Rect,
        channels: usize,
        samples: &'a mut Samples,
        band_rows: u32,
    ) -> Self {
        let row_len = region.width as usize * channels;
        let bands = match samples.as_mut() {
            SamplesMut::U8(samples) => Bands::U8 {
                channels,
                bands: cut(samples, row_len, band_rows),
            },
            SamplesMut::U16(samples) => Bands::U16 {
                channels,
                bands: cut(samples, row_len, band_rows),
            },
        };
        Self {
            region,
            band_rows,
            bands,
        }
    }

    /// A canvas for planes; the tile's rectangle is the region.
    #[must_use]
    pub fn for_planes(planes: &'a mut Tile, band_rows: u32) -> Self {
        let region = planes.rect();
        let stride = planes.stride();
        let planes = planes
            .planes_mut()
            .map(|plane| cut(plane, stride, band_rows))
            .collect();
        Self {
            region,
            band_rows,
            bands: Bands::Planes { stride, planes },
        }
    }

    /// Bits of the samples, or `None` for planes.
    #[must_use]
    pub const fn depth(&self) -> Option<Depth> {
        match self.bands {
            Bands::U8 { .. } => Some(Depth::Eight),
            Bands::U16 { .. } => Some(Depth::Sixteen),
            Bands::Planes { .. } => None,
        }
    }

    /// Puts a finished tile where it belongs.
    ///
    /// # Panics
    /// When the tile lies outside the region or is of another kind than the canvas.
    pub fn paste(&self, rect: Rect, pixels: &TilePixels) {
        assert!(
            self.region.contains(rect),
            "a tile lies inside the region it was cut from"
        );
        match (&self.bands, pixels) {
            (Bands::U8 { channels, bands }, TilePixels::Samples(samples)) => {
                let SamplesRef::U8(samples) = samples.as_ref() else {
                    wrong_kind()
                };
                self.paste_samples(rect, *channels, bands, samples);
            }
            (Bands::U16 { channels, bands }, TilePixels::Samples(samples)) => {
                let SamplesRef::U16(samples) = samples.as_ref() else {
                    wrong_kind()
                };
                self.paste_samples(rect, *channels, bands, samples);
            }
            (Bands::Planes { stride, planes }, TilePixels::Planes(tile)) => {
                for (plane_idx, bands) in planes.iter().enumerate() {
                    let row = |y: usize| &tile.row(plane_idx, y)[..rect.width as usize];
                    self.paste_rows(rect, (*stride, 1), bands, row);
                }
            }
            _ => wrong_kind(),
        }
    }

    /// Bytes [`Self::paste_packed`] takes for a tile.
    #[must_use]
    pub fn packed_bytes(&self, rect: Rect) -> u64 {
        let pixel_bytes = match &self.bands {
            Bands::U8 { channels, .. } => *channels,
            Bands::U16 { channels, .. } => channels * size_of::<u16>(),
            Bands::Planes { planes, .. } => planes.len() * size_of::<f32>(),
        };
        rect.area() * pixel_bytes as u64
    }

    /// As [`Self::paste`], from the canvas's own kind of values in the machine's byte order, rows
    /// packed, plane after plane.
    ///
    /// # Panics
    /// When the tile lies outside the region, or `bytes` are not [`Self::packed_bytes`] many or not
    /// aligned for the values.
    pub fn paste_packed(&self, rect: Rect, bytes: &[u8]) {
        assert!(
            self.region.contains(rect) && bytes.len() as u64 == self.packed_bytes(rect),
            "a packed tile is as large as its rectangle, inside the region"
        );
        match &self.bands {
            Bands::U8 { channels, bands } => self.paste_samples(rect, *channels, bands, bytes),
            Bands::U16 { channels, bands } => {
                self.paste_samples(rect, *channels, bands, bytemuck::cast_slice(bytes));
            }
            Bands::Planes { stride, planes } => {
                let values: &[f32] = bytemuck::cast_slice(bytes);
                let width = rect.width as usize;
                for (bands, plane) in planes
                    .iter()
                    .zip(values.chunks_exact((rect.area() as usize).max(1)))
                {
                    let row = |y: usize| &plane[y * width..(y + 1) * width];
                    self.paste_rows(rect, (*stride, 1), bands, row);
                }
            }
        }
    }

    fn paste_samples<T: bytemuck::Pod>(
        &self,
        rect: Rect,
        channels: usize,
        bands: &[Mutex<&'a mut [T]>],
        samples: &[T],
    ) {
        let row_len = rect.width as usize * channels;
        let stride = self.region.width as usize * channels;
        let row = |y: usize| &samples[y * row_len..(y + 1) * row_len];
        self.paste_rows(rect, (stride, channels), bands, row);
    }

    /// `stride` and `channels` are in values; `row` gives the tile's rows from its top.
    fn paste_rows<'t, T: bytemuck::Pod>(
        &self,
        rect: Rect,
        (stride, channels): (usize, usize),
        bands: &[Mutex<&'a mut [T]>],
        row: impl Fn(usize) -> &'t [T],
    ) {
        let top = rect.y - self.region.y;
        let left = (rect.x - self.region.x) as usize * channels;
        let mut y = 0;
        while y < rect.height {
            let band_idx = (top + y) / self.band_rows;
            let band_top = band_idx * self.band_rows;
            let band_end = (band_top + self.band_rows - top).min(rect.height);
            let mut band = bands[band_idx as usize]
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            for tile_row in y..band_end {
                let start = (top + tile_row - band_top) as usize * stride + left;
                let from = row(tile_row as usize);
                let ahead = start + ROWS_AHEAD as usize * stride;
                if let Some(next) = band.get(ahead..ahead + from.len()) {
                    prefetch(next);
                }
                band[start..start + from.len()].copy_from_slice(from);
            }
            y = band_end;
        }
    }
}

fn cut<T>(values: &mut [T], row_len: usize, band_rows: u32) -> Vec<Mutex<&mut [T]>> {
    let band_len = (row_len * band_rows as usize).max(1);
    values.chunks_mut(band_len).map(Mutex::new).collect()
}

fn wrong_kind() -> ! {
    panic!("a tile is of the kind its pass makes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::geometry::{Size, tiles_of};

    #[test]
    fn tiles_pasted_in_any_order_make_the_whole() {
        let size = Size::new(37, 29);
        let mut samples = Samples::zeroed(Depth::Sixteen, size.area() as usize * 3);
        let value = |x: u32, y: u32, c: u32| (y * 1000 + x * 10 + c) as u16;
        let canvas = Canvas::for_samples(Rect::of(size), 3, &mut samples, 8);
        for rect in tiles_of(size, Size::new(11, 10)).into_iter().rev() {
            let tile = (rect.y..rect.bottom())
                .flat_map(|y| (rect.x..rect.right()).map(move |x| (x, y)))
                .flat_map(|(x, y)| (0..3).map(move |c| value(x, y, c)))
                .collect();
            canvas.paste(rect, &TilePixels::Samples(Samples::U16(tile)));
        }
        drop(canvas);
        let Samples::U16(samples) = samples else {
            unreachable!()
        };
        for (i, sample) in samples.iter().enumerate() {
            let (pixel, c) = (i as u32 / 3, i as u32 % 3);
            assert_eq!(*sample, value(pixel % 37, pixel / 37, c));
        }
    }

    #[test]
    fn planes_keep_their_padding_apart() {
        let region = Rect::new(5, 3, 20, 9);
        let mut whole = Tile::new(region, 2);
        let canvas = Canvas::for_planes(&mut whole, 4);
        for rect in [Rect::new(5, 3, 13, 9), Rect::new(18, 3, 7, 9)] {
            let mut tile = Tile::new(rect, 2);
            tile.data_mut().fill(-1.0);
            for plane_idx in 0..2 {
                for y in 0..9 {
                    for x in 0..rect.width {
                        tile.row_mut(plane_idx, y)[x as usize] =
                            (plane_idx * 10_000 + y * 100) as f32 + (rect.x + x) as f32;
                    }
                }
            }
            canvas.paste(rect, &TilePixels::Planes(tile));
        }
        drop(canvas);
        assert_eq!(whole.row(1, 8)[19], 10_824.0);
        assert_eq!(whole.row(0, 0)[13], 18.0);
        assert_eq!(whole.row(0, 0)[20], 0.0);
    }
}
