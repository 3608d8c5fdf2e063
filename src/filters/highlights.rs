//! Highlights: holds back or brightens the light places, leaving their detail alone.
//!
//! **Formula**, with the base of [`super::kernels::local_tone`] in EV and u = base + 2.2:
//! downwards gain = 2^(−0.8 · |amount| · s(u)), s(u) = 0 below 0, u²/6 up to 3, u − 3/2 beyond:
//! a base of +2 EV comes down to about 0, so what an edit has pushed beyond white returns.
//! Upwards gain = 2^(amount · t), t rising by a smooth step to 0.9 EV from −5 to −1.5 EV and
//! falling by another to 0.35 EV from −1.75 to 0.25 EV, so that little is driven beyond white.
//! **Range**: −100…100. **Alpha**: untouched. **Preview**: the window scales with the frame, so a
//! preview shows what the export will up to the noise that reducing averages away.

use crate::pixels::math::{clamp, smoothstep};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::local_tone::{ToneCurve, local_tone};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const AMOUNT: usize = 0;

/// Where holding back begins, in EV, and over how many EV it sets in.
const KNEE_EV: f32 = -2.2;
const KNEE_WIDTH_EV: f32 = 3.0;

/// How much of each further EV is held back at full amount.
const HELD_BACK: f32 = 0.8;

static SPEC: Spec = Spec {
    id: "highlights",
    label: "Highlights",
    summary: "holds back or brightens the light places",
    group: Group::Light,
    rank: 200,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Highlights",
        kind: ParamKind::Number(NumberSpec {
            min: -100.0,
            max: 100.0,
            step: 1.0,
            identity: Some(0.0),
            on_add: -40.0,
            unit: Unit::None,
            decimals: 0,
            track: Track::Plain,
        }),
    }],
};

pub(super) struct Highlights;

impl Filter for Highlights {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let share = (values.number(AMOUNT) / 100.0) as f32;
        local_tone(Hold::new(share), frame)
    }
}

#[derive(Debug, Clone, Copy)]
struct Hold {
    down: f32,
    up: f32,
}

impl Hold {
    fn new(share: f32) -> Self {
        Self {
            down: HELD_BACK * share.min(0.0),
            up: share.max(0.0),
        }
    }
}

impl ToneCurve for Hold {
    #[inline(always)]
    fn gain_ev(self, base_ev: f32) -> f32 {
        let above = base_ev - KNEE_EV;
        let in_knee = clamp(above, 0.0, KNEE_WIDTH_EV);
        let beyond = clamp(above - KNEE_WIDTH_EV, 0.0, 100.0);
        let held = (in_knee * in_knee).mul_add(0.5 / KNEE_WIDTH_EV, beyond);
        let bright = 0.9 * smoothstep(-5.0, -1.5, base_ev);
        let white = 0.55 * smoothstep(-1.75, 0.25, base_ev);
        self.down * held + self.up * (bright - white)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::kernels::local_tone::tests::check_filter;

    #[test]
    fn brings_back_two_stops_beyond_white_and_leaves_the_dark() {
        let full = Hold::new(-1.0);
        assert_eq!(full.gain_ev(-2.5), 0.0);
        let of_white = full.gain_ev(0.0);
        assert!(of_white > -0.7 && of_white < -0.5, "{of_white}");
        assert!(2.0 + full.gain_ev(2.0) < 0.0);
        assert!(3.0 + full.gain_ev(3.0) < 0.1);
    }

    #[test]
    fn behaves_as_local_tone_must() {
        check_filter(&Highlights, Hold::new);
    }
}
