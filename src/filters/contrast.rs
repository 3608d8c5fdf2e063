//! Contrast: spreads or draws together the tones about mid-grey.
//!
//! **Formula**: on luminance Y, in stops from grey x = log₂(Y ÷ 0.1845) held to ≥ −8,
//! x' = x + (c − 1) · x · h(x) with c = 2^(0.75 · amount ÷ 100). Below grey h = 1, which is
//! Y' = g · (Y ÷ g)^c; above it h = (1 − x ÷ w)², w being white's distance from grey, and 0 from
//! white on: white stays where it is, nothing is driven into clipping, and what lies above white
//! stays recoverable. All channels are scaled by Y' ÷ Y, so that hue and saturation are kept.
//! **Range**: −100…100; slopes at grey of 0.59…1.68, so that −100 is soft but not flat.
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
/// log₂ of it.
const GREY_STOPS: f32 = -2.438_308;
/// Below this many stops from grey the gain no longer changes: noise in the black is not blown up.
const FLOOR_STOPS: f32 = -8.0;

/// The curve's slope at grey, less 1.
struct Slope {
    slope_less_1: f32,
}

impl Slope {
    fn new(amount: f64) -> Self {
        let slope = exp_f64(std::f64::consts::LN_2 * 0.75 * amount / 100.0);
        Self {
            slope_less_1: (slope - 1.0) as f32,
        }
    }
}

impl Pixelwise for Slope {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let stops = log2(luminance(rgb) * (1.0 / GREY));
        let stops = if stops > FLOOR_STOPS {
            stops
        } else {
            FLOOR_STOPS
        };
        let above = if stops > 0.0 { stops } else { 0.0 };
        let headroom = above.mul_add(1.0 / GREY_STOPS, 1.0);
        let headroom = if headroom > 0.0 { headroom } else { 0.0 };
        let gain = exp2(self.slope_less_1 * stops * headroom * headroom);
        rgb.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    fn reference(amount: f64, rgb: [f64; 3]) -> [f64; 3] {
        let c = 2.0_f64.powf(0.75 * amount / 100.0);
        let grey = 0.1845_f64;
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        let y = y.max(grey / 256.0);
        let lit = if y <= grey {
            grey * (y / grey).powf(c)
        } else if y >= 1.0 {
            y
        } else {
            let to_white = 1.0 - (y / grey).ln() / (1.0 / grey).ln();
            y * (y / grey).powf((c - 1.0) * to_white * to_white)
        };
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
    fn grey_and_white_stay_and_the_rest_parts() {
        for amount in [-100.0, 50.0, 100.0] {
            for fixed in [0.1845, 1.0, 4.0] {
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
