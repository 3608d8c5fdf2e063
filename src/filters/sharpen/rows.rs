//! The arithmetic of sharpening, row by row.

use crate::filters::kernels::finite::finite;
use crate::pixels::color::WORKING_LUMA;

/// How far one pixel's root of luminance may move, as a factor.
const REACH: f32 = 3.0;

/// Below this a weight counts as none.
const TINY: f32 = 1.0e-6;

/// Planes of a photo with alpha: the root weighted by it, alpha, and the root as it is.
pub(super) const N_WEIGHTED: usize = 3;

/// The plane of roots as they are, [`HIDDEN`] where there is no alpha.
pub(super) const STRAIGHT: usize = 2;

const HIDDEN: f32 = -1.0;

/// What becomes of a difference.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// What of it is added.
    strength: f32,
    /// The square of the difference of which half counts as noise.
    noise2: f32,
    /// One over the difference of which half is used.
    inv_edge: f32,
    /// The share of what exceeds the extremes around that stays.
    overshoot: f32,
}

impl Shape {
    /// `detail` is 0…1.
    pub(super) fn new(strength: f64, detail: f64) -> Self {
        let noise = 0.006 * (1.0 - detail);
        Self {
            strength: strength as f32,
            // Never 0: the quotient must exist where there is no difference.
            noise2: (noise * noise).max(1.0e-12) as f32,
            inv_edge: (1.0 / (0.12 + 0.4 * detail)) as f32,
            overshoot: (0.1 + 0.9 * detail) as f32,
        }
    }
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
pub(super) fn root_row(colors: [&[f32]; 3], out: &mut [f32]) {
    let [r, g, b] = colors.map(|color| &color[..out.len()]);
    for (i, out) in out.iter_mut().enumerate() {
        *out = root(r[i], g[i], b[i]);
    }
}

/// Of premultiplied colour: √(Y α) is the straight root times alpha's root.
#[inline(always)]
pub(super) fn weighted_root_rows(colors: [&[f32]; 3], alpha: &[f32], out: &mut [f32]) {
    let n = alpha.len();
    let [r, g, b] = colors.map(|color| &color[..n]);
    let (weighted, rest) = out.split_at_mut(n);
    let (alphas, straight) = rest.split_at_mut(n);
    let straight = &mut straight[..n];
    for i in 0..n {
        let weight = finite(alpha[i]);
        let weight = if weight > 0.0 { weight } else { 0.0 };
        let alpha_root = weight.sqrt();
        let root = root(r[i], g[i], b[i]);
        weighted[i] = root * alpha_root;
        alphas[i] = weight;
        let visible = weight > TINY;
        let divisor = if visible { alpha_root } else { 1.0 };
        straight[i] = if visible { root / divisor } else { HIDDEN };
    }
}

/// Divides a weighted mean by the mean of its weights.
#[inline(always)]
pub(super) fn unweigh(mean: &mut [f32], mean_alpha: &[f32]) {
    for (mean, alpha) in mean.iter_mut().zip(mean_alpha) {
        let alpha = if *alpha > TINY { *alpha } else { TINY };
        *mean /= alpha;
    }
}

/// Least and greatest of three rows, leaving out what is hidden.
#[inline(always)]
pub(super) fn column_extremes(rows: [&[f32]; 3], lowest: &mut [f32], highest: &mut [f32]) {
    let n = lowest.len();
    let [above, row, below] = rows.map(|row| &row[..n]);
    let highest = &mut highest[..n];
    for i in 0..n {
        lowest[i] = low(low(shown(above[i]), shown(row[i])), shown(below[i]));
        highest[i] = high(high(above[i], row[i]), below[i]);
    }
}

/// A value that is hidden, where the least is sought.
#[inline(always)]
fn shown(root: f32) -> f32 {
    if root < 0.0 { f32::MAX } else { root }
}

#[inline(always)]
fn low(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn high(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// One row of everything a pixel's gain depends on. The first three are padded by `radius`.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    pub(super) radius: usize,
    pub(super) root: &'a [f32],
    pub(super) lowest: &'a [f32],
    pub(super) highest: &'a [f32],
    pub(super) mean: &'a [f32],
    pub(super) mask: Option<&'a [f32]>,
}

#[inline(always)]
pub(super) fn sharpen_row(
    shape: &Shape,
    rows: &Rows<'_>,
    colors: [&[f32]; 3],
    out: [&mut [f32]; 3],
) {
    let n = rows.mean.len();
    let at = rows.radius;
    let root = &rows.root[at..][..n];
    let lows = [at - 1, at, at + 1].map(|from| &rows.lowest[from..][..n]);
    let highs = [at - 1, at, at + 1].map(|from| &rows.highest[from..][..n]);
    let [r, g, b] = colors.map(|color| &color[..n]);
    let [out_r, out_g, out_b] = out;
    let (out_r, out_g, out_b) = (&mut out_r[..n], &mut out_g[..n], &mut out_b[..n]);
    match rows.mask {
        None => {
            for i in 0..n {
                let extremes = extremes_at(lows, highs, i);
                let gain = gain(shape, shape.strength, [root[i], rows.mean[i]], extremes);
                out_r[i] = finite(r[i]) * gain;
                out_g[i] = finite(g[i]) * gain;
                out_b[i] = finite(b[i]) * gain;
            }
        }
        Some(mask) => {
            let mask = &mask[..n];
            for i in 0..n {
                let extremes = extremes_at(lows, highs, i);
                let strength = shape.strength * mask[i];
                let gain = gain(shape, strength, [root[i], rows.mean[i]], extremes);
                out_r[i] = finite(r[i]) * gain;
                out_g[i] = finite(g[i]) * gain;
                out_b[i] = finite(b[i]) * gain;
            }
        }
    }
}

#[inline(always)]
fn extremes_at(lows: [&[f32]; 3], highs: [&[f32]; 3], i: usize) -> [f32; 2] {
    [
        low(low(lows[0][i], lows[1][i]), lows[2][i]),
        high(high(highs[0][i], highs[1][i]), highs[2][i]),
    ]
}

/// The factor for colour that takes a root away from its mean.
#[inline(always)]
fn gain(shape: &Shape, strength: f32, [root, mean]: [f32; 2], [lowest, highest]: [f32; 2]) -> f32 {
    let d = root - mean;
    let d2 = d * d;
    let divisor = (d2 + shape.noise2) * d.abs().mul_add(shape.inv_edge, 1.0);
    let sharpened = (d * d2 / divisor).mul_add(strength, root);
    let held = low(high(sharpened, lowest), highest);
    let sharpened = (sharpened - held).mul_add(shape.overshoot, held);
    let sharpened = low(high(sharpened, root * (1.0 / REACH)), root * REACH);
    let ratio = if root > TINY { sharpened / root } else { 1.0 };
    ratio * ratio
}

pub(super) fn finite_row(from: &[f32], to: &mut [f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = finite(*from);
    }
}
