//! Defringe against its formula in f64, and on fringes of the sort lenses draw.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture, whole};
use crate::pixels::simd::{SimdLevel, vectorize_at};

const LUMA: [f64; 3] = [0.262_700_2, 0.677_998_1, 0.059_301_7];

/// Purple, its hue, green, its hue, radius, threshold.
type Numbers = [f64; 6];

const STRONG: Numbers = [100.0, 280.0, 80.0, 140.0, 2.0, 10.0];

fn prepared(numbers: Numbers, size: Size) -> Prepared {
    let start = Values::identity(&SPEC);
    let values = numbers.iter().enumerate();
    let values = values.fold(start, |values, (i, number)| {
        values.with(i, Value::Number(*number))
    });
    Defringe.prepare(&values, &Frame::full(size))
}

struct Plane(Vec<Vec<f64>>);

impl Plane {
    fn of(size: Size, f: impl Fn(i64, i64) -> f64) -> Self {
        let row = |y| (0..i64::from(size.width)).map(|x| f(x, y)).collect();
        Self((0..i64::from(size.height)).map(row).collect())
    }

    fn at(&self, x: i64, y: i64) -> f64 {
        let row = &self.0[fold(y, self.0.len() as u32)];
        row[fold(x, row.len() as u32)]
    }

    fn blurred(&self, sigma: f64) -> Self {
        let reach = (3.0 * sigma).ceil() as i64;
        let weight = |d: i64| (-0.5 * (d as f64 / sigma).powi(2)).exp();
        let total: f64 = (-reach..=reach).map(weight).sum();
        let size = Size::new(self.0[0].len() as u32, self.0.len() as u32);
        let taps = || (-reach..=reach).map(|d| (d, weight(d) / total));
        let rows = Self::of(size, |x, y| {
            taps().map(|(d, w)| w * self.at(x + d, y)).sum()
        });
        Self::of(size, |x, y| {
            taps().map(|(d, w)| w * rows.at(x, y + d)).sum()
        })
    }
}

fn smooth(from: f64, to: f64, x: f64) -> f64 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Roots of an sRGB hue's pure colour in the working space, by the published matrix, as an angle.
fn angle_of_hue(degrees: f64) -> f64 {
    let sextant = degrees / 60.0;
    let part = 1.0 - ((sextant % 2.0) - 1.0).abs();
    let srgb = match sextant as u32 {
        0 => [1.0, part, 0.0],
        1 => [part, 1.0, 0.0],
        2 => [0.0, 1.0, part],
        3 => [0.0, part, 1.0],
        4 => [part, 0.0, 1.0],
        _ => [1.0, 0.0, part],
    };
    let [r, g, b] = srgb.map(|v: f64| v.powf(2.2));
    let roots = [
        0.627_404 * r + 0.329_283 * g + 0.043_313 * b,
        0.069_097 * r + 0.919_540 * g + 0.011_362 * b,
        0.016_391 * r + 0.088_013 * g + 0.895_595 * b,
    ]
    .map(f64::sqrt);
    let p: f64 = roots
        .iter()
        .zip(LUMA)
        .map(|(root, weight)| root * weight)
        .sum();
    (roots[2] - p).atan2(roots[0] - p)
}

/// The formula, for pictures without alpha.
fn exact(picture: &Tile, numbers: Numbers) -> [Plane; 3] {
    let size = picture.size();
    let [purple, purple_hue, green, green_hue, sigma, threshold] = numbers;
    let root = |c: usize, x: i64, y: i64| {
        let light = f64::from(picture.row(c, y as usize)[x as usize]);
        light.abs().sqrt() * light.signum()
    };
    let p = Plane::of(size, |x, y| (0..3).map(|c| LUMA[c] * root(c, x, y)).sum());
    let u = Plane::of(size, |x, y| root(0, x, y) - p.at(x, y));
    let v = Plane::of(size, |x, y| root(2, x, y) - p.at(x, y));
    let squared = |a: f64, b: f64| ((a - b) / 2.0).powi(2);
    let gradient = Plane::of(size, |x, y| {
        squared(p.at(x + 1, y), p.at(x - 1, y)) + squared(p.at(x, y + 1), p.at(x, y - 1))
    });
    let gradient = gradient.blurred(sigma);
    let t = (threshold / 200.0).max(0.02);
    let weights = |x: i64, y: i64| {
        let (u, v) = (u.at(x, y), v.at(x, y));
        let c2 = 2.0 * (2.0 * std::f64::consts::PI).sqrt() * sigma * gradient.at(x, y);
        let seen = smooth(t * t, 4.0 * t * t, c2) * smooth(0.01, 0.03, u.hypot(v));
        [purple_hue, green_hue].map(|hue| {
            let cos = (v.atan2(u) - angle_of_hue(hue)).cos();
            seen * smooth(50_f64.to_radians().cos(), 25_f64.to_radians().cos(), cos)
        })
    };
    let counts = |x: i64, y: i64| 1.0 - weights(x, y).iter().sum::<f64>().min(1.0);
    let total = Plane::of(size, counts).blurred(sigma);
    let mean = |of: &Plane| Plane::of(size, |x, y| counts(x, y) * of.at(x, y)).blurred(sigma);
    let (mean_u, mean_v) = (mean(&u), mean(&v));
    let color = |x: i64, y: i64| {
        let (pu, pv) = (u.at(x, y), v.at(x, y));
        let [wp, wg] = weights(x, y);
        let share = (wp * purple / 100.0 + wg * green / 100.0).min(1.0);
        let divisor = total.at(x, y) + 0.001;
        let (mu, mv) = (mean_u.at(x, y) / divisor, mean_v.at(x, y) / divisor);
        let held = (pu.hypot(pv) / mu.hypot(mv).max(1e-12)).min(1.0);
        let (nu, nv) = (pu + share * (held * mu - pu), pv + share * (held * mv - pv));
        let (red, blue) = (p.at(x, y) + nu, p.at(x, y) + nv);
        let green = (p.at(x, y) - LUMA[0] * red - LUMA[2] * blue) / LUMA[1];
        [red, green, blue].map(|root| root * root.abs())
    };
    [0, 1, 2].map(|c| Plane::of(size, |x, y| color(x, y)[c]))
}

#[test]
fn agrees_with_the_formula_at_every_size() {
    for (size, numbers) in [
        (Size::new(70, 40), STRONG),
        (Size::new(40, 50), [60.0, 300.0, 100.0, 110.0, 1.3, 25.0]),
        (Size::new(20, 9), [100.0, 250.0, 0.0, 140.0, 10.0, 0.0]),
        (Size::new(1, 1), STRONG),
        (Size::new(1, 30), STRONG),
        (Size::new(30, 1), STRONG),
    ] {
        let picture = test_picture(size, 3);
        let clean = same_in_any_tile(&prepared(numbers, size), &picture);
        let expected = exact(&picture, numbers);
        let mut n_changed = 0;
        for (c, expected) in expected.iter().enumerate() {
            for y in 0..size.height as usize {
                for x in 0..size.width as usize {
                    let got = clean.row(c, y)[x];
                    let off = (f64::from(got) - expected.at(x as i64, y as i64)).abs();
                    assert!(off < 1e-4, "{size:?} {numbers:?} {c} {x} {y}: {off}");
                    n_changed += usize::from(got != picture.row(c, y)[x]);
                }
            }
        }
        assert!(
            n_changed > 0 || size.width.min(size.height) == 1,
            "{size:?}"
        );
    }
}

/// Dark grey, white from column 40 on; before it a seam of `fringe`, five pixels wide.
fn seam(fringe: [f32; 3]) -> Tile {
    let size = Size::new(80, 30);
    let mut picture = Tile::new(Rect::of(size), 3);
    for (c, fringe) in fringe.into_iter().enumerate() {
        for y in 0..30 {
            for (x, value) in picture.row_mut(c, y).iter_mut().enumerate() {
                *value = match x {
                    0..35 => 0.04,
                    35..40 => fringe,
                    _ => 0.95,
                };
            }
        }
    }
    picture
}

fn chroma(tile: &Tile, x: usize) -> f32 {
    let [r, g, b] = [0, 1, 2].map(|c| tile.row(c, 15)[x].sqrt());
    (r - g).abs().max((b - g).abs())
}

#[test]
fn seams_lose_their_colour_each_by_its_own_slider() {
    const PURPLE_SEAM: [f32; 3] = [0.22, 0.07, 0.5];
    const GREEN_SEAM: [f32; 3] = [0.12, 0.4, 0.14];
    let purple_alone: Numbers = [100.0, 280.0, 0.0, 140.0, 3.0, 25.0];
    let green_alone: Numbers = [0.0, 280.0, 100.0, 140.0, 3.0, 25.0];
    for (color, numbers, share_left) in [
        (PURPLE_SEAM, purple_alone, 0.1),
        (PURPLE_SEAM, green_alone, 1.0),
        (GREEN_SEAM, green_alone, 0.1),
        (GREEN_SEAM, purple_alone, 1.0),
    ] {
        let picture = seam(color);
        let clean = same_in_any_tile(&prepared(numbers, picture.size()), &picture);
        for x in 35..40 {
            let left = chroma(&clean, x) / chroma(&picture, x);
            if share_left < 1.0 {
                assert!(left < share_left, "{numbers:?} {x}: {left}");
            } else {
                assert_eq!(left, 1.0);
            }
        }
        let light = |tile: &Tile, x: usize| {
            let roots = [0, 1, 2].map(|c| f64::from(tile.row(c, 15)[x]).sqrt() * LUMA[c]);
            roots.iter().sum::<f64>()
        };
        assert!((light(&clean, 37) - light(&picture, 37)).abs() < 1e-5);
    }
}

#[test]
fn purple_things_without_hard_edges_keep_their_bits() {
    let size = Size::new(60, 30);
    let mut picture = Tile::new(Rect::of(size), 3);
    for (c, level) in [0.3_f32, 0.08, 0.5].into_iter().enumerate() {
        for y in 0..30 {
            for (x, value) in picture.row_mut(c, y).iter_mut().enumerate() {
                *value = level * (1.0 + 0.3 * (x as f32 * 0.05).sin());
            }
        }
    }
    let numbers: Numbers = [100.0, 280.0, 100.0, 140.0, 3.0, 25.0];
    let same = same_in_any_tile(&prepared(numbers, size), &picture);
    for c in 0..3 {
        assert_eq!(same.row(c, 12)[..60], picture.row(c, 12)[..60]);
    }
}

#[test]
fn more_takes_more_and_none_takes_nothing() {
    let picture = seam([0.3, 0.1, 0.55]);
    let left = |purple: f64| {
        let numbers = [purple, 280.0, 0.0, 140.0, 3.0, 25.0];
        chroma(&whole(&prepared(numbers, picture.size()), &picture), 38)
    };
    let steps: Vec<f32> = (0..=5).map(|i| left(f64::from(i) * 20.0)).collect();
    assert_eq!(steps[0], chroma(&picture, 38));
    assert!(steps.windows(2).all(|pair| pair[1] < pair[0]), "{steps:?}");
}

#[test]
fn what_is_hidden_tells_nothing_and_makes_no_edge() {
    let size = Size::new(60, 20);
    let mut picture = Tile::new(Rect::of(size), 4);
    for y in 0..20 {
        for x in 0..30 {
            for (c, value) in [0.3, 0.08, 0.5, 1.0].into_iter().enumerate() {
                picture.row_mut(c, y)[x] = value;
            }
        }
    }
    let same = same_in_any_tile(&prepared(STRONG, size), &picture);
    for c in 0..4 {
        assert_eq!(same.row(c, 9)[..60], picture.row(c, 9)[..60], "{c}");
    }
}

#[test]
fn odd_pictures_come_out_finite_and_alpha_stays() {
    for size in [
        Size::new(1, 1),
        Size::new(1, 70),
        Size::new(90, 1),
        Size::new(40, 33),
    ] {
        for n_planes in [3, 4] {
            let mut picture = test_picture(size, n_planes);
            picture.row_mut(0, 0)[0] = f32::NAN;
            let last = size.width as usize - 1;
            picture.row_mut(1, size.height as usize - 1)[last] = f32::INFINITY;
            picture.row_mut(2, 0)[last] = f32::NEG_INFINITY;
            let numbers = [100.0, 280.0, 100.0, 140.0, 10.0, 0.0];
            let result = same_in_any_tile(&prepared(numbers, size), &picture);
            assert!(result.data().iter().all(|value| value.is_finite()));
            if n_planes == 4 {
                assert_eq!(result.row(3, 0), picture.row(3, 0));
            }
        }
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let Prepared::Area(_) = prepared(STRONG, Size::new(64, 1)) else {
        panic!("a neighbourhood");
    };
    let shape = Shape {
        steepness: 10.0,
        edge: [0.01, 0.04],
        cone: [0.7, 0.94],
        hues: [direction_of_hue(280.0), direction_of_hue(140.0)],
        amounts: [0.9, 0.7],
    };
    let at = |level| {
        let picture = test_picture(Size::new(64, 4), 4);
        let row = |c: usize, y: usize| picture.row(c, y);
        let mut outs = [[0.25_f32; 64]; 8];
        let [gradient, seen, weight, su, sv, r, g, b] = &mut outs;
        vectorize_at(
            level,
            #[inline(always)]
            || {
                rows::gradient_row([0, 1, 2, 3].map(|y| row(0, y)), gradient);
                let alpha = [0, 1, 2, 3].map(|y| row(3, y));
                rows::seen_gradient_row([0, 1, 2, 3].map(|y| row(1, y)), alpha, seen);
                let color = [row(1, 0), row(2, 0)];
                rows::share_row(&shape, color, gradient, Some(row(3, 0)), [weight, su, sv]);
                let planes = [row(0, 0), row(1, 0), row(2, 0)];
                let means = [&*weight, &*su, &*sv].map(<[f32; 64]>::as_slice);
                rows::clean_row::<true>(&shape, planes, (gradient, means), row(3, 0), [r, g, b]);
            },
        );
        outs.map(|out| out.map(f32::to_bits))
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
