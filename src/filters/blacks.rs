//! Blacks: how dark the darkest tones are.
//!
//! **Formula**: on luminance Y, in stops from grey, x = log₂(Y ÷ 0.1845): Y' = Y · 2^(2 v · m),
//! v = amount ÷ 100, m = smoothstep(1, 6, −x), so it grows from nothing one stop below mid-grey to two
//! stops in what a display hardly shows. All channels are scaled by Y' ÷ Y: hue and saturation stay.
//! Of the forms in use (an offset under a mask in gamma space, an end point moved in log space) this one
//! keeps black black instead of milky, never turns (its slope in log space is at least 0.4), and is the
//! counterpart of whites. **Range**: −100…100, positive lifts; black, mid-grey and all above stay.
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
    id: "blacks",
    label: "Blacks",
    summary: "sets how dark the darkest tones are",
    group: Group::Light,
    rank: 214,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Blacks",
        kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), -25.0)),
    }],
};

pub(super) struct Blacks;

impl Filter for Blacks {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(End::new(values.number(AMOUNT)))))
    }
}

const GREY: f32 = 0.1845;
/// Stops below grey where it begins, and where it is full.
const BEGINS: f32 = 1.0;
const FULL: f32 = 6.0;
const MOST_STOPS: f64 = 2.0;

struct End {
    stops: f32,
}

impl End {
    fn new(amount: f64) -> Self {
        Self {
            stops: (MOST_STOPS * amount / 100.0) as f32,
        }
    }
}

impl Pixelwise for End {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let x = log2(luminance(rgb) * (1.0 / GREY));
        let gain = exp2(self.stops * smoothstep(BEGINS, FULL, -x));
        rgb.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    fn reference(amount: f64, rgb: [f64; 3]) -> [f64; 3] {
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        let below = (0.1845 / y.max(1e-30)).log2();
        let t = ((below - 1.0) / 5.0).clamp(0.0, 1.0);
        let gain = 4.0_f64.powf(amount / 100.0 * t * t * (3.0 - 2.0 * t));
        rgb.map(|value| value * gain)
    }

    #[test]
    fn agrees_with_the_formula() {
        for amount in [-100.0, -25.0, 0.0, 40.0, 100.0] {
            probe::agrees(&Blacks, &[amount], |rgb| reference(amount, rgb));
            probe::stays_finite(&Blacks, &[amount]);
            probe::same_bits_everywhere(&End::new(amount));
        }
    }

    #[test]
    fn black_grey_and_all_above_stay() {
        for amount in [-100.0, 100.0] {
            for fixed in [0.0, 0.1, 0.1845, 0.5, 1.0, 4.0] {
                let [y, ..] = probe::one(&Blacks, &[amount], [fixed; 3]);
                assert!((y - fixed).abs() <= 1e-6 * fixed, "{amount} {fixed} {y}");
            }
        }
        let [dark, ..] = probe::one(&Blacks, &[-100.0], [0.002; 3]);
        assert!((dark / 0.0005 - 1.0).abs() < 1e-4, "two stops: {dark}");
    }

    #[test]
    fn lighter_stays_lighter_and_more_is_brighter() {
        let ramp: Vec<[f32; 3]> = (0..3000)
            .map(|i| [(i as f32 / 6000.0).powi(3); 3])
            .collect();
        let mut last = 0.0;
        for amount in [-100.0, -50.0, 50.0, 100.0] {
            let values = probe::values(&Blacks, &[amount]);
            let kernel = probe::kernel(&Blacks, &values, &probe::FRAME);
            let curve = probe::render(kernel.as_ref(), &ramp, 0, 0);
            let rises = curve.windows(2).all(|pair| pair[1][0] >= pair[0][0]);
            assert!(rises, "{amount}");
            let [dark, ..] = probe::one(&Blacks, &[amount], [0.01; 3]);
            assert!(dark > last, "{amount}");
            last = dark;
        }
    }
}
