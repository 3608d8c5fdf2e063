//! Local tone: a gain that follows the broad light of a place and leaves its detail alone.
//!
//! The broad light ("base") is a guided filter of the luminance with itself as guide (He, Sun and
//! Tang, 2013), in exposure values, with the linear coefficients computed on a reduced grid (He
//! and Sun, "Fast Guided Filter", 2015). It is smooth within a surface and steps where the picture
//! steps, so a gain that depends on it has no halos. Windows are Gaussian; their width is a share
//! of the whole frame, so that a preview shows what the export will. The gain multiplies all
//! channels alike: hue and saturation stay. The curves belong to the filters: they may depend on
//! the base alone ([`ToneCurve`]) or on how a pixel differs from it as well ([`LocalCurve`]).

use crate::filters::frame::Frame;
use crate::filters::kernel::{
    AreaKernel, GatherKernel, Guided, GuidedKernel, Prepared, Stopped, Work,
};
use crate::filters::kernels::ev::{ev_of, gain_of};
use crate::filters::kernels::finite::finite;
use crate::filters::kernels::gaussian::{Gaussian, Reduction};
use crate::pixels::color::WORKING_LUMA;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::math::clamp;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{ColorRow, Tile};

/// What belongs together as one surface.
#[derive(Debug, Clone, Copy)]
pub struct Surface {
    /// Standard deviation of the windows, as a share of the full frame's long side.
    pub window: f64,
    /// Variance of luminance (EV²) above which a difference is an edge rather than detail.
    pub edge_variance: f32,
}

/// The surfaces of a tone curve: broad, with edges that detail of half a stop does not make.
const TONE: Surface = Surface {
    window: 0.01,
    edge_variance: 0.2,
};

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

/// How many EV a pixel gains by its own light and that of its place.
pub trait LocalCurve: Copy + Send + Sync + 'static {
    /// All in EV relative to a luminance of 1; at most 100 EV come out. Implementations are `#[inline(always)]` and free of
    /// branches.
    fn local_gain_ev(self, light_ev: f32, base_ev: f32) -> f32;
}

/// A tone curve sees the base alone.
#[derive(Debug, Clone, Copy)]
struct OfBase<C>(C);

impl<C: ToneCurve> LocalCurve for OfBase<C> {
    #[inline(always)]
    fn local_gain_ev(self, _light_ev: f32, base_ev: f32) -> f32 {
        self.0.gain_ev(base_ev)
    }
}

/// The filter that applies `curve` to the base of each place.
#[must_use]
pub fn local_tone<C: ToneCurve>(curve: C, frame: &Frame) -> Prepared {
    local_gain(OfBase(curve), TONE, frame)
}

/// The filter that applies `curve` to each pixel and its base.
#[must_use]
pub fn local_gain<C: LocalCurve>(curve: C, surface: Surface, frame: &Frame) -> Prepared {
    let sigma_px = surface.window * f64::from(frame.full_size.long_side()) * frame.scale;
    let reduction = Reduction::of(sigma_px);
    let gaussian = Gaussian::new(reduction.sigma_cells);
    let coefficients = Coefficients {
        gaussian: gaussian.clone(),
        edge_variance: surface.edge_variance,
    };
    Prepared::Guided(Guided {
        factor: reduction.factor,
        gather: Box::new(LogLuminance),
        stages: vec![Box::new(coefficients), Box::new(gaussian)],
        apply: Box::new(Gain(curve)),
    })
}

/// Luminance in EV, held to what a photo can hold.
#[inline(always)]
#[must_use]
pub fn luminance_ev(r: f32, g: f32, b: f32) -> f32 {
    let luminance = g.mul_add(WORKING_LUMA[1], r * WORKING_LUMA[0]);
    let luminance = b.mul_add(WORKING_LUMA[2], luminance);
    clamp(ev_of(luminance), DARKEST_EV, BRIGHTEST_EV)
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
    let colors = row.r.iter().zip(&*row.g).zip(&*row.b);
    for ((light, square), ((r, g), b)) in light.iter_mut().zip(square).zip(colors) {
        let ev = luminance_ev(*r, *g, *b);
        *light = ev;
        *square = ev * ev;
    }
}

/// From means of light and its square to the coefficients of `base = a · light + b`.
struct Coefficients {
    gaussian: Gaussian,
    edge_variance: f32,
}

impl AreaKernel for Coefficients {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        self.gaussian.input_rect(output, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        self.gaussian.blur(input, output, work)?;
        let mut planes = output.planes_mut();
        if let (Some(mean), Some(square)) = (planes.next(), planes.next()) {
            vectorize(
                #[inline(always)]
                || fit(self.edge_variance, mean, square),
            );
        }
        Ok(())
    }
}

/// From the means of light and of its square to slope and offset, in place.
#[inline(always)]
pub fn fit(edge_variance: f32, mean_to_a: &mut [f32], square_to_b: &mut [f32]) {
    for (a, b) in mean_to_a.iter_mut().zip(square_to_b) {
        let mean = *a;
        let variance = *b - mean * mean;
        let variance = if variance > 0.0 { variance } else { 0.0 };
        *a = variance / (variance + edge_variance);
        *b = mean * (1.0 - *a);
    }
}

struct Gain<C>(C);

impl<C: LocalCurve> GuidedKernel for Gain<C> {
    fn row(&self, row: &mut ColorRow<'_>, guide: &[&[f32]]) {
        if let [a, b] = guide {
            vectorize(
                #[inline(always)]
                || apply(self.0, row, a, b),
            );
        }
    }
}

/// Zipped rather than indexed: the compiler then knows that no index can be wrong, and leaves no
/// pixels to a scalar loop.
#[inline(always)]
fn apply<C: LocalCurve>(curve: C, row: &mut ColorRow<'_>, slope: &[f32], offset: &[f32]) {
    let colors = row.r.iter_mut().zip(&mut *row.g).zip(&mut *row.b);
    let guide = slope.iter().zip(offset);
    for (((r, g), b), (slope, offset)) in colors.zip(guide) {
        let light_ev = luminance_ev(*r, *g, *b);
        let base_ev = slope.mul_add(light_ev, *offset);
        let gain = gain_of(curve.local_gain_ev(light_ev, base_ev));
        *r = finite(*r) * gain;
        *g = finite(*g) * gain;
        *b = finite(*b) * gain;
    }
}

#[cfg(test)]
pub(crate) mod tests;
