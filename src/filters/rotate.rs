//! Rotate: quarter turns, clockwise.
//!
//! **Formula**: addressing only; pixels are not touched. **Range**: −3…3 quarter turns, negative
//! ones counter-clockwise. **Alpha**: goes along. **Preview**: exact at every scale.

use crate::pixels::geometry::{Rect, Turn};

use super::Filter;
use super::frame::{Frame, Placement};
use super::kernel::Prepared;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const QUARTER_TURNS: usize = 0;

static SPEC: Spec = Spec {
    id: "rotate",
    label: "Rotate",
    summary: "turns the photo by quarter turns",
    group: Group::Geometry,
    rank: 10,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "quarter_turns",
        label: "Quarter turns",
        kind: ParamKind::Number(NumberSpec {
            min: -3.0,
            max: 3.0,
            step: 1.0,
            identity: Some(0.0),
            on_add: 1.0,
            unit: Unit::QuarterTurns,
            decimals: 0,
            track: Track::Plain,
        }),
    }],
};

pub(super) struct Rotate;

impl Filter for Rotate {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    /// A broken number of turns counts as the nearest whole one.
    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        Prepared::Geometry(Placement {
            input_rect: Rect::of(frame.size),
            turn: Turn::quarters(values.number(QUARTER_TURNS).round() as i32),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::pixels::geometry::Size;

    fn turned(quarters: f64) -> Placement {
        let frame = Frame::full(Size::new(5, 3));
        match Rotate.prepare(&probe::values(&Rotate, &[quarters]), &frame) {
            Prepared::Geometry(placement) => placement,
            _ => panic!("rotate is geometry"),
        }
    }

    #[test]
    fn a_quarter_turn_is_clockwise() {
        let once = turned(1.0);
        assert_eq!(once.output_size(), Size::new(3, 5));
        // The upper left corner goes to the upper right.
        assert_eq!(once.input_pixel(2, 0), (0, 0));
        assert_eq!(turned(-1.0).input_pixel(0, 4), (0, 0));
        assert_eq!(turned(2.0).input_pixel(4, 2), (0, 0));
    }

    #[test]
    fn three_one_way_are_one_the_other_way() {
        assert_eq!(turned(3.0), turned(-1.0));
        assert_eq!(turned(-3.0), turned(1.0));
        assert_eq!(turned(0.0), Placement::identity(Size::new(5, 3)));
    }
}
