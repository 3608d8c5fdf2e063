//! Levels: where black, white and the middle lie.
//!
//! **Formula**: on display-encoded values (sRGB's curve), each channel alike:
//! x = (v − in-black) ÷ (in-white − in-black), held to 0…1; v' = out-black + (out-white − out-black) ·
//! x^(1 ÷ gamma). Gamma above 1 brightens the middle. Unlike the other filters of light this one clips:
//! end points are what levels are for; whites, blacks and the tone curve keep what lies beyond.
//! In-white is held at least 0.01 above in-black.
//! **Range**: end points 0…1, gamma 0.1…10. **Alpha**: untouched. **Reach**: the pixel itself.
//! **Preview**: as the export, except that tones are averaged before the curve instead of after it.

use crate::pixels::math::{clamp, pow};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::display::{decode, encode};
use super::pixelwise::{EachPixel, Pixelwise};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const IN_BLACK: usize = 0;
const GAMMA: usize = 1;
const IN_WHITE: usize = 2;
const OUT_BLACK: usize = 3;
const OUT_WHITE: usize = 4;

const fn end(id: &'static str, label: &'static str, identity: f64, on_add: f64) -> ParamSpec {
    ParamSpec {
        id,
        label,
        kind: ParamKind::Number(NumberSpec {
            min: 0.0,
            max: 1.0,
            step: 0.005,
            identity: Some(identity),
            on_add,
            unit: Unit::None,
            decimals: 3,
            track: Track::Plain,
        }),
    }
}

static SPEC: Spec = Spec {
    id: "levels",
    label: "Levels",
    summary: "sets which tones become black and white, and how bright the middle is",
    group: Group::Light,
    rank: 355,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        end("in-black", "Black in", 0.0, 0.03),
        ParamSpec {
            id: "gamma",
            label: "Gamma",
            kind: ParamKind::Number(NumberSpec {
                min: 0.1,
                max: 10.0,
                step: 0.05,
                identity: Some(1.0),
                on_add: 1.1,
                unit: Unit::None,
                decimals: 2,
                track: Track::Ratio,
            }),
        },
        end("in-white", "White in", 1.0, 0.96),
        end("out-black", "Black out", 0.0, 0.0),
        end("out-white", "White out", 1.0, 1.0),
    ],
};

pub(super) struct Levels;

impl Filter for Levels {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let ends = Ends::new(
            [values.number(IN_BLACK), values.number(IN_WHITE)],
            values.number(GAMMA),
            [values.number(OUT_BLACK), values.number(OUT_WHITE)],
        );
        Prepared::Point(Box::new(EachPixel(ends)))
    }
}

struct Ends {
    in_black: f32,
    per_range: f32,
    power: f32,
    out_black: f32,
    out_range: f32,
}

impl Ends {
    fn new([in_black, in_white]: [f64; 2], gamma: f64, [out_black, out_white]: [f64; 2]) -> Self {
        Self {
            in_black: in_black as f32,
            per_range: (1.0 / (in_white - in_black).max(0.01)) as f32,
            power: (1.0 / gamma) as f32,
            out_black: out_black as f32,
            out_range: (out_white - out_black) as f32,
        }
    }

    #[inline(always)]
    fn at(&self, light: f32) -> f32 {
        let x = clamp((encode(light) - self.in_black) * self.per_range, 0.0, 1.0);
        decode(pow(x, self.power).mul_add(self.out_range, self.out_black))
    }
}

impl Pixelwise for Ends {
    #[inline(always)]
    fn pixel(&self, [r, g, b]: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        [self.at(r), self.at(g), self.at(b)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::pixels::color::Curve;

    fn reference(numbers: [f64; 5], rgb: [f64; 3]) -> [f64; 3] {
        let [black, gamma, white, low, high] = numbers;
        rgb.map(|light| {
            let v = if light > 0.0 {
                Curve::SRGB.to_encoded(light)
            } else {
                0.0
            };
            let x = ((v - black) / (white - black).max(0.01)).clamp(0.0, 1.0);
            let out = low + (high - low) * x.powf(1.0 / gamma);
            Curve::SRGB.to_linear(out)
        })
    }

    #[test]
    fn agrees_with_the_formula() {
        for numbers in [
            [0.0, 1.0, 1.0, 0.0, 1.0],
            [0.03, 1.1, 0.96, 0.0, 1.0],
            [0.2, 0.4, 0.7, 0.1, 0.8],
            [0.0, 2.5, 1.0, 0.9, 0.1],
            [0.8, 1.0, 0.2, 0.0, 1.0],
        ] {
            probe::agrees(&Levels, &numbers, |rgb| reference(numbers, rgb));
            probe::stays_finite(&Levels, &numbers);
            let [b, g, w, l, h] = numbers;
            probe::same_bits_everywhere(&Ends::new([b, w], g, [l, h]));
        }
    }

    #[test]
    fn end_points_become_black_and_white_and_gamma_lifts_the_middle() {
        let at = |numbers: &[f64], v: f64| {
            let light = Curve::SRGB.to_linear(v) as f32;
            let [out, ..] = probe::one(&Levels, numbers, [light; 3]);
            Curve::SRGB.to_encoded(f64::from(out))
        };
        let ends = [0.1, 1.0, 0.8, 0.05, 0.95];
        assert!((at(&ends, 0.1) - 0.05).abs() < 1e-4 && (at(&ends, 0.02) - 0.05).abs() < 1e-4);
        assert!((at(&ends, 0.8) - 0.95).abs() < 1e-4 && (at(&ends, 0.9) - 0.95).abs() < 1e-4);
        assert!(
            (at(&ends, 0.45) - 0.5).abs() < 1e-4,
            "half way stays half way"
        );
        assert!((at(&[0.0, 2.0, 1.0, 0.0, 1.0], 0.25) - 0.5).abs() < 1e-4);
    }
}
