//! Brightness: lightens or darkens the middle tones, and leaves black and white where they are.
//!
//! **Formula**: with n = √luminance held to 0…1 and k = 2^(−amount ÷ 100), n' = n ÷ (n + (1 − n) k),
//! the rational curve through both corners that RapidRAW takes; all channels are scaled by (n' ÷ n)²,
//! so that hue and saturation are kept. +100 lightens mid-grey by a stop, −100 darkens it by one and
//! a third; the darkest tones move by two. White and what lies above it stay. **Range**: −100…100.
//! **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: as the export, except that tones
//! are averaged before the curve instead of after it. ΔE*ab against the photo filtered first and
//! reduced afterwards (amount 25; mean, 95 % of pixels): 0.02, 0.07 at 1/2;
//! 0.02, 0.08 at 1/4; 0.02, 0.08 at 1/8.

use crate::pixels::math::{clamp, exp_f64};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;

static SPEC: Spec = Spec {
    id: "brightness",
    label: "Brightness",
    summary: "lightens or darkens the middle tones; black and white stay",
    group: Group::Light,
    rank: 215,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Brightness",
        kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), 25.0)),
    }],
};

pub(super) struct Brightness;

impl Filter for Brightness {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Bend::new(values.number(AMOUNT)))))
    }
}

/// The curve's k.
struct Bend(f32);

impl Bend {
    fn new(amount: f64) -> Self {
        Self(exp_f64(-std::f64::consts::LN_2 * amount / 100.0) as f32)
    }
}

impl Pixelwise for Bend {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let n = clamp(luminance(rgb), 0.0, 1.0).sqrt();
        let divisor = (1.0 - n).mul_add(self.0, n);
        let gain = 1.0 / (divisor * divisor);
        rgb.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    fn reference(amount: f64, rgb: [f64; 3]) -> [f64; 3] {
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        if y >= 1.0 {
            return rgb;
        }
        // The limit of the gain towards black.
        let k = 0.5_f64.powf(amount / 100.0);
        if y <= 1e-12 {
            return rgb.map(|value| value / (k * k));
        }
        let root = y.sqrt();
        let bent = root / (root + (1.0 - root) * k);
        rgb.map(|value| value * bent * bent / y)
    }

    #[test]
    fn agrees_with_the_formula() {
        for amount in [-100.0, -30.0, 0.0, 25.0, 100.0] {
            probe::agrees(&Brightness, &[amount], |rgb| reference(amount, rgb));
            probe::stays_finite(&Brightness, &[amount]);
            probe::same_bits_everywhere(&Bend::new(amount));
        }
    }

    #[test]
    fn black_and_white_stay_and_grey_moves_by_a_stop() {
        for amount in [-100.0, 50.0, 100.0] {
            for fixed in [0.0, 1.0, 4.0] {
                let [y, ..] = probe::one(&Brightness, &[amount], [fixed; 3]);
                assert!((y - fixed).abs() <= 1e-5 * fixed, "{amount} {fixed} {y}");
            }
        }
        let stops = |amount| (probe::one(&Brightness, &[amount], [0.1845; 3])[0] / 0.1845).log2();
        assert!((stops(100.0) - 0.97).abs() < 0.02, "{}", stops(100.0));
        assert!((stops(-100.0) + 1.3).abs() < 0.02, "{}", stops(-100.0));
    }

    #[test]
    fn lighter_stays_lighter_and_more_is_brighter() {
        let ramp: Vec<[f32; 3]> = (0..3000)
            .map(|i| [(i as f32 / 2000.0).powi(3); 3])
            .collect();
        let mut last = 0.0;
        for amount in [-100.0, -50.0, 50.0, 100.0] {
            let values = probe::values(&Brightness, &[amount]);
            let kernel = probe::kernel(&Brightness, &values, &probe::FRAME);
            let curve = probe::render(kernel.as_ref(), &ramp, 0, 0);
            let rises = curve.windows(2).all(|pair| pair[1][0] >= pair[0][0]);
            assert!(rises, "{amount}");
            let [bright, ..] = probe::one(&Brightness, &[amount], [0.3; 3]);
            assert!(bright > last, "{amount}");
            last = bright;
        }
    }
}
