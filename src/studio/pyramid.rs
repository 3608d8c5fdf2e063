//! The photo at halves of its size, for previews: each level is the mean of 2 × 2 pixels of the one
//! above, in linear light, kept in 16 bits in the photo's own curve.

use std::sync::Arc;

use rayon::prelude::*;

use crate::filters::kernels::grid;
use crate::pixels::convert::{Decoder, Encoder, OutputFormat};
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{Depth, Image, Samples, SamplesMut, SamplesRef};
use crate::pixels::tile::Tile;

/// The smallest level has at most this long side.
const SMALLEST_PX: u32 = 400;

/// Rows of a level that one thread makes at a time.
const BAND_ROWS: usize = 16;

/// Levels 1, 2, 3 … at ½, ¼, ⅛ of the photo; level 0 is the photo itself and not kept here.
#[derive(Debug, Clone)]
pub struct Pyramid {
    photo: Arc<Image>,
    levels: Vec<Arc<Image>>,
}

impl Pyramid {
    /// Makes every level; call inside the pool that shall do the work.
    #[must_use]
    pub fn new(photo: Arc<Image>) -> Self {
        let mut levels: Vec<Arc<Image>> = Vec::new();
        loop {
            let above = levels.last().unwrap_or(&photo);
            if above.size.long_side() <= SMALLEST_PX {
                break;
            }
            levels.push(Arc::new(halved(above)));
        }
        Self { photo, levels }
    }

    /// The smallest level that still has at least `scale` times the photo's pixels a side.
    #[must_use]
    pub fn level_for(&self, scale: f64) -> &Arc<Image> {
        let wanted = self.photo.size.scaled(scale);
        let is_enough = |size: Size| size.width >= wanted.width && size.height >= wanted.height;
        let smallest = self.levels.iter().rev().find(|level| is_enough(level.size));
        smallest.unwrap_or(&self.photo)
    }

    /// Bytes of all levels together.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        self.levels.iter().map(|level| level.n_bytes()).sum()
    }
}

fn halved(image: &Image) -> Image {
    let size = image.size.reduced(2);
    let channels = image.layout.channels();
    let mut samples = vec![0_u16; size.area() as usize * channels];
    let decoder = Decoder::shared(&image.color, image.layout, image.depth());
    let encoder = Encoder::new(OutputFormat {
        layout: image.layout,
        depth: Depth::Sixteen,
        color: (*image.color).clone(),
        dither: false,
    });
    let band_len = size.width as usize * channels * BAND_ROWS;
    samples
        .par_chunks_mut(band_len)
        .enumerate()
        .for_each(|(band_idx, band)| {
            let top = (band_idx * BAND_ROWS) as u32;
            let rows = (BAND_ROWS as u32).min(size.height - top);
            halve_band(
                image,
                &decoder,
                &encoder,
                Rect::new(0, top, size.width, rows),
                band,
            );
        });
    Image::new(
        size,
        image.layout,
        Samples::U16(samples),
        Arc::clone(&image.color),
    )
}

fn halve_band(image: &Image, decoder: &Decoder, encoder: &Encoder, cells: Rect, band: &mut [u16]) {
    let n_planes = if image.layout.has_alpha() { 4 } else { 3 };
    let channels = image.layout.channels();
    let full_rect = cells.enlarged_within(2, image.size);
    let mut full = Tile::new(full_rect, n_planes);
    let width = image.size.width as usize;
    for row_idx in 0..full_rect.height as usize {
        let start = (full_rect.y as usize + row_idx) * width * channels;
        let range = start..start + width * channels;
        let row = match image.samples.as_ref() {
            SamplesRef::U8(samples) => SamplesRef::U8(&samples[range]),
            SamplesRef::U16(samples) => SamplesRef::U16(&samples[range]),
        };
        decoder.row(row, width, &mut full.color_row_mut(row_idx));
    }
    let mut reduced = Tile::new(cells, n_planes);
    grid::reduce(&full, 2, image.size, &mut reduced);
    let row_len = cells.width as usize * channels;
    for (row_idx, row) in band.chunks_exact_mut(row_len).enumerate() {
        let n = cells.width as usize;
        encoder.row(&mut reduced.color_row_mut(row_idx), n, SamplesMut::U16(row));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::color::ColorSpace;
    use crate::pixels::image::Layout;

    #[test]
    fn levels_halve_and_the_right_one_is_chosen() {
        let size = Size::new(1001, 667);
        let samples = Samples::U8(vec![77; size.area() as usize * 3]);
        let image = Image::new(size, Layout::Rgb, samples, Arc::new(ColorSpace::srgb()));
        let pyramid = Pyramid::new(Arc::new(image));
        let sizes: Vec<_> = pyramid.levels.iter().map(|level| level.size).collect();
        assert_eq!(sizes, [Size::new(501, 334), Size::new(251, 167)]);
        assert_eq!(pyramid.level_for(1.0).size, size);
        assert_eq!(pyramid.level_for(0.51).size, size);
        assert_eq!(pyramid.level_for(0.4).size, Size::new(501, 334));
        assert_eq!(pyramid.level_for(0.05).size, Size::new(251, 167));
        let Samples::U16(samples) = &pyramid.levels[1].samples else {
            panic!()
        };
        assert!(
            samples.iter().all(|v| v.abs_diff(77 * 257) <= 2),
            "{:?}",
            &samples[..9]
        );
    }
}
