//! Noise reduction against its formula in f64, and on noise that was added.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

/// Luminance, detail, colour.
fn prepared(numbers: [f64; 3], size: Size) -> Prepared {
    let values = numbers
        .into_iter()
        .enumerate()
        .fold(Values::on_add(&SPEC), |values, (param_idx, number)| {
            values.with(param_idx, Value::Number(number))
        });
    NoiseReduction.prepare(&values, &Frame::full(size))
}

/// A plane that goes on beyond its edges.
struct Plane {
    values: Vec<Vec<f64>>,
}

impl Plane {
    fn of(size: Size, f: impl Fn(usize, usize) -> f64) -> Self {
        let row = |y| (0..size.width as usize).map(|x| f(x, y)).collect();
        Self {
            values: (0..size.height as usize).map(row).collect(),
        }
    }

    fn at(&self, x: i64, y: i64) -> f64 {
        let row = &self.values[fold(y, self.values.len() as u32)];
        row[fold(x, row.len() as u32)]
    }
}

fn kernel(e: f64) -> f64 {
    (2.0 - 2.0 * e).clamp(0.0, 1.0).powi(2)
}

fn exact_means(p: &Plane, h: f64, (x, y): (i64, i64)) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for oy in -4..=4 {
        for ox in -4..=4 {
            let mut distance = 0.0;
            for dy in -2..=2 {
                for dx in -2..=2 {
                    let (x, y) = (x + dx, y + dy);
                    distance += (p.at(x, y) - p.at(x + ox, y + oy)).powi(2) / 25.0;
                }
            }
            let weight = kernel(distance / (h * h));
            sum += weight * p.at(x + ox, y + oy);
            total += weight;
        }
    }
    sum / total
}

fn exact_level([l, u, v]: [&Plane; 3], level: u32, c: f64, size: Size) -> [Plane; 2] {
    let d = 1_i64 << level;
    let colour = |of: &Plane, x: usize, y: usize| {
        let (x, y) = (x as i64, y as i64);
        let (mut sum, mut total) = (0.0, 0.0);
        for dy in -1..=1 {
            for dx in -1..=1_i64 {
                let (tx, ty) = (x + dx * d, y + dy * d);
                let dl = l.at(tx, ty) - l.at(x, y);
                let du = u.at(tx, ty) - u.at(x, y);
                let dv = v.at(tx, ty) - v.at(x, y);
                let e = (dl / 0.08).powi(2) + (du * du + dv * dv) / (c * c);
                let share = f64::from((2 - dx.abs() as i32) * (2 - dy.abs() as i32));
                let weight = share * kernel(e);
                sum += weight * of.at(tx, ty);
                total += weight;
            }
        }
        sum / total
    };
    [u, v].map(|of| Plane::of(size, |x, y| colour(of, x, y)))
}

fn exact(picture: &Tile, [luminance, detail, color]: [f64; 3]) -> [Plane; 3] {
    let size = picture.size();
    let root = |p: usize, x: usize, y: usize| f64::from(picture.row(p, y)[x]).sqrt();
    let lightness =
        |x, y| 0.2627002 * root(0, x, y) + 0.6779981 * root(1, x, y) + 0.0593017 * root(2, x, y);
    let p = Plane::of(size, lightness);
    let mut u = Plane::of(size, |x, y| root(0, x, y) - lightness(x, y));
    let mut v = Plane::of(size, |x, y| root(2, x, y) - lightness(x, y));
    let clean = if luminance > 0.0 {
        let h = 0.08 * luminance / 100.0 * (1.5 - detail / 100.0);
        Plane::of(size, |x, y| {
            let mean = exact_means(&p, h, (x as i64, y as i64));
            mean + 0.35 * detail / 100.0 * (p.at(x as i64, y as i64) - mean)
        })
    } else {
        p
    };
    if color > 0.0 {
        let mut c = 0.3 * color / 100.0;
        for level in 0..4 {
            [u, v] = exact_level([&clean, &u, &v], level, c, size);
            c *= 0.7;
        }
    }
    let at = |plane: &Plane, x: usize, y: usize| plane.at(x as i64, y as i64);
    let red = Plane::of(size, |x, y| at(&clean, x, y) + at(&u, x, y));
    let blue = Plane::of(size, |x, y| at(&clean, x, y) + at(&v, x, y));
    let green = Plane::of(size, |x, y| {
        (at(&clean, x, y) - 0.2627002 * at(&red, x, y) - 0.0593017 * at(&blue, x, y)) / 0.6779981
    });
    [red, green, blue].map(|plane| {
        Plane::of(size, |x, y| {
            let root = at(&plane, x, y);
            root * root.abs()
        })
    })
}

#[test]
fn agrees_with_the_formula_at_every_size() {
    for (size, numbers) in [
        (Size::new(50, 14), [100.0, 50.0, 100.0]),
        (Size::new(20, 60), [60.0, 0.0, 0.0]),
        (Size::new(30, 20), [0.0, 50.0, 60.0]),
        (Size::new(1, 1), [50.0, 50.0, 50.0]),
        (Size::new(1, 19), [50.0, 50.0, 50.0]),
        (Size::new(23, 1), [50.0, 100.0, 50.0]),
    ] {
        let mut picture = test_picture(size, 3);
        picture
            .data_mut()
            .iter_mut()
            .for_each(|v| *v = 0.3 + 0.1 * *v);
        let clean = same_in_any_tile(&prepared(numbers, size), &picture);
        let expected = exact(&picture, numbers);
        for (p, expected) in expected.iter().enumerate() {
            for y in 0..size.height as usize {
                for x in 0..size.width as usize {
                    let got = f64::from(clean.row(p, y)[x]);
                    let expected = expected.at(x as i64, y as i64);
                    assert!(
                        (got - expected).abs() < 1e-4,
                        "{size:?} {numbers:?} {p} {x} {y}"
                    );
                }
            }
        }
    }
}

/// Even grey, an edge at 40, and noise of about 0.01 in the root.
fn noisy(size: Size) -> Tile {
    let mut picture = Tile::new(Rect::of(size), 3);
    for p in 0..3 {
        for y in 0..size.height {
            for x in 0..size.width {
                let hash = (x * 7919 + y * 104_729 + p * 1_299_709).wrapping_mul(2_654_435_761);
                let hash = (hash ^ (hash >> 15)).wrapping_mul(2_246_822_519);
                let noise = (hash >> 8) as f32 / 16_777_216.0 - 0.5;
                let root = if x < 40 { 0.4 } else { 0.7 } + 0.035 * noise;
                picture.row_mut(p as usize, y as usize)[x as usize] = root * root;
            }
        }
    }
    picture
}

fn deviation(tile: &Tile, value: impl Fn([f32; 3]) -> f32) -> f32 {
    let values: Vec<f32> = (8..30)
        .flat_map(|y| (8..30).map(move |x| (x, y)))
        .map(|(x, y)| value([0, 1, 2].map(|p| tile.row(p, y)[x])))
        .collect();
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len() as f32).sqrt()
}

#[test]
fn noise_goes_and_edges_stay() {
    let size = Size::new(80, 40);
    let picture = noisy(size);
    let clean = same_in_any_tile(&prepared([40.0, 0.0, 40.0], size), &picture);
    let grey = |c: [f32; 3]| 0.26 * c[0] + 0.68 * c[1] + 0.06 * c[2];
    let chroma = |c: [f32; 3]| c[0] - c[2];
    assert!(deviation(&clean, grey) < 0.25 * deviation(&picture, grey));
    assert!(deviation(&clean, chroma) < 0.25 * deviation(&picture, chroma));
    let step = |x: usize| (10..30).map(|y| clean.row(1, y)[x]).sum::<f32>() / 20.0;
    assert!((step(39) - 0.16).abs() < 0.01 && (step(40) - 0.49).abs() < 0.01);
    let grainy = same_in_any_tile(&prepared([40.0, 100.0, 40.0], size), &picture);
    assert!(deviation(&grainy, grey) > 1.3 * deviation(&clean, grey));
}

#[test]
fn hidden_colour_does_not_bleed_and_alpha_stays() {
    let size = Size::new(60, 30);
    let clean = {
        let mut picture = test_picture(size, 4);
        for y in 0..30 {
            for x in 0..60 {
                let alpha = if x < 30 { 1.0 } else { 0.0 };
                for p in 0..3 {
                    let value = &mut picture.row_mut(p, y)[x];
                    // Premultiplied: what is hidden is black, whatever it was.
                    *value = (0.4 + 0.01 * *value) * alpha;
                }
                picture.row_mut(3, y)[x] = alpha;
            }
        }
        same_in_any_tile(&prepared([60.0, 50.0, 60.0], size), &picture)
    };

    for x in 0..30 {
        assert!((clean.row(1, 15)[x] - 0.405).abs() < 0.01, "{x}");
    }
    assert_eq!(clean.row(1, 15)[45], 0.0);
    assert_eq!(clean.row(3, 15)[29..31], [1.0, 0.0]);
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
        let clean = same_in_any_tile(&prepared([100.0, 50.0, 100.0], size), &picture);
        assert!(clean.data().iter().all(|value| value.is_finite()));
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let at = |level| {
        let mut picture = test_picture(Size::new(64, 1), 4);
        let mut means = [0.3; 64];
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let alpha = picture.row(3, 0).to_vec();
                let row = picture.color_row_mut(0);
                straighten(row.g, &alpha);
                split_row(row.r, row.g, row.b);
                keep_some(0.3, row.b, &mut means);
                let planes = [row.r.to_vec(), row.g.to_vec(), means.to_vec()];
                let planes = planes.each_ref().map(Vec::as_slice);
                join_row(planes, Some(&alpha), [row.r, row.g, row.b]);
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
