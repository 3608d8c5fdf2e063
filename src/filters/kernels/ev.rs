//! Light in exposure values and back, for gains: quicker than `pixels::math` and as exact as a gain
//! needs.
//!
//! Polynomials through the Chebyshev nodes of their intervals, summed in pairs so that no product
//! waits for all before it; no division, no branch.

/// Base-2 logarithm within 1e-6, for x of 1e-30…1e30; x ≤ 1e-37 and NaN give about −123.
#[inline(always)]
#[must_use]
pub fn ev_of(x: f32) -> f32 {
    let x = if x > 1.0e-37 { x } else { 1.0e-37 };
    // Subtracting the bits of √½ makes the exponent field count from there.
    let shifted = x.to_bits().wrapping_sub(0x3f35_04f3);
    let exponent = (shifted as i32) >> 23;
    let mantissa = f32::from_bits((shifted & 0x007f_ffff).wrapping_add(0x3f35_04f3));
    let u = mantissa - 1.0;
    let u2 = u * u;
    let sum = 0.168_186_59_f32.mul_add(u2, (-0.267_963_86_f32).mul_add(u, 0.296_119_57));
    let sum = sum.mul_add(u2, (-0.359_524_46_f32).mul_add(u, 0.480_613_11));
    let sum = sum.mul_add(u2, (-0.721_360_2_f32).mul_add(u, 1.442_696_6));
    u.mul_add(sum, exponent as f32)
}

/// 2 to the power of `ev`, relative error below 5e-7; `ev` must lie in −120…120.
#[inline(always)]
#[must_use]
pub fn gain_of(ev: f32) -> f32 {
    // Adding 1.5·2²³ leaves the nearest integer in the low mantissa bits.
    let rounded = ev + 12_582_912.0;
    let f = ev - (rounded - 12_582_912.0);
    let f2 = f * f;
    let sum = 1.338_130_2e-3_f32.mul_add(f, 9.666_368e-3);
    let sum = sum.mul_add(f2, 5.550_381e-2_f32.mul_add(f, 2.402_235e-1));
    let sum = sum.mul_add(f2, 6.931_472e-1_f32.mul_add(f, 1.0));
    let scale = f32::from_bits(rounded.to_bits().wrapping_shl(23).wrapping_add(0x3f80_0000));
    sum * scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::simd::{SimdLevel, vectorize_at};

    #[test]
    fn agree_with_f64() {
        let mut x = 1.0e-30_f32;
        while x < 1.0e30 {
            let exact = f64::from(x).log2();
            let error = (f64::from(ev_of(x)) - exact).abs();
            assert!(error < 1.0e-6 + 1.0e-7 * exact.abs(), "{x}: {error}");
            x *= 1.003_7;
        }
        for i in -40_000..40_000 {
            let ev = i as f32 * 0.003;
            let error = (f64::from(gain_of(ev)) / f64::from(ev).exp2() - 1.0).abs();
            assert!(error < 5.0e-7, "{ev}: {error}");
        }
        assert_eq!((gain_of(0.0), ev_of(1.0), ev_of(0.25)), (1.0, 0.0, -2.0));
        assert!(ev_of(f32::NAN) < -120.0 && ev_of(-1.0) < -120.0);
    }

    #[test]
    fn every_simd_level_gives_the_same_bits() {
        let input: [f32; 64] = std::array::from_fn(|i| 0.001 + i as f32 * 0.37);
        let at = |level| {
            vectorize_at(
                level,
                #[inline(always)]
                || input.map(|x| gain_of(0.3 * ev_of(x)).to_bits()),
            )
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert_eq!(at(level), expected, "{level}");
        }
    }
}
