//! Edge-avoiding smoothing of two planes of colour: noise as wide as a dozen pixels, no edge crossed.
//!
//! **Formula** (Dammertz et al., "Edge-Avoiding À-Trous Wavelet Transform", 2010): level by level
//! each pixel becomes the mean of the nine pixels at distances of 2^level, with the weights of
//! (1 2 1)² times w = clamp(2 − 2 e, 0, 1)², e = ΔL² / l² + ΔC² / c². L is the lightness that guides,
//! C the colour; c shrinks to seven tenths with each level, for noise does.

use crate::filters::kernel::{Stopped, Work};
use crate::filters::kernels::field::Field;
use crate::pixels::simd::vectorize;

/// What `levels` levels read beyond a pixel.
#[must_use]
pub const fn margin(levels: u32) -> usize {
    (1 << levels) - 1
}

/// What may differ and still be one surface.
#[derive(Debug, Clone, Copy)]
pub struct Tolerance {
    pub lightness: f32,
    /// At the first level.
    pub color: f32,
}

/// What guides the smoothing, and what each pixel counts.
#[derive(Debug, Clone, Copy)]
pub struct Guide<'a> {
    pub lightness: &'a Field,
    pub alpha: Option<&'a Field>,
}

/// Smooths both planes of `colors`; each level loses its distance at the fields' margin, beginning
/// `outer` pixels inside.
///
/// # Errors
/// [`Stopped`] when the flag is up.
pub fn smooth(
    colors: &mut [Field; 2],
    guide: Guide<'_>,
    tolerance: Tolerance,
    (levels, outer): (u32, usize),
    work: &mut Work<'_>,
) -> Result<(), Stopped> {
    let (width, height) = (colors[0].width(), colors[0].height());
    let mut next = [(); 2].map(|()| Field::new(width, height, work.scratch));
    let mut inset = outer;
    let mut color = tolerance.color;
    let mut done = Ok(());
    for level in 0..levels {
        let distance = 1_usize << level;
        inset += distance;
        let step = Level {
            colors,
            guide,
            distance,
            inset,
            inv: [tolerance.lightness, color].map(|t| 2.0 / (t * t)),
        };
        done = (inset..height - inset).try_for_each(|y| {
            work.stop.check()?;
            step.row(y, &mut next);
            Ok(())
        });
        if done.is_err() {
            break;
        }
        std::mem::swap(colors, &mut next);
        color *= 0.7;
    }
    for field in next {
        field.finish(work.scratch);
    }
    done
}

struct Level<'a> {
    colors: &'a [Field; 2],
    guide: Guide<'a>,
    distance: usize,
    inset: usize,
    /// 2 / l² and 2 / c².
    inv: [f32; 2],
}

impl Level<'_> {
    fn row(&self, y: usize, next: &mut [Field; 2]) {
        let n = self.guide.lightness.width() - 2 * self.inset;
        let fields = [self.guide.lightness, &self.colors[0], &self.colors[1]];
        let at = |field: &'_ Field, dy: usize, dx: usize| -> (usize, usize) {
            let row = y + dy * self.distance - self.distance;
            (
                row * field.width(),
                self.inset + dx * self.distance - self.distance,
            )
        };
        let window = |field, dy, dx| {
            let (row, column): (usize, usize) = at(field, dy, dx);
            row + column
        };
        let [u, v] = next;
        let out = [
            &mut u.row_mut(y)[self.inset..][..n],
            &mut v.row_mut(y)[self.inset..][..n],
        ];
        let taps: [[usize; 3]; 3] =
            std::array::from_fn(|dy| std::array::from_fn(|dx| window(fields[0], dy, dx)));
        let planes = fields.map(Field::values);
        let alpha = self.guide.alpha.map(Field::values);
        let inv = self.inv;
        vectorize(
            #[inline(always)]
            || match alpha {
                None => smooth_row::<false>(planes, &[], &taps, inv, out),
                Some(alpha) => smooth_row::<true>(planes, alpha, &taps, inv, out),
            },
        );
    }
}

#[inline(always)]
fn smooth_row<const ALPHA: bool>(
    planes: [&[f32]; 3],
    alpha: &[f32],
    taps: &[[usize; 3]; 3],
    [inv_l, inv_c]: [f32; 2],
    out: [&mut [f32]; 2],
) {
    const SHARES: [f32; 3] = [1.0, 2.0, 1.0];
    let [out_u, out_v] = out;
    let n = out_u.len();
    let out_v = &mut out_v[..n];
    let rows = |plane: usize| taps.map(|taps| taps.map(|start| &planes[plane][start..start + n]));
    let (l, u, v) = (rows(0), rows(1), rows(2));
    let a = taps.map(|taps| {
        taps.map(|start| {
            if ALPHA {
                &alpha[start..start + n]
            } else {
                &planes[0][start..start + n]
            }
        })
    });
    for i in 0..n {
        let (l0, u0, v0) = (l[1][1][i], u[1][1][i], v[1][1][i]);
        let (mut sum_u, mut sum_v, mut total) = (0.0_f32, 0.0_f32, 0.0_f32);
        for dy in 0..3 {
            for dx in 0..3 {
                let (lt, ut, vt) = (l[dy][dx][i], u[dy][dx][i], v[dy][dx][i]);
                let (dl, du, dv) = (lt - l0, ut - u0, vt - v0);
                let e = (dl * dl).mul_add(inv_l, du.mul_add(du, dv * dv) * inv_c);
                let t = 2.0 - e;
                let t = if t > 0.0 { t } else { 0.0 };
                let t = if t < 1.0 { t } else { 1.0 };
                let weight = t * t * (SHARES[dy] * SHARES[dx]);
                let weight = if ALPHA { weight * a[dy][dx][i] } else { weight };
                sum_u = weight.mul_add(ut, sum_u);
                sum_v = weight.mul_add(vt, sum_v);
                total += weight;
            }
        }
        let seen = total > 1.0e-6;
        let inverse = 1.0 / if seen { total } else { 1.0 };
        out_u[i] = if seen { sum_u * inverse } else { u0 };
        out_v[i] = if seen { sum_v * inverse } else { v0 };
    }
}
