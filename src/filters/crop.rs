//! Crop: keeps a rectangle of the frame it meets.
//!
//! **Formula**: addressing only; pixels are not touched. Edges fall on the nearest pixel boundary, lie
//! inside the frame, and keep at least one pixel. **Range**: left, top, width and height as fractions
//! 0…1 of the frame, or in pixels of the photo. **Alpha**: goes along. **Preview**: the same
//! rectangle to the nearest preview pixel.

use crate::pixels::geometry::{Rect, Turn};

use super::Filter;
use super::frame::{Frame, Placement};
use super::kernel::Prepared;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const LEFT: usize = 0;
const TOP: usize = 1;
const WIDTH: usize = 2;
const HEIGHT: usize = 3;

const fn fraction(identity: f64, on_add: f64) -> ParamKind {
    ParamKind::Number(NumberSpec {
        min: 0.0,
        max: 1.0,
        step: 0.001,
        identity: Some(identity),
        on_add,
        unit: Unit::Fraction,
        decimals: 3,
        track: Track::Plain,
    })
}

static SPEC: Spec = Spec {
    id: "crop",
    label: "Crop",
    summary: "keeps a rectangle of the photo",
    group: Group::Geometry,
    rank: 30,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "left",
            label: "Left",
            kind: fraction(0.0, 0.05),
        },
        ParamSpec {
            id: "top",
            label: "Top",
            kind: fraction(0.0, 0.05),
        },
        ParamSpec {
            id: "width",
            label: "Width",
            kind: fraction(1.0, 0.9),
        },
        ParamSpec {
            id: "height",
            label: "Height",
            kind: fraction(1.0, 0.9),
        },
    ],
};

pub(super) struct Crop;

impl Filter for Crop {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let side = |start: usize, length: usize, side_px: u32| {
            let start_px = values.length_px(start, side_px, frame.scale);
            let length_px = values.length_px(length, side_px, frame.scale);
            interval(start_px, start_px + length_px, side_px)
        };
        let (left, right) = side(LEFT, WIDTH, frame.size.width);
        let (top, bottom) = side(TOP, HEIGHT, frame.size.height);
        Prepared::Geometry(Placement {
            input_rect: Rect::from_corners(left, top, right, bottom),
            turn: Turn::NONE,
        })
    }
}

/// Whole pixels nearest to `start_px`…`end_px`, inside 0…`side_px`, at least one.
fn interval(start_px: f64, end_px: f64, side_px: u32) -> (u32, u32) {
    let last = side_px.saturating_sub(1);
    let start = (start_px.round().max(0.0) as u32).min(last);
    let end = (end_px.round().max(0.0) as u32).clamp(start + 1, last + 1);
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::filters::value::Value;
    use crate::pixels::geometry::Size;

    fn cut(values: &Values, frame: &Frame) -> Rect {
        match Crop.prepare(values, frame) {
            Prepared::Geometry(placement) => {
                assert!(placement.turn.is_none());
                placement.input_rect
            }
            _ => panic!("crop is geometry"),
        }
    }

    #[test]
    fn fractions_and_pixels_name_the_same_rectangle() {
        let frame = Frame::full(Size::new(400, 200));
        let by_fraction = probe::values(&Crop, &[0.1, 0.25, 0.5, 0.5]);
        assert_eq!(cut(&by_fraction, &frame), Rect::new(40, 50, 200, 100));
        let by_pixels = [40.0, 50.0, 200.0, 100.0]
            .into_iter()
            .enumerate()
            .fold(by_fraction, |values, (i, px)| {
                values.with(i, Value::Pixels(px))
            });
        assert_eq!(cut(&by_pixels, &frame), Rect::new(40, 50, 200, 100));
        let preview = Frame {
            size: Size::new(100, 50),
            scale: 0.25,
            full_size: frame.size,
        };
        assert_eq!(cut(&by_pixels, &preview), Rect::new(10, 13, 50, 25));
    }

    #[test]
    fn the_result_lies_inside_and_is_never_empty() {
        for size in [Size::new(1, 1), Size::new(7, 3), Size::new(1000, 1)] {
            let frame = Frame::full(size);
            assert_eq!(cut(&Values::identity(&SPEC), &frame), Rect::of(size));
            for left in [0.0, 0.3, 0.999, 1.0] {
                for length in [0.0, 0.0004, 0.5, 1.0] {
                    let rect = cut(&probe::values(&Crop, &[left, left, length, length]), &frame);
                    assert!(
                        Rect::of(size).contains(rect) && !rect.is_empty(),
                        "{rect:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn neighbouring_crops_leave_no_gap() {
        for side in [3_u32, 100, 4001] {
            let middle = 0.377;
            let a = interval(0.0, middle * f64::from(side), side);
            let b = interval(middle * f64::from(side), f64::from(side), side);
            assert_eq!((a.0, a.1, b.1), (0, b.0, side));
        }
    }
}
