//! Defringe's arithmetic of a row.

use crate::filters::kernels::finite::finite;
use crate::filters::kernels::roots::joined;
use crate::pixels::math::smoothstep;

/// Chroma below which nothing is a fringe, and from which on everything may be.
const FAINT: [f32; 2] = [0.01, 0.03];

/// The numbers of the formula.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// From the mean squared gradient to the squared height of a step.
    pub(super) steepness: f32,
    /// Squared heights between which a step becomes an edge.
    pub(super) edge: [f32; 2],
    /// Cosines between which a colour becomes that of a fringe.
    pub(super) cone: [f32; 2],
    /// Purple and green.
    pub(super) hues: [[f32; 2]; 2],
    pub(super) amounts: [f32; 2],
}

impl Shape {
    /// How far a pixel is fringe, and how much of that is taken away.
    #[inline(always)]
    fn fringe(&self, u: f32, v: f32, gradient: f32) -> [f32; 2] {
        let chroma = v.mul_add(v, u * u).sqrt();
        let inverse = 1.0 / if chroma > 1.0e-6 { chroma } else { 1.0e-6 };
        let weight = |[hu, hv]: [f32; 2]| {
            let cos = v.mul_add(hv, u * hu) * inverse;
            smoothstep(self.cone[0], self.cone[1], cos)
        };
        let (purple, green) = (weight(self.hues[0]), weight(self.hues[1]));
        let edge = smoothstep(self.edge[0], self.edge[1], gradient * self.steepness);
        let seen = edge * smoothstep(FAINT[0], FAINT[1], chroma);
        let both = purple + green;
        let both = if both < 1.0 { both } else { 1.0 };
        let taken = green.mul_add(self.amounts[1], purple * self.amounts[0]);
        [seen * both, seen * if taken < 1.0 { taken } else { 1.0 }]
    }
}

/// From the pixels to the left, right, above and below.
#[inline(always)]
pub(super) fn gradient_row([left, right, above, below]: [&[f32]; 4], out: &mut [f32]) {
    let across = left.iter().zip(right);
    let down = above.iter().zip(below);
    for (out, ((left, right), (above, below))) in out.iter_mut().zip(across.zip(down)) {
        let (gx, gy) = (0.5 * (right - left), 0.5 * (below - above));
        *out = gy.mul_add(gy, gx * gx);
    }
}

/// As [`gradient_row`], where a difference counts as far as both pixels are seen.
#[inline(always)]
pub(super) fn seen_gradient_row(
    [left, right, above, below]: [&[f32]; 4],
    alpha: [&[f32]; 4],
    out: &mut [f32],
) {
    let n = out.len();
    let (left, right, above, below) = (&left[..n], &right[..n], &above[..n], &below[..n]);
    let [al, ar, aa, ab] = alpha.map(|row| &row[..n]);
    for i in 0..n {
        let gx = 0.5 * (right[i] - left[i]) * least(al[i], ar[i]);
        let gy = 0.5 * (below[i] - above[i]) * least(aa[i], ab[i]);
        out[i] = gy.mul_add(gy, gx * gx);
    }
}

/// The smaller one, held to 0…1.
#[inline(always)]
fn least(a: f32, b: f32) -> f32 {
    let least = if a < b { a } else { b };
    let least = if least < 1.0 { least } else { 1.0 };
    if least > 0.0 { least } else { 0.0 }
}

#[inline(always)]
pub(super) fn share_row(
    shape: &Shape,
    [u, v]: [&[f32]; 2],
    gradient: &[f32],
    alpha: Option<&[f32]>,
    [weight, su, sv]: [&mut [f32]; 3],
) {
    let n = weight.len();
    let (u, v, gradient) = (&u[..n], &v[..n], &gradient[..n]);
    let (su, sv) = (&mut su[..n], &mut sv[..n]);
    for i in 0..n {
        weight[i] = 1.0 - shape.fringe(u[i], v[i], gradient[i])[0];
    }
    if let Some(alpha) = alpha {
        for (weight, alpha) in weight.iter_mut().zip(alpha) {
            *weight *= least(*alpha, 1.0);
        }
    }
    for i in 0..n {
        su[i] = weight[i] * u[i];
        sv[i] = weight[i] * v[i];
    }
}

/// `out` holds the light as it came in, premultiplied where there is alpha.
#[inline(always)]
pub(super) fn clean_row<const ALPHA: bool>(
    shape: &Shape,
    [p, u, v]: [&[f32]; 3],
    (gradient, [weight, su, sv]): (&[f32], [&[f32]; 3]),
    alpha: &[f32],
    [r, g, b]: [&mut [f32]; 3],
) {
    let n = r.len();
    let (g, b) = (&mut g[..n], &mut b[..n]);
    let (p, u, v, gradient) = (&p[..n], &u[..n], &v[..n], &gradient[..n]);
    let (weight, su, sv) = (&weight[..n], &su[..n], &sv[..n]);
    let alpha = if ALPHA { &alpha[..n] } else { alpha };
    for i in 0..n {
        let share = shape.fringe(u[i], v[i], gradient[i])[1];
        let inverse = 1.0 / (weight[i] + 0.001);
        let (mu, mv) = (su[i] * inverse, sv[i] * inverse);
        let own = v[i].mul_add(v[i], u[i] * u[i]).sqrt();
        let theirs = mv.mul_add(mv, mu * mu).sqrt();
        let held = own / if theirs > 1.0e-9 { theirs } else { 1.0e-9 };
        let held = if theirs > own { held } else { 1.0 };
        let nu = mu.mul_add(held, -u[i]).mul_add(share, u[i]);
        let nv = mv.mul_add(held, -v[i]).mul_add(share, v[i]);
        let clean = joined(p[i], nu, nv);
        let weigh = if ALPHA { alpha[i] } else { 1.0 };
        let is_fringe = share > 0.0;
        r[i] = if is_fringe {
            clean[0] * weigh
        } else {
            finite(r[i])
        };
        g[i] = if is_fringe {
            clean[1] * weigh
        } else {
            finite(g[i])
        };
        b[i] = if is_fringe {
            clean[2] * weigh
        } else {
            finite(b[i])
        };
    }
}
