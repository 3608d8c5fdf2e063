//! Outlines against Sobel's operator in f64.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

fn prepared(amount: f64, strength: f64, style: u16, size: Size) -> Prepared {
    let values = Values::on_add(&SPEC)
        .with(AMOUNT, Value::Number(amount))
        .with(STRENGTH, Value::Number(strength))
        .with(STYLE, Value::Choice(style));
    Edges.prepare(&values, &Frame::full(size))
}

fn steepness(picture: &Tile, plane_idx: usize, (x, y): (i64, i64)) -> f64 {
    let size = picture.size();
    let root = |dx: i64, dy: i64| {
        let row = picture.row(plane_idx, fold(y + dy, size.height));
        f64::from(row[fold(x + dx, size.width)]).max(0.0).sqrt()
    };
    let (mut across, mut down) = (0.0, 0.0);
    for (d, weight) in [(-1, 0.25), (0, 0.5), (1, 0.25)] {
        across += weight * (root(1, d) - root(-1, d));
        down += weight * (root(d, 1) - root(d, -1));
    }
    f64::hypot(across, down)
}

#[test]
fn agrees_with_the_formula() {
    for (size, amount, strength, style) in [
        (Size::new(70, 20), 100.0, 50.0, 0),
        (Size::new(30, 30), 40.0, 20.0, 1),
        (Size::new(1, 1), 100.0, 100.0, 1),
        (Size::new(1, 20), 100.0, 10.0, 0),
        (Size::new(20, 1), 70.0, 10.0, 1),
    ] {
        let mut picture = test_picture(size, 3);
        for value in picture.data_mut() {
            *value = *value * 1.2 - 0.1;
        }
        let result = same_in_any_tile(&prepared(amount, strength, style, size), &picture);
        for y in 0..size.height {
            for x in 0..size.width {
                let place = (i64::from(x), i64::from(y));
                let e = [0, 1, 2].map(|plane_idx| {
                    (steepness(&picture, plane_idx, place) * strength / 25.0).min(1.0)
                });
                for (plane_idx, e_c) in e.into_iter().enumerate() {
                    let most = e.into_iter().fold(0.0, f64::max);
                    let drawing = if style == INK {
                        (1.0 - most).powi(2)
                    } else {
                        e_c * e_c
                    };
                    let value = f64::from(picture.row(plane_idx, y as usize)[x as usize]);
                    let expected = value + amount / 100.0 * (drawing - value);
                    let got = f64::from(result.row(plane_idx, y as usize)[x as usize]);
                    assert!((got - expected).abs() < 1e-5, "{size:?} {style} {x} {y}");
                }
            }
        }
    }
}

#[test]
fn flat_places_and_hidden_neighbours_draw_nothing() {
    let size = Size::new(40, 20);
    let mut picture = test_picture(size, 4);
    for y in 0..20 {
        for plane_idx in 0..4 {
            picture.row_mut(plane_idx, y)[..20].fill(0.5);
            picture.row_mut(plane_idx, y)[20..40].fill(0.0);
        }
    }
    let light = same_in_any_tile(&prepared(100.0, 100.0, 0, size), &picture);
    assert_eq!(light.row(1, 9)[..40], [0.0; 40]);
    let ink = same_in_any_tile(&prepared(100.0, 100.0, INK, size), &picture);
    assert_eq!(ink.row(1, 9)[..20], [0.5; 20]);
    assert_eq!(ink.row(1, 9)[20..40], [0.0; 20]);
    assert_eq!(ink.row(3, 9)[..40], picture.row(3, 9)[..40]);
}

#[test]
fn what_is_not_finite_comes_out_finite() {
    let size = Size::new(40, 16);
    let mut picture = test_picture(size, 3);
    picture.row_mut(0, 7)[3] = f32::NAN;
    picture.row_mut(1, 7)[20] = f32::INFINITY;
    picture.row_mut(2, 7)[30] = f32::NEG_INFINITY;
    for style in [0, INK] {
        let result = same_in_any_tile(&prepared(60.0, 50.0, style, size), &picture);
        assert!(result.data().iter().all(|value| value.is_finite()));
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let values: Vec<f32> = (0..240).map(|i| (i * 37 % 101) as f32 / 101.0).collect();
    let outlines = Outlines {
        share: 0.7,
        gain: 1.3,
        is_ink: true,
    };
    let at = |level| {
        let mut out = [[0.5_f32; 64]; 6];
        let mut steep = [0.0; 4 * 64];
        let [a, b, c, d, e, f] = &mut out;
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let planes = [&values[..], &values[1..], &values[2..]];
                outline::<false>(outlines, (planes, &[]), 76, &mut steep, [a, b, c]);
                outline::<true>(outlines, (planes, &values), 76, &mut steep, [d, e, f]);
            },
        );
        out.map(|row| row.map(f32::to_bits))
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
