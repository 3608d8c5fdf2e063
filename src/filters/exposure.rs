//! Exposure: more or less light, as a longer or shorter shutter would have given.
//!
//! **Formula**: `out = in · 2^ev` in linear light, unclamped: what passes 1 stays recoverable by
//! later edits. **Range**: −5…+5 EV. **Alpha**: untouched. **Reach**: the pixel itself.
//! **Preview**: exact at every scale (a factor commutes with averaging).

use crate::pixels::color::{IDENTITY3, Matrix3};
use crate::pixels::math::exp_f64;

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise};
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
        Prepared::Point(Box::new(EachPixel(Gain::new(values.number(EV)))))
    }
}

struct Gain {
    gain: f32,
}

impl Gain {
    fn new(ev: f64) -> Self {
        Self {
            gain: exp_f64(ev * std::f64::consts::LN_2) as f32,
        }
    }
}

impl Pixelwise for Gain {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        rgb.map(|value| value * self.gain)
    }

    fn matrix(&self) -> Option<Matrix3> {
        Some(IDENTITY3.map(|row| row.map(|value| value * f64::from(self.gain))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    #[test]
    fn agrees_with_the_formula() {
        for ev in [-5.0, -0.35, 0.0, 0.5, 1.0, 5.0] {
            probe::agrees(&Exposure, &[ev], |rgb| rgb.map(|value| value * ev.exp2()));
            probe::stays_finite(&Exposure, &[ev]);
            probe::same_bits_everywhere(&Gain::new(ev));
        }
    }

    #[test]
    fn whole_stops_are_exact_and_nothing_changes_nothing() {
        let color = [0.123_f32, -0.02, 7.5];
        assert_eq!(probe::one(&Exposure, &[0.0], color), color);
        assert_eq!(probe::one(&Exposure, &[1.0], color), color.map(|c| c * 2.0));
        assert_eq!(
            probe::one(&Exposure, &[-3.0], color),
            color.map(|c| c / 8.0)
        );
        assert!(Values::identity(&SPEC).is_identity(&SPEC));
    }
}
