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
pub(super) fn root_row([r, g, b]: [&[f32]; 3], out: &mut [f32]) {
    for (((out, r), g), b) in out.iter_mut().zip(r).zip(g).zip(b) {
        *out = root(*r, *g, *b);
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

/// A neighbour that is hidden, where the least is sought.
#[inline(always)]
fn shown<const ALPHA: bool>(root: f32) -> f32 {
    if ALPHA && root < 0.0 { f32::MAX } else { root }
}

#[inline(always)]
fn low(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn high(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// One row of everything a pixel's gain depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    /// Above the pixels, left of them, the pixels, right of them, below.
    pub(super) cross: [&'a [f32]; 5],
    pub(super) mean: &'a [f32],
    pub(super) mask: Option<&'a [f32]>,
    pub(super) colors: [&'a [f32]; 3],
}

/// `ALPHA`: neighbours may be hidden.
#[inline(always)]
pub(super) fn sharpen_row<const ALPHA: bool>(
    shape: &Shape,
    rows: &Rows<'_>,
    [r, g, b]: [&mut [f32]; 3],
) {
    match rows.mask {
        None => each_pixel::<ALPHA, false>(*shape, rows, rows.mean, [r, g, b]),
        Some(mask) => each_pixel::<ALPHA, true>(*shape, rows, mask, [r, g, b]),
    }
}

#[inline(always)]
fn each_pixel<const ALPHA: bool, const MASKED: bool>(
    shape: Shape,
    rows: &Rows<'_>,
    mask: &[f32],
    [out_r, out_g, out_b]: [&mut [f32]; 3],
) {
    let [above, left, root, right, below] = rows.cross;
    let [r, g, b] = rows.colors;
    let neighbours = above.iter().zip(left).zip(right).zip(below);
    let own = root.iter().zip(rows.mean).zip(mask);
    let colors = r.iter().zip(g).zip(b);
    let out = out_r.iter_mut().zip(out_g).zip(out_b);
    for (((neighbours, own), colors), out) in neighbours.zip(own).zip(colors).zip(out) {
        let (((above, left), right), below) = neighbours;
        let ((root, mean), mask) = own;
        let ((r, g), b) = colors;
        let ((out_r, out_g), out_b) = out;
        let around = [*above, *left, *right, *below];
        let [a, b_, c, d] = around.map(shown::<ALPHA>);
        let lowest = low(low(low(a, b_), low(c, d)), *root);
        let [a, b_, c, d] = around;
        let highest = high(high(high(a, b_), high(c, d)), *root);
        let strength = if MASKED {
            shape.strength * mask
        } else {
            shape.strength
        };
        let gain = gain(shape, strength, [*root, *mean], [lowest, highest]);
        *out_r = finite(*r) * gain;
        *out_g = finite(*g) * gain;
        *out_b = finite(*b) * gain;
    }
}

/// The factor for colour that takes a root away from its mean.
#[inline(always)]
fn gain(shape: Shape, strength: f32, [root, mean]: [f32; 2], [lowest, highest]: [f32; 2]) -> f32 {
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
