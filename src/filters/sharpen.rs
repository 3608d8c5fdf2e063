//! Sharpen: an unsharp mask on luminance, for what the lens and the reduction took.
//!
//! **Formula**: with p = √luminance, d = p − Gaussian(p) of σ = radius · scale, and the amount as a
//! factor k = 1.5 · amount / 100: p′ = p + k · d / (1 + |d| / 0.2), held to p/3…3p; colour is
//! multiplied by (p′ / p)². The root makes light and dark halos look alike, the divisor keeps
//! hard edges from ringing while fine detail gets the full amount, and one factor for all channels
//! leaves no coloured fringes. **Range**: amount 0…150, radius 0.5…3 px of the photo. **Alpha**:
//! untouched; the Gaussian is weighted by it, so a cut-out has no rim. **Reach**: 3σ.
//! **Preview**: a radius below a pixel of the preview hardly shows there: judge at 100 %.

use crate::pixels::color::WORKING_LUMA;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::finite::finite;
use super::kernels::gaussian::Gaussian;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const AMOUNT: usize = 0;
const RADIUS: usize = 1;

/// How much of the difference an amount of 100 adds.
const FULL_AMOUNT: f64 = 1.5;

/// The difference, in roots of luminance, of which half is used: where halos would show.
const HARD_EDGE: f32 = 0.2;

/// How far one pixel's root of luminance may move, as a factor.
const REACH: f32 = 3.0;

/// Below this a weight counts as none.
const TINY: f32 = 1.0e-6;

static SPEC: Spec = Spec {
    id: "sharpen",
    label: "Sharpen",
    summary: "makes fine detail crisper",
    group: Group::Detail,
    rank: 510,
    formula: 1,
    ready: true,
    judge_at_full: true,
    params: &[
        ParamSpec {
            id: "amount",
            label: "Sharpen",
            kind: ParamKind::Number(NumberSpec {
                min: 0.0,
                max: 150.0,
                step: 1.0,
                identity: Some(0.0),
                on_add: 40.0,
                unit: Unit::None,
                decimals: 0,
                track: Track::Plain,
            }),
        },
        ParamSpec {
            id: "radius",
            label: "Radius",
            kind: ParamKind::Number(NumberSpec {
                min: 0.5,
                max: 3.0,
                step: 0.1,
                identity: None,
                on_add: 1.0,
                unit: Unit::Px,
                decimals: 1,
                track: Track::Plain,
            }),
        },
    ],
};

pub(super) struct Sharpen;

impl Filter for Sharpen {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        Prepared::Area(Box::new(UnsharpMask {
            gaussian: Gaussian::new(values.number(RADIUS) * frame.scale),
            strength: (values.number(AMOUNT) / 100.0 * FULL_AMOUNT) as f32,
        }))
    }
}

struct UnsharpMask {
    gaussian: Gaussian,
    strength: f32,
}

impl AreaKernel for UnsharpMask {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        self.gaussian.input_rect(output, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        // One plane, or two where alpha weighs it: the root of luminance, alpha.
        let n_planes = input.n_planes() - 2;
        let mut roots = work.scratch.tile(input.rect(), n_planes);
        let mut blurred = work.scratch.tile(output.rect(), n_planes);
        let done = root_plane(input, &mut roots, work)
            .and_then(|()| self.gaussian.blur(&roots, &mut blurred, work))
            .and_then(|()| self.sharpen(input, &blurred, output, work));
        work.scratch.give_tile(roots);
        work.scratch.give_tile(blurred);
        done
    }
}

impl UnsharpMask {
    fn sharpen(
        &self,
        input: &Tile,
        blurred: &Tile,
        output: &mut Tile,
        work: &Work<'_>,
    ) -> Result<(), Stopped> {
        output.copy_from(input);
        for row_idx in 0..output.rect().height as usize {
            work.stop.check()?;
            let row = output.color_row_mut(row_idx);
            let colors = [row.r, row.g, row.b];
            let mean = blurred.row(0, row_idx);
            vectorize(
                #[inline(always)]
                || match row.a {
                    None => sharpen_row(self.strength, colors, mean),
                    Some(alpha) => {
                        hold_alpha(alpha);
                        let mean_alpha = blurred.row(1, row_idx);
                        sharpen_weighted_row(self.strength, colors, alpha, [mean, mean_alpha]);
                    }
                },
            );
        }
        Ok(())
    }
}

/// The planes that the Gaussian runs on.
fn root_plane(input: &Tile, roots: &mut Tile, work: &Work<'_>) -> Result<(), Stopped> {
    for row_idx in 0..input.rect().height as usize {
        work.stop.check()?;
        let colors = [0, 1, 2].map(|plane_idx| input.row(plane_idx, row_idx));
        let alpha = (input.n_planes() > 3).then(|| input.row(3, row_idx));
        let out = roots.row_mut(0, row_idx);
        vectorize(
            #[inline(always)]
            || match alpha {
                None => root_row(colors, out),
                Some(alpha) => weighted_root_row(colors, alpha, out),
            },
        );
        if let Some(alpha) = alpha {
            roots.row_mut(1, row_idx).copy_from_slice(alpha);
        }
    }
    Ok(())
}

/// The root of luminance, of 0 where that is negative or not a number.
#[inline(always)]
fn root(r: f32, g: f32, b: f32) -> f32 {
    let luminance = g.mul_add(WORKING_LUMA[1], r * WORKING_LUMA[0]);
    let luminance = finite(b.mul_add(WORKING_LUMA[2], luminance));
    let luminance = if luminance > 0.0 { luminance } else { 0.0 };
    luminance.sqrt()
}

#[inline(always)]
fn root_row(colors: [&[f32]; 3], out: &mut [f32]) {
    let [r, g, b] = colors.map(|color| &color[..out.len()]);
    for (i, out) in out.iter_mut().enumerate() {
        *out = root(r[i], g[i], b[i]);
    }
}

/// The root of straight luminance, weighted by alpha: √(Y · α) of premultiplied Y.
#[inline(always)]
fn weighted_root_row(colors: [&[f32]; 3], alpha: &[f32], out: &mut [f32]) {
    let [r, g, b] = colors.map(|color| &color[..out.len()]);
    let alpha = &alpha[..out.len()];
    for (i, out) in out.iter_mut().enumerate() {
        let weight = finite(alpha[i]);
        let weight = if weight > 0.0 { weight } else { 0.0 };
        *out = root(r[i], g[i], b[i]) * weight.sqrt();
    }
}

#[inline(always)]
fn hold_alpha(alpha: &mut [f32]) {
    for value in alpha {
        *value = finite(*value);
    }
}

/// The factor for colour that takes `root` away from `mean`.
#[inline(always)]
fn gain(strength: f32, root: f32, mean: f32) -> f32 {
    let difference = root - mean;
    let divisor = difference.abs().mul_add(1.0 / HARD_EDGE, 1.0);
    let sharpened = (difference / divisor).mul_add(strength, root);
    let lowest = root * (1.0 / REACH);
    let highest = root * REACH;
    let sharpened = if sharpened > lowest {
        sharpened
    } else {
        lowest
    };
    let sharpened = if sharpened < highest {
        sharpened
    } else {
        highest
    };
    let ratio = if root > TINY { sharpened / root } else { 1.0 };
    ratio * ratio
}

#[inline(always)]
fn sharpen_row(strength: f32, colors: [&mut [f32]; 3], mean: &[f32]) {
    let n = mean.len();
    let [r, g, b] = colors.map(|color| &mut color[..n]);
    for i in 0..n {
        let gain = gain(strength, root(r[i], g[i], b[i]), mean[i]);
        r[i] = finite(r[i]) * gain;
        g[i] = finite(g[i]) * gain;
        b[i] = finite(b[i]) * gain;
    }
}

#[inline(always)]
fn sharpen_weighted_row(
    strength: f32,
    colors: [&mut [f32]; 3],
    alpha: &[f32],
    [mean, mean_alpha]: [&[f32]; 2],
) {
    let n = mean.len();
    let [r, g, b] = colors.map(|color| &mut color[..n]);
    let (alpha, mean_alpha) = (&alpha[..n], &mean_alpha[..n]);
    for i in 0..n {
        let weight = if alpha[i] > TINY { alpha[i] } else { TINY };
        let mean_weight = if mean_alpha[i] > TINY {
            mean_alpha[i]
        } else {
            TINY
        };
        let straight = root(r[i], g[i], b[i]) / weight.sqrt();
        let gain = gain(strength, straight, mean[i] / mean_weight);
        r[i] = finite(r[i]) * gain;
        g[i] = finite(g[i]) * gain;
        b[i] = finite(b[i]) * gain;
    }
}

#[cfg(test)]
mod tests;
