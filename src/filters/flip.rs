//! Flip: mirrors the photo.
//!
//! **Formula**: addressing only; pixels are not touched. **Options**: `horizontal` exchanges left and
//! right, `vertical` top and bottom. **Alpha**: goes along. **Preview**: exact at every scale.

use crate::pixels::geometry::{Rect, Turn};

use super::Filter;
use super::frame::{Frame, Placement};
use super::kernel::Prepared;
use super::spec::{ChoiceOption, ChoiceSpec, Group, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AXIS: usize = 0;
const HORIZONTAL: u16 = 0;

static SPEC: Spec = Spec {
    id: "flip",
    label: "Flip",
    summary: "mirrors the photo left to right or top to bottom",
    group: Group::Geometry,
    rank: 20,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "axis",
        label: "Axis",
        kind: ParamKind::Choice(ChoiceSpec {
            options: &[
                ChoiceOption {
                    id: "horizontal",
                    label: "Horizontal",
                },
                ChoiceOption {
                    id: "vertical",
                    label: "Vertical",
                },
            ],
            on_add: HORIZONTAL,
        }),
    }],
};

pub(super) struct Flip;

impl Filter for Flip {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let horizontal = values.choice(AXIS) == HORIZONTAL;
        Prepared::Geometry(Placement {
            input_rect: Rect::of(frame.size),
            turn: Turn::new(false, horizontal, !horizontal),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::value::Value;
    use crate::pixels::geometry::Size;

    fn flipped(axis: u16) -> Placement {
        let values = Values::on_add(&SPEC).with(AXIS, Value::Choice(axis));
        match Flip.prepare(&values, &Frame::full(Size::new(5, 3))) {
            Prepared::Geometry(placement) => placement,
            _ => panic!("flip is geometry"),
        }
    }

    #[test]
    fn horizontal_mirrors_left_to_right() {
        assert_eq!(flipped(0).input_pixel(0, 1), (4, 1));
        assert_eq!(flipped(1).input_pixel(0, 0), (0, 2));
    }

    #[test]
    fn twice_is_nothing_and_both_are_half_a_turn() {
        let size = Size::new(5, 3);
        for axis in [0, 1] {
            assert_eq!(
                flipped(axis).then(&flipped(axis)),
                Placement::identity(size)
            );
        }
        assert_eq!(flipped(0).then(&flipped(1)).turn, Turn::quarters(2));
        assert!(!Values::identity(&SPEC).is_identity(&SPEC));
    }
}
