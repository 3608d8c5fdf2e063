//! Box blur: the plain mean of a square around each pixel. Hard in its shape; Blur is the soft one.
//!
//! **Formula**: the mean of the pixels up to R away along both axes in linear light, a fraction of R
//! counting as a fraction of the next pixel; R + ½ = (radius + ½) · scale. Beyond the frame stands
//! its mirror image. **Range**: radius 0…100 px of the photo. **Alpha**: blurred alike; colour is
//! weighted by it. **Reach**: R. **Method**: [`super::kernels::box_mean`]. **Preview**: the same
//! square scaled, so within what reducing the photo takes of it.

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::box_mean::BoxMean;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const RADIUS: usize = 0;

static SPEC: Spec = Spec {
    id: "box-blur",
    label: "Box blur",
    summary: "softens the photo by the mean of a square",
    group: Group::Effects,
    rank: 502,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "radius",
        label: "Radius",
        kind: ParamKind::Number(NumberSpec {
            min: 0.0,
            max: 100.0,
            step: 0.5,
            identity: Some(0.0),
            on_add: 4.0,
            unit: Unit::Px,
            decimals: 1,
            track: Track::Fine,
        }),
    }],
};

pub(super) struct BoxBlur;

impl Filter for BoxBlur {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let radius_px = (values.number(RADIUS) + 0.5) * frame.scale - 0.5;
        Prepared::Area(Box::new(BoxMean::new(radius_px)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::value::Value;
    use crate::filters::whole::{same_in_any_tile, test_picture};
    use crate::pixels::geometry::Size;
    use crate::pixels::tile::Tile;

    fn prepared(radius: f64, frame: &Frame) -> Prepared {
        let values = Values::on_add(&SPEC).with(RADIUS, Value::Number(radius));
        BoxBlur.prepare(&values, frame)
    }

    /// A point spreads over the square, evenly.
    #[test]
    fn a_point_becomes_a_square() {
        let size = Size::new(60, 50);
        let mut picture = Tile::new(crate::pixels::geometry::Rect::of(size), 3);
        picture.row_mut(1, 20)[30] = 1.0;
        let result = same_in_any_tile(&prepared(6.0, &Frame::full(size)), &picture);
        for y in 0..50_i64 {
            for x in 0..60_i64 {
                let is_inside = (y - 20).abs() <= 6 && (x - 30).abs() <= 6;
                let expected = if is_inside { 1.0 / 169.0 } else { 0.0 };
                let got = result.row(1, y as usize)[x as usize];
                assert!((got - expected).abs() < 1e-7, "{x} {y}");
            }
        }
    }

    /// Half the scale: a window of 21 pixels becomes one of ten and a half.
    #[test]
    fn the_window_follows_the_scale_and_vanishes_below_a_pixel() {
        let size = Size::new(40, 30);
        let picture = test_picture(size, 3);
        let mut frame = Frame::full(size);
        frame.scale = 0.5;
        let scaled = same_in_any_tile(&prepared(10.0, &frame), &picture);
        let narrow = same_in_any_tile(&prepared(4.75, &Frame::full(size)), &picture);
        assert_eq!(scaled.row(0, 4)[..40], narrow.row(0, 4)[..40]);
        frame.scale = 0.1;
        let same = same_in_any_tile(&prepared(3.0, &frame), &picture);
        assert_eq!(same.row(0, 4)[..40], picture.row(0, 4)[..40]);
    }

    #[test]
    fn what_is_not_finite_or_hidden_does_not_spread() {
        let size = Size::new(64, 40);
        let mut picture = test_picture(size, 4);
        picture.row_mut(0, 5)[10] = f32::NAN;
        picture.row_mut(1, 5)[10] = f32::INFINITY;
        picture.row_mut(2, 5)[10] = f32::NEG_INFINITY;
        let result = same_in_any_tile(&prepared(9.5, &Frame::full(size)), &picture);
        assert!(result.data().iter().all(|value| value.is_finite()));
        // No trace of the infinity beyond the window.
        assert!(result.row(1, 5)[30] <= 1.0 && result.row(1, 25)[10] <= 1.0);
        // Premultiplied: where nothing is visible every plane is 0.
        for y in 0..40 {
            for plane_idx in 0..4 {
                picture.row_mut(plane_idx, y)[..64].fill(0.25);
                picture.row_mut(plane_idx, y)[32..64].fill(0.0);
            }
        }
        let result = same_in_any_tile(&prepared(12.0, &Frame::full(size)), &picture);
        for x in 0..44 {
            let (color, alpha) = (result.row(0, 20)[x], result.row(3, 20)[x]);
            assert!((color / alpha - 1.0).abs() < 1e-5, "{x}");
        }
    }
}
