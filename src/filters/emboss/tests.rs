//! The relief against its formula in f64.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

fn prepared(amount: f64, depth: f64, angle: f64, size: Size) -> Prepared {
    let values = Values::on_add(&SPEC)
        .with(AMOUNT, Value::Number(amount))
        .with(DEPTH, Value::Number(depth))
        .with(ANGLE, Value::Number(angle));
    Emboss.prepare(&values, &Frame::full(size))
}

/// The light on the relief.
fn exact(picture: &Tile, depth: f64, angle: f64, (x, y): (i64, i64)) -> f64 {
    let size = picture.size();
    let height = |dx: i64, dy: i64| {
        let row_idx = fold(y + dy, size.height);
        let column = fold(x + dx, size.width);
        let value = |plane_idx: usize| f64::from(picture.row(plane_idx, row_idx)[column]);
        (0.2627 * value(0) + 0.678 * value(1) + 0.0593 * value(2))
            .max(0.0)
            .sqrt()
    };
    let (mut across, mut down) = (0.0, 0.0);
    for (d, weight) in [(-1, 0.25), (0, 0.5), (1, 0.25)] {
        across += weight * (height(1, d) - height(-1, d));
        down += weight * (height(d, 1) - height(d, -1));
    }
    let (sin, cos) = angle.to_radians().sin_cos();
    let towards_light = across * cos - down * sin;
    (0.18_f64.sqrt() - depth / 25.0 * towards_light)
        .max(0.0)
        .powi(2)
}

#[test]
fn agrees_with_the_formula() {
    for (size, amount, depth, angle) in [
        (Size::new(70, 20), 100.0, 25.0, 135.0),
        (Size::new(30, 30), 40.0, 100.0, -60.0),
        (Size::new(1, 1), 100.0, 50.0, 0.0),
        (Size::new(1, 20), 100.0, 50.0, 90.0),
        (Size::new(20, 1), 70.0, 50.0, 180.0),
    ] {
        let picture = test_picture(size, 3);
        let result = same_in_any_tile(&prepared(amount, depth, angle, size), &picture);
        for y in 0..size.height {
            for x in 0..size.width {
                let relief = exact(&picture, depth, angle, (i64::from(x), i64::from(y)));
                for plane_idx in 0..3 {
                    let value = f64::from(picture.row(plane_idx, y as usize)[x as usize]);
                    let expected = value + amount / 100.0 * (relief - value);
                    let got = f64::from(result.row(plane_idx, y as usize)[x as usize]);
                    assert!((got - expected).abs() < 5e-5, "{size:?} {angle} {x} {y}");
                }
            }
        }
    }
}

/// A bright disc stands out: the flank towards the light is lit.
#[test]
fn what_is_bright_is_high() {
    let size = Size::new(40, 40);
    let mut picture = test_picture(size, 3);
    for plane_idx in 0..3 {
        for y in 0..40_i32 {
            for x in 0..40_i32 {
                let is_disc = (x - 20).pow(2) + (y - 20).pow(2) < 100;
                let value = if is_disc { 0.6 } else { 0.1 };
                picture.row_mut(plane_idx, y as usize)[x as usize] = value;
            }
        }
    }
    let result = same_in_any_tile(&prepared(100.0, 40.0, 135.0, size), &picture);
    assert!(result.row(0, 13)[13] > 0.3 && result.row(0, 27)[27] < 0.1);
    assert!((result.row(0, 20)[20] - 0.18).abs() < 1e-6);
}

#[test]
fn hidden_neighbours_cast_no_edge_and_odd_light_stays_finite() {
    let size = Size::new(40, 20);
    let mut picture = test_picture(size, 4);
    for y in 0..20 {
        for plane_idx in 0..4 {
            picture.row_mut(plane_idx, y)[..20].fill(0.5);
            picture.row_mut(plane_idx, y)[20..40].fill(0.0);
        }
    }
    let result = same_in_any_tile(&prepared(100.0, 100.0, 10.0, size), &picture);
    assert!(
        result.row(1, 9)[..20]
            .iter()
            .all(|value| (value - 0.09).abs() < 1e-6)
    );
    assert_eq!(result.row(1, 9)[20..40], [0.0; 20]);
    assert_eq!(result.row(3, 9)[..40], picture.row(3, 9)[..40]);
    picture.row_mut(0, 7)[3] = f32::NAN;
    picture.row_mut(1, 7)[9] = f32::INFINITY;
    picture.row_mut(2, 7)[15] = f32::NEG_INFINITY;
    let result = same_in_any_tile(&prepared(60.0, 100.0, 10.0, size), &picture);
    assert!(result.data().iter().all(|value| value.is_finite()));
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let values: Vec<f32> = (0..240).map(|i| (i * 37 % 101) as f32 / 101.0).collect();
    let relief = Relief {
        share: 0.7,
        slope: [1.3, -0.4],
    };
    let at = |level| {
        let mut out = [[0.5_f32; 64]; 6];
        let [a, b, c, d, e, f] = &mut out;
        vectorize_at(
            level,
            #[inline(always)]
            || {
                carve::<false>(relief, (&values, &[]), 80, [a, b, c]);
                carve::<true>(relief, (&values, &values[1..]), 79, [d, e, f]);
            },
        );
        out.map(|row| row.map(f32::to_bits))
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
