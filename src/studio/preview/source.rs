//! The part of the photo a preview reads, reduced to the view's scale and kept until the view moves.

use std::sync::Arc;

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::pixels::convert::{Decoder, Encoder, OutputFormat};
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{Depth, Image, ImageView, Samples, SamplesMut};
use crate::pixels::resample::Resampler;

use super::super::pyramid::Pyramid;

/// Rows one thread resamples at a time; each band reads a few rows of its neighbours again.
const BAND_ROWS: usize = 64;

/// How much more than asked for is made, so that a short pan finds it there.
const MARGIN_PX: u32 = 128;

/// The photo at one scale, as far as it has been made.
#[derive(Debug, Default)]
pub(super) struct ScaledSource {
    made: Option<Made>,
}

#[derive(Debug)]
struct Made {
    of: Arc<Image>,
    size: Size,
    rect: Rect,
    samples: Samples,
}

impl ScaledSource {
    /// A view that holds at least `rect` of the photo reduced to `size`.
    pub(super) fn view<'a>(
        &'a mut self,
        photo: &'a Arc<Image>,
        pyramid: &Pyramid,
        (size, rect): (Size, Rect),
        pool: &ThreadPool,
    ) -> ImageView<'a> {
        let is_made = self.made.as_ref().is_some_and(|made| {
            Arc::ptr_eq(&made.of, photo) && made.size == size && made.rect.contains(rect)
        });
        if !is_made {
            let rect = rect.grown_within(MARGIN_PX, size);
            let samples = pool.install(|| resample(photo, pyramid, size, rect));
            self.made = Some(Made {
                of: Arc::clone(photo),
                size,
                rect,
                samples,
            });
        }
        match &self.made {
            Some(made) => ImageView {
                rect: made.rect,
                layout: photo.layout,
                samples: made.samples.as_ref(),
            },
            None => photo.view(),
        }
    }
}

fn resample(photo: &Arc<Image>, pyramid: &Pyramid, size: Size, rect: Rect) -> Samples {
    let scale = f64::from(size.width) / f64::from(photo.size.width.max(1));
    let level = pyramid.level_for(scale);
    let decoder = Decoder::shared(&level.color, level.layout, level.depth());
    let encoder = Encoder::new(OutputFormat {
        layout: photo.layout,
        depth: Depth::Sixteen,
        color: (*photo.color).clone(),
        dither: false,
    });
    let resampler = Resampler {
        source: level.view(),
        source_size: level.size,
        target_size: size,
        decoder: &decoder,
        encoder: &encoder,
    };
    let row_len = rect.width as usize * photo.layout.channels();
    let mut samples = vec![0_u16; row_len * rect.height as usize];
    let bands = samples
        .par_chunks_mut((row_len * BAND_ROWS).max(1))
        .enumerate();
    bands.for_each(|(band_idx, band)| {
        let top = (band_idx * BAND_ROWS) as u32;
        let rows = (BAND_ROWS as u32).min(rect.height - top);
        let region = Rect::new(rect.x, rect.y + top, rect.width, rows);
        resampler.region(region, SamplesMut::U16(band));
    });
    Samples::U16(samples)
}
