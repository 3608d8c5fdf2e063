//! The loop that all filters share whose pixels depend on themselves and their place alone.
//!
//! A filter gives the arithmetic of one pixel; here it is run over rows at the machine's SIMD level.
//! Light that is not a number, or is beyond any picture, is stopped here on its way in, so that no
//! kernel has to: NaN becomes 0 and everything is held to ±[`LIMIT`]. Below that, bits are kept.

use crate::pixels::color::{Matrix3, WORKING_LUMA};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::ColorRow;

use super::kernel::PointKernel;

/// 30 stops above white; what kernels make of it still is far from overflowing.
pub(super) const LIMIT: f32 = 1.0e9;

/// The arithmetic of one pixel, without branches. Implement it `#[inline(always)]`.
pub(super) trait Pixelwise: Send + Sync {
    /// Linear working light in and out; `x`, `y` in the rendered frame. `rgb` is finite.
    fn pixel(&self, rgb: [f32; 3], x: u32, y: u32) -> [f32; 3];

    /// As [`PointKernel::matrix`].
    fn matrix(&self) -> Option<Matrix3> {
        None
    }
}

/// Makes a row kernel of a pixel's arithmetic.
pub(super) struct EachPixel<K>(pub(super) K);

impl<K: Pixelwise> PointKernel for EachPixel<K> {
    fn row(&self, row: &mut ColorRow<'_>) {
        vectorize(
            #[inline(always)]
            || run(&self.0, row),
        );
    }

    fn matrix(&self) -> Option<Matrix3> {
        self.0.matrix()
    }
}

/// One row, at whatever level this is compiled for.
#[inline(always)]
pub(super) fn run<K: Pixelwise>(kernel: &K, row: &mut ColorRow<'_>) {
    sweep(kernel, [row.x, row.y], row.r, row.g, row.b);
}

/// Slices as arguments, so that the compiler knows that they do not overlap.
#[inline(always)]
fn sweep<K: Pixelwise>(kernel: &K, at: [u32; 2], r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    let [left, y] = at;
    for (i, ((r, g), b)) in r.iter_mut().zip(g).zip(b).enumerate() {
        let x = left.wrapping_add(i as u32);
        let light = [finite(*r), finite(*g), finite(*b)];
        [*r, *g, *b] = kernel.pixel(light, x, y);
    }
}

/// NaN becomes 0, the infinities ±[`LIMIT`].
#[inline(always)]
pub(super) fn finite(x: f32) -> f32 {
    let x = if x.is_nan() { 0.0 } else { x };
    let x = if x > -LIMIT { x } else { -LIMIT };
    if x < LIMIT { x } else { LIMIT }
}

/// Luminance in the working space.
#[inline(always)]
pub(super) fn luminance([r, g, b]: [f32; 3]) -> f32 {
    let [wr, wg, wb] = WORKING_LUMA;
    b.mul_add(wb, g.mul_add(wg, r * wr))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_light_becomes_finite_and_the_rest_keeps_its_bits() {
        assert_eq!(finite(f32::NAN), 0.0);
        assert_eq!(finite(f32::INFINITY), LIMIT);
        assert_eq!(finite(f32::NEG_INFINITY), -LIMIT);
        for x in [0.0_f32, -0.0, 1.0e-42, -3.5, 1.0e8] {
            assert_eq!(finite(x).to_bits(), x.to_bits(), "{x}");
        }
    }
}
