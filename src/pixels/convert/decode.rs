//! Interleaved samples to rows of linear light in the working space.

use std::sync::{Arc, Mutex, PoisonError};

use super::{RowMatrix, mix, to_row_matrix};
use crate::pixels::color::ColorSpace;
use crate::pixels::image::{Depth, Layout, SamplesRef};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::ColorRow;

/// Decodes rows of one colour space, layout and depth.
///
/// Holds a table of linear light for every code of each curve (256 or 65,536 floats), so it is made
/// once a pass, not once a row.
#[derive(Debug)]
pub struct Decoder {
    layout: Layout,
    tables: [Vec<f32>; 3],
    /// Which table each channel reads: curves are nearly always the same for all three.
    table_of: [usize; 3],
    matrix: Option<RowMatrix>,
    depth: Depth,
}

/// Decoders in use lately: a 16-bit one takes milliseconds to make, and a preview makes many.
static RECENT: Mutex<Vec<(ColorSpace, Arc<Decoder>)>> = Mutex::new(Vec::new());

const MAX_RECENT: usize = 8;

impl Decoder {
    /// As [`Self::new`], from those made lately where possible.
    #[must_use]
    pub fn shared(color: &ColorSpace, layout: Layout, depth: Depth) -> Arc<Self> {
        let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
        let found = recent.iter().position(|(space, decoder)| {
            decoder.layout == layout && decoder.depth == depth && space.same_meaning(color)
        });
        let entry = match found {
            Some(idx) => recent.remove(idx),
            None => (color.clone(), Arc::new(Self::new(color, layout, depth))),
        };
        let decoder = Arc::clone(&entry.1);
        recent.insert(0, entry);
        recent.truncate(MAX_RECENT);
        decoder
    }

    #[must_use]
    pub fn new(color: &ColorSpace, layout: Layout, depth: Depth) -> Self {
        let max_code = (1_u32 << depth.bits()) - 1;
        let table = |channel: usize| -> Vec<f32> {
            let curve = &color.curves[channel];
            (0..=max_code)
                .map(|code| curve.to_linear(f64::from(code) / f64::from(max_code)) as f32)
                .collect()
        };
        let shared = layout.is_gray()
            || (color.curves[0] == color.curves[1] && color.curves[0] == color.curves[2]);
        let (tables, table_of) = if shared {
            ([table(0), Vec::new(), Vec::new()], [0, 0, 0])
        } else {
            ([table(0), table(1), table(2)], [0, 1, 2])
        };
        let matrix = if layout.is_gray() {
            None
        } else {
            to_row_matrix(&color.to_working)
        };
        Self {
            layout,
            tables,
            table_of,
            matrix,
            depth,
        }
    }

    /// Decodes `n` pixels from the front of `samples` into the row; its padding becomes zero.
    ///
    /// # Panics
    /// When `samples` is shorter than `n` pixels, of another depth, or the row is too short.
    pub fn row(&self, samples: SamplesRef<'_>, n: usize, row: &mut ColorRow<'_>) {
        match (samples, self.depth) {
            (SamplesRef::U8(samples), Depth::Eight) => self.look_up(samples, n, row),
            (SamplesRef::U16(samples), Depth::Sixteen) => self.look_up(samples, n, row),
            _ => panic!("the decoder was made for samples of another depth"),
        }
        if let Some(matrix) = &self.matrix {
            vectorize(
                #[inline(always)]
                || mix(matrix, row.r, row.g, row.b),
            );
        }
    }

    fn look_up<T: Copy + Into<u32>>(&self, samples: &[T], n: usize, row: &mut ColorRow<'_>) {
        let channels = self.layout.channels();
        let samples = &samples[..n * channels];
        let table = |channel: usize| self.tables[self.table_of[channel]].as_slice();
        let (r_table, g_table, b_table) = (table(0), table(1), table(2));
        let pixels = samples.chunks_exact(channels);
        let targets = row.r.iter_mut().zip(row.g.iter_mut()).zip(row.b.iter_mut());
        if self.layout.is_gray() {
            for (pixel, ((r, g), b)) in pixels.zip(targets) {
                let light = r_table[code(pixel[0])];
                (*r, *g, *b) = (light, light, light);
            }
        } else {
            for (pixel, ((r, g), b)) in pixels.zip(targets) {
                *r = r_table[code(pixel[0])];
                *g = g_table[code(pixel[1])];
                *b = b_table[code(pixel[2])];
            }
        }
        for plane in [&mut *row.r, &mut *row.g, &mut *row.b] {
            plane[n..].fill(0.0);
        }
        if let Some(alpha) = &mut row.a {
            let max_code = ((1_u32 << self.depth.bits()) - 1) as f32;
            if self.layout.has_alpha() {
                for (pixel, a) in samples.chunks_exact(channels).zip(alpha.iter_mut()) {
                    *a = pixel[channels - 1].into() as f32 / max_code;
                }
                alpha[n..].fill(0.0);
            } else {
                alpha.fill(1.0);
            }
        }
    }
}

#[inline(always)]
fn code<T: Into<u32>>(sample: T) -> usize {
    sample.into() as usize
}
