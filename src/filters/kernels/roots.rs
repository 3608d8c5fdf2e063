//! Lightness and colour in the roots of light: p = Σ w √c with the luminance weights w, and beside it
//! u = √red − p and v = √blue − p. Roots, for there a sensor's noise is alike in light and shade, and
//! differences look about as large as they are. Negative light keeps its sign.

use crate::pixels::color::WORKING_LUMA;

/// Below this alpha counts as none.
pub const TINY: f32 = 1.0e-6;

/// Premultiplied colour becomes straight; what is hidden becomes 0.
#[inline(always)]
pub fn straighten(color: &mut [f32], alpha: &[f32]) {
    for (color, alpha) in color.iter_mut().zip(alpha) {
        let visible = *alpha > TINY;
        let divisor = if visible { *alpha } else { 1.0 };
        *color = if visible { *color / divisor } else { 0.0 };
    }
}

#[inline(always)]
fn signed_root(x: f32) -> f32 {
    x.abs().sqrt().copysign(x)
}

/// In place: red, green and blue become p, u and v.
#[inline(always)]
pub fn split_row(r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    let n = r.len();
    let (g, b) = (&mut g[..n], &mut b[..n]);
    let [wr, wg, wb] = WORKING_LUMA;
    for i in 0..n {
        let [red, green, blue] = [r[i], g[i], b[i]].map(signed_root);
        let p = blue.mul_add(wb, green.mul_add(wg, red * wr));
        r[i] = p;
        g[i] = red - p;
        b[i] = blue - p;
    }
}

/// p, u and v of one pixel as light again.
#[inline(always)]
#[must_use]
pub fn joined(p: f32, u: f32, v: f32) -> [f32; 3] {
    let [wr, wg, wb] = WORKING_LUMA;
    let (red, blue) = (p + u, p + v);
    let green = p - (wr * u + wb * v) * (1.0 / wg);
    [red * red.abs(), green * green.abs(), blue * blue.abs()]
}

/// The inverse of [`split_row`] into other rows, premultiplied where there is alpha.
#[inline(always)]
pub fn join_row(planes: [&[f32]; 3], alpha: Option<&[f32]>, out: [&mut [f32]; 3]) {
    let [r, g, b] = out;
    let n = r.len();
    let (g, b) = (&mut g[..n], &mut b[..n]);
    let [p, u, v] = planes.map(|plane| &plane[..n]);
    for i in 0..n {
        [r[i], g[i], b[i]] = joined(p[i], u[i], v[i]);
    }
    if let Some(alpha) = alpha {
        let alpha = &alpha[..n];
        for i in 0..n {
            r[i] *= alpha[i];
            g[i] *= alpha[i];
            b[i] *= alpha[i];
        }
    }
}
