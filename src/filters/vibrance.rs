//! Vibrance: strengthens weak colours and leaves strong ones, and skin, in peace.
//!
//! **Formula**: with S = (max − min) ÷ max of the linear channels, held to 0…1, the distance from
//! luminance Y is multiplied by `1 + v · (1 − S) · (1 − 0.6 · k)`, v = amount ÷ 100. k is 1 for hues
//! within 10° of skin (all complexions lie within 13° of one direction in the chroma plane) and
//! falls smoothly to 0 at 25°. The factor never takes a channel below 0; at −100 muted colours
//! go grey while strong ones remain. **Range**: −100…100. **Alpha**: untouched. **Reach**: the pixel
//! itself. **Preview**: as the export, except that colours are averaged before instead of after.

use crate::pixels::math::{clamp, smoothstep};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;

static SPEC: Spec = Spec {
    id: "vibrance",
    label: "Vibrance",
    summary: "strengthens muted colours and spares strong ones and skin",
    group: Group::Color,
    rank: 300,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Vibrance",
        kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), 25.0)),
    }],
};

pub(super) struct Vibrance;

impl Filter for Vibrance {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Muted::new(values.number(AMOUNT)))))
    }
}

/// Direction of skin in the plane at right angles to grey: the mean of eleven complexions from very
/// dark to very fair, in linear working light.
const SKIN: [f32; 3] = [0.727_26, -0.042_20, -0.685_06];
/// Cosines of 25° and 10° from it.
const SKIN_EDGES: [f32; 2] = [0.906_308, 0.984_808];
const SKIN_SHARE: f32 = 0.6;

struct Muted {
    strength: f32,
}

impl Muted {
    fn new(amount: f64) -> Self {
        Self {
            strength: (amount / 100.0) as f32,
        }
    }
}

impl Pixelwise for Muted {
    #[inline(always)]
    fn pixel(&self, [r, g, b]: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let y = luminance([r, g, b]);
        let (low, high) = if r < g { (r, g) } else { (g, r) };
        let low = if b < low { b } else { low };
        let high = if b > high { b } else { high };
        let divisor = if high > 1.0e-9 { high } else { 1.0e-9 };
        let muted = 1.0 - clamp((high - low) / divisor, 0.0, 1.0);

        let mean = (r + g + b) * (1.0 / 3.0);
        let [dr, dg, db] = [r - mean, g - mean, b - mean];
        let length = db.mul_add(db, dg.mul_add(dg, dr * dr)).sqrt();
        let length = if length > 1.0e-9 { length } else { 1.0e-9 };
        let towards = db.mul_add(SKIN[2], dg.mul_add(SKIN[1], dr * SKIN[0])) / length;
        let skin = smoothstep(SKIN_EDGES[0], SKIN_EDGES[1], towards);

        let factor = (self.strength * muted).mul_add(1.0 - SKIN_SHARE * skin, 1.0);
        [r, g, b].map(|value| factor.mul_add(value - y, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    fn reference(amount: f64, rgb: [f64; 3]) -> [f64; 3] {
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        let low = rgb.iter().copied().fold(f64::INFINITY, f64::min);
        let high = rgb.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if high <= 1e-9 || high == low {
            return rgb;
        }
        let saturation = ((high - low) / high).min(1.0);
        let mean = rgb.iter().sum::<f64>() / 3.0;
        let length = rgb.iter().map(|c| (c - mean).powi(2)).sum::<f64>().sqrt();
        let skin = [0.72726, -0.04220, -0.68506];
        let dot: f64 = rgb.iter().zip(skin).map(|(c, s)| (c - mean) * s).sum();
        let (wide, near) = (25.0_f64.to_radians().cos(), 10.0_f64.to_radians().cos());
        let t = ((dot / length - wide) / (near - wide)).clamp(0.0, 1.0);
        let spared = 0.6 * t * t * (3.0 - 2.0 * t);
        let factor = 1.0 + amount / 100.0 * (1.0 - saturation) * (1.0 - spared);
        rgb.map(|value| y + factor * (value - y))
    }

    #[test]
    fn agrees_with_the_formula() {
        for amount in [-100.0, -45.0, 0.0, 25.0, 100.0] {
            probe::agrees(&Vibrance, &[amount], |rgb| reference(amount, rgb));
            probe::stays_finite(&Vibrance, &[amount]);
            probe::same_bits_everywhere(&Muted::new(amount));
        }
    }

    /// How much further from grey a colour got.
    fn boost(color: [f32; 3]) -> f32 {
        let spread = |[r, _, b]: [f32; 3]| (r - b).abs();
        spread(probe::one(&Vibrance, &[100.0], color)) / spread(color)
    }

    #[test]
    fn muted_colours_gain_most_and_skin_little() {
        let (muted, strong) = (boost([0.3, 0.33, 0.38]), boost([0.02, 0.1, 0.8]));
        assert!(muted > 1.6 && strong < 1.05, "{muted} {strong}");
        // Skin, and a blue as saturated as it.
        let (skin, blue) = (boost([0.60, 0.42, 0.31]), boost([0.31, 0.42, 0.60]));
        assert!(skin < 1.0 + 0.5 * (blue - 1.0), "{skin} {blue}");
    }

    #[test]
    fn more_is_stronger_and_greys_stay() {
        let mut last = -1.0;
        for amount in (-100..=100).step_by(10) {
            let [r, _, b] = probe::one(&Vibrance, &[f64::from(amount)], [0.3, 0.33, 0.38]);
            assert!(b - r > last, "{amount}");
            last = b - r;
            let grey = probe::one(&Vibrance, &[f64::from(amount)], [0.25; 3]);
            assert!(grey.iter().all(|c| (c - 0.25).abs() < 1e-6), "{amount}");
        }
    }

    #[test]
    fn no_channel_falls_below_zero() {
        let kernel = probe::kernel(
            &Vibrance,
            &probe::values(&Vibrance, &[100.0]),
            &probe::FRAME,
        );
        let colors = probe::colors();
        for (color, got) in colors
            .iter()
            .zip(probe::render(kernel.as_ref(), &colors, 0, 0))
        {
            let least = |c: &[f32; 3]| c.iter().copied().fold(f32::INFINITY, f32::min);
            assert!(
                least(&got) >= least(color).min(0.0) - 1e-5,
                "{color:?} {got:?}"
            );
        }
    }
}
