//! Sharpening against its formula in f64.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

fn prepared(amount: f64, radius: f64, size: Size) -> Prepared {
    let values = Values::on_add(&SPEC)
        .with(AMOUNT, Value::Number(amount))
        .with(RADIUS, Value::Number(radius));
    Sharpen.prepare(&values, &Frame::full(size))
}

fn exact_root(picture: &Tile, x: i64, y: i64) -> f64 {
    let (x, y) = (
        fold(x, picture.size().width),
        fold(y, picture.size().height),
    );
    let [r, g, b] = [0, 1, 2].map(|plane_idx| f64::from(picture.row(plane_idx, y)[x]));
    (0.2627002 * r + 0.6779981 * g + 0.0593017 * b)
        .max(0.0)
        .sqrt()
}

fn exact_gain(picture: &Tile, strength: f64, sigma: f64, (x, y): (i64, i64)) -> f64 {
    let reach = (3.0 * sigma).ceil() as i64;
    let (mut sum, mut total) = (0.0, 0.0);
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let weight = (-0.5 * (dx * dx + dy * dy) as f64 / (sigma * sigma)).exp();
            sum += weight * exact_root(picture, x + dx, y + dy);
            total += weight;
        }
    }
    let root = exact_root(picture, x, y);
    let difference = root - sum / total;
    let sharpened = root + strength * difference / (1.0 + difference.abs() / 0.2);
    (sharpened.clamp(root / 3.0, root * 3.0) / root).powi(2)
}

#[test]
fn agrees_with_the_formula_at_every_size() {
    for (size, radius) in [
        (Size::new(75, 20), 1.0),
        (Size::new(30, 22), 2.6),
        (Size::new(1, 1), 1.0),
        (Size::new(1, 19), 0.5),
        (Size::new(23, 1), 3.0),
        (Size::new(4, 3), 3.0),
    ] {
        let picture = test_picture(size, 3);
        let sharp = same_in_any_tile(&prepared(80.0, radius, size), &picture);
        for y in 0..size.height {
            for x in 0..size.width {
                let gain = exact_gain(&picture, 1.2, radius, (i64::from(x), i64::from(y)));
                let expected = gain * f64::from(picture.row(0, y as usize)[x as usize]);
                let got = f64::from(sharp.row(0, y as usize)[x as usize]);
                assert!((got - expected).abs() < 1e-4, "{size:?} {x} {y}");
            }
        }
    }
}

#[test]
fn amount_nought_and_flat_places_stay() {
    let size = Size::new(40, 12);
    let picture = test_picture(size, 3);
    let same = same_in_any_tile(&prepared(0.0, 1.0, size), &picture);
    assert_eq!(same.row(1, 5)[..40], picture.row(1, 5)[..40]);
    let mut flat = picture;
    flat.data_mut().fill(0.5);
    let still = same_in_any_tile(&prepared(150.0, 3.0, size), &flat);
    assert!((still.row(0, 6)[20] - 0.5).abs() < 1e-5);
}

#[test]
fn a_cut_out_of_one_colour_gets_no_rim() {
    let size = Size::new(40, 30);
    let mut picture = Tile::new(Rect::of(size), 4);
    for y in 0..30 {
        for x in 0..40 {
            let alpha = if x < 20 { 1.0 } else { 0.0 };
            for plane_idx in 0..3 {
                picture.row_mut(plane_idx, y)[x] = 0.4 * alpha;
            }
            picture.row_mut(3, y)[x] = alpha;
        }
    }
    let sharp = same_in_any_tile(&prepared(150.0, 2.0, size), &picture);
    for x in 0..20 {
        assert!((sharp.row(1, 15)[x] - 0.4).abs() < 1e-4, "{x}");
    }
    assert_eq!(sharp.row(3, 15)[..40], picture.row(3, 15)[..40]);
    assert_eq!(sharp.row(0, 15)[30], 0.0);
}

#[test]
fn what_is_not_finite_ends_there() {
    let size = Size::new(50, 20);
    for n_planes in [3, 4] {
        let mut picture = test_picture(size, n_planes);
        picture.row_mut(0, 5)[10] = f32::NAN;
        picture.row_mut(1, 5)[14] = f32::INFINITY;
        picture.row_mut(2, 7)[14] = f32::NEG_INFINITY;
        picture.row_mut(n_planes - 1, 9)[14] = f32::NAN;
        let sharp = same_in_any_tile(&prepared(100.0, 1.0, size), &picture);
        assert!(sharp.data().iter().all(|value| value.is_finite()));
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let at = |level| {
        let mut picture = test_picture(Size::new(64, 2), 4);
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let mut roots = [0.0; 64];
                let colors = [0, 1, 2].map(|plane_idx| picture.row(plane_idx, 0));
                weighted_root_row(colors, picture.row(3, 0), &mut roots);
                let row = picture.color_row_mut(1);
                let alpha = row.a.unwrap();
                sharpen_weighted_row(0.8, [row.r, row.g, row.b], alpha, [&roots, &[0.7; 64]]);
                let row = picture.color_row_mut(0);
                sharpen_row(1.2, [row.r, row.g, row.b], &roots);
            },
        );
        let bits: Vec<u32> = picture.data().iter().map(|v| v.to_bits()).collect();
        bits
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
