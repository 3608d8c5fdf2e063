//! Posterise: few tones a channel, as in a screen print.
//!
//! **Formula**: each channel, on display-encoded values in sRGB primaries held to 0…1, becomes the
//! nearest of `levels` values at equal distances: round(v · (n − 1)) ÷ (n − 1).
//! **Range**: 2…32 levels. **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: tones are
//! averaged before the steps instead of after, so edges of steps are harder than in the reduced export.

use crate::pixels::math::clamp;

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::display::{Mix, decode, each, encode};
use super::pixelwise::{EachPixel, Pixelwise};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const LEVELS: usize = 0;

static SPEC: Spec = Spec {
    id: "posterise",
    label: "Posterise",
    summary: "leaves only a few tones in each channel, as a screen print has",
    group: Group::Effects,
    rank: 585,
    formula: 1,
    ready: false,
    judge_at_full: true,
    params: &[ParamSpec {
        id: "levels",
        label: "Levels",
        kind: ParamKind::Number(NumberSpec {
            min: 2.0,
            max: 32.0,
            step: 1.0,
            identity: None,
            on_add: 5.0,
            unit: Unit::None,
            decimals: 0,
            track: Track::Fine,
        }),
    }],
};

pub(super) struct Posterise;

impl Filter for Posterise {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Quantised::new(values.number(LEVELS)))))
    }
}

struct Quantised {
    to_srgb: Mix,
    from_srgb: Mix,
    n_steps: f32,
    height: f32,
}

impl Quantised {
    fn new(levels: f64) -> Self {
        let n_steps = levels.round().max(2.0) - 1.0;
        Self {
            to_srgb: Mix::to_srgb(),
            from_srgb: Mix::from_srgb(),
            n_steps: n_steps as f32,
            height: (1.0 / n_steps) as f32,
        }
    }
}

impl Pixelwise for Quantised {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        // Adding and taking away 1.5·2²³ leaves the nearest whole number.
        const MAGIC: f32 = 12_582_912.0;
        let stepped = each(
            self.to_srgb.apply(rgb),
            #[inline(always)]
            |light| {
                let v = clamp(encode(light), 0.0, 1.0);
                decode((v * self.n_steps + MAGIC - MAGIC) * self.height)
            },
        );
        self.from_srgb.apply(stepped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::pixels::color::{Curve, Primaries, apply3, inverse3};

    fn reference(levels: f64, rgb: [f64; 3]) -> [f64; 3] {
        let xyz = apply3(&Primaries::REC2020.to_xyz(), rgb);
        let srgb = apply3(&inverse3(&Primaries::REC709.to_xyz()), xyz);
        let stepped = srgb.map(|light| {
            let v = Curve::SRGB.to_encoded(light.clamp(0.0, 1.0));
            Curve::SRGB.to_linear((v * (levels - 1.0)).round() / (levels - 1.0))
        });
        let xyz = apply3(&Primaries::REC709.to_xyz(), stepped);
        apply3(&inverse3(&Primaries::REC2020.to_xyz()), xyz)
    }

    #[test]
    fn agrees_with_the_formula() {
        for levels in [2.0, 5.0, 8.0, 32.0] {
            probe::agrees(&Posterise, &[levels], |rgb| reference(levels, rgb));
            probe::stays_finite(&Posterise, &[levels]);
            probe::same_bits_everywhere(&Quantised::new(levels));
        }
    }

    #[test]
    fn a_ramp_has_as_many_tones_as_asked_for_with_both_ends() {
        let ramp: Vec<[f32; 3]> = (0..1000).map(|i| [i as f32 / 999.0; 3]).collect();
        for levels in [2.0, 5.0, 9.0] {
            let values = probe::values(&Posterise, &[levels]);
            let kernel = probe::kernel(&Posterise, &values, &probe::FRAME);
            let mut tones: Vec<u32> = probe::render(kernel.as_ref(), &ramp, 0, 0)
                .iter()
                .map(|[_, g, _]| g.to_bits())
                .collect();
            assert!(f32::from_bits(tones[0]).abs() < 1e-6);
            assert!((f32::from_bits(tones[999]) - 1.0).abs() < 1e-5);
            tones.dedup();
            assert_eq!(tones.len() as f64, levels);
        }
    }
}
