//! The inverses of transfer curves, as rows of linear light need them.
//!
//! What the curves are is said in `color`; here they are made to vectorise. The bytes of sRGB have a
//! way of their own, `srgb_bytes`.

use crate::pixels::color::{Curve, Parametric};
use crate::pixels::math::{clamp, pow};

/// A curve's inverse, ready for rows.
#[derive(Debug)]
pub(super) enum RowCurve {
    Linear,
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
    pub(super) fn new(curve: &Curve) -> Self {
        match curve {
            Curve::Linear => Self::Linear,
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
