//! Reducing a picture to any size, in linear light: what turns a pyramid's level into a preview.
//!
//! Catmull-Rom (Keys 1981, a = −½) stretched by the reduction, separable. Meant for reductions
//! of 1 to 2; larger ones begin at a smaller level of the pyramid.

use super::convert::{Decoder, Encoder};
use super::geometry::{Rect, Size};
use super::image::{ImageView, SamplesMut, SamplesRef};
use super::simd::vectorize;
use super::tile::{LANES, Tile};

/// Input pixels that make one output pixel, along one axis.
const N_TAPS: usize = 8;

/// Which input pixels make each output pixel of a range, and with which weights.
#[derive(Debug)]
struct Taps {
    /// First input index; it and the seven behind it are held to the axis by the reader.
    starts: Vec<i64>,
    weights: Vec<[f32; N_TAPS]>,
    input_len: u32,
}

impl Taps {
    fn new(input_len: u32, output_len: u32, start: u32, end: u32) -> Self {
        let ratio = f64::from(input_len) / f64::from(output_len);
        let stretch = ratio.clamp(1.0, 2.0);
        let (mut starts, mut weights) = (Vec::new(), Vec::new());
        for index in start..end {
            let centre = (f64::from(index) + 0.5) * ratio - 0.5;
            let first = centre.floor() as i64 - (N_TAPS as i64 / 2 - 1);
            let exact: [f64; N_TAPS] =
                std::array::from_fn(|k| cubic(((first + k as i64) as f64 - centre) / stretch));
            let sum: f64 = exact.iter().sum();
            starts.push(first);
            weights.push(exact.map(|weight| (weight / sum) as f32));
        }
        Self {
            starts,
            weights,
            input_len,
        }
    }

    /// Input index of tap `k` of output `i`, repeating the outermost pixels.
    fn input(&self, i: usize, k: usize) -> u32 {
        (self.starts[i] + k as i64).clamp(0, i64::from(self.input_len) - 1) as u32
    }

    /// Input indices needed for all outputs, end exclusive.
    fn span(&self) -> (u32, u32) {
        match self.starts.len().checked_sub(1) {
            Some(last) => (self.input(0, 0), self.input(last, N_TAPS - 1) + 1),
            None => (0, 0),
        }
    }
}

/// Catmull-Rom: piecewise cubic through its points, zero beyond ±2.
fn cubic(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

/// A reduction of one picture to one size, ready to make any part of the result.
#[derive(Debug)]
pub struct Resampler<'a> {
    pub source: ImageView<'a>,
    /// Size of the whole source picture; `source` may be a part of it.
    pub source_size: Size,
    pub target_size: Size,
    pub decoder: &'a Decoder,
    pub encoder: &'a Encoder,
}

impl Resampler<'_> {
    /// The part of the source that `region` of the result is made from.
    #[must_use]
    pub fn source_rect(&self, region: Rect) -> Rect {
        let (x, right) = self.columns(region).span();
        let (y, bottom) = self.rows(region).span();
        Rect::from_corners(x, y, right, bottom)
    }

    fn columns(&self, region: Rect) -> Taps {
        Taps::new(
            self.source_size.width,
            self.target_size.width,
            region.x,
            region.right(),
        )
    }

    fn rows(&self, region: Rect) -> Taps {
        Taps::new(
            self.source_size.height,
            self.target_size.height,
            region.y,
            region.bottom(),
        )
    }

    /// Writes `region` of the result to `samples`, packed row after row. Bands of a region may be
    /// made side by side: the result does not depend on how it is cut.
    ///
    /// # Panics
    /// When the source does not hold [`Self::source_rect`], or `samples` is of another size or
    /// depth than the encoder makes.
    pub fn region(&self, region: Rect, samples: SamplesMut<'_>) {
        if region.is_empty() {
            return;
        }
        let n_planes = if self.source.layout.has_alpha() { 4 } else { 3 };
        let mut pass = Pass {
            resampler: self,
            columns: self.columns(region),
            rows: self.rows(region),
            source_rect: self.source_rect(region),
            decoded: Tile::new(Rect::new(0, 0, 0, 1), n_planes),
            window: (0..N_TAPS)
                .map(|_| (None, Tile::new(Rect::new(0, 0, 0, 1), n_planes)))
                .collect(),
        };
        pass.run(region, n_planes, samples);
    }
}

/// One region being made: rows of the source, narrowed, are kept for the rows below that share them.
struct Pass<'a> {
    resampler: &'a Resampler<'a>,
    columns: Taps,
    rows: Taps,
    source_rect: Rect,
    decoded: Tile,
    window: Vec<(Option<u32>, Tile)>,
}

impl Pass<'_> {
    fn run(&mut self, region: Rect, n_planes: usize, mut samples: SamplesMut<'_>) {
        let width = region.width as usize;
        let row_len = width * self.resampler.encoder.format().layout.channels();
        let mut out = Tile::new(Rect::new(region.x, region.y, region.width, 1), n_planes);
        for row_idx in 0..region.height as usize {
            let source_rows: [u32; N_TAPS] = std::array::from_fn(|k| self.rows.input(row_idx, k));
            for y in source_rows {
                self.narrow(y, n_planes, region);
            }
            out.reshape(
                Rect::new(region.x, region.y + row_idx as u32, region.width, 1),
                n_planes,
            );
            let slots = source_rows.map(|y| &self.window[y as usize % N_TAPS].1);
            let weights = &self.rows.weights[row_idx];
            for plane_idx in 0..n_planes {
                let inputs = slots.map(|tile| tile.row(plane_idx, 0));
                vectorize(
                    #[inline(always)]
                    || weigh(inputs, weights, out.row_mut(plane_idx, 0)),
                );
            }
            let mut row = out.color_row_mut(0);
            divide_by_alpha(&mut row);
            let range = row_idx * row_len..(row_idx + 1) * row_len;
            let target = match &mut samples {
                SamplesMut::U8(samples) => SamplesMut::U8(&mut samples[range]),
                SamplesMut::U16(samples) => SamplesMut::U16(&mut samples[range]),
            };
            self.resampler.encoder.row(&mut row, width, target);
        }
    }

    /// Makes source row `y` as wide as the result, unless it is there already.
    fn narrow(&mut self, y: u32, n_planes: usize, region: Rect) {
        let slot = y as usize % N_TAPS;
        if self.window[slot].0 == Some(y) {
            return;
        }
        let source = &self.resampler.source;
        let channels = source.layout.channels();
        let rect = self.source_rect;
        let start = ((y - source.rect.y) as usize * source.rect.width as usize
            + (rect.x - source.rect.x) as usize)
            * channels;
        let n = rect.width as usize;
        let samples = match source.samples {
            SamplesRef::U8(samples) => SamplesRef::U8(&samples[start..start + n * channels]),
            SamplesRef::U16(samples) => SamplesRef::U16(&samples[start..start + n * channels]),
        };
        self.decoded
            .reshape(Rect::new(0, y, rect.width, 1), n_planes);
        let mut row = self.decoded.color_row_mut(0);
        self.resampler.decoder.row(samples, n, &mut row);
        multiply_by_alpha(&mut row);
        let (kept, narrowed) = &mut self.window[slot];
        *kept = Some(y);
        narrowed.reshape(Rect::new(region.x, y, region.width, 1), n_planes);
        for plane_idx in 0..n_planes {
            let input = self.decoded.row(plane_idx, 0);
            let output = narrowed.row_mut(plane_idx, 0);
            narrow_row(&self.columns, rect.x, &input[..n], output);
        }
    }
}

fn narrow_row(columns: &Taps, first: u32, input: &[f32], output: &mut [f32]) {
    let last = input.len() as i64 - 1;
    for ((start, weights), out) in columns.starts.iter().zip(&columns.weights).zip(output) {
        let at = start - i64::from(first);
        let taps: [f32; N_TAPS] = if at >= 0 && at + (N_TAPS as i64) <= last + 1 {
            let at = at as usize;
            std::array::from_fn(|k| input[at + k] * weights[k])
        } else {
            std::array::from_fn(|k| input[(at + k as i64).clamp(0, last) as usize] * weights[k])
        };
        *out = ((taps[0] + taps[4]) + (taps[1] + taps[5]))
            + ((taps[2] + taps[6]) + (taps[3] + taps[7]));
    }
}

#[inline(always)]
fn weigh(inputs: [&[f32]; N_TAPS], weights: &[f32; N_TAPS], out: &mut [f32]) {
    let n = out.len() / LANES * LANES;
    let inputs = inputs.map(|input| &input[..n]);
    let out = &mut out[..n];
    for i in 0..n {
        let mut sum = inputs[0][i] * weights[0];
        for k in 1..N_TAPS {
            sum = inputs[k][i].mul_add(weights[k], sum);
        }
        out[i] = sum;
    }
}

fn multiply_by_alpha(row: &mut super::tile::ColorRow<'_>) {
    if let Some(alpha) = &row.a {
        for plane in [&mut *row.r, &mut *row.g, &mut *row.b] {
            plane
                .iter_mut()
                .zip(alpha.iter())
                .for_each(|(color, a)| *color *= a);
        }
    }
}

fn divide_by_alpha(row: &mut super::tile::ColorRow<'_>) {
    if let Some(alpha) = &row.a {
        for plane in [&mut *row.r, &mut *row.g, &mut *row.b] {
            for (color, a) in plane.iter_mut().zip(alpha.iter()) {
                *color = if *a > 0.0 { *color / a } else { 0.0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::color::ColorSpace;
    use crate::pixels::convert::OutputFormat;
    use crate::pixels::image::{Depth, Layout};

    fn reduce(source: &[u8], size: Size, target_size: Size, region: Rect) -> Vec<u16> {
        let color = ColorSpace::srgb();
        let decoder = Decoder::new(&color, Layout::Rgb, Depth::Eight);
        let format = OutputFormat {
            layout: Layout::Rgb,
            depth: Depth::Sixteen,
            color,
            dither: false,
        };
        let encoder = Encoder::new(format);
        let source = ImageView {
            rect: Rect::of(size),
            layout: Layout::Rgb,
            samples: SamplesRef::U8(source),
        };
        let resampler = Resampler {
            source,
            source_size: size,
            target_size,
            decoder: &decoder,
            encoder: &encoder,
        };
        let mut out = vec![0; region.area() as usize * 3];
        resampler.region(region, SamplesMut::U16(&mut out));
        out
    }

    #[test]
    fn a_flat_picture_stays_flat_and_size_one_is_a_copy() {
        let size = Size::new(40, 30);
        let flat = vec![120; 40 * 30 * 3];
        let out = reduce(&flat, size, Size::new(23, 17), Rect::new(0, 0, 23, 17));
        assert!(
            out.iter().all(|v| v.abs_diff(120 * 257) <= 1),
            "{:?}",
            &out[..6]
        );
        let photo: Vec<u8> = (0..40 * 30 * 3).map(|i| (i * 37 % 256) as u8).collect();
        let out = reduce(&photo, size, size, Rect::of(size));
        for (a, b) in photo.iter().zip(&out) {
            assert!(b.abs_diff(u16::from(*a) * 257) <= 1);
        }
    }

    #[test]
    fn a_part_is_the_same_as_that_part_of_the_whole() {
        let size = Size::new(61, 47);
        let photo: Vec<u8> = (0..61 * 47 * 3).map(|i| (i * 89 % 251) as u8).collect();
        let target = Size::new(37, 29);
        let whole = reduce(&photo, size, target, Rect::of(target));
        let part = Rect::new(5, 7, 20, 11);
        let cut = reduce(&photo, size, target, part);
        for y in 0..11_usize {
            let start = ((y + 7) * 37 + 5) * 3;
            assert_eq!(cut[y * 60..(y + 1) * 60], whole[start..start + 60]);
        }
    }

    #[test]
    fn light_is_averaged_not_codes() {
        // A fine checkerboard of black and white is half the light: code 188 of sRGB, not 128.
        let size = Size::new(64, 64);
        let board: Vec<u8> = (0..64 * 64)
            .flat_map(|i| [if (i % 64 + i / 64) % 2 == 0 { 255 } else { 0 }; 3])
            .collect();
        let out = reduce(&board, size, Size::new(32, 32), Rect::new(8, 8, 16, 16));
        assert!(
            out.iter().all(|v| (v / 257).abs_diff(188) <= 2),
            "{:?}",
            &out[..6]
        );
    }
}
