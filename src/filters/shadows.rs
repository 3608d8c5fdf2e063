//! Shadows: opens or deepens the dark places, leaving their detail and the rest of the photo alone.
//!
//! **Formula**: gain = 2^(2 EV · amount · m(base)), with m a smooth step from 0 at a base of −1 EV
//! (below white) to 1 at −6 EV, fading to a quarter from −9 to −14 EV so that black keeps its
//! depth; the base is that of [`super::kernels::local_tone`]. **Range**: −100…100. **Alpha**:
//! untouched. **Preview**: the window scales with the frame, so a preview shows what the export
//! will up to the noise that reducing averages away.

use crate::pixels::math::smoothstep;

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::local_tone::{ToneCurve, local_tone};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const AMOUNT: usize = 0;

static SPEC: Spec = Spec {
    id: "shadows",
    label: "Shadows",
    summary: "opens up or deepens the dark places",
    group: Group::Light,
    rank: 210,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Shadows",
        kind: ParamKind::Number(NumberSpec {
            min: -100.0,
            max: 100.0,
            step: 1.0,
            identity: Some(0.0),
            on_add: 40.0,
            unit: Unit::None,
            decimals: 0,
            track: Track::Plain,
        }),
    }],
};

pub(super) struct Shadows;

impl Filter for Shadows {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let share = (values.number(AMOUNT) / 100.0) as f32;
        local_tone(Lift { ev: 2.0 * share }, frame)
    }
}

/// `ev`: what the darkest places gain.
#[derive(Debug, Clone, Copy)]
struct Lift {
    ev: f32,
}

impl ToneCurve for Lift {
    #[inline(always)]
    fn gain_ev(self, base_ev: f32) -> f32 {
        let dark = smoothstep(-1.0, -6.0, base_ev);
        let black = smoothstep(-9.0, -14.0, base_ev);
        self.ev * (dark - 0.75 * black)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::kernels::local_tone::tests::check_filter;

    #[test]
    fn opens_deep_shadows_by_two_stops_and_keeps_white() {
        let lift = Lift { ev: 2.0 };
        assert_eq!(lift.gain_ev(0.0), 0.0);
        assert!((lift.gain_ev(-7.0) - 2.0).abs() < 1e-6);
        assert!((lift.gain_ev(-20.0) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn behaves_as_local_tone_must() {
        check_filter(&Shadows, |share| Lift { ev: 2.0 * share });
    }
}
