//! The Gaussian, computed directly: rows, then columns, by fused multiply-adds in a fixed order.
//!
//! **Formula**: weights `exp(−d² / 2σ²)` at whole distances up to 3σ (rounded up), normalised.
//! Beyond the frame's edge stands its mirror image. Wide Gaussians run on a reduced grid
//! ([`Reduction`]), whose block means and interpolation are part of the Gaussian then.

use std::ops::Range;

use crate::filters::kernel::{AreaKernel, Stopped, Work};
use crate::filters::kernels::mirror::{mirror_row, mirrored};
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::math::exp_f64;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{LANES, Tile};

pub mod halved;

/// Standard deviations that the weights reach.
const REACH: f64 = 3.0;

/// Columns blurred at once: with their rows they stay in the first-level cache.
const BLOCK: usize = 256;

/// Rows of a block between two looks at the stop flag.
const BAND: usize = 32;

/// Floats summed at once along a row: enough chains to hide the latency of a multiply-add.
const WIDE: usize = 64;

/// Rows summed at once along columns: they share what they read.
const DEEP: usize = 4;

/// A Gaussian of any planes.
#[derive(Debug, Clone)]
pub struct Gaussian {
    /// From −radius to radius; they sum to 1.
    weights: Vec<f32>,
    radius_px: usize,
}

impl Gaussian {
    /// `sigma_px` in pixels of the frame it runs on; 0 gives the identity.
    #[must_use]
    pub fn new(sigma_px: f64) -> Self {
        let radius_px = (REACH * sigma_px).ceil().max(0.0) as usize;
        let weight = |distance: f64| match radius_px {
            0 => 1.0,
            _ => exp_f64(-0.5 * (distance / sigma_px) * (distance / sigma_px)),
        };
        let distances = 0..=2 * radius_px;
        let exact: Vec<f64> = distances
            .map(|i| weight(i as f64 - radius_px as f64))
            .collect();
        let sum: f64 = exact.iter().sum();
        let weights = exact.iter().map(|weight| (weight / sum) as f32).collect();
        Self { weights, radius_px }
    }

    /// From −radius to radius.
    #[must_use]
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// How far its weights reach, in pixels of the frame it runs on.
    #[must_use]
    pub const fn radius_px(&self) -> u32 {
        self.radius_px as u32
    }

    /// Writes `output` from `input`, plane by plane. See [`AreaKernel::run`].
    pub fn blur(
        &self,
        input: &Tile,
        output: &mut Tile,
        work: &mut Work<'_>,
    ) -> Result<(), Stopped> {
        self.blur_planes(0..output.n_planes(), input, output, work)
    }

    /// As [`Self::blur`], of these planes only.
    pub fn blur_planes(
        &self,
        planes: Range<usize>,
        input: &Tile,
        output: &mut Tile,
        work: &mut Work<'_>,
    ) -> Result<(), Stopped> {
        let margin = 2 * self.radius_px;
        let mut line = work.scratch.floats(BLOCK + margin);
        let mut rows = work.scratch.floats((BAND + margin) * BLOCK);
        let done = planes.into_iter().try_for_each(|plane_idx| {
            (0..output.stride()).step_by(BLOCK).try_for_each(|column| {
                let mut block = BlockPass {
                    gaussian: self,
                    input,
                    plane_idx,
                    column,
                    line: &mut line,
                    rows: &mut rows,
                };
                block.run(output, work)
            })
        });
        work.scratch.give_floats(line);
        work.scratch.give_floats(rows);
        done
    }
}

impl AreaKernel for Gaussian {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.radius_px as u32, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        self.blur(input, output, work)
    }
}

/// A few columns of one plane on their way.
struct BlockPass<'a> {
    gaussian: &'a Gaussian,
    input: &'a Tile,
    plane_idx: usize,
    /// The first one, in the output tile.
    column: usize,
    line: &'a mut [f32],
    /// Rows of [`BLOCK`] floats, blurred along x: those of a band and the margin around it.
    rows: &'a mut [f32],
}

impl BlockPass<'_> {
    fn run(&mut self, output: &mut Tile, work: &Work<'_>) -> Result<(), Stopped> {
        let rect = output.rect();
        let margin = 2 * self.gaussian.radius_px;
        let n_columns = BLOCK.min(output.stride() - self.column);
        let mut n_ready = 0;
        for top in (0..rect.height as usize).step_by(BAND) {
            work.stop.check()?;
            let n_rows = BAND.min(rect.height as usize - top);
            self.spread(rect, top, (n_ready, n_rows + margin), n_columns);
            let stride = output.stride();
            let out = &mut output.plane_mut(self.plane_idx)[top * stride + self.column..];
            let weights = self.gaussian.weights.as_slice();
            let rows = &*self.rows;
            vectorize(
                #[inline(always)]
                || sum_columns::<BLOCK>(rows, weights, (n_rows, n_columns), (out, stride)),
            );
            let used = n_rows * BLOCK;
            self.rows.copy_within(used..used + margin * BLOCK, 0);
            n_ready = margin;
        }
        Ok(())
    }

    /// Blurs rows `from..to` along x; row 0 lies the radius above row `top` of the tile at `rect`.
    fn spread(&mut self, rect: Rect, top: usize, (from, to): (usize, usize), n_columns: usize) {
        let bounds = self.input.rect();
        let radius = self.gaussian.radius_px as i64;
        let first_row = i64::from(rect.y) - i64::from(bounds.y) + top as i64 - radius;
        let first = i64::from(rect.x) - i64::from(bounds.x) + self.column as i64 - radius;
        let weights = self.gaussian.weights.as_slice();
        let line = &mut self.line[..n_columns + 2 * radius as usize];
        let rows = self.rows.chunks_exact_mut(BLOCK).enumerate();
        for (row_idx, row) in rows.take(to).skip(from) {
            let source = mirrored(first_row + row_idx as i64, bounds.height);
            let source = &self.input.row(self.plane_idx, source)[..bounds.width as usize];
            vectorize(
                #[inline(always)]
                || {
                    mirror_row(source, first, line);
                    sum_row(line, weights, &mut row[..n_columns]);
                },
            );
        }
    }
}

/// `out[i] = Σ weight · line[i + tap]`.
#[inline(always)]
fn sum_row(line: &[f32], weights: &[f32], out: &mut [f32]) {
    let n_wide = out.len() / WIDE * WIDE;
    let (wide, narrow) = out.split_at_mut(n_wide);
    sum_row_chunks::<WIDE>(line, weights, wide);
    sum_row_chunks::<LANES>(&line[n_wide..], weights, narrow);
}

#[inline(always)]
fn sum_row_chunks<const N: usize>(line: &[f32], weights: &[f32], out: &mut [f32]) {
    let (chunks, _) = out.as_chunks_mut::<N>();
    for (chunk_idx, chunk) in chunks.iter_mut().enumerate() {
        let mut sums = [0.0_f32; N];
        for (tap, weight) in weights.iter().enumerate() {
            let from = chunk_idx * N + tap;
            let values = &line[from..from + N];
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum = value.mul_add(*weight, *sum);
            }
        }
        *chunk = sums;
    }
}

/// `out` row r = Σ weight · row r + tap, for `n_rows` × `n_columns` pixels of rows `STRIDE` apart.
#[inline(always)]
fn sum_columns<const STRIDE: usize>(
    rows: &[f32],
    weights: &[f32],
    (n_rows, n_columns): (usize, usize),
    (out, stride): (&mut [f32], usize),
) {
    let n_deep = if weights.len() < DEEP {
        0
    } else {
        n_rows / DEEP * DEEP
    };
    for row_idx in (0..n_deep).step_by(DEEP) {
        let rows = &rows[row_idx * STRIDE..];
        let out = &mut out[row_idx * stride..];
        for x in (0..n_columns).step_by(LANES) {
            let sums = four_columns_sums::<STRIDE>(&rows[x..], weights);
            for (row_idx, sums) in sums.iter().enumerate() {
                let at = row_idx * stride + x;
                out[at..at + LANES].copy_from_slice(sums);
            }
        }
    }
    for row_idx in n_deep..n_rows {
        let rows = &rows[row_idx * STRIDE..];
        let out = &mut out[row_idx * stride..];
        for x in (0..n_columns).step_by(LANES) {
            let mut sum = [0.0; LANES];
            for (tap, weight) in weights.iter().enumerate() {
                sum = accumulated(sum, vector(rows, tap * STRIDE + x), *weight);
            }
            out[x..x + LANES].copy_from_slice(&sum);
        }
    }
}

/// One vector of four rows: a value read counts for all of them, for each in the order of taps.
#[inline(always)]
fn four_columns_sums<const STRIDE: usize>(rows: &[f32], weights: &[f32]) -> [[f32; LANES]; DEEP] {
    let n = weights.len();
    let at = |row_idx: usize| vector(rows, row_idx * STRIDE);
    let [mut a, mut b, mut c, mut d] = [[0.0; LANES]; DEEP];
    let value = at(0);
    a = accumulated(a, value, weights[0]);
    let value = at(1);
    a = accumulated(a, value, weights[1]);
    b = accumulated(b, value, weights[0]);
    let value = at(2);
    a = accumulated(a, value, weights[2]);
    b = accumulated(b, value, weights[1]);
    c = accumulated(c, value, weights[0]);
    for (row_idx, weights) in weights.windows(DEEP).enumerate() {
        let value = at(row_idx + 3);
        a = accumulated(a, value, weights[3]);
        b = accumulated(b, value, weights[2]);
        c = accumulated(c, value, weights[1]);
        d = accumulated(d, value, weights[0]);
    }
    let value = at(n);
    b = accumulated(b, value, weights[n - 1]);
    c = accumulated(c, value, weights[n - 2]);
    d = accumulated(d, value, weights[n - 3]);
    let value = at(n + 1);
    c = accumulated(c, value, weights[n - 1]);
    d = accumulated(d, value, weights[n - 2]);
    d = accumulated(d, at(n + 2), weights[n - 1]);
    [a, b, c, d]
}

#[inline(always)]
fn vector(values: &[f32], at: usize) -> [f32; LANES] {
    let values = &values[at..at + LANES];
    std::array::from_fn(|i| values[i])
}

#[inline(always)]
fn accumulated(sums: [f32; LANES], values: [f32; LANES], weight: f32) -> [f32; LANES] {
    std::array::from_fn(|i| values[i].mul_add(weight, sums[i]))
}

/// How a Gaussian is split between the reduced grid and a Gaussian on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reduction {
    /// A power of two; 1 where the Gaussian is too narrow to be reduced.
    pub factor: u32,
    /// What remains to be done on the grid, in cells.
    pub sigma_cells: f64,
}

impl Reduction {
    /// For a Gaussian of `sigma_px`: the coarsest grid that keeps it above 50 dB of the exact one even
    /// where every pixel is noise. That needs two cells a standard deviation; small factors, whose
    /// means are wide against their cells, do with less.
    ///
    /// Variances add: the means of `f` pixels contribute (f² − 1) / 12 and the interpolation of
    /// [`super::grid::Upsampler`] f² / 3; the Gaussian on the grid does the rest.
    #[must_use]
    pub fn of(sigma_px: f64) -> Self {
        let mut factor = 1_u32;
        while least_sigma_px(2 * factor) <= sigma_px && factor < 512 {
            factor *= 2;
        }
        if factor == 1 {
            return Self {
                factor,
                sigma_cells: sigma_px,
            };
        }
        Self::on_grid(sigma_px, factor)
    }

    /// On a grid of the caller's choice; what the grid itself smooths more than that stays so.
    #[must_use]
    pub fn on_grid(sigma_px: f64, factor: u32) -> Self {
        let f2 = f64::from(factor) * f64::from(factor);
        let variance_px = match factor {
            1 => sigma_px * sigma_px,
            _ => sigma_px * sigma_px - (f2 - 1.0) / 12.0 - f2 / 3.0,
        };
        Self {
            factor,
            sigma_cells: (variance_px.max(0.0) / f2).sqrt(),
        }
    }
}

/// From where on a grid of `factor` is used.
fn least_sigma_px(factor: u32) -> f64 {
    match factor {
        // A grid of halves is a picture of its own to write and read: direct sums are quicker.
        2 | 4 => 7.0,
        _ => 2.0 * f64::from(factor),
    }
}

#[cfg(test)]
mod tests;
