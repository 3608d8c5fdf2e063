//! The median against sorting every window.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};

fn prepared(radius: f64, frame: &Frame) -> Prepared {
    let values = Values::on_add(&SPEC).with(RADIUS, Value::Number(radius));
    Median.prepare(&values, frame)
}

fn exact(picture: &Tile, plane_idx: usize, radius: i64, (x, y): (i64, i64)) -> f32 {
    let size = picture.size();
    let mut window: Vec<f32> = (-radius..=radius)
        .flat_map(|dy| {
            let row = picture.row(plane_idx, fold(y + dy, size.height));
            (-radius..=radius).map(move |dx| row[fold(x + dx, size.width)])
        })
        .collect();
    window.sort_by(f32::total_cmp);
    window[window.len() / 2]
}

#[test]
fn is_the_middle_of_every_window() {
    for (size, radius) in [
        (Size::new(50, 20), 1),
        (Size::new(50, 20), 2),
        (Size::new(50, 20), 3),
        (Size::new(140, 9), 5),
        (Size::new(9, 130), 13),
        (Size::new(1, 1), 1),
        (Size::new(1, 1), 20),
        (Size::new(9, 7), 100),
        (Size::new(300, 4), 30),
        (Size::new(1, 20), 2),
        (Size::new(33, 1), 7),
        (Size::new(6, 5), 20),
    ] {
        let mut picture = test_picture(size, 3);
        // Equal values and negative ones as well.
        for value in picture.data_mut() {
            *value = (*value * 24.0).round() / 24.0 - 0.08;
        }
        let result = same_in_any_tile(&prepared(f64::from(radius), &Frame::full(size)), &picture);
        for y in 0..size.height {
            for x in 0..size.width {
                let place = (i64::from(x), i64::from(y));
                let got = result.row(1, y as usize)[x as usize];
                let expected = exact(&picture, 1, i64::from(radius), place);
                let bound = if radius > 2 { 1.0e-4 } else { 0.0 };
                assert!(
                    (got - expected).abs() <= bound,
                    "{size:?} {radius} {place:?}"
                );
            }
        }
    }
}

#[test]
fn the_radius_follows_the_scale_and_vanishes_below_half_a_pixel() {
    let size = Size::new(30, 20);
    let picture = test_picture(size, 4);
    let mut frame = Frame::full(size);
    frame.scale = 0.2;
    let same = same_in_any_tile(&prepared(2.0, &frame), &picture);
    assert_eq!(same.row(3, 4)[..30], picture.row(3, 4)[..30]);
    let of_scaled = same_in_any_tile(&prepared(6.0, &frame), &picture);
    let of_one = same_in_any_tile(&prepared(1.0, &Frame::full(size)), &picture);
    assert_eq!(of_scaled.row(0, 4)[..30], of_one.row(0, 4)[..30]);
}

#[test]
fn what_is_not_finite_comes_out_finite() {
    let size = Size::new(40, 16);
    let mut picture = test_picture(size, 3);
    for x in 0..40 {
        picture.row_mut(0, 7)[x] = f32::NAN;
        picture.row_mut(1, x % 16)[x] = f32::INFINITY;
    }
    for radius in [1.0, 2.0, 4.0] {
        let result = same_in_any_tile(&prepared(radius, &Frame::full(size)), &picture);
        assert!(result.data().iter().all(|value| value.is_finite()));
    }
}
