//! Whites: how bright the brightest tones are.
//!
//! **Formula**: on luminance Y, in stops from grey, x = log₂(Y ÷ 0.1845): Y' = Y · 2^(v · m),
//! v = amount ÷ 100, m = smoothstep(0, 2.44, x), so it grows from nothing at mid-grey to a full stop at
//! white and above. All channels are scaled by Y' ÷ Y: hue and saturation stay. Of the forms in use (a
//! gain under a mask of tanh-compressed luminance, an end point moved in log space) this one is smooth
//! at both ends, never turns (its slope in log space is at least 0.38), and brings back what lies above
//! white. **Range**: −100…100, ±1 stop at white; black and mid-grey stay.
//! **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: as the export, except that tones are
//! averaged before the curve instead of after it.

use crate::pixels::math::{exp2, log2, smoothstep};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;

static SPEC: Spec = Spec {
    id: "whites",
    label: "Whites",
    summary: "sets how bright the brightest tones are",
    group: Group::Light,
    rank: 212,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Whites",
        kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), 25.0)),
    }],
};

pub(super) struct Whites;

impl Filter for Whites {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(End::new(values.number(AMOUNT)))))
    }
}

const GREY: f32 = 0.1845;
/// Stops from grey to white.
const TO_WHITE: f32 = 2.438_308;

struct End {
    stops: f32,
}

impl End {
    fn new(amount: f64) -> Self {
        Self {
            stops: (amount / 100.0) as f32,
        }
    }
}

impl Pixelwise for End {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let x = log2(luminance(rgb) * (1.0 / GREY));
        let gain = exp2(self.stops * smoothstep(0.0, TO_WHITE, x));
        rgb.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    fn reference(amount: f64, rgb: [f64; 3]) -> [f64; 3] {
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        if y <= 0.1845 {
            return rgb;
        }
        let t = ((y / 0.1845).ln() / (1.0 / 0.1845_f64).ln()).min(1.0);
        let gain = 2.0_f64.powf(amount / 100.0 * (3.0 * t.powi(2) - 2.0 * t.powi(3)));
        rgb.map(|value| value * gain)
    }

    #[test]
    fn agrees_with_the_formula() {
        for amount in [-100.0, -30.0, 0.0, 25.0, 100.0] {
            probe::agrees(&Whites, &[amount], |rgb| reference(amount, rgb));
            probe::stays_finite(&Whites, &[amount]);
            probe::same_bits_everywhere(&End::new(amount));
        }
    }

    #[test]
    fn grey_and_black_stay_and_white_moves_by_a_stop() {
        for (amount, white) in [
            (-100.0, 0.5),
            (100.0, 2.0),
            (50.0, std::f32::consts::SQRT_2),
        ] {
            for fixed in [0.0, 1e-4, 0.02, 0.1845] {
                let [y, ..] = probe::one(&Whites, &[amount], [fixed; 3]);
                assert!((y - fixed).abs() <= 1e-5 * fixed, "{amount} {fixed} {y}");
            }
            let [y, ..] = probe::one(&Whites, &[amount], [1.0; 3]);
            assert!((y / white - 1.0).abs() < 1e-5, "{amount} {y}");
        }
    }

    #[test]
    fn lighter_stays_lighter_and_more_is_brighter() {
        let ramp: Vec<[f32; 3]> = (0..3000)
            .map(|i| [(i as f32 / 2000.0).powi(2); 3])
            .collect();
        let mut last = 0.0;
        for amount in [-100.0, -50.0, 50.0, 100.0] {
            let values = probe::values(&Whites, &[amount]);
            let kernel = probe::kernel(&Whites, &values, &probe::FRAME);
            let curve = probe::render(kernel.as_ref(), &ramp, 0, 0);
            let rises = curve.windows(2).all(|pair| pair[1][0] >= pair[0][0]);
            assert!(rises, "{amount}");
            let [bright, ..] = probe::one(&Whites, &[amount], [0.7; 3]);
            assert!(bright > last, "{amount}");
            last = bright;
        }
    }
}
