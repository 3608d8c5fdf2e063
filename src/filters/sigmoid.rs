//! Tone mapping by a sigmoid: lays any range of light down between black and white, as film and paper do.
//!
//! **Formula**: y = (xᶜ ÷ (k + xᶜ))^p with p = 5^(−skew): a generalised log-logistic curve, as in
//! darktable's sigmoid. c and k are such that mid-grey (0.1845) stays and the slope there, in log space,
//! is contrast · (1 − 0.1845) whatever the skew; 0 stays 0, infinity becomes 1. It is taken of the
//! strongest and the weakest channel; the middle one is laid between them where it was, so that the hue
//! stays while highlights bleach as on film. (The plain form, channel by channel, turns fire yellow and
//! skies purple; a curve on luminance alone leaves neon in the lights.) What is outside the gamut counts
//! as 0. **Range**: contrast 0.5…5, skew −1…1 (positive: darker shadows and softer lights).
//! **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: as the export, except that tones are
//! averaged before the curve instead of after it.

use crate::pixels::math::{exp_f64, exp2, ln_f64, log2, pow_f64};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const CONTRAST: usize = 0;
const SKEW: usize = 1;

static SPEC: Spec = Spec {
    id: "sigmoid",
    label: "Tone mapping",
    summary: "lays any range of light down between black and white, softly, as film does",
    group: Group::Light,
    rank: 340,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "contrast",
            label: "Contrast",
            kind: ParamKind::Number(NumberSpec {
                min: 0.5,
                max: 5.0,
                step: 0.05,
                identity: None,
                on_add: 1.5,
                unit: Unit::None,
                decimals: 2,
                track: Track::Ratio,
            }),
        },
        ParamSpec {
            id: "skew",
            label: "Skew",
            kind: ParamKind::Number(NumberSpec {
                min: -1.0,
                max: 1.0,
                step: 0.05,
                identity: None,
                on_add: 0.0,
                unit: Unit::None,
                decimals: 2,
                track: Track::Plain,
            }),
        },
    ],
};

pub(super) struct Sigmoid;

impl Filter for Sigmoid {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let film = Film::new(values.number(CONTRAST), values.number(SKEW));
        Prepared::Point(Box::new(EachPixel(film)))
    }
}

const GREY: f64 = 0.1845;

struct Film {
    power: f32,
    log2_k: f32,
    paper: f32,
}

impl Film {
    fn new(contrast: f64, skew: f64) -> Self {
        let paper = exp_f64(-skew * ln_f64(5.0));
        let grey_share = pow_f64(GREY, 1.0 / paper);
        // The slope in log space at grey is paper · power · (1 − its share).
        let power = contrast * (1.0 - GREY) / (paper * (1.0 - grey_share));
        let ln_k = power * ln_f64(GREY) + ln_f64(1.0 / grey_share - 1.0);
        Self {
            power: power as f32,
            log2_k: (ln_k / std::f64::consts::LN_2) as f32,
            paper: paper as f32,
        }
    }

    #[inline(always)]
    fn at(&self, light: f32) -> f32 {
        let share = 1.0 / (1.0 + exp2(self.log2_k - self.power * log2(light)));
        exp2(self.paper * log2(share))
    }
}

impl Pixelwise for Film {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let [r, g, b] = rgb.map(|value| if value > 0.0 { value } else { 0.0 });
        let (low, high) = if r < g { (r, g) } else { (g, r) };
        let low = if b < low { b } else { low };
        let high = if b > high { b } else { high };
        let (out_low, out_high) = (self.at(low), self.at(high));
        let range = high - low;
        let per_range = 1.0 / if range > 1.0e-12 { range } else { 1.0e-12 };
        [r, g, b].map(|value| ((value - low) * per_range).mul_add(out_high - out_low, out_low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    fn curve(contrast: f64, skew: f64, x: f64) -> f64 {
        let g = 0.1845_f64;
        let p = 5.0_f64.powf(-skew);
        let u = g.powf(1.0 / p);
        let c = contrast * (1.0 - g) / (p * (1.0 - u));
        let k = g.powf(c) * (1.0 - u) / u;
        if x <= 0.0 {
            return 0.0;
        }
        (x.powf(c) / (k + x.powf(c))).powf(p)
    }

    fn reference(contrast: f64, skew: f64, rgb: [f64; 3]) -> [f64; 3] {
        let rgb = rgb.map(|c| c.max(0.0));
        let mut order = [0, 1, 2];
        order.sort_by(|a, b| rgb[*a].total_cmp(&rgb[*b]));
        let [low, middle, high] = order;
        let mut out = rgb.map(|c| curve(contrast, skew, c));
        if rgb[high] > rgb[low] {
            let share = (rgb[middle] - rgb[low]) / (rgb[high] - rgb[low]);
            out[middle] = out[low] + share * (out[high] - out[low]);
        }
        out
    }

    #[test]
    fn agrees_with_the_formula() {
        for (contrast, skew) in [(1.5, 0.0), (0.5, -1.0), (5.0, 0.4), (3.0, 1.0), (1.0, -0.3)] {
            probe::agrees(&Sigmoid, &[contrast, skew], |rgb| {
                reference(contrast, skew, rgb)
            });
            probe::stays_finite(&Sigmoid, &[contrast, skew]);
            probe::same_bits_everywhere(&Film::new(contrast, skew));
        }
    }

    #[test]
    fn grey_stays_and_all_light_ends_below_white() {
        for (contrast, skew) in [(1.5, 0.0), (0.7, 0.8), (4.0, -0.8)] {
            let at = |y: f32| probe::one(&Sigmoid, &[contrast, skew], [y; 3])[1];
            assert!((at(0.1845) - 0.1845).abs() < 1e-5, "{contrast} {skew}");
            assert!(at(1e6) <= 1.0 && at(1e6) > 0.98 && at(0.0) < 1e-6);
            // The slope at grey, by the two sides.
            let slope =
                f64::from(at(0.1845 * 1.01) / at(0.1845 / 1.01)).ln() / (2.0 * 1.01_f64.ln());
            assert!(
                (slope - contrast * 0.8155).abs() < 0.01 * contrast,
                "{slope}"
            );
        }
    }

    #[test]
    fn lighter_stays_lighter_and_hues_stay() {
        let ramp: Vec<[f32; 3]> = (0..4000)
            .map(|i| [(i as f32 / 1000.0).powi(3); 3])
            .collect();
        let values = probe::values(&Sigmoid, &[2.0, 0.3]);
        let kernel = probe::kernel(&Sigmoid, &values, &probe::FRAME);
        let curve = probe::render(kernel.as_ref(), &ramp, 0, 0);
        assert!(curve.windows(2).all(|pair| pair[1][0] >= pair[0][0] - 1e-7));
        let [r, g, b] = probe::one(&Sigmoid, &[2.0, 0.0], [6.0, 3.0, 1.0]);
        assert!(
            ((g - b) / (r - b) - 0.4).abs() < 1e-4 && r <= 1.0,
            "{r} {g} {b}"
        );
    }
}
