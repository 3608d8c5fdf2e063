//! Sharpening against its formula in f64.

use super::rows::unweigh;
use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

fn prepared(amount: f64, radius: f64, size: Size) -> Prepared {
    with_all([amount, radius, 25.0, 0.0], size)
}

/// Amount, radius, detail, masking.
fn with_all(numbers: [f64; 4], size: Size) -> Prepared {
    let values = numbers
        .into_iter()
        .enumerate()
        .fold(Values::on_add(&SPEC), |values, (param_idx, number)| {
            values.with(param_idx, Value::Number(number))
        });
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

fn exact_blur(sigma: f64, at: (i64, i64), value: impl Fn(i64, i64) -> f64) -> f64 {
    let reach = (3.0 * sigma).ceil() as i64;
    let (mut sum, mut total) = (0.0, 0.0);
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let weight = (-0.5 * (dx * dx + dy * dy) as f64 / (sigma * sigma)).exp();
            sum += weight * value(at.0 + dx, at.1 + dy);
            total += weight;
        }
    }
    sum / total
}

fn exact_gain(picture: &Tile, [amount, sigma, detail, masking]: [f64; 4], at: (i64, i64)) -> f64 {
    let p = |x: i64, y: i64| exact_root(picture, x, y);
    let root = p(at.0, at.1);
    let (delta, mu) = (detail / 100.0, masking / 100.0);
    let (c, h) = (0.006 * (1.0 - delta), 0.12 + 0.4 * delta);
    let d = root - exact_blur(sigma, at, p);
    let mask = if mu > 0.0 {
        let folded = |x: i64, y: i64| {
            let size = picture.size();
            let (x, y) = (fold(x, size.width) as i64, fold(y, size.height) as i64);
            let dx = (p(x + 1, y) - p(x - 1, y)) / 2.0;
            let dy = (p(x, y + 1) - p(x, y - 1)) / 2.0;
            dx * dx + dy * dy
        };
        let e = exact_blur(2.0, at, folded);
        e / (e + (0.06 * mu.powf(1.5)).powi(2))
    } else {
        1.0
    };
    let k = 1.5 * amount / 100.0 * mask;
    let cored = if c > 0.0 {
        d.powi(3) / (d * d + c * c)
    } else {
        d
    };
    let sharpened = root + k * cored / (1.0 + d.abs() / h);
    let around = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)].into_iter();
    let around: Vec<f64> = around.map(|(dx, dy)| p(at.0 + dx, at.1 + dy)).collect();
    let lowest = around.iter().copied().fold(f64::MAX, f64::min);
    let highest = around.iter().copied().fold(0.0, f64::max);
    let held = sharpened.clamp(lowest, highest);
    let sharpened = held + (0.1 + 0.9 * delta) * (sharpened - held);
    (sharpened.clamp(root / 3.0, root * 3.0) / root).powi(2)
}

#[test]
fn agrees_with_the_formula_at_every_size() {
    for (size, numbers) in [
        (Size::new(75, 20), [80.0, 1.0, 25.0, 0.0]),
        (Size::new(75, 20), [150.0, 1.4, 100.0, 0.0]),
        (Size::new(75, 20), [80.0, 1.0, 0.0, 60.0]),
        (Size::new(30, 22), [80.0, 2.6, 25.0, 100.0]),
        (Size::new(1, 1), [80.0, 1.0, 25.0, 30.0]),
        (Size::new(1, 19), [80.0, 0.5, 25.0, 30.0]),
        (Size::new(23, 1), [80.0, 3.0, 25.0, 30.0]),
        (Size::new(4, 3), [80.0, 3.0, 60.0, 30.0]),
    ] {
        let picture = test_picture(size, 3);
        let sharp = same_in_any_tile(&with_all(numbers, size), &picture);
        for y in 0..size.height {
            for x in 0..size.width {
                let gain = exact_gain(&picture, numbers, (i64::from(x), i64::from(y)));
                let expected = gain * f64::from(picture.row(0, y as usize)[x as usize]);
                let got = f64::from(sharp.row(0, y as usize)[x as usize]);
                assert!(
                    (got - expected).abs() < 1e-4,
                    "{size:?} {numbers:?} {x} {y}"
                );
            }
        }
    }
}

#[test]
fn more_masking_leaves_faint_texture_and_keeps_edges() {
    let size = Size::new(80, 40);
    let mut picture = Tile::new(Rect::of(size), 3);
    let stride = picture.stride();
    for (i, value) in picture.data_mut().iter_mut().enumerate() {
        let x = i % stride;
        let grain = if x.is_multiple_of(2) { 1.02 } else { 1.0 };
        *value = grain * if x < 60 { 0.2 } else { 0.6 };
    }
    let change = |masking: f64, x: usize| {
        let sharp = same_in_any_tile(&with_all([100.0, 1.0, 25.0, masking], size), &picture);
        (sharp.row(0, 20)[x] / picture.row(0, 20)[x] - 1.0).abs()
    };
    assert!(change(70.0, 20) < 0.2 * change(0.0, 20));
    assert!(change(70.0, 59) > 0.7 * change(0.0, 59));
}

#[test]
fn less_detail_means_less_halo() {
    let size = Size::new(40, 20);
    let mut picture = Tile::new(Rect::of(size), 3);
    let stride = picture.stride();
    for (i, value) in picture.data_mut().iter_mut().enumerate() {
        *value = if i % stride < 20 { 0.1 } else { 0.6 };
    }
    let overshoot = |detail: f64| {
        let sharp = same_in_any_tile(&with_all([100.0, 1.5, detail, 0.0], size), &picture);
        sharp.row(1, 10)[20] - 0.6
    };
    assert!(overshoot(0.0) > 0.0);
    assert!(overshoot(0.0) < 0.4 * overshoot(25.0) && overshoot(25.0) < 0.5 * overshoot(100.0));
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
        let picture = test_picture(Size::new(64, 2), 4);
        let mut out = Tile::new(Rect::of(Size::new(64, 2)), 3);
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let mut roots = [0.0; 192];
                let colors = [0, 1, 2].map(|plane_idx| picture.row(plane_idx, 0));
                weighted_root_rows(colors, picture.row(3, 0), &mut roots);
                let mut mean = [0.7; 61];
                unweigh(&mut mean, &roots[64..]);
                let at = |start: usize| &roots[start..start + 61];
                let rows = Rows {
                    cross: [at(0), at(129), at(130), at(131), at(3)],
                    mean: &mean,
                    mask: Some(at(1)),
                    colors: colors.map(|row| &row[..61]),
                };
                let row = out.color_row_mut(0);
                let colors = [row.r, row.g, row.b].map(|row| &mut row[..61]);
                sharpen_row::<true>(&Shape::new(1.2, 0.3), &rows, colors);
            },
        );
        let bits: Vec<u32> = out.data().iter().map(|v| v.to_bits()).collect();
        bits
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
