//! Our own logarithm, exponential and power, so that every machine computes the same bits.
//!
//! The `f32` ones are branch-free and vectorise; the `f64` ones are for tables and setup, where
//! accuracy matters and speed does not.

/// Base-2 logarithm. Absolute error below 2e-7 for x in 1e-30…1e30; x ≤ 1e-37 gives about −123.
///
/// The mantissa is brought into √½…√2 and log₂ m = 2/ln 2 · atanh((m−1)/(m+1)) is summed as an odd
/// polynomial.
#[inline(always)]
#[must_use]
pub fn log2(x: f32) -> f32 {
    let x = if x > 1.0e-37 { x } else { 1.0e-37 };
    let bits = x.to_bits();
    // Subtracting the bits of √½ makes the exponent field count from there.
    let shifted = bits.wrapping_sub(0x3f35_04f3);
    let exponent = (shifted as i32) >> 23;
    let mantissa = f32::from_bits((shifted & 0x007f_ffff).wrapping_add(0x3f35_04f3));
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let t2 = t * t;
    let mut sum = 0.320_598_7_f32;
    sum = sum.mul_add(t2, 0.412_198_57);
    sum = sum.mul_add(t2, 0.577_078_04);
    sum = sum.mul_add(t2, 0.961_796_7);
    sum = sum.mul_add(t2, 2.885_39);
    t.mul_add(sum, exponent as f32)
}

/// 2 to the power of x, relative error below 3e-7; x is held to −126…126.
#[inline(always)]
#[must_use]
pub fn exp2(x: f32) -> f32 {
    let x = if x > -126.0 { x } else { -126.0 };
    let x = if x < 126.0 { x } else { 126.0 };
    // Adding 1.5·2²³ leaves the nearest integer in the low mantissa bits.
    let rounded = x + 12_582_912.0;
    let integer = rounded - 12_582_912.0;
    let f = x - integer;
    let mut p = 1.540_353e-4_f32;
    p = p.mul_add(f, 1.333_355_8e-3);
    p = p.mul_add(f, 9.618_129e-3);
    p = p.mul_add(f, 5.550_411e-2);
    p = p.mul_add(f, 2.402_265_1e-1);
    p = p.mul_add(f, 6.931_472e-1);
    p = p.mul_add(f, 1.0);
    let scale = f32::from_bits(rounded.to_bits().wrapping_shl(23).wrapping_add(0x3f80_0000));
    p * scale
}

/// x to the power of y for x ≥ 0; negative x counts as (almost) 0. Relative error below
/// 5e-7 · (1 + |y · log₂ x|).
#[inline(always)]
#[must_use]
pub fn pow(x: f32, y: f32) -> f32 {
    exp2(y * log2(x))
}

/// e to the power of x.
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    exp2(x * std::f32::consts::LOG2_E)
}

/// The smooth step 3t² − 2t³ from 0 at `edge0` to 1 at `edge1`.
#[inline(always)]
#[must_use]
pub fn smoothstep(edge0: f32, edge1: f32, x: f32) -> f32 {
    let t = clamp((x - edge0) / (edge1 - edge0), 0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Holds x to lo…hi; NaN becomes `lo`. Compiles to one max and one min.
#[inline(always)]
#[must_use]
pub fn clamp(x: f32, lo: f32, hi: f32) -> f32 {
    let x = if x > lo { x } else { lo };
    if x < hi { x } else { hi }
}

/// Natural logarithm in f64, for x > 0; relative error near 1e-15.
#[must_use]
pub fn ln_f64(x: f64) -> f64 {
    if x <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let bits = x.max(f64::MIN_POSITIVE).to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1;
    }
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let t2 = t * t;
    let series = (0..14)
        .rev()
        .fold(0.0, |sum, k| sum * t2 + 2.0 / f64::from(2 * k + 1));
    exponent as f64 * std::f64::consts::LN_2 + t * series
}

/// e to the power of x in f64; relative error near 1e-15.
#[must_use]
pub fn exp_f64(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let n = (x / std::f64::consts::LN_2).round();
    let r = x - n * std::f64::consts::LN_2;
    let series = (1..=16)
        .rev()
        .fold(1.0, |sum, k| 1.0 + sum * r / f64::from(k));
    series * f64::from_bits(((n as i64 + 1023) as u64) << 52)
}

/// x to the power of y in f64 for x ≥ 0.
#[must_use]
pub fn pow_f64(x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else {
        exp_f64(y * ln_f64(x))
    }
}

/// Sine and cosine of π · `half_turns` in f64, absolute error near 1e-16; exact at quarter turns.
#[must_use]
pub fn sin_cos_pi_f64(half_turns: f64) -> (f64, f64) {
    let quarters = (2.0 * half_turns).round();
    let t = (half_turns - 0.5 * quarters) * std::f64::consts::PI;
    let t2 = t * t;
    let series = |first: i32| {
        let terms = (0..9).map(|k| f64::from((2 * k + first + 1) * (2 * k + first + 2)));
        terms
            .rev()
            .fold(1.0, |sum, divisor| 1.0 - sum * t2 / divisor)
    };
    let (sin, cos) = (t * series(1), series(0));
    match (quarters as i64).rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::simd::{SimdLevel, vectorize_at};

    #[test]
    fn log2_and_exp2_agree_with_f64() {
        let mut x = 1.0e-30_f32;
        while x < 1.0e30 {
            let error = (f64::from(log2(x)) - f64::from(x).log2()).abs();
            assert!(
                error < 1.0e-6 + 1.0e-7 * f64::from(x).log2().abs(),
                "{x}: {error}"
            );
            x *= 1.003_7;
        }
        let mut y = -60.0_f32;
        while y < 60.0 {
            let error = (f64::from(exp2(y)) / f64::from(y).exp2() - 1.0).abs();
            assert!(error < 3.0e-7, "{y}: {error}");
            y += 0.003_1;
        }
    }

    #[test]
    fn integers_and_one_are_exact() {
        for n in -20..20 {
            assert_eq!(exp2(n as f32), 2.0_f32.powi(n));
            assert_eq!(log2(2.0_f32.powi(n)), n as f32);
        }
    }

    #[test]
    fn f64_functions_agree_with_the_standard_library() {
        for i in 1..2000 {
            let x = f64::from(i) * 0.013;
            assert!(
                (ln_f64(x) - x.ln()).abs() < 1e-14 * (1.0 + x.ln().abs()),
                "{x}"
            );
            assert!((exp_f64(x) / x.exp() - 1.0).abs() < 1e-13, "{x}");
            assert!((pow_f64(x, 0.41) / x.powf(0.41) - 1.0).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn sine_and_cosine_agree_with_the_standard_library() {
        for i in -4000..4000 {
            let x = f64::from(i) * 0.001_7;
            let (sin, cos) = sin_cos_pi_f64(x);
            let (exact_sin, exact_cos) = (x * std::f64::consts::PI).sin_cos();
            assert!((sin - exact_sin).abs() < 4e-15, "{x}");
            assert!((cos - exact_cos).abs() < 4e-15, "{x}");
        }
        assert_eq!(sin_cos_pi_f64(0.5), (1.0, 0.0));
        assert_eq!(sin_cos_pi_f64(1.0), (0.0, -1.0));
    }

    #[test]
    fn every_simd_level_gives_the_same_bits() {
        let input: [f32; 64] = std::array::from_fn(|i| 0.001 + i as f32 * 0.37);
        let at = |level| {
            vectorize_at(
                level,
                #[inline(always)]
                || input.map(|x| pow(x, 0.416_666_67).to_bits()),
            )
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert_eq!(at(level), expected, "{level}");
        }
    }

    #[test]
    fn clamp_turns_nan_into_the_lower_bound() {
        assert_eq!(clamp(f32::NAN, 0.25, 1.0), 0.25);
        assert_eq!(clamp(f32::INFINITY, 0.0, 1.0), 1.0);
    }
}
