//! Contrast: spreads or draws together the tones about mid-grey.
//!
//! **Formula**: on luminance Y, in stops from grey, x = log₂(Y ÷ 0.1845):
//! x' = x + (c − 1) · x · (1 − |x| ÷ w)² with c = 2^(amount ÷ 100). About grey that is
//! Y' = g · (Y ÷ g)^c; it fades to nothing at w, which above grey is white (2.44 stops) and below it
//! 12 stops: white and black stay where they are, nothing is driven into clipping, what lies above
//! white stays recoverable, and softening does not dig up the noise in the black. All channels are
//! scaled by Y' ÷ Y, so that hue and saturation are kept.
//! **Range**: −100…100; slopes at grey of ½…2, so that −100 is soft but not flat.
//! **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: as the export, except that tones
//! are averaged before the curve instead of after it.

use crate::pixels::math::{exp_f64, exp2, log2};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;

static SPEC: Spec = Spec {
    id: "contrast",
    label: "Contrast",
    summary: "spreads light and dark apart about mid-grey, or draws them together",
    group: Group::Light,
    rank: 220,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Contrast",
        kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), 20.0)),
    }],
};

pub(super) struct Contrast;

impl Filter for Contrast {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Slope::new(values.number(AMOUNT)))))
    }
}

/// Mid-grey's luminance, as in darktable's colour balance.
const GREY: f32 = 0.1845;
/// Reciprocal distances in stops from grey to white and to where black begins.
const TO_WHITE: f32 = 1.0 / 2.438_308;
const TO_BLACK: f32 = 1.0 / 12.0;

/// The curve's slope at grey, less 1.
struct Slope {
    slope_less_1: f32,
}

impl Slope {
    fn new(amount: f64) -> Self {
        let slope = exp_f64(std::f64::consts::LN_2 * amount / 100.0);
        Self {
            slope_less_1: (slope - 1.0) as f32,
        }
    }
}

impl Pixelwise for Slope {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let stops = log2(luminance(rgb) * (1.0 / GREY));
        let share = if stops > 0.0 {
            stops * TO_WHITE
        } else {
            -stops * TO_BLACK
        };
        let left = if share < 1.0 { 1.0 - share } else { 0.0 };
        let gain = exp2(self.slope_less_1 * stops * left * left);
        rgb.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    fn reference(amount: f64, rgb: [f64; 3]) -> [f64; 3] {
        let c = 2.0_f64.powf(amount / 100.0);
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        let (black, grey) = (0.1845 / 4096.0, 0.1845_f64);
        if y <= black || y >= 1.0 {
            return rgb;
        }
        let end = if y < grey { black } else { 1.0 };
        let left = 1.0 - (y / grey).ln() / (end / grey).ln();
        let lit = y * (y / grey).powf((c - 1.0) * left * left);
        rgb.map(|value| value * lit / y)
    }

    #[test]
    fn agrees_with_the_formula() {
        for amount in [-100.0, -30.0, 0.0, 20.0, 100.0] {
            probe::agrees(&Contrast, &[amount], |rgb| reference(amount, rgb));
            probe::stays_finite(&Contrast, &[amount]);
            probe::same_bits_everywhere(&Slope::new(amount));
        }
    }

    #[test]
    fn black_grey_and_white_stay_and_the_rest_parts() {
        for amount in [-100.0, 50.0, 100.0] {
            for fixed in [1e-6, 0.1845, 1.0, 4.0] {
                let [y, ..] = probe::one(&Contrast, &[amount], [fixed; 3]);
                assert!((y / fixed - 1.0).abs() < 1e-5, "{amount} {fixed} {y}");
            }
        }
        let mut last = [f32::INFINITY, f32::NEG_INFINITY];
        for amount in (-100..=100).step_by(10) {
            let at = |y: f32| probe::one(&Contrast, &[f64::from(amount)], [y; 3])[0];
            let (dark, light) = (at(0.02), at(0.5));
            assert!(dark < last[0] && light > last[1], "{amount}");
            last = [dark, light];
        }
    }

    #[test]
    fn lighter_stays_lighter() {
        for amount in [-100.0, 100.0] {
            let ramp: Vec<[f32; 3]> = (0..4000)
                .map(|i| [(i as f32 / 2000.0).powi(3); 3])
                .collect();
            let kernel = probe::kernel(
                &Contrast,
                &probe::values(&Contrast, &[amount]),
                &probe::FRAME,
            );
            let curve = probe::render(kernel.as_ref(), &ramp, 0, 0);
            assert!(
                curve.windows(2).all(|pair| pair[1][0] >= pair[0][0]),
                "{amount}"
            );
        }
    }
}
