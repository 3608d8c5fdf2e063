//! Motion blur: the photo drawn out along a straight line, as by a camera that moves.
//!
//! **Formula**: the mean over the segment of length L = length · scale in direction `angle`, the
//! pixel in its middle, in linear light. The segment is cut at whole steps of its longer axis; each
//! step counts by the part of its pixel that the segment covers, and lies between two pixels of the
//! other axis, shared linearly. Beyond the frame stands its mirror image. **Range**: length
//! 0…200 px of the photo, below one pixel nothing; angle −90…90°, 0 level, positive anti-clockwise.
//! **Alpha**: blurred alike; colour is weighted by it. **Reach**: L / 2. **Preview**: the same line,
//! its length scaled; detail finer than a preview pixel is judged at 100 %.

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::direction::direction;
use super::kernels::taps::{Tap, Taps};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const LENGTH: usize = 0;
const ANGLE: usize = 1;

static SPEC: Spec = Spec {
    id: "motion-blur",
    label: "Motion blur",
    summary: "draws the photo out along a line, as movement does",
    group: Group::Effects,
    rank: 504,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "length",
            label: "Length",
            kind: ParamKind::Number(NumberSpec {
                min: 0.0,
                max: 200.0,
                step: 1.0,
                identity: Some(0.0),
                on_add: 24.0,
                unit: Unit::Px,
                decimals: 0,
                track: Track::Fine,
            }),
        },
        ParamSpec {
            id: "angle",
            label: "Angle",
            kind: ParamKind::Number(NumberSpec {
                min: -90.0,
                max: 90.0,
                step: 1.0,
                identity: None,
                on_add: 0.0,
                unit: Unit::Degrees,
                decimals: 0,
                track: Track::Plain,
            }),
        },
    ],
};

pub(super) struct MotionBlur;

impl Filter for MotionBlur {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let length_px = values.number(LENGTH) * frame.scale;
        Prepared::Area(Box::new(Taps::new(line(length_px, values.number(ANGLE)))))
    }
}

/// The weights of a segment of `length_px` around the pixel; they sum to 1.
fn line(length_px: f64, angle_deg: f64) -> Vec<Tap> {
    let [across, up] = direction(angle_deg);
    // Rows count downwards.
    let down = -up;
    let is_flat = across.abs() >= down.abs();
    let (major, minor) = if is_flat {
        (across, down)
    } else {
        (down, across)
    };
    // One pixel at least: a point is the pixel itself.
    let extent = (length_px * major.abs()).max(1.0);
    let slope = minor / major;
    let n_steps = (extent / 2.0 - 0.5).ceil() as i32;
    let mut taps = Vec::with_capacity(4 * n_steps as usize + 2);
    for step in -n_steps..=n_steps {
        let distance = f64::from(step.abs());
        let covered = (extent / 2.0 + 0.5 - distance).min(1.0) / extent;
        let offset = f64::from(step) * slope;
        let share = offset - offset.floor();
        let parts = [
            (offset.floor() as i32, 1.0 - share),
            (offset.floor() as i32 + 1, share),
        ];
        for (side, share) in parts {
            let weight = (covered * share) as f32;
            let (dx, dy) = if is_flat { (step, side) } else { (side, step) };
            if weight > 0.0 {
                taps.push(Tap { dx, dy, weight });
            }
        }
    }
    taps.sort_unstable_by_key(|tap| (tap.dy, tap.dx));
    taps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::value::Value;
    use crate::filters::whole::{fold, same_in_any_tile, test_picture};
    use crate::pixels::geometry::Size;
    use crate::pixels::tile::Tile;

    fn prepared(length: f64, angle: f64, frame: &Frame) -> Prepared {
        let values = Values::on_add(&SPEC)
            .with(LENGTH, Value::Number(length))
            .with(ANGLE, Value::Number(angle));
        MotionBlur.prepare(&values, frame)
    }

    /// The mean along the line by fine sampling of the picture, interpolated across it.
    fn exact(picture: &Tile, length: f64, angle: f64, at: (u32, u32)) -> f64 {
        let (sin, cos) = angle.to_radians().sin_cos();
        let is_flat = cos.abs() >= sin.abs();
        let n_samples = 20_000;
        let mut sum = 0.0;
        for i in 0..n_samples {
            let t = ((f64::from(i) + 0.5) / f64::from(n_samples) - 0.5) * length;
            let (dx, dy) = (t * cos, -t * sin);
            let (major, minor) = if is_flat {
                (dx, -sin / cos)
            } else {
                (dy, -cos / sin)
            };
            let step = major.round();
            let side = step * minor;
            let value = |side: f64| {
                let (dx, dy) = if is_flat { (step, side) } else { (side, step) };
                let row = fold(i64::from(at.1) + dy as i64, picture.size().height);
                let column = fold(i64::from(at.0) + dx as i64, picture.size().width);
                f64::from(picture.row(1, row)[column])
            };
            let share = side - side.floor();
            sum += (1.0 - share) * value(side.floor()) + share * value(side.floor() + 1.0);
        }
        sum / f64::from(n_samples)
    }

    #[test]
    fn agrees_with_the_mean_along_the_line() {
        for (size, length, angle) in [
            (Size::new(60, 40), 12.0, 0.0),
            (Size::new(60, 40), 13.7, 30.0),
            (Size::new(40, 60), 21.0, -70.0),
            (Size::new(40, 40), 9.0, 45.0),
            (Size::new(40, 30), 15.0, 90.0),
            (Size::new(1, 1), 30.0, 20.0),
            (Size::new(1, 25), 40.0, 60.0),
            (Size::new(25, 1), 40.0, 10.0),
            (Size::new(12, 9), 90.0, -35.0),
        ] {
            let picture = test_picture(size, 3);
            let result = same_in_any_tile(&prepared(length, angle, &Frame::full(size)), &picture);
            for y in (0..size.height).step_by(7) {
                for x in (0..size.width).step_by(11) {
                    let expected = exact(&picture, length, angle, (x, y));
                    let got = f64::from(result.row(1, y as usize)[x as usize]);
                    // The sampling is that coarse.
                    let bound = 1.5e-4;
                    assert!(
                        (got - expected).abs() < bound,
                        "{size:?} {length} {angle} {x} {y}"
                    );
                }
            }
        }
    }

    #[test]
    fn weights_sum_to_one_and_a_point_is_the_pixel() {
        for length in [0.0, 0.4, 1.0, 2.5, 7.0, 200.0] {
            for angle in [-90.0, -45.0, -10.0, 0.0, 33.0, 45.0, 90.0] {
                let taps = line(length, angle);
                let sum: f64 = taps.iter().map(|tap| f64::from(tap.weight)).sum();
                assert!((sum - 1.0).abs() < 1e-6, "{length} {angle}: {sum}");
                let strays = taps
                    .iter()
                    .filter(|tap| tap.dx.abs().max(tap.dy.abs()) > 101);
                assert_eq!(strays.count(), 0);
            }
        }
        let point = Tap {
            dx: 0,
            dy: 0,
            weight: 1.0,
        };
        assert_eq!(line(0.0, 20.0), [point]);
        assert_eq!(line(1.0, 0.0), [point]);
    }

    #[test]
    fn the_length_follows_the_scale() {
        let size = Size::new(50, 40);
        let picture = test_picture(size, 3);
        let mut frame = Frame::full(size);
        frame.scale = 0.25;
        let scaled = same_in_any_tile(&prepared(40.0, 25.0, &frame), &picture);
        let of_ten = same_in_any_tile(&prepared(10.0, 25.0, &Frame::full(size)), &picture);
        assert_eq!(scaled.row(0, 11)[..50], of_ten.row(0, 11)[..50]);
    }

    #[test]
    fn what_is_not_finite_or_hidden_does_not_spread() {
        let size = Size::new(64, 40);
        let mut picture = test_picture(size, 4);
        picture.row_mut(0, 5)[10] = f32::NAN;
        picture.row_mut(1, 5)[10] = f32::INFINITY;
        picture.row_mut(2, 5)[10] = f32::NEG_INFINITY;
        let result = same_in_any_tile(&prepared(30.0, 20.0, &Frame::full(size)), &picture);
        assert!(result.data().iter().all(|value| value.is_finite()));
        // Premultiplied: where nothing is visible every plane is 0.
        for y in 0..40 {
            for plane_idx in 0..4 {
                picture.row_mut(plane_idx, y)[..64].fill(0.25);
                picture.row_mut(plane_idx, y)[32..64].fill(0.0);
            }
        }
        let result = same_in_any_tile(&prepared(30.0, 20.0, &Frame::full(size)), &picture);
        for x in 0..45 {
            let (color, alpha) = (result.row(0, 20)[x], result.row(3, 20)[x]);
            assert!((color / alpha - 1.0).abs() < 1e-5, "{x}");
        }
    }
}
