//! Dehaze: takes away the veil that air lays over distance, or lays one.
//!
//! **Formula** (He, Sun and Tang, "Single Image Haze Removal Using Dark Channel Prior", 2009, with
//! their guided filter, 2013): a photo is I = J t + A (1 − t), J the scene, A the light of the air.
//! On a reduced grid: A is the mean colour of the brightest quarter of the haziest places of the
//! whole photo ([`ambient`]), made half as colourful and kept on the line from blue to yellow that
//! the sky's light lies on. Haze D is the least of I / A over the channels and a neighbourhood
//! (1.2 % of the long side), refined by a guided filter with √Y as guide (windows of σ = 1.5 %, edges
//! from a variance of 0.0025). Then, for each pixel, the veil v = k · D, k = 0.85 · amount / 100, is
//! held below 0.8 and below nine tenths of the pixel's own least I / A, by one value for all
//! channels, so that nothing clips and no hue turns; J = (I − v A) / (1 − v). The result is half
//! way between J and I with the luminance of J: that is as much of J's colour as looks natural, and
//! it keeps the colour noise of a pale sky from being torn open. Downwards the veil is v = 0.7 · |amount| / 100 · (0.2 + 0.8 D), and out = I (1 − v) + v A.
//! **Range**: −100…100. **Alpha**: untouched; places weigh as much as they show. **Preview**: all
//! lengths scale with the frame; the light of the air comes from the whole photo there as well.
//! ΔE*ab against the photo filtered first and reduced afterwards (amount 50; mean, 95 % of
//! pixels): below 0.1, 0.2 at 1/2; 0.1, 0.4 at 1/4 and 1/8.

use crate::pixels::math::clamp;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::ColorRow;

use super::Filter;
use super::frame::Frame;
use super::kernel::{GatherKernel, Guided, GuidedKernel, Prepared};
use super::kernels::finite::finite;
use super::kernels::gaussian::{Gaussian, Reduction};
use super::pixelwise::luminance;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

mod ambient;
mod haze;

use ambient::Ambient;
use haze::Haze;

const AMOUNT: usize = 0;

/// Standard deviation of the guided filter's windows, as a share of the full frame's long side.
const WINDOW: f64 = 0.015;

/// Half the side of the neighbourhood whose darkest value tells haze, likewise.
const PATCH: f64 = 0.006;

/// Of the haze found, what an amount of 100 removes.
const MOST_REMOVED: f64 = 0.85;

/// The veil that an amount of −100 lays over the haziest places.
const MOST_ADDED: f64 = 0.7;

/// No more of a pixel's light than this is taken for veil: what is left is amplified.
const MOST_VEIL: f32 = 0.8;

/// Nor more than this share of its least channel.
const MOST_OF_LEAST: f32 = 0.9;

/// The share of the result that has the photo's own colour, with the cleared luminance.
const PALE: f32 = 0.5;

/// Below this luminance there is no colour to keep.
const DARK: f32 = 1.0e-6;

static SPEC: Spec = Spec {
    id: "dehaze",
    label: "Dehaze",
    summary: "clears the air over distance, or makes it misty",
    group: Group::Light,
    rank: 190,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Dehaze",
        kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), 40.0)),
    }],
};

pub(super) struct Dehaze;

impl Filter for Dehaze {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let long_side_px = f64::from(frame.full_size.long_side()) * frame.scale;
        let sigma_px = WINDOW * long_side_px;
        // Half as coarse as the window would allow: means of large cells hide what is dark.
        let reduction = Reduction::on_grid(sigma_px, Reduction::of(0.5 * sigma_px).factor);
        let patch_cells = PATCH * long_side_px / f64::from(reduction.factor);
        let amount = values.number(AMOUNT) / 100.0;
        let veil = if amount > 0.0 {
            Veil::Removed((amount * MOST_REMOVED) as f32)
        } else {
            Veil::Added((-amount * MOST_ADDED) as f32)
        };
        let gaussian = Gaussian::new(reduction.sigma_cells);
        Prepared::Guided(Guided {
            factor: reduction.factor,
            gather: Box::new(Weighted),
            stages: vec![
                Box::new(Ambient),
                Box::new(Haze::new(patch_cells.round() as u32, gaussian)),
            ],
            apply: Box::new(veil),
        })
    }
}

/// Colour weighted by how much it shows, and that weight.
struct Weighted;

impl GatherKernel for Weighted {
    fn n_planes(&self, _has_alpha: bool) -> usize {
        4
    }

    fn row(&self, row: &ColorRow<'_>, planes: &mut [&mut [f32]]) {
        let [r, g, b, weight] = planes else {
            return;
        };
        vectorize(
            #[inline(always)]
            || {
                match row.a.as_deref() {
                    Some(alpha) => weights_row(alpha, weight),
                    None => weight.fill(1.0),
                }
                weigh_row(row.r, weight, r);
                weigh_row(row.g, weight, g);
                weigh_row(row.b, weight, b);
            },
        );
    }
}

#[inline(always)]
fn weights_row(alpha: &[f32], weights: &mut [f32]) {
    for (weight, alpha) in weights.iter_mut().zip(alpha) {
        *weight = clamp(*alpha, 0.0, 1.0);
    }
}

/// Light above white would be taken for the light of the air wherever a lamp is.
#[inline(always)]
fn weigh_row(color: &[f32], weights: &[f32], out: &mut [f32]) {
    for ((out, color), weight) in out.iter_mut().zip(color).zip(weights) {
        *out = clamp(finite(*color), 0.0, 4.0) * weight;
    }
}

/// What guides the refinement: the root of luminance, held to what a photo shows.
#[inline(always)]
fn guide_of(r: f32, g: f32, b: f32) -> f32 {
    clamp(luminance([r, g, b]), 0.0, 4.0).sqrt()
}

/// The light of the air from its red and blue: green lies on the line that daylight follows.
#[inline(always)]
fn green_of(red: f32, blue: f32) -> f32 {
    blue.mul_add(0.35, red * 0.65)
}

/// What is done with the haze.
enum Veil {
    Removed(f32),
    Added(f32),
}

impl GuidedKernel for Veil {
    fn row(&self, row: &mut ColorRow<'_>, guide: &[&[f32]]) {
        let [slope, offset, red, blue] = guide else {
            return;
        };
        let map = [*slope, *offset, *red, *blue];
        vectorize(
            #[inline(always)]
            || match self {
                Self::Removed(share) => remove_row(*share, [row.r, row.g, row.b], map),
                Self::Added(share) => add_row(*share, [row.r, row.g, row.b], map),
            },
        );
    }
}

#[inline(always)]
fn remove_row(share: f32, colors: [&mut [f32]; 3], map: [&[f32]; 4]) {
    let n = map[0].len();
    let [r, g, b] = colors.map(|color| &mut color[..n]);
    let [slope, offset, red, blue] = map.map(|row| &row[..n]);
    for i in 0..n {
        let (cr, cg, cb) = (finite(r[i]), finite(g[i]), finite(b[i]));
        let haze = clamp(slope[i].mul_add(guide_of(cr, cg, cb), offset[i]), 0.0, 1.0);
        let (ar, ag, ab) = (red[i], green_of(red[i], blue[i]), blue[i]);
        let least = least_of(cr / ar, cg / ag, cb / ab);
        let veil = clamp(share * haze, 0.0, MOST_VEIL);
        let veil = clamp(
            veil,
            0.0,
            MOST_OF_LEAST * if least > 0.0 { least } else { 0.0 },
        );
        let inverse = 1.0 / (1.0 - veil);
        let light = luminance([cr, cg, cb]);
        let cleared = (-veil).mul_add(luminance([ar, ag, ab]), light) * inverse;
        let lit = light > DARK;
        let ratio = if lit {
            cleared / if lit { light } else { 1.0 }
        } else {
            inverse
        };
        let gain = PALE * ratio + (1.0 - PALE) * inverse;
        let taken = (1.0 - PALE) * inverse * veil;
        r[i] = cr.mul_add(gain, -taken * ar);
        g[i] = cg.mul_add(gain, -taken * ag);
        b[i] = cb.mul_add(gain, -taken * ab);
    }
}

#[inline(always)]
fn add_row(share: f32, colors: [&mut [f32]; 3], map: [&[f32]; 4]) {
    let n = map[0].len();
    let [r, g, b] = colors.map(|color| &mut color[..n]);
    let [slope, offset, red, blue] = map.map(|row| &row[..n]);
    for i in 0..n {
        let (cr, cg, cb) = (finite(r[i]), finite(g[i]), finite(b[i]));
        let haze = clamp(slope[i].mul_add(guide_of(cr, cg, cb), offset[i]), 0.0, 1.0);
        let veil = share * haze.mul_add(0.8, 0.2);
        r[i] = veil.mul_add(red[i] - cr, cr);
        g[i] = veil.mul_add(green_of(red[i], blue[i]) - cg, cg);
        b[i] = veil.mul_add(blue[i] - cb, cb);
    }
}

#[inline(always)]
fn least_of(a: f32, b: f32, c: f32) -> f32 {
    let least = if a < b { a } else { b };
    if least < c { least } else { c }
}

#[cfg(test)]
mod tests;
