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

/// Standard deviations that the weights reach.
const REACH: f64 = 3.0;

/// Floats summed at once: enough chains to hide the latency of a multiply-add.
const WIDE: usize = 64;

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
        let stride = output.stride();
        let mut padded = work.scratch.floats(stride + 2 * self.radius_px);
        let mut ring = work.scratch.floats(stride * self.weights.len());
        let done = planes.into_iter().try_for_each(|plane_idx| {
            let mut pass = PlanePass {
                gaussian: self,
                input,
                plane_idx,
                left: i64::from(output.rect().x) - self.radius_px as i64,
                top: i64::from(output.rect().y) - self.radius_px as i64,
                padded: &mut padded,
                ring: &mut ring,
                n_spread: 0,
            };
            for row_idx in 0..output.rect().height as usize {
                work.stop.check()?;
                pass.output_row(row_idx, output.row_mut(plane_idx, row_idx));
            }
            Ok(())
        });
        work.scratch.give_floats(padded);
        work.scratch.give_floats(ring);
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

/// One plane on its way: the last `2 · radius + 1` rows, blurred along x, in a ring.
struct PlanePass<'a> {
    gaussian: &'a Gaussian,
    input: &'a Tile,
    plane_idx: usize,
    /// Frame column and row of the first value that the first output pixel reads; may be negative.
    left: i64,
    top: i64,
    padded: &'a mut [f32],
    ring: &'a mut [f32],
    /// Rows that went into the ring so far, counted from `top`.
    n_spread: usize,
}

impl PlanePass<'_> {
    fn output_row(&mut self, row_idx: usize, out: &mut [f32]) {
        let n_taps = self.gaussian.weights.len();
        while self.n_spread < row_idx + n_taps {
            self.spread_next();
        }
        // The ring's oldest row is the first tap; the taps wrap around once.
        let oldest = row_idx % n_taps;
        let stride = out.len();
        let (until_end, from_start) = self.gaussian.weights.split_at(n_taps - oldest);
        let parts = [
            (&self.ring[oldest * stride..], until_end),
            (&*self.ring, from_start),
        ];
        vectorize(
            #[inline(always)]
            || weigh(parts, stride, out),
        );
    }

    /// Blurs the next input row along x into its place in the ring.
    fn spread_next(&mut self) {
        let n_taps = self.gaussian.weights.len();
        let stride = self.ring.len() / n_taps;
        let slot = self.n_spread % n_taps;
        let bounds = self.input.rect();
        let row = self.top + self.n_spread as i64 - i64::from(bounds.y);
        self.n_spread += 1;
        let source = self.input.row(self.plane_idx, mirrored(row, bounds.height));
        let source = &source[..bounds.width as usize];
        let first = self.left - i64::from(bounds.x);
        let spread = &mut self.ring[slot * stride..(slot + 1) * stride];
        let weights = self.gaussian.weights.as_slice();
        let padded = &mut *self.padded;
        vectorize(
            #[inline(always)]
            || {
                mirror_row(source, first, padded);
                weigh([(padded, weights), (&[], &[])], 1, spread);
            },
        );
    }
}

/// `out[i] = Σ weight · source[tap · stride + i]`, the taps of the first part before the second's.
#[inline(always)]
fn weigh(parts: [(&[f32], &[f32]); 2], stride: usize, out: &mut [f32]) {
    let n_wide = out.len() / WIDE * WIDE;
    let (wide, narrow) = out.split_at_mut(n_wide);
    weigh_chunks::<WIDE>(parts, stride, 0, wide);
    weigh_chunks::<LANES>(parts, stride, n_wide, narrow);
}

#[inline(always)]
fn weigh_chunks<const N: usize>(
    parts: [(&[f32], &[f32]); 2],
    stride: usize,
    start: usize,
    out: &mut [f32],
) {
    let (chunks, _) = out.as_chunks_mut::<N>();
    for (chunk_idx, chunk) in chunks.iter_mut().enumerate() {
        let x = start + chunk_idx * N;
        let mut sums = [0.0_f32; N];
        for (source, weights) in parts {
            for (tap, weight) in weights.iter().enumerate() {
                let from = tap * stride + x;
                let values = &source[from..from + N];
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum = value.mul_add(*weight, *sum);
                }
            }
        }
        *chunk = sums;
    }
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
    /// For a Gaussian of `sigma_px`: the coarsest grid on which it still spans two cells.
    ///
    /// Variances add: the means of `f` pixels contribute (f² − 1) / 12 and the interpolation of
    /// [`super::grid::Upsampler`] f² / 3; the Gaussian on the grid does the rest.
    #[must_use]
    pub fn of(sigma_px: f64) -> Self {
        let mut factor = 1_u32;
        while f64::from(2 * factor) * 2.0 <= sigma_px && factor < 512 {
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

#[cfg(test)]
mod tests;
