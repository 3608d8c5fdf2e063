//! Bilateral against its formula in f64, pixel by pixel.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

fn prepared(radius: f64, edge: f64, frame: &Frame) -> Prepared {
    let values = Values::on_add(&SPEC)
        .with(RADIUS, Value::Number(radius))
        .with(EDGE, Value::Number(edge));
    Bilateral.prepare(&values, frame)
}

/// Straight colours in, straight colours out; alpha weighs.
fn exact(picture: &Tile, radius: f64, edge: f64, (x, y): (u32, u32)) -> [f64; 3] {
    let size = picture.size();
    let at = |dx: i64, dy: i64| {
        let row = fold(i64::from(y) + dy, size.height);
        let column = fold(i64::from(x) + dx, size.width);
        let value = |plane_idx: usize| f64::from(picture.row(plane_idx, row)[column]);
        let alpha = if picture.n_planes() == 4 {
            value(3)
        } else {
            1.0
        };
        let root = |light: f64| (light / alpha.max(1e-9)).abs().sqrt() * light.signum();
        ([root(value(0)), root(value(1)), root(value(2))], alpha)
    };
    let (center, center_alpha) = at(0, 0);
    let sigma = edge / 200.0;
    let reach = radius as i64;
    let (mut sums, mut total) = ([0.0; 3], 0.0);
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let d2 = (dx * dx + dy * dy) as f64;
            if d2 > radius * radius {
                continue;
            }
            let (color, alpha) = at(dx, dy);
            let e2: f64 = (0..3).map(|i| (color[i] - center[i]).powi(2)).sum();
            let alike = (1.0 - e2 / (16.0 * sigma * sigma)).max(0.0).powi(8);
            let weight = (-2.0 * d2 / (radius * radius)).exp() * alike * alpha;
            total += weight;
            for i in 0..3 {
                sums[i] += weight * color[i];
            }
        }
    }
    sums.map(|sum| (sum / total) * (sum / total).abs() * center_alpha)
}

#[test]
fn agrees_with_the_formula() {
    for (size, radius, edge) in [
        (Size::new(70, 24), 4.0, 15.0),
        (Size::new(40, 30), 2.0, 60.0),
        (Size::new(30, 40), 7.0, 100.0),
        (Size::new(20, 20), 12.0, 1.0),
        (Size::new(1, 1), 4.0, 20.0),
        (Size::new(1, 20), 5.0, 20.0),
        (Size::new(20, 1), 9.0, 20.0),
        (Size::new(6, 5), 12.0, 40.0),
    ] {
        let mut picture = test_picture(size, 3);
        for value in picture.data_mut() {
            *value = *value * 1.5 - 0.1;
        }
        let prepared = prepared(radius, edge, &Frame::full(size));
        let result = same_in_any_tile(&prepared, &picture);
        for y in (0..size.height).step_by(3) {
            for x in 0..size.width {
                let expected = exact(&picture, radius, edge, (x, y));
                for (plane_idx, expected) in expected.into_iter().enumerate() {
                    let got = f64::from(result.row(plane_idx, y as usize)[x as usize]);
                    assert!(
                        (got - expected).abs() < 2e-5,
                        "{size:?} {radius} {edge} {x} {y}"
                    );
                }
            }
        }
    }
}

#[test]
fn neighbours_count_by_their_alpha_and_hidden_ones_not_at_all() {
    let size = Size::new(40, 30);
    let mut picture = test_picture(size, 4);
    for y in 0..30 {
        for x in 0..40 {
            let alpha = if x > 20 {
                0.0
            } else {
                0.25 + 0.03 * (x % 20) as f32
            };
            picture.row_mut(3, y)[x] = alpha;
            for plane_idx in 0..3 {
                picture.row_mut(plane_idx, y)[x] *= alpha;
            }
        }
    }
    let prepared = prepared(4.0, 50.0, &Frame::full(size));
    let result = same_in_any_tile(&prepared, &picture);
    for y in (0..30).step_by(7) {
        for x in 0..=20 {
            let expected = exact(&picture, 4.0, 50.0, (x, y as u32));
            let got = f64::from(result.row(2, y)[x as usize]);
            assert!((got - expected[2]).abs() < 2e-5, "{x} {y}");
        }
        assert_eq!(result.row(1, y)[21..40], [0.0; 19]);
        assert_eq!(result.row(3, y)[..40], picture.row(3, y)[..40]);
    }
}

#[test]
fn a_high_edge_stays_and_noise_goes() {
    let size = Size::new(64, 40);
    let mut picture = test_picture(size, 3);
    for plane_idx in 0..3 {
        for y in 0..40 {
            for (x, value) in picture.row_mut(plane_idx, y).iter_mut().enumerate() {
                let noise = 0.02 * ((x * 7 + y * 3) % 5) as f32 / 4.0;
                *value = noise + if x < 32 { 0.1 } else { 0.8 };
            }
        }
    }
    let result = same_in_any_tile(&prepared(4.0, 15.0, &Frame::full(size)), &picture);
    let row = &result.row(0, 20)[..64];
    let spread = |part: &[f32]| {
        let high = part.iter().copied().fold(f32::MIN, f32::max);
        high - part.iter().copied().fold(f32::MAX, f32::min)
    };
    assert!(spread(&row[8..32]) < 0.01 && spread(&row[32..56]) < 0.01);
    assert!(row[32] - row[31] > 0.69);
}

#[test]
fn vanishes_below_a_pixel_and_stays_finite() {
    let size = Size::new(40, 20);
    let mut picture = test_picture(size, 3);
    let mut frame = Frame::full(size);
    frame.scale = 0.2;
    let same = same_in_any_tile(&prepared(4.0, 15.0, &frame), &picture);
    assert_eq!(same.row(0, 4)[..40], picture.row(0, 4)[..40]);
    picture.row_mut(0, 5)[10] = f32::NAN;
    picture.row_mut(1, 5)[12] = f32::INFINITY;
    picture.row_mut(2, 7)[10] = f32::NEG_INFINITY;
    picture.row_mut(2, 9)[10] = -0.3;
    for edge in [1.0, 100.0] {
        let result = same_in_any_tile(&prepared(4.0, edge, &Frame::full(size)), &picture);
        assert!(result.data().iter().all(|value| value.is_finite()));
        assert!(result.row(1, 5)[13] <= 1.0);
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let disc = Disc::new(3.0, 0.1);
    let values: Vec<f32> = (0..7 * 64).map(|i| (i * 37 % 101) as f32 / 40.0).collect();
    let at = |level| {
        let mut out = [[0.0_f32; 48]; 6];
        let [a, b, c, d, e, f] = &mut out;
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let roots = [&values[..], &values[1..], &values[2..]];
                mean_row::<false>(&disc, (roots, &[]), 60, [a, b, c]);
                mean_row::<true>(&disc, (roots, &values), 60, [d, e, f]);
            },
        );
        out.map(|row| row.map(f32::to_bits))
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
