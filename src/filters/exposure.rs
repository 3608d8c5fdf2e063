//! Exposure: more or less light, as a longer or shorter shutter would have given.
//!
//! **Formula**: `out = in · 2^ev` in linear light, unclamped: what passes 1 stays recoverable by
//! later edits. **Range**: −5…+5 EV. **Alpha**: untouched. **Reach**: the pixel itself.
//! **Preview**: exact at every scale (a factor commutes with averaging).

use crate::pixels::math::exp_f64;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::ColorRow;

use super::Filter;
use super::frame::Frame;
use super::kernel::{PointKernel, Prepared};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const EV: usize = 0;

static SPEC: Spec = Spec {
    id: "exposure",
    label: "Exposure",
    summary: "brightens or darkens the whole photo, as the shutter would have",
    group: Group::Light,
    rank: 110,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "ev",
        label: "Exposure",
        kind: ParamKind::Number(NumberSpec {
            min: -5.0,
            max: 5.0,
            step: 0.05,
            identity: Some(0.0),
            on_add: 0.5,
            unit: Unit::Ev,
            decimals: 2,
            track: Track::Plain,
        }),
    }],
};

pub(super) struct Exposure;

impl Filter for Exposure {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let gain = exp_f64(values.number(EV) * std::f64::consts::LN_2) as f32;
        Prepared::Point(Box::new(Gain { gain }))
    }
}

struct Gain {
    gain: f32,
}

impl PointKernel for Gain {
    fn row(&self, row: &mut ColorRow<'_>) {
        vectorize(
            #[inline(always)]
            || {
                scale(row.r, self.gain);
                scale(row.g, self.gain);
                scale(row.b, self.gain);
            },
        );
    }
}

#[inline(always)]
fn scale(values: &mut [f32], gain: f32) {
    for value in values {
        *value *= gain;
    }
}
