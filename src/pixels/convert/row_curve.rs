//! The inverses of transfer curves, as rows of linear light need them.
//!
//! What the curves are is said in `color`; here they are made to vectorise.

use crate::pixels::color::{Curve, Parametric};
use crate::pixels::image::Depth;
use crate::pixels::math::{clamp, pow};

/// A curve's inverse, ready for rows.
#[derive(Debug)]
pub(super) enum RowCurve {
    Linear,
    /// The curve of sRGB, near enough for 8 bits: see [`srgb_8bit`].
    Srgb8,
    Parametric(InverseParametric),
    /// Encoded value at equal steps of the square root of linear light.
    Table(Vec<f32>),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct InverseParametric {
    /// Below this much light the curve is a straight line.
    threshold: f32,
    slope: f32,
    slope_offset: f32,
    exponent: f32,
    gain: f32,
    offset: f32,
    e: f32,
}

const TABLE_STEPS: usize = 16_384;

impl RowCurve {
    /// The inverse of `curve`, as exact as samples of `depth` can tell.
    pub(super) fn new(curve: &Curve, depth: Depth) -> Self {
        match curve {
            Curve::Linear => Self::Linear,
            _ if *curve == Curve::SRGB && depth == Depth::Eight => Self::Srgb8,
            Curve::Parametric(p) => Self::Parametric(InverseParametric::new(p)),
            Curve::Table(_) => Self::Table(
                (0..=TABLE_STEPS + 1)
                    .map(|step| {
                        let root = step as f64 / TABLE_STEPS as f64;
                        curve.to_encoded(root * root) as f32
                    })
                    .collect(),
            ),
        }
    }

    /// Linear 0…1 to encoded 0…1, in place.
    #[inline(always)]
    pub(super) fn encode(&self, row: &mut [f32]) {
        match self {
            Self::Linear => {
                for v in row {
                    *v = clamp(*v, 0.0, 1.0);
                }
            }
            Self::Srgb8 => {
                for v in row {
                    *v = srgb_8bit(*v);
                }
            }
            Self::Parametric(p) => {
                // A copy: fields behind a reference would be fetched lane by lane.
                let p = *p;
                for v in row {
                    *v = p.encode(*v);
                }
            }
            Self::Table(table) => {
                for v in row {
                    let position = clamp(*v, 0.0, 1.0).sqrt() * TABLE_STEPS as f32;
                    let at = position as usize;
                    let fraction = position - at as f32;
                    *v = (table[at + 1] - table[at]).mul_add(fraction, table[at]);
                }
            }
        }
    }
}

/// The inverse of the sRGB curve within 0.02 of a step of 8 bits, at a third of the cost of a power.
///
/// Above the straight part it is a polynomial of the square root: 1.055 · s^(5/6) − 0.055 is nearly
/// straight, so seven powers of s suffice (least maximum error, fitted on 0.0031308…1).
#[inline(always)]
fn srgb_8bit(linear: f32) -> f32 {
    let linear = clamp(linear, 0.0, 1.0);
    let s = linear.sqrt();
    let mut bend = 1.843_902_2_f32;
    bend = bend.mul_add(s, -7.557_281_3);
    bend = bend.mul_add(s, 12.843_154);
    bend = bend.mul_add(s, -11.812_182);
    bend = bend.mul_add(s, 6.528_076_7);
    bend = bend.mul_add(s, -2.425_734_3);
    bend = bend.mul_add(s, 1.623_919_2);
    bend = bend.mul_add(s, -0.043_782_763);
    let line = linear * 12.92;
    if linear < 0.003_130_8 { line } else { bend }
}

impl InverseParametric {
    fn new(p: &Parametric) -> Self {
        let has_line = p.c > 0.0;
        Self {
            threshold: if has_line {
                (p.c * p.d + p.f) as f32
            } else {
                -1.0
            },
            slope: if has_line { (1.0 / p.c) as f32 } else { 0.0 },
            slope_offset: if has_line { (-p.f / p.c) as f32 } else { 0.0 },
            exponent: (1.0 / p.g) as f32,
            gain: (1.0 / p.a) as f32,
            offset: (-p.b / p.a) as f32,
            e: p.e as f32,
        }
    }

    #[inline(always)]
    fn encode(&self, linear: f32) -> f32 {
        let linear = clamp(linear, 0.0, 1.0);
        let line = self.slope.mul_add(linear, self.slope_offset);
        let power = self
            .gain
            .mul_add(pow(linear - self.e, self.exponent), self.offset);
        if linear < self.threshold { line } else { power }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_to_srgb_stays_within_a_fiftieth_of_a_step() {
        for i in 0..=200_000 {
            let linear = i as f32 / 200_000.0;
            let exact = Curve::SRGB.to_encoded(f64::from(linear));
            let error = (f64::from(srgb_8bit(linear)) - exact).abs() * 255.0;
            assert!(error < 0.02, "{linear}: {error}");
        }
        assert_eq!(srgb_8bit(f32::NAN), 0.0);
    }

    #[test]
    fn only_8_bits_take_the_short_way() {
        let of = |depth| RowCurve::new(&Curve::SRGB, depth);
        assert!(matches!(of(Depth::Eight), RowCurve::Srgb8));
        assert!(matches!(of(Depth::Sixteen), RowCurve::Parametric(_)));
    }
}
