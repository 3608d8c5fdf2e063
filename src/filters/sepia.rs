//! Sepia: the warm brown of a toned print.
//!
//! **Formula**: v is the luminance of linear working light, display-encoded; each channel becomes
//! v + 4 k · v · max(1 − v, 0) with k = 0.075 for red, 0 for green, −0.1 for blue, decoded, in sRGB
//! primaries. Black and white keep their places and paper stays white, unlike with the usual matrix,
//! which yellows and clips the whites. The result is mixed with what came in by amount, in linear light.
//! **Range**: 0…100. **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: as the export,
//! except that tones are averaged before instead of after it.

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::display::{Mix, decode, each, encode};
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;

static SPEC: Spec = Spec {
    id: "sepia",
    label: "Sepia",
    summary: "tones the picture brown, as old prints are",
    group: Group::Effects,
    rank: 580,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Sepia",
        kind: ParamKind::Number(NumberSpec::percent(0.0, Some(0.0), 80.0)),
    }],
};

pub(super) struct Sepia;

impl Filter for Sepia {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Toner::new(values.number(AMOUNT)))))
    }
}

/// Four times what each channel gains in the middle.
const BULGE: [f32; 3] = [0.3, 0.0, -0.4];

struct Toner {
    from_srgb: Mix,
    share: f32,
}

impl Toner {
    fn new(amount: f64) -> Self {
        Self {
            from_srgb: Mix::from_srgb(),
            share: (amount / 100.0) as f32,
        }
    }
}

impl Pixelwise for Toner {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let v = encode(luminance(rgb));
        let hollow = if v < 1.0 { 1.0 - v } else { 0.0 };
        let arch = if v > 0.0 { v * hollow } else { 0.0 };
        let toned = each(
            BULGE,
            #[inline(always)]
            |bulge| decode(bulge.mul_add(arch, v)),
        );
        let [r, g, b] = self.from_srgb.apply(toned);
        [
            self.share.mul_add(r - rgb[0], rgb[0]),
            self.share.mul_add(g - rgb[1], rgb[1]),
            self.share.mul_add(b - rgb[2], rgb[2]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::pixels::color::{Curve, Primaries, apply3, inverse3};

    fn reference(amount: f64, rgb: [f64; 3]) -> [f64; 3] {
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        let v = Curve::SRGB.to_encoded(y.abs()).copysign(y);
        let arch = v.max(0.0) * (1.0 - v).max(0.0);
        let toned = [0.3, 0.0, -0.4].map(|k| {
            let v = v + k * arch;
            Curve::SRGB.to_linear(v.abs()).copysign(v)
        });
        let xyz = apply3(&Primaries::REC709.to_xyz(), toned);
        let toned = apply3(&inverse3(&Primaries::REC2020.to_xyz()), xyz);
        std::array::from_fn(|c| rgb[c] * (1.0 - amount / 100.0) + toned[c] * amount / 100.0)
    }

    #[test]
    fn agrees_with_the_formula() {
        for amount in [0.0, 35.0, 80.0, 100.0] {
            probe::agrees(&Sepia, &[amount], |rgb| reference(amount, rgb));
            probe::stays_finite(&Sepia, &[amount]);
            probe::same_bits_everywhere(&Toner::new(amount));
        }
    }

    #[test]
    fn ends_stay_the_middle_is_brown_and_lighter_stays_lighter() {
        for end in [0.0, 1.0] {
            let out = probe::one(&Sepia, &[100.0], [end; 3]);
            assert!(out.iter().all(|c| (c - end).abs() < 1e-5), "{out:?}");
        }
        let [r, g, b] = probe::one(&Sepia, &[100.0], [0.2; 3]);
        assert!(r > 1.1 * g && g > 1.2 * b, "{r} {g} {b}");
        let mut last = [-1.0; 3];
        for i in 0..1000 {
            let out = probe::one(&Sepia, &[100.0], [(i as f32 / 900.0).powi(2); 3]);
            assert!((0..3).all(|c| out[c] >= last[c] - 1e-6), "{i}");
            last = out;
        }
    }
}
