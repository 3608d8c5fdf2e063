//! One edit on two backends: two full runs, their times, both pictures, and where they differ, which
//! must be nowhere.

use crate::pixels::geometry::Size;
use crate::pixels::image::{Image, SamplesRef};
use crate::telemetry::log::RunWithEvents;

use super::StudioError;
use super::engines::{BackendChoice, Engines};
use super::full_run::FullRun;

/// Pixels of a picture to look at, of three bytes each: whole up to here, above that reduced.
const MAX_VIEW_PIXELS: u64 = 50_000_000;

/// Longest side of the map of differences.
const MAP_SIDE_CELLS: u32 = 1024;

/// A picture to look at: packed rows of red, green and blue, as the output had them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    pub size: Size,
    pub rgb: Vec<u8>,
}

/// One backend's run.
#[derive(Debug, Clone)]
pub struct Side {
    pub choice: BackendChoice,
    pub run: RunWithEvents,
    /// The whole picture, of very large ones reduced by a whole number.
    pub picture: Raster,
}

/// Where two pictures differ, in units of the last place of their samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub n_samples: u64,
    pub n_different: u64,
    /// The largest difference of two samples.
    pub max_ulp: u16,
    /// Side of a cell of the map, in pixels.
    pub cell_px: u32,
    pub map_size: Size,
    /// The largest difference in each cell, row by row.
    pub map: Vec<u16>,
}

/// Both runs.
#[derive(Debug, Clone)]
pub struct SideBySide {
    pub left: Side,
    pub right: Side,
    /// `None` where the pictures have not even one shape, which must not be.
    pub difference: Option<Difference>,
}

impl SideBySide {
    /// Runs both, one after the other; `on_run` hears before each whose it is, and the share done.
    ///
    /// # Errors
    /// The first run that fails, or a stop.
    pub fn run(
        full_run: &FullRun<'_>,
        choices: [BackendChoice; 2],
        engines: &Engines,
        on_run: &dyn Fn(BackendChoice, f32),
    ) -> Result<Self, StudioError> {
        let [left, right] = choices;
        on_run(left, 0.0);
        let first = full_run.run(&*engines.get(left)?)?;
        on_run(right, 0.5);
        let second = full_run.run(&*engines.get(right)?)?;
        let side = |choice, image: &Image, run| Side {
            choice,
            run,
            picture: Raster::of(image),
        };
        Ok(Self {
            difference: Difference::of(&first.image, &second.image),
            left: side(left, &first.image, first.run),
            right: side(right, &second.image, second.run),
        })
    }

    /// Whether every sample of both is the same.
    #[must_use]
    pub fn is_identical(&self) -> bool {
        self.difference.as_ref().is_some_and(Difference::is_empty)
    }
}

impl Raster {
    /// Every pixel is one of the picture's own; above 50 megapixels some are left out.
    #[must_use]
    pub fn of(image: &Image) -> Self {
        Self::within(image, MAX_VIEW_PIXELS)
    }

    fn within(image: &Image, max_pixels: u64) -> Self {
        let fits = |factor: &u32| image.size.reduced(*factor).area() <= max_pixels;
        let longest = image.size.long_side().max(1);
        let factor = (1..=longest).find(fits).unwrap_or(longest);
        let size = image.size.reduced(factor);
        let (channels, is_gray) = (image.layout.channels(), image.layout.is_gray());
        let width = image.size.width as usize;
        let mut rgb = Vec::with_capacity(size.area() as usize * 3);
        for y in 0..size.height {
            for x in 0..size.width {
                let at = (y * factor) as usize * width + (x * factor) as usize;
                let sample = |channel: usize| {
                    let channel = if is_gray { 0 } else { channel };
                    eight_bit(image.samples.as_ref(), at * channels + channel)
                };
                rgb.extend([sample(0), sample(1), sample(2)]);
            }
        }
        Self { size, rgb }
    }
}

impl Difference {
    /// `None` where sizes, layouts or depths differ.
    #[must_use]
    pub fn of(one: &Image, two: &Image) -> Option<Self> {
        if one.size != two.size || one.layout != two.layout {
            return None;
        }
        let cell_px = factor_for(one.size, MAP_SIDE_CELLS);
        let map_size = one.size.reduced(cell_px);
        let mut difference = Self {
            n_samples: one.samples.len() as u64,
            n_different: 0,
            max_ulp: 0,
            cell_px,
            map_size,
            map: vec![0; map_size.area() as usize],
        };
        let channels = one.layout.channels();
        let row = (one.size.width as usize * channels, channels);
        match (one.samples.as_ref(), two.samples.as_ref()) {
            (SamplesRef::U8(one), SamplesRef::U8(two)) => {
                difference.fill(one, two, row, |a, b| u16::from(a.abs_diff(b)));
            }
            (SamplesRef::U16(one), SamplesRef::U16(two)) => {
                difference.fill(one, two, row, u16::abs_diff);
            }
            _ => return None,
        }
        Some(difference)
    }

    /// Whether both are the same to the last bit.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.n_different == 0
    }

    fn fill<T: Copy + PartialEq>(
        &mut self,
        one: &[T],
        two: &[T],
        (row_len, channels): (usize, usize),
        ulp: impl Fn(T, T) -> u16,
    ) {
        let rows = one
            .chunks_exact(row_len.max(1))
            .zip(two.chunks_exact(row_len.max(1)));
        for (y, (one, two)) in rows.enumerate() {
            if one == two {
                continue;
            }
            for (idx, (a, b)) in one.iter().zip(two).enumerate() {
                let ulp = ulp(*a, *b);
                if ulp > 0 {
                    self.note(y, idx / channels, ulp);
                }
            }
        }
    }

    fn note(&mut self, y: usize, x: usize, ulp: u16) {
        self.n_different += 1;
        self.max_ulp = self.max_ulp.max(ulp);
        let (column, row) = (x / self.cell_px as usize, y / self.cell_px as usize);
        let width = self.map_size.width as usize;
        if let Some(cell) = self.map.get_mut(row * width + column.min(width - 1)) {
            *cell = (*cell).max(ulp);
        }
    }
}

/// The whole number that makes the longer side no longer than this.
fn factor_for(size: Size, side_px: u32) -> u32 {
    size.long_side().div_ceil(side_px).max(1)
}

fn eight_bit(samples: SamplesRef<'_>, idx: usize) -> u8 {
    match samples {
        SamplesRef::U8(samples) => samples[idx],
        SamplesRef::U16(samples) => (samples[idx] >> 8) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::image::{Depth, Layout, Samples};
    use crate::pixels::patterns::busy;

    #[test]
    fn the_same_pictures_differ_nowhere() {
        for (layout, depth) in [
            (Layout::Rgb, Depth::Eight),
            (Layout::GrayAlpha, Depth::Sixteen),
        ] {
            let image = busy(Size::new(1500, 40), layout, depth);
            let difference = Difference::of(&image, &image.clone()).unwrap();
            assert!(difference.is_empty());
            assert_eq!(
                (difference.cell_px, difference.map_size),
                (2, Size::new(750, 20))
            );
            assert!(difference.map.iter().all(|ulp| *ulp == 0));
        }
    }

    #[test]
    fn a_sample_that_differs_is_found_where_it_is() {
        let image = busy(Size::new(1501, 41), Layout::Rgb, Depth::Eight);
        let mut other = image.clone();
        let Samples::U8(samples) = &mut other.samples else {
            unreachable!()
        };
        for (x, y, by) in [(1500_usize, 40_usize, 3_u8), (7, 2, 200), (7, 3, 1)] {
            let sample = &mut samples[(y * 1501 + x) * 3 + 1];
            *sample = sample.wrapping_add(by);
        }
        let difference = Difference::of(&image, &other).unwrap();
        assert_eq!(difference.n_different, 3);
        let at = |x: usize, y: usize| difference.map[y * difference.map_size.width as usize + x];
        assert_eq!(difference.map_size, Size::new(751, 21));
        assert!(at(750, 20) > 0 && at(3, 1) > 0);
        assert_eq!(difference.map.iter().filter(|ulp| **ulp > 0).count(), 2);
        assert_eq!(
            difference.max_ulp,
            difference.map.iter().copied().max().unwrap()
        );
        let other_depth = busy(image.size, Layout::Rgb, Depth::Sixteen);
        assert_eq!(Difference::of(&image, &other_depth), None);
    }

    #[test]
    fn a_picture_to_look_at_has_the_pictures_own_pixels() {
        let image = busy(Size::new(4100, 3), Layout::Gray, Depth::Sixteen);
        let raster = Raster::within(&image, 2000);
        assert_eq!(raster.size, Size::new(1367, 1));
        assert_eq!(Raster::of(&image).size, image.size, "whole where it fits");
        let Samples::U16(samples) = &image.samples else {
            unreachable!()
        };
        assert_eq!(raster.rgb[3..6], [(samples[3] >> 8) as u8; 3]);
    }
}
