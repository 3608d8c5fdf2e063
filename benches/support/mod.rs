//! What the benches share: pixels to work on, and how long criterion looks at each kernel.

use std::time::Duration;

use criterion::Criterion;
use parallax::pixels::convert::Decoder;
use parallax::pixels::geometry::{Rect, Size};
use parallax::pixels::image::{Depth, Image, Layout, SamplesRef};
use parallax::pixels::patterns::busy;
use parallax::pixels::tile::Tile;

/// Long enough for medians to repeat within a few per cent, short enough to run them all.
pub(crate) fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
}

/// An RGB picture with gradients, edges and noise.
pub(crate) fn picture(size: Size, depth: Depth) -> Image {
    busy(size, Layout::Rgb, depth)
}

/// Row `y` of a picture.
pub(crate) fn row_of(image: &Image, y: u32) -> SamplesRef<'_> {
    let len = image.size.width as usize * image.layout.channels();
    let range = y as usize * len..(y as usize + 1) * len;
    match image.samples.as_ref() {
        SamplesRef::U8(samples) => SamplesRef::U8(&samples[range]),
        SamplesRef::U16(samples) => SamplesRef::U16(&samples[range]),
    }
}

/// A frame of linear light.
pub(crate) fn light(size: Size) -> Tile {
    let image = picture(size, Depth::Eight);
    let decoder = Decoder::new(&image.color, image.layout, image.depth());
    let mut tile = Tile::new(Rect::of(size), 3);
    for y in 0..size.height {
        let mut row = tile.color_row_mut(y as usize);
        decoder.row(row_of(&image, y), size.width as usize, &mut row);
    }
    tile
}
