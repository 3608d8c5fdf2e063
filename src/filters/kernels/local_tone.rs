//! Local tone: a gain that follows the broad light of a place and leaves its detail alone.
//!
//! The broad light ("base") is a guided filter of the luminance with itself as guide (He, Sun and
//! Tang, 2013), in exposure values, with the linear coefficients computed on a reduced grid (He
//! and Sun, "Fast Guided Filter", 2015). It is smooth within a surface and steps where the picture
//! steps, so a gain that depends on it has no halos. Windows are Gaussian; their width is a share
//! of the whole frame, so that a preview shows what the export will. The gain multiplies all
//! channels alike: hue and saturation stay. The curves belong to the filters.

use crate::filters::frame::Frame;
use crate::filters::kernel::{
    AreaKernel, GatherKernel, Guided, GuidedKernel, Prepared, Stopped, Work,
};
use crate::filters::kernels::finite::finite;
use crate::filters::kernels::gaussian::{Gaussian, Reduction};
use crate::pixels::color::WORKING_LUMA;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::math::{clamp, exp2, log2};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{ColorRow, Tile};

/// Standard deviation of the windows, as a share of the full frame's long side.
const WINDOW: f64 = 0.01;

/// Variance of luminance (EV²) above which a difference counts as an edge rather than as detail.
const EDGE_VARIANCE: f32 = 0.2;

/// Luminance is held to this range, in EV relative to 1.
const DARKEST_EV: f32 = -16.0;
const BRIGHTEST_EV: f32 = 12.0;

/// How many EV a place gains by how bright it is.
///
/// The gain's slope must stay above −1: brighter places then stay brighter.
pub trait ToneCurve: Copy + Send + Sync + 'static {
    /// Both in EV; `base_ev` is relative to a luminance of 1. Implementations are
    /// `#[inline(always)]` and free of branches.
    fn gain_ev(self, base_ev: f32) -> f32;
}

/// The filter that applies `curve` to the base of each place.
#[must_use]
pub fn local_tone<C: ToneCurve>(curve: C, frame: &Frame) -> Prepared {
    let sigma_px = WINDOW * f64::from(frame.full_size.long_side()) * frame.scale;
    let reduction = Reduction::of(sigma_px);
    let gaussian = Gaussian::new(reduction.sigma_cells);
    Prepared::Guided(Guided {
        factor: reduction.factor,
        gather: Box::new(LogLuminance),
        stages: vec![Box::new(Coefficients(gaussian.clone())), Box::new(gaussian)],
        apply: Box::new(Gain(curve)),
    })
}

#[inline(always)]
fn luminance_ev(r: f32, g: f32, b: f32) -> f32 {
    let luminance = g.mul_add(WORKING_LUMA[1], r * WORKING_LUMA[0]);
    let luminance = b.mul_add(WORKING_LUMA[2], luminance);
    clamp(log2(luminance), DARKEST_EV, BRIGHTEST_EV)
}

/// Luminance in EV and its square.
struct LogLuminance;

impl GatherKernel for LogLuminance {
    fn n_planes(&self, _has_alpha: bool) -> usize {
        2
    }

    fn row(&self, row: &ColorRow<'_>, planes: &mut [&mut [f32]]) {
        if let [light, square] = planes {
            vectorize(
                #[inline(always)]
                || gather(row, light, square),
            );
        }
    }
}

#[inline(always)]
fn gather(row: &ColorRow<'_>, light: &mut [f32], square: &mut [f32]) {
    let n = light.len();
    let (r, g, b) = (&row.r[..n], &row.g[..n], &row.b[..n]);
    let square = &mut square[..n];
    for i in 0..n {
        let ev = luminance_ev(r[i], g[i], b[i]);
        light[i] = ev;
        square[i] = ev * ev;
    }
}

/// From means of light and its square to the coefficients of `base = a · light + b`.
struct Coefficients(Gaussian);

impl AreaKernel for Coefficients {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        self.0.input_rect(output, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        self.0.blur(input, output, work)?;
        let mut planes = output.planes_mut();
        if let (Some(mean), Some(square)) = (planes.next(), planes.next()) {
            vectorize(
                #[inline(always)]
                || fit(mean, square),
            );
        }
        Ok(())
    }
}

#[inline(always)]
fn fit(mean_to_a: &mut [f32], square_to_b: &mut [f32]) {
    for (a, b) in mean_to_a.iter_mut().zip(square_to_b) {
        let mean = *a;
        let variance = *b - mean * mean;
        let variance = if variance > 0.0 { variance } else { 0.0 };
        *a = variance / (variance + EDGE_VARIANCE);
        *b = mean * (1.0 - *a);
    }
}

struct Gain<C>(C);

impl<C: ToneCurve> GuidedKernel for Gain<C> {
    fn row(&self, row: &mut ColorRow<'_>, guide: &[&[f32]]) {
        if let [a, b] = guide {
            vectorize(
                #[inline(always)]
                || apply(self.0, row, a, b),
            );
        }
    }
}

#[inline(always)]
fn apply<C: ToneCurve>(curve: C, row: &mut ColorRow<'_>, slope: &[f32], offset: &[f32]) {
    let n = row.r.len();
    let (r, g, b) = (&mut row.r[..n], &mut row.g[..n], &mut row.b[..n]);
    let (slope, offset) = (&slope[..n], &offset[..n]);
    for i in 0..n {
        let base_ev = slope[i].mul_add(luminance_ev(r[i], g[i], b[i]), offset[i]);
        let gain = exp2(curve.gain_ev(base_ev));
        r[i] = finite(r[i]) * gain;
        g[i] = finite(g[i]) * gain;
        b[i] = finite(b[i]) * gain;
    }
}

#[cfg(test)]
pub(crate) mod tests;
