//! Between linear light and the values a display is sent, and between working and sRGB primaries: for
//! filters whose numbers people know from displays (curves, levels, tables of colours).
//!
//! Negative light, which lies outside the gamut, is treated as its opposite with the sign kept, so that
//! there and back is the identity everywhere.

use crate::pixels::color::{Matrix3, Primaries, inverse3, multiply3};
use crate::pixels::math::pow;

/// Linear light to sRGB's encoding (IEC 61966-2-1); above 1 the same curve goes on.
#[inline(always)]
#[must_use]
pub fn encode(linear: f32) -> f32 {
    let x = linear.abs();
    let curved = pow(x, 1.0 / 2.4).mul_add(1.055, -0.055);
    let encoded = if x < 0.003_130_8 { x * 12.92 } else { curved };
    encoded.copysign(linear)
}

/// The inverse of [`encode`].
#[inline(always)]
#[must_use]
pub fn decode(encoded: f32) -> f32 {
    let v = encoded.abs();
    let curved = pow(v.mul_add(1.0 / 1.055, 0.055 / 1.055), 2.4);
    let linear = if v < 0.040_45 {
        v * (1.0 / 12.92)
    } else {
        curved
    };
    linear.copysign(encoded)
}

/// A matrix as kernels take it.
#[derive(Debug, Clone, Copy)]
pub struct Mix(pub [[f32; 3]; 3]);

impl Mix {
    #[must_use]
    pub fn new(matrix: &Matrix3) -> Self {
        Self(matrix.map(|row| row.map(|value| value as f32)))
    }

    /// Linear working light to linear sRGB.
    #[must_use]
    pub fn to_srgb() -> Self {
        Self::new(&working_to_srgb())
    }

    /// Linear sRGB to linear working light.
    #[must_use]
    pub fn from_srgb() -> Self {
        Self::new(&inverse3(&working_to_srgb()))
    }

    #[inline(always)]
    #[must_use]
    pub fn apply(&self, rgb: [f32; 3]) -> [f32; 3] {
        let [first, second, third] = &self.0;
        [dot(first, rgb), dot(second, rgb), dot(third, rgb)]
    }
}

#[inline(always)]
fn dot(row: &[f32; 3], [r, g, b]: [f32; 3]) -> f32 {
    b.mul_add(row[2], g.mul_add(row[1], r * row[0]))
}

/// `f` of each channel. The library's own `map` is not always inlined, and what is not inlined is
/// compiled for the portable level: slow, above all where it multiplies and adds at once. The closure
/// must be `#[inline(always)]` for the same reason.
#[inline(always)]
#[must_use]
pub fn each([r, g, b]: [f32; 3], f: impl Fn(f32) -> f32) -> [f32; 3] {
    [f(r), f(g), f(b)]
}

fn working_to_srgb() -> Matrix3 {
    let to_xyz = Primaries::REC2020.to_xyz();
    multiply3(&inverse3(&Primaries::REC709.to_xyz()), &to_xyz)
}

/// `rgb` with as little colour taken out as brings its weakest channel up to `floor`, at the same
/// luminance `y`. `floor` lies below `y`; what is above it already keeps its bits.
#[inline(always)]
#[must_use]
pub fn lifted_to(rgb: [f32; 3], y: f32, floor: f32) -> [f32; 3] {
    let [r, g, b] = rgb;
    let low = if r < g { r } else { g };
    let low = if b < low { b } else { low };
    let room = y - low;
    let room = if room > 1.0e-12 { room } else { 1.0e-12 };
    let left = (y - floor) / room;
    let left = if left > 0.0 { left } else { 0.0 };
    each(
        rgb,
        #[inline(always)]
        |value| {
            let lifted = left.mul_add(value - y, y);
            if low < floor { lifted } else { value }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::color::Curve;

    #[test]
    fn both_ways_agree_with_the_standard() {
        for i in 0..=2000 {
            let x = f64::from(i) / 1500.0;
            let expected = Curve::SRGB.to_encoded(x);
            assert!((f64::from(encode(x as f32)) - expected).abs() < 2e-6, "{x}");
            let expected = Curve::SRGB.to_linear(x);
            assert!((f64::from(decode(x as f32)) - expected).abs() < 4e-6, "{x}");
            assert_eq!(encode(-x as f32), -encode(x as f32));
        }
    }

    #[test]
    fn there_and_back_is_the_identity() {
        for x in [-0.3_f32, -1e-4, 0.0, 1e-5, 0.18, 1.0, 7.5] {
            assert!(
                (decode(encode(x)) - x).abs() < 3e-6 * x.abs().max(1.0),
                "{x}"
            );
        }
        let back = Mix::from_srgb().apply(Mix::to_srgb().apply([0.2, 0.5, 0.9]));
        for (got, expected) in back.iter().zip([0.2, 0.5, 0.9]) {
            assert!((got - expected).abs() < 1e-6);
        }
        let white = Mix::to_srgb().apply([1.0; 3]);
        assert!(white.iter().all(|c| (c - 1.0).abs() < 1e-6), "{white:?}");
    }

    #[test]
    fn lifting_keeps_luminance_and_what_is_inside() {
        let y = 0.4;
        assert_eq!(lifted_to([0.7, 0.3, 0.1], y, 0.0), [0.7, 0.3, 0.1]);
        let [r, g, b] = lifted_to([0.9, 0.3, -0.2], y, 0.0);
        assert!(b.abs() < 1e-7 && r < 0.9 && g > 0.3, "{r} {g} {b}");
    }
}
