//! Moved channels against cubic interpolation in f64.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

fn prepared(red: f64, blue: f64, size: Size) -> Prepared {
    let values = Values::identity(&SPEC)
        .with(RED, Value::Number(red))
        .with(BLUE, Value::Number(blue));
    ChromaticAberration.prepare(&values, &Frame::full(size))
}

/// Keys' kernel, a = −½, of any distance.
fn cubic(d: f64) -> f64 {
    let d = d.abs();
    if d < 1.0 {
        1.5 * d.powi(3) - 2.5 * d * d + 1.0
    } else if d < 2.0 {
        -0.5 * d.powi(3) + 2.5 * d * d - 4.0 * d + 2.0
    } else {
        0.0
    }
}

fn exact(picture: &Tile, plane_idx: usize, amount: f64, (x, y): (usize, usize)) -> f64 {
    let size = picture.size();
    let read_at = |x: usize, length: u32| {
        let centre = f64::from(length) / 2.0;
        centre + (x as f64 + 0.5 - centre) * (1.0 + amount / 50_000.0) - 0.5
    };
    let (at_x, at_y) = (read_at(x, size.width), read_at(y, size.height));
    let mut sum = 0.0;
    for dy in -3..=3 {
        for dx in -3..=3 {
            let (px, py) = (at_x.round() + f64::from(dx), at_y.round() + f64::from(dy));
            let row = picture.row(plane_idx, fold(py as i64, size.height));
            let value = f64::from(row[fold(px as i64, size.width)]);
            sum += cubic(at_x - px) * cubic(at_y - py) * value;
        }
    }
    sum
}

#[test]
fn agrees_with_the_formula_at_every_size() {
    for (size, red, blue) in [
        (Size::new(1500, 8), 100.0, -70.0),
        (Size::new(5, 900), -100.0, 33.0),
        (Size::new(1, 1), 50.0, 100.0),
        (Size::new(1, 40), 50.0, -100.0),
        (Size::new(40, 1), -50.0, 100.0),
    ] {
        let picture = test_picture(size, 3);
        let moved = same_in_any_tile(&prepared(red, blue, size), &picture);
        for y in 0..size.height as usize {
            for x in 0..size.width as usize {
                for (plane_idx, amount) in [(0, red), (2, blue)] {
                    let expected = exact(&picture, plane_idx, amount, (x, y));
                    let got = f64::from(moved.row(plane_idx, y)[x]);
                    assert!(
                        (got - expected).abs() < 1e-4,
                        "{size:?} {plane_idx} {x} {y}"
                    );
                }
            }
            assert_eq!(moved.row(1, y), picture.row(1, y));
        }
    }
}

#[test]
fn undoes_a_magnified_channel() {
    let size = Size::new(2000, 6);
    let mut picture = Tile::new(Rect::of(size), 3);
    let wave = |x: f64| (0.5 + 0.4 * (x * 0.2).sin()) as f32;
    for y in 0..6 {
        for x in 0..2000 {
            let at = x as f64 + 0.5 - 1000.0;
            picture.row_mut(0, y)[x] = wave(at / 1.0016);
            picture.row_mut(1, y)[x] = wave(at);
        }
    }
    let mended = same_in_any_tile(&prepared(80.0, 0.0, size), &picture);
    for x in 5..1995 {
        assert!(
            (mended.row(0, 3)[x] - mended.row(1, 3)[x]).abs() < 1e-3,
            "{x}"
        );
    }
}

#[test]
fn hidden_colour_does_not_bleed_and_alpha_stays() {
    let size = Size::new(3000, 4);
    let mut picture = Tile::new(Rect::of(size), 4);
    for y in 0..4 {
        for x in 0..3000 {
            let alpha = if x < 2900 { 1.0 } else { 0.0 };
            (0..3).for_each(|p| picture.row_mut(p, y)[x] = 0.4 * alpha);
            picture.row_mut(3, y)[x] = alpha;
        }
    }
    let moved = same_in_any_tile(&prepared(100.0, -100.0, size), &picture);
    for x in 0..2895 {
        assert!((moved.row(0, 2)[x] - 0.4).abs() < 1e-5, "{x}");
        assert!((moved.row(2, 2)[x] - 0.4).abs() < 1e-5, "{x}");
    }
    assert_eq!(moved.row(3, 2), picture.row(3, 2));
    assert_eq!(moved.row(2, 2)[2950], 0.0);
}

#[test]
fn what_is_not_finite_ends_there() {
    let size = Size::new(60, 20);
    for n_planes in [3, 4] {
        let mut picture = test_picture(size, n_planes);
        picture.row_mut(0, 5)[10] = f32::NAN;
        picture.row_mut(1, 5)[14] = f32::INFINITY;
        picture.row_mut(2, 7)[14] = f32::NEG_INFINITY;
        picture.row_mut(n_planes - 1, 9)[14] = f32::NAN;
        let moved = same_in_any_tile(&prepared(100.0, -100.0, size), &picture);
        assert!(moved.data().iter().all(|value| value.is_finite()));
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let picture = test_picture(Size::new(64, 1), 3);
    let at = |level| {
        let row = picture.row(0, 0);
        let (mut sums, mut moved) = ([0.0; 64], [0.0; 61]);
        vectorize_at(
            level,
            #[inline(always)]
            || {
                combine([row; 4], [-0.1, 0.7, 0.6, -0.2], &mut sums);
                move_run(
                    &sums,
                    [&row[..61], &row[1..62], &row[2..63], &row[3..64]],
                    &mut moved,
                );
            },
        );
        moved.map(f32::to_bits)
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
