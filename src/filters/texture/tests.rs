//! Texture against its formula in f64.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::geometry::Rect;
use crate::pixels::simd::{SimdLevel, vectorize_at};

/// A part of a photo of `long_side`, so that small pictures have windows of several pixels.
fn prepared(amount: f64, size: Size, long_side: u32) -> Prepared {
    let values = Values::on_add(&SPEC).with(AMOUNT, Value::Number(amount));
    let frame = Frame {
        full_size: Size::new(long_side, long_side / 2),
        ..Frame::full(size)
    };
    Texture.prepare(&values, &frame)
}

fn blurred(plane: &[Vec<f64>], sigma: f64) -> Vec<Vec<f64>> {
    let reach = (3.0 * sigma).ceil() as i64;
    let weights: Vec<f64> = (-reach..=reach)
        .map(|d| (-0.5 * (d as f64 / sigma).powi(2)).exp())
        .collect();
    let total: f64 = weights.iter().sum();
    let (width, height) = (plane[0].len() as u32, plane.len() as u32);
    let along = |at: &dyn Fn(i64) -> f64| {
        let taps = (-reach..=reach).zip(&weights);
        taps.map(|(d, weight)| weight * at(d)).sum::<f64>() / total
    };
    let rows: Vec<Vec<f64>> = plane
        .iter()
        .map(|row| {
            let at = |x: u32| along(&|d| row[fold(i64::from(x) + d, width)]);
            (0..width).map(at).collect()
        })
        .collect();
    (0..height)
        .map(|y| {
            let at = |x| along(&|d| rows[fold(i64::from(y) + d, height)][x]);
            (0..width as usize).map(at).collect()
        })
        .collect()
}

fn each(a: &[Vec<f64>], b: &[Vec<f64>], f: impl Fn(f64, f64) -> f64) -> Vec<Vec<f64>> {
    let rows = a.iter().zip(b);
    rows.map(|(a, b)| a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect())
        .collect()
}

#[test]
fn agrees_with_the_formula() {
    let size = Size::new(60, 40);
    for (amount, k) in [(80.0, 0.96), (-50.0, -0.4)] {
        let mut picture = test_picture(size, 3);
        picture
            .data_mut()
            .iter_mut()
            .for_each(|v| *v = 0.01 + 0.5 * *v);
        let result = same_in_any_tile(&prepared(amount, size, 3000), &picture);
        let light: Vec<Vec<f64>> = (0..40)
            .map(|y| {
                let [r, g, b] = [0, 1, 2].map(|p| picture.row(p, y));
                let y = |x: usize| 0.2627002 * r[x] + 0.6779981 * g[x] + 0.0593017 * b[x];
                (0..60).map(|x| f64::from(y(x)).log2()).collect()
            })
            .collect();
        let smooth = blurred(&light, 0.75);
        let mean = blurred(&smooth, 3.0);
        let square = blurred(&each(&smooth, &smooth, |a, b| a * b), 3.0);
        let slope = each(&mean, &square, |m, s| (s - m * m) / (s - m * m + 0.25));
        let offset = each(&mean, &slope, |m, a| m * (1.0 - a));
        let (slope, offset) = (blurred(&slope, 3.0), blurred(&offset, 3.0));
        for y in 0..40 {
            for x in 0..60 {
                let s = smooth[y][x];
                let d = (s - slope[y][x] * s - offset[y][x]).clamp(-1.0, 1.0);
                let t = ((s + 10.0) / 4.0).clamp(0.0, 1.0);
                let gain_ev = k * t * t * (3.0 - 2.0 * t) * (d - d.powi(3) / 3.0);
                let expected = f64::from(picture.row(1, y)[x]) * gain_ev.exp2();
                let got = f64::from(result.row(1, y)[x]);
                assert!((got - expected).abs() < 1e-4, "{x} {y}: {got} {expected}");
            }
        }
    }
}

#[test]
fn single_pixels_keep_their_contrast_and_broad_ripples_gain() {
    let size = Size::new(240, 60);
    let contrast = |period: usize, amount: f64| {
        let mut picture = Tile::new(Rect::of(size), 3);
        let stride = picture.stride();
        for (i, value) in picture.data_mut().iter_mut().enumerate() {
            let phase = (i % stride) as f32 / period as f32 * std::f32::consts::TAU;
            *value = 0.2 * (0.3 * phase.cos()).exp2();
        }
        let result = same_in_any_tile(&prepared(amount, size, 8000), &picture);
        let span = |tile: &Tile| {
            let row = &tile.row(0, 30)[96..144];
            let ends = row
                .iter()
                .fold((f32::MAX, 0.0_f32), |(lo, hi), v| (lo.min(*v), hi.max(*v)));
            (ends.1 / ends.0).log2()
        };
        span(&result) / span(&picture)
    };
    assert!((contrast(2, 100.0) - 1.0).abs() < 0.03);
    assert!(contrast(24, 100.0) > 1.3);
    assert!(contrast(24, -100.0) < 0.8);
}

#[test]
fn odd_pictures_come_out_finite_and_alpha_stays() {
    for size in [
        Size::new(1, 1),
        Size::new(1, 70),
        Size::new(90, 1),
        Size::new(40, 33),
    ] {
        for long_side in [100, 4000, 12_000] {
            let mut picture = test_picture(size, 4);
            picture.row_mut(0, 0)[0] = f32::NAN;
            let last = size.width as usize - 1;
            picture.row_mut(1, size.height as usize - 1)[last] = f32::INFINITY;
            picture.row_mut(2, 0)[last] = -3.0;
            let result = same_in_any_tile(&prepared(100.0, size, long_side), &picture);
            for plane_idx in 0..3 {
                assert!(result.row(plane_idx, 0).iter().all(|v| v.is_finite()));
            }
            assert_eq!(result.row(3, 0), picture.row(3, 0));
        }
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let at = |level| {
        let mut picture = test_picture(Size::new(64, 1), 3);
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let (mut light, mut gain) = ([0.0; 64], [0.0; 64]);
                let row = picture.color_row_mut(0);
                light_row(row.r, row.g, row.b, &mut light);
                gain_row(1.2, &light, [&[0.4; 64], &[-1.0; 64]], &mut gain);
                multiply(row.r, row.g, row.b, &gain);
            },
        );
        picture
            .data()
            .iter()
            .map(|v| v.to_bits())
            .collect::<Vec<_>>()
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
