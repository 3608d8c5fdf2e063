//! Perspective: makes converging lines parallel, as if the camera had not been tilted.
//!
//! **Formula**: the homography K · R · K⁻¹ of a camera turned about its own point of view, its focal
//! length taken as the frame's longer side (that of a moderate wide angle); ±100 is ±30°. `vertical`
//! above 0 widens the top (buildings seen from below), `horizontal` above 0 the right. The largest
//! part of the frame's aspect without empty corners is kept, its middle at the photo's own density of
//! pixels. One Lanczos-3 resample, shared with the geometry beside it in the stack. **Alpha**:
//! premultiplied while it is resampled. **Preview**: the same view of the reduced photo.

use crate::pixels::math::sin_cos_pi_f64;

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;
use super::warp::{Homography, cropped};

const VERTICAL: usize = 0;
const HORIZONTAL: usize = 1;

/// Half-turns that an amount of 1 turns the camera by: 0.3°.
const HALF_TURNS: f64 = 0.3 / 180.0;

const fn amount(on_add: f64) -> ParamKind {
    ParamKind::Number(NumberSpec {
        min: -100.0,
        max: 100.0,
        step: 1.0,
        identity: Some(0.0),
        on_add,
        unit: Unit::None,
        decimals: 0,
        track: Track::Plain,
    })
}

static SPEC: Spec = Spec {
    id: "perspective",
    label: "Perspective",
    summary: "makes converging lines parallel",
    group: Group::Geometry,
    rank: 22,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "vertical",
            label: "Vertical",
            kind: amount(30.0),
        },
        ParamSpec {
            id: "horizontal",
            label: "Horizontal",
            kind: amount(0.0),
        },
    ],
};

pub(super) struct Perspective;

impl Filter for Perspective {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let size = frame.full_size;
        let focal = f64::from(size.long_side());
        let (x, y) = (f64::from(size.width) / 2.0, f64::from(size.height) / 2.0);
        let (sin_v, cos_v) = sin_cos_pi_f64(values.number(VERTICAL) * HALF_TURNS);
        let (sin_h, cos_h) = sin_cos_pi_f64(values.number(HORIZONTAL) * HALF_TURNS);
        let up = Homography([1.0, 0.0, 0.0, 0.0, cos_v, sin_v, 0.0, -sin_v, cos_v]);
        let aside = Homography([cos_h, 0.0, -sin_h, 0.0, 1.0, 0.0, sin_h, 0.0, cos_h]);
        let camera = Homography::scaling(focal, focal)
            .after(&up)
            .after(&aside)
            .after(&Homography::scaling(1.0 / focal, 1.0 / focal));
        let about_middle = Homography::translation(x, y)
            .after(&camera)
            .after(&Homography::translation(-x, -y));
        Prepared::Warp(cropped(&about_middle, size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::filters::warp::Warp;
    use crate::pixels::geometry::Size;

    fn seen(vertical: f64, horizontal: f64, size: Size) -> Warp {
        let values = probe::values(&Perspective, &[vertical, horizontal]);
        match Perspective.prepare(&values, &Frame::full(size)) {
            Prepared::Warp(warp) => warp,
            _ => panic!("perspective is a warp"),
        }
    }

    #[test]
    fn the_side_that_is_widened_comes_from_less_of_the_photo() {
        let size = Size::new(600, 400);
        let width_at = |warp: &Warp, y: f64| {
            let right = f64::from(warp.output_size.width);
            warp.to_input.apply([right, y])[0] - warp.to_input.apply([0.0, y])[0]
        };
        let warp = seen(40.0, 0.0, size);
        let bottom = f64::from(warp.output_size.height);
        assert!(width_at(&warp, 0.0) < 0.95 * width_at(&warp, bottom));
        let warp = seen(-40.0, 0.0, size);
        let bottom = f64::from(warp.output_size.height);
        assert!(width_at(&warp, 0.0) > 1.05 * width_at(&warp, bottom));
    }

    #[test]
    fn every_corner_shows_the_photo_and_rows_stay_level() {
        for size in [
            Size::new(600, 400),
            Size::new(400, 600),
            Size::new(300, 300),
        ] {
            for (v, h) in [(100.0, 0.0), (0.0, -100.0), (100.0, 100.0), (-60.0, 35.0)] {
                let warp = seen(v, h, size);
                let (w, h_px) = (warp.output_size.width, warp.output_size.height);
                assert!(w > size.width / 4, "{size:?} {v} {h}: {w}");
                let aspect = f64::from(w) / f64::from(h_px);
                let own = f64::from(size.width) / f64::from(size.height);
                assert!((aspect / own - 1.0).abs() < 0.02);
                for corner in [[0, 0], [w, 0], [0, h_px], [w, h_px]] {
                    let [x, y] = warp.to_input.apply(corner.map(f64::from));
                    assert!(x > -1e-3 && x < f64::from(size.width) + 1e-3);
                    assert!(y > -1e-3 && y < f64::from(size.height) + 1e-3);
                }
            }
        }
        let level = seen(50.0, 0.0, Size::new(600, 400));
        let [a, b] = [5.0, 200.0].map(|x| level.to_input.apply([x, 30.0])[1]);
        assert!((a - b).abs() < 1e-9);
    }

    #[test]
    fn the_smallest_pictures_survive() {
        for size in [Size::new(1, 1), Size::new(1, 40), Size::new(40, 1)] {
            let output = seen(100.0, -100.0, size).output_size;
            assert!(output.width >= 1 && output.height >= 1);
        }
    }
}
