//! Interleaved samples to rows of linear light in the working space.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::byte_table::{ByteTable, look_up_rgb};
use super::{RowMatrix, mix, to_row_matrix};
use crate::pixels::color::{ColorSpace, IDENTITY3, Matrix3, multiply3};
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
    tables: Arc<[Vec<f32>; 3]>,
    /// The same, where codes are bytes.
    byte_tables: Option<Arc<[ByteTable; 3]>>,
    /// Which table each channel reads: curves are nearly always the same for all three.
    table_of: [usize; 3],
    /// From the channels' light to what the rows shall hold.
    to_rows: Matrix3,
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
        let to_rows = if layout.is_gray() {
            IDENTITY3
        } else {
            color.to_working
        };
        let byte_tables = <&[f32; 256]>::try_from(&*tables[0]).ok().map(|first| {
            let table =
                |idx: usize| ByteTable::new(tables[idx].as_slice().try_into().unwrap_or(first));
            Arc::new([table(table_of[0]), table(table_of[1]), table(table_of[2])])
        });
        Self {
            layout,
            byte_tables,
            tables: Arc::new(tables),
            table_of,
            matrix: to_row_matrix(&to_rows),
            to_rows,
            depth,
        }
    }

    /// This decoder with a linear map of colours after it, at no cost a pixel.
    #[must_use]
    pub fn then(&self, next: &Matrix3) -> Self {
        let to_rows = multiply3(next, &self.to_rows);
        Self {
            layout: self.layout,
            tables: Arc::clone(&self.tables),
            byte_tables: self.byte_tables.clone(),
            table_of: self.table_of,
            matrix: to_row_matrix(&to_rows),
            to_rows,
            depth: self.depth,
        }
    }

    /// Decodes `n` pixels from the front of `samples` into the row; its padding becomes zero.
    ///
    /// # Panics
    /// When `samples` is shorter than `n` pixels, of another depth, or the row is too short.
    pub fn row(&self, samples: SamplesRef<'_>, n: usize, row: &mut ColorRow<'_>) {
        match (samples, self.depth) {
            (SamplesRef::U8(samples), Depth::Eight) => {
                let n_done = self.look_up_bytes(&samples[..n * self.layout.channels()], row);
                self.look_up(samples, n_done..n, row);
            }
            (SamplesRef::U16(samples), Depth::Sixteen) => self.look_up(samples, 0..n, row),
            _ => panic!("the decoder was made for samples of another depth"),
        }
        if let Some(matrix) = &self.matrix {
            vectorize(
                #[inline(always)]
                || mix(matrix, row.r, row.g, row.b),
            );
        }
    }

    /// The colours of as many pixels as can be looked up at once; how many that were.
    fn look_up_bytes(&self, samples: &[u8], row: &mut ColorRow<'_>) -> usize {
        match (&self.byte_tables, self.layout) {
            (Some(tables), Layout::Rgb) => {
                look_up_rgb(tables.each_ref(), samples, [row.r, row.g, row.b])
            }
            _ => 0,
        }
    }

    /// The colours of the pixels `range`, and the alpha of all up to its end.
    fn look_up<T: Code>(&self, samples: &[T], range: Range<usize>, row: &mut ColorRow<'_>) {
        let channels = self.layout.channels();
        let (start, n) = (range.start, range.end);
        let samples = &samples[..n * channels];
        let tables = self.table_of.map(|idx| T::table(&self.tables[idx]));
        let rest = &samples[start * channels..];
        let rgb_rest = [
            &mut row.r[start..],
            &mut row.g[start..],
            &mut row.b[start..],
        ];
        match self.layout {
            Layout::Gray => gray::<T, 1>(rest, tables[0], rgb_rest),
            Layout::GrayAlpha => gray::<T, 2>(rest, tables[0], rgb_rest),
            Layout::Rgb => rgb::<T, 3>(rest, tables, rgb_rest),
            Layout::Rgba => rgb::<T, 4>(rest, tables, rgb_rest),
        }
        for plane in [&mut *row.r, &mut *row.g, &mut *row.b] {
            plane[n..].fill(0.0);
        }
        let Some(alpha) = &mut row.a else { return };
        if self.layout.has_alpha() {
            let max_code = ((1_u32 << self.depth.bits()) - 1) as f32;
            for (pixel, a) in samples.chunks_exact(channels).zip(alpha.iter_mut()) {
                *a = pixel[channels - 1].into() as f32 / max_code;
            }
            alpha[n..].fill(0.0);
        } else {
            alpha.fill(1.0);
        }
    }
}

/// A sample type with a table as long as it has codes, so that no look-up needs a check.
trait Code: Copy + Into<u32> {
    type Table: ?Sized;

    fn table(values: &[f32]) -> &Self::Table;
    fn light(self, table: &Self::Table) -> f32;
}

impl Code for u8 {
    type Table = [f32; 256];

    fn table(values: &[f32]) -> &Self::Table {
        table_of_len(values)
    }

    #[inline(always)]
    fn light(self, table: &Self::Table) -> f32 {
        table[usize::from(self)]
    }
}

impl Code for u16 {
    type Table = [f32; 65_536];

    fn table(values: &[f32]) -> &Self::Table {
        table_of_len(values)
    }

    #[inline(always)]
    fn light(self, table: &Self::Table) -> f32 {
        table[usize::from(self)]
    }
}

/// # Panics
/// Never: tables are made with one entry a code of the depth they are for.
fn table_of_len<const N: usize>(values: &[f32]) -> &[f32; N] {
    let Ok(table) = values.try_into() else {
        panic!("a table has one entry a code");
    };
    table
}

fn gray<T: Code, const CHANNELS: usize>(
    samples: &[T],
    table: &T::Table,
    [r, g, b]: [&mut [f32]; 3],
) {
    let pixels = samples.as_chunks::<CHANNELS>().0;
    let targets = r.iter_mut().zip(g.iter_mut()).zip(b.iter_mut());
    for (pixel, ((r, g), b)) in pixels.iter().zip(targets) {
        let light = pixel[0].light(table);
        (*r, *g, *b) = (light, light, light);
    }
}

fn rgb<T: Code, const CHANNELS: usize>(
    samples: &[T],
    [r_table, g_table, b_table]: [&T::Table; 3],
    [r, g, b]: [&mut [f32]; 3],
) {
    let pixels = samples.as_chunks::<CHANNELS>().0;
    let targets = r.iter_mut().zip(g.iter_mut()).zip(b.iter_mut());
    for (pixel, ((r, g), b)) in pixels.iter().zip(targets) {
        *r = pixel[0].light(r_table);
        *g = pixel[1].light(g_table);
        *b = pixel[2].light(b_table);
    }
}
