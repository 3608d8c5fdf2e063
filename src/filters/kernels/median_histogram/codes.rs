//! Light as codes of 15 bits, evenly spread over log(1 + 4 · |light|).
//!
//! A code stands for its light to 10⁻⁴, above white to 10⁻⁴ of it. Light below −0.09 and above 31
//! counts as that.

use crate::pixels::math::{exp2, log2};
use crate::pixels::simd::vectorize;

/// Codes to a doubling of 1 + 4 · |light|.
const PER_OCTAVE: f32 = 4400.0;

/// The code of black.
const BLACK: f32 = 2048.0;
const MAX_CODE: f32 = 32767.0;

pub(super) fn encode(values: &[f32], codes: &mut [u16]) {
    vectorize(
        #[inline(always)]
        || {
            for (code, value) in codes.iter_mut().zip(values) {
                *code = code_of(*value);
            }
        },
    );
}

#[inline(always)]
pub(super) fn code_of(light: f32) -> u16 {
    let height = log2(light.abs().mul_add(4.0, 1.0)) * PER_OCTAVE;
    let code = BLACK + 0.5 + if light < 0.0 { -height } else { height };
    let code = if code > 0.0 { code } else { 0.0 };
    let code = if code < MAX_CODE { code } else { MAX_CODE };
    code as i32 as u16
}

#[inline(always)]
pub(super) fn light_of(code: f32) -> f32 {
    let height = (code - BLACK) / PER_OCTAVE;
    let light = (exp2(height.abs()) - 1.0) * 0.25;
    if height < 0.0 { -light } else { light }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::simd::{SimdLevel, vectorize_at};

    #[test]
    fn codes_keep_light_to_a_ten_thousandth() {
        let mut light = -0.09_f32;
        while light < 30.0 {
            let got = light_of(f32::from(code_of(light)));
            let error = (got - light).abs() / light.max(1.0);
            assert!(error <= 1.0e-4, "{light}: {got}");
            light += 0.000_37 + light.abs() * 0.001;
        }
        assert_eq!(light_of(f32::from(code_of(0.0))), 0.0);
        assert_eq!(code_of(-5.0), 0);
        assert_eq!(code_of(1.0e6), MAX_CODE as u16);
        for code in 0..=MAX_CODE as u16 {
            assert_eq!(code_of(light_of(f32::from(code))), code);
        }
    }

    #[test]
    fn every_simd_level_gives_the_same_codes() {
        let at = |level| {
            vectorize_at(
                level,
                #[inline(always)]
                || {
                    let values: [f32; 96] =
                        std::array::from_fn(|i| (i * 37 % 101) as f32 / 40.0 - 0.05);
                    values.map(code_of)
                },
            )
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert_eq!(at(level), expected, "{level}");
        }
    }
}
