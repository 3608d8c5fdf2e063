//! Clarity: local contrast of mid-tones at a large scale, or less of it, without halos.
//!
//! **Formula**: with L the luminance in EV and B the base of [`super::kernels::local_tone`] (windows
//! of σ = 1.2 % of the long side, edges from a variance of 0.6 EV²), gain = 2^(k · m(B) · f(L − B)).
//! f is the difference up to two stops, rounded off smoothly from there inwards:
//! f(d) = x (3 − x²), x = d / 2 held to ±1, scaled to a slope of 1 at 0. m protects the ends: it
//! rises from −9 to −5 EV and falls from −1.2 to +0.3 EV, smooth steps both. k is 0.9 · amount / 100
//! upwards and 0.6 · amount / 100 downwards. The base steps where the picture steps, so an edge
//! keeps its two sides as they are and no rim grows along it. **Range**: −100…100. **Alpha**:
//! untouched. **Preview**: windows scale with the frame; what reducing averages away is not amplified
//! there. ΔE*ab against the photo filtered first and reduced afterwards (amount 60; mean, 95 % of
//! pixels): 0.2, 0.7 at 1/2; 0.3, 1.6 at 1/4; 0.5, 2.2 at 1/8.

use crate::pixels::math::clamp;

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::local_tone::{LocalCurve, Surface, local_gain};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;

const SURFACE: Surface = Surface {
    window: 0.012,
    edge_variance: 0.6,
};

/// What an amount of ±100 makes of the difference.
const MOST: f64 = 0.9;
const LEAST: f64 = 0.6;

/// The difference from the base, in EV, beyond which no more is added.
const HARD_EDGE_EV: f32 = 2.0;

static SPEC: Spec = Spec {
    id: "clarity",
    label: "Clarity",
    summary: "local contrast in the mid-tones: depth and punch, or softness",
    group: Group::Detail,
    rank: 230,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Clarity",
        kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), 40.0)),
    }],
};

pub(super) struct Clarity;

impl Filter for Clarity {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        local_gain(Punch::of(values.number(AMOUNT)), SURFACE, frame)
    }
}

/// `strength`: what of the difference from the base is added, times the hardest edge.
#[derive(Debug, Clone, Copy)]
struct Punch {
    strength: f32,
}

impl Punch {
    fn of(amount: f64) -> Self {
        let full = if amount > 0.0 { MOST } else { LEAST };
        Self {
            strength: (amount / 100.0 * full) as f32 * HARD_EDGE_EV,
        }
    }
}

impl LocalCurve for Punch {
    #[inline(always)]
    fn local_gain_ev(self, light_ev: f32, base_ev: f32) -> f32 {
        let x = clamp((light_ev - base_ev) * (1.0 / HARD_EDGE_EV), -1.0, 1.0);
        let rounded = x * (x * x).mul_add(-1.0 / 3.0, 1.0);
        // The two ramps lie apart, so the lower one says it all.
        let (rise, fall) = ((base_ev + 9.0) * 0.25, (0.3 - base_ev) * (1.0 / 1.5));
        let t = clamp(if rise < fall { rise } else { fall }, 0.0, 1.0);
        self.strength * (t * t * t.mul_add(-2.0, 3.0)) * rounded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::kernels::local_tone::tests::check_local_filter;

    /// Written from the doc above, in f64.
    fn exact(amount: f64, light: f64, base: f64) -> f64 {
        let k = amount / 100.0 * if amount > 0.0 { 0.9 } else { 0.6 };
        let step = |from: f64, to: f64, x: f64| {
            let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
            3.0 * t.powi(2) - 2.0 * t.powi(3)
        };
        let x = ((light - base) / 2.0).clamp(-1.0, 1.0);
        let f = 2.0 / 3.0 * (3.0 * x - x.powi(3));
        k * step(-9.0, -5.0, base) * (1.0 - step(-1.2, 0.3, base)) * f
    }

    #[test]
    fn the_curve_is_that_of_the_formula() {
        for amount in [-100.0, -30.0, 60.0, 100.0] {
            for step in -120..20 {
                let base = f64::from(step) * 0.1;
                for d in [-4.0, -1.0, -0.2, 0.0, 0.4, 1.9, 3.0] {
                    let got = Punch::of(amount).local_gain_ev((base + d) as f32, base as f32);
                    let expected = exact(amount, base + d, base);
                    assert!(
                        (f64::from(got) - expected).abs() < 1e-5,
                        "{amount} {base} {d}"
                    );
                }
            }
        }
    }

    #[test]
    fn brighter_than_the_base_stays_brighter_and_ends_stay() {
        for amount in [-100.0, 100.0] {
            let curve = Punch::of(amount);
            let shown = |light: f32| light + curve.local_gain_ev(light, -3.0);
            for step in -80..79 {
                let light = step as f32 * 0.1;
                assert!(shown(light + 0.1) > shown(light), "{amount} {light}");
            }
            assert_eq!(curve.local_gain_ev(0.0, 0.4), 0.0);
            assert_eq!(curve.local_gain_ev(-12.0, -9.5), 0.0);
        }
        assert!(Punch::of(100.0).local_gain_ev(-2.5, -3.0) > 0.4);
    }

    #[test]
    fn behaves_as_local_contrast_must() {
        check_local_filter(&Clarity, SURFACE, Punch::of);
    }
}
