//! Straighten: turns the photo by a few degrees and keeps the largest upright part without empty
//! corners.
//!
//! **Formula**: a rotation about the middle, positive clockwise, then the largest rectangle of the
//! frame's aspect inside the turned frame; pixels keep their size. One Lanczos-3 resample, shared with
//! the geometry beside it in the stack. **Range**: −45…45°. **Alpha**: premultiplied while it is
//! resampled. **Preview**: the same turn of the reduced photo.

use crate::pixels::math::sin_cos_pi_f64;

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;
use super::warp::{Homography, cropped};

const ANGLE: usize = 0;

static SPEC: Spec = Spec {
    id: "straighten",
    label: "Straighten",
    summary: "turns the photo by a few degrees and crops the empty corners",
    group: Group::Geometry,
    rank: 25,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "angle_deg",
        label: "Angle",
        kind: ParamKind::Number(NumberSpec {
            min: -45.0,
            max: 45.0,
            step: 0.1,
            identity: Some(0.0),
            on_add: 3.0,
            unit: Unit::Degrees,
            decimals: 1,
            track: Track::Plain,
        }),
    }],
};

pub(super) struct Straighten;

impl Filter for Straighten {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let (sin, cos) = sin_cos_pi_f64(values.number(ANGLE) / 180.0);
        let x = f64::from(frame.full_size.width) / 2.0;
        let y = f64::from(frame.full_size.height) / 2.0;
        let turn = Homography([cos, sin, 0.0, -sin, cos, 0.0, 0.0, 0.0, 1.0]);
        let about_middle = Homography::translation(x, y)
            .after(&turn)
            .after(&Homography::translation(-x, -y));
        Prepared::Warp(cropped(&about_middle, frame.full_size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::filters::warp::Warp;
    use crate::pixels::geometry::Size;

    fn turned(angle_deg: f64, size: Size) -> Warp {
        let values = probe::values(&Straighten, &[angle_deg]);
        match Straighten.prepare(&values, &Frame::full(size)) {
            Prepared::Warp(warp) => warp,
            _ => panic!("straighten is a warp"),
        }
    }

    #[test]
    fn positive_is_clockwise_and_the_middle_stays() {
        let size = Size::new(600, 400);
        let warp = turned(10.0, size);
        let middle = [warp.output_size.width, warp.output_size.height].map(|s| f64::from(s) / 2.0);
        let [x, y] = warp.to_input.apply(middle);
        assert!((x - 300.0).abs() < 1e-9 && (y - 200.0).abs() < 1e-9);
        // What stands right of the middle now stood higher before.
        let [x, y] = warp.to_input.apply([middle[0] + 100.0, middle[1]]);
        let (sin, cos) = 10.0_f64.to_radians().sin_cos();
        assert!((x - 300.0 - 100.0 * cos).abs() < 1e-9);
        assert!((y - 200.0 + 100.0 * sin).abs() < 1e-9);
    }

    #[test]
    fn any_size_keeps_a_pixel_and_no_corner_is_empty() {
        for size in [
            Size::new(1, 1),
            Size::new(1, 90),
            Size::new(90, 1),
            Size::new(70, 50),
        ] {
            for angle in [-45.0, -7.3, 0.0, 0.1, 45.0] {
                let output = turned(angle, size).output_size;
                assert!(output.width >= 1 && output.height >= 1);
                assert!(output.width <= size.width && output.height <= size.height);
            }
        }
        let whole = turned(0.0, Size::new(33, 21));
        assert!(whole.as_placement().is_some() && whole.output_size == Size::new(33, 21));
    }
}
