//! Haze found and removed, against the formula in f64 and against haze that was painted on.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::{SimdLevel, vectorize_at};
use crate::pixels::tile::Tile;

fn prepared(amount: f64, size: Size, long_side: u32) -> Prepared {
    let values = Values::on_add(&SPEC).with(AMOUNT, Value::Number(amount));
    let frame = Frame {
        full_size: Size::new(long_side, long_side / 2),
        ..Frame::full(size)
    };
    Dehaze.prepare(&values, &frame)
}

/// A scene of dark and light patches that air of `color` veils more from left to right.
fn hazy(size: Size, color: [f32; 3]) -> (Tile, Tile) {
    let mut scene = test_picture(size, 3);
    let mut photo = Tile::new(Rect::of(size), 3);
    for (plane_idx, air) in color.into_iter().enumerate() {
        for y in 0..size.height as usize {
            for x in 0..size.width as usize {
                let veil = 0.75 * (x as f32 / size.width as f32);
                let value = &mut scene.row_mut(plane_idx, y)[x];
                *value *= 0.6;
                photo.row_mut(plane_idx, y)[x] = *value * (1.0 - veil) + air * veil;
            }
        }
    }
    (scene, photo)
}

fn contrast(tile: &Tile, columns: std::ops::Range<usize>) -> f32 {
    let values: Vec<f32> = (0..tile.size().height as usize)
        .flat_map(|y| tile.row(1, y)[columns.clone()].to_vec())
        .collect();
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len() as f32;
    variance.sqrt() / mean
}

#[test]
fn painted_haze_goes_and_comes() {
    let size = Size::new(240, 120);
    let (scene, photo) = hazy(size, [0.7, 0.75, 0.8]);
    let cleared = same_in_any_tile(&prepared(100.0, size, 240), &photo);
    let (far, near) = (180..235, 5..60);
    assert!(contrast(&cleared, far.clone()) > 1.8 * contrast(&photo, far.clone()));
    assert!(contrast(&cleared, far.clone()) < 1.3 * contrast(&scene, far.clone()));
    let ratio = contrast(&cleared, near.clone()) / contrast(&photo, near);
    assert!((0.9..1.4).contains(&ratio), "{ratio}");
    let misty = same_in_any_tile(&prepared(-100.0, size, 240), &photo);
    assert!(contrast(&misty, far.clone()) < 0.6 * contrast(&photo, far));
}

#[test]
fn nothing_clips_and_grey_stays_grey() {
    let size = Size::new(120, 60);
    let (_, photo) = hazy(size, [0.8, 0.8, 0.8]);
    let cleared = same_in_any_tile(&prepared(100.0, size, 120), &photo);
    assert!((0..3).all(|p| cleared.row(p, 30)[..120].iter().all(|v| *v >= 0.0)));
    let mut grey = photo;
    let plane = grey.plane(1).to_vec();
    grey.planes_mut().for_each(|p| p.copy_from_slice(&plane));
    let cleared = same_in_any_tile(&prepared(100.0, size, 120), &grey);
    for x in 0..120 {
        let [r, g, b] = [0, 1, 2].map(|p| cleared.row(p, 30)[x]);
        assert!(
            (r - g).abs() < 1e-4 && (b - g).abs() < 1e-4,
            "{x}: {r} {g} {b}"
        );
    }
}

fn blurred(plane: &[Vec<f64>], sigma: f64) -> Vec<Vec<f64>> {
    let reach = (3.0 * sigma).ceil() as i64;
    let weight = |d: i64| (-0.5 * (d as f64 / sigma).powi(2)).exp();
    let total: f64 = (-reach..=reach).map(weight).sum();
    let (width, height) = (plane[0].len() as u32, plane.len() as u32);
    let value = |x: i64, y: i64| {
        let mut sum = 0.0;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                sum += weight(dx) * weight(dy) * plane[fold(y + dy, height)][fold(x + dx, width)];
            }
        }
        sum / (total * total)
    };
    (0..i64::from(height))
        .map(|y| (0..i64::from(width)).map(|x| value(x, y)).collect())
        .collect()
}

fn each(a: &[Vec<f64>], b: &[Vec<f64>], f: impl Fn(f64, f64) -> f64) -> Vec<Vec<f64>> {
    let rows = a.iter().zip(b);
    rows.map(|(a, b)| a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect())
        .collect()
}

/// Red, green and blue of the air for a photo whose haziest place is its one brightest cell.
fn exact_air(color: [f64; 3]) -> [f64; 3] {
    let y = |c: [f64; 3]| 0.2627002 * c[0] + 0.6779981 * c[1] + 0.0593017 * c[2];
    let light = y(color);
    let red = f64::midpoint(light, color[0]);
    let blue = f64::midpoint(light, color[2]);
    let air = [red, 0.65 * red + 0.35 * blue, blue];
    air.map(|channel| channel * light / y(air))
}

const LUMA: [f64; 3] = [0.2627002, 0.6779981, 0.0593017];

/// A photo of 60 × 34 with a haziest place, and the light of its air.
struct Exact {
    photo: Tile,
    air: [f64; 3],
}

type Plane = Vec<Vec<f64>>;

impl Exact {
    fn at(&self, p: usize, x: usize, y: usize) -> f64 {
        f64::from(self.photo.row(p, y)[x])
    }

    fn light(&self, x: usize, y: usize) -> f64 {
        (0..3).map(|p| LUMA[p] * self.at(p, x, y)).sum()
    }

    fn least(&self, x: usize, y: usize) -> f64 {
        let shares = (0..3).map(|p| self.at(p, x, y) / self.air[p]);
        shares.fold(f64::MAX, f64::min)
    }

    /// The darkest of 3 × 3.
    fn dark(&self, x: usize, y: usize) -> f64 {
        let around = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)));
        let values =
            around.map(|(dx, dy)| self.least(fold(x as i64 + dx, 60), fold(y as i64 + dy, 34)));
        values.fold(1.0, f64::min)
    }

    fn haze(&self, sigma: f64) -> Plane {
        let plane = |f: &dyn Fn(usize, usize) -> f64| -> Plane {
            (0..34)
                .map(|y| (0..60).map(|x| f(x, y)).collect())
                .collect()
        };
        let guide = plane(&|x, y| self.light(x, y).sqrt());
        let dark = plane(&|x, y| self.dark(x, y));
        let mean = blurred(&guide, sigma);
        let square = blurred(&each(&guide, &guide, |a, b| a * b), sigma);
        let variance = each(&square, &mean, |s, m| s - m * m);
        let mean_dark = blurred(&dark, sigma);
        let product = blurred(&each(&guide, &dark, |a, b| a * b), sigma);
        let both = each(&mean, &mean_dark, |a, b| a * b);
        let covariance = each(&product, &both, |p, m| p - m);
        let slope = each(&covariance, &variance, |c, v| c / (v + 0.0025));
        let offset = each(&mean_dark, &each(&slope, &mean, |a, m| a * m), |d, m| d - m);
        let (slope, offset) = (blurred(&slope, sigma), blurred(&offset, sigma));
        let sloped = each(&slope, &guide, |a, g| a * g);
        each(&sloped, &offset, |a, b| (a + b).clamp(0.0, 1.0))
    }

    fn expected(&self, amount: f64, haze: f64, (p, x, y): (usize, usize, usize)) -> f64 {
        let i = self.at(p, x, y);
        if amount < 0.0 {
            let veil = 0.7 * -amount / 100.0 * (0.2 + 0.8 * haze);
            return i * (1.0 - veil) + self.air[p] * veil;
        }
        let veil = 0.85 * amount / 100.0 * haze;
        let veil = veil.min(0.8).min(0.9 * self.least(x, y));
        let cleared = |i: f64, a: f64| (i - veil * a) / (1.0 - veil);
        let air_light: f64 = (0..3).map(|p| LUMA[p] * self.air[p]).sum();
        let light = self.light(x, y);
        let own = i * cleared(light, air_light) / light;
        f64::midpoint(cleared(i, self.air[p]), own)
    }
}

/// At this size a cell is a pixel, a place is a pixel and a neighbourhood 3 × 3 of them.
#[test]
fn agrees_with_the_formula() {
    let size = Size::new(60, 34);
    let mut photo = test_picture(size, 3);
    photo
        .data_mut()
        .iter_mut()
        .for_each(|v| *v = 0.1 + 0.4 * *v);
    let white = [0.8, 0.85, 0.9];
    // The 41 haziest of 2040 places: more than enough of one colour.
    for y in 10..22 {
        for x in 30..42 {
            (0..3).for_each(|p| photo.row_mut(p, y)[x] = white[p]);
        }
    }
    let exact = Exact {
        photo,
        air: exact_air(white.map(f64::from)),
    };
    let haze = exact.haze(0.015 * 167.0);
    for amount in [70.0, -50.0] {
        let result = same_in_any_tile(&prepared(amount, size, 167), &exact.photo);
        for (y, row) in haze.iter().enumerate() {
            for (x, haze) in row.iter().enumerate() {
                for p in 0..3 {
                    let expected = exact.expected(amount, *haze, (p, x, y));
                    let got = f64::from(result.row(p, y)[x]);
                    assert!(
                        (got - expected).abs() < 1e-4,
                        "{p} {x} {y}: {got} {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn hidden_places_do_not_tell_of_the_air() {
    let size = Size::new(100, 50);
    let (_, photo) = hazy(size, [0.7; 3]);
    let with_hidden = |hidden: f32| {
        let mut picture = Tile::new(Rect::of(size), 4);
        for y in 0..50 {
            for x in 0..100 {
                let shows = !(40..60).contains(&x);
                for p in 0..3 {
                    let value = photo.row(p, y)[x];
                    picture.row_mut(p, y)[x] = if shows { value } else { hidden };
                }
                picture.row_mut(3, y)[x] = if shows { 1.0 } else { 0.0 };
            }
        }
        same_in_any_tile(&prepared(80.0, size, 100), &picture)
    };
    let (black, white) = (with_hidden(0.0), with_hidden(4.0));
    for x in (0..40).chain(60..100) {
        assert_eq!(black.row(1, 25)[x], white.row(1, 25)[x], "{x}");
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
        for (long_side, amount) in [(50, 100.0), (1200, -100.0), (9000, 100.0)] {
            let mut picture = test_picture(size, 4);
            picture.row_mut(0, 0)[0] = f32::NAN;
            let last = size.width as usize - 1;
            picture.row_mut(1, size.height as usize - 1)[last] = f32::INFINITY;
            picture.row_mut(2, 0)[last] = -3.0;
            let result = same_in_any_tile(&prepared(amount, size, long_side), &picture);
            for plane_idx in 0..3 {
                assert!(result.row(plane_idx, 0).iter().all(|v| v.is_finite()));
            }
            assert_eq!(result.row(3, 0), picture.row(3, 0));
        }
    }
    let size = Size::new(30, 20);
    let nothing = Tile::new(Rect::of(size), 4);
    let result = same_in_any_tile(&prepared(100.0, size, 100), &nothing);
    assert!(result.data().iter().all(|v| *v == 0.0));
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let map = [[0.8; 64], [0.1; 64], [0.7; 64], [0.9; 64]];
    let map = map.each_ref().map(<[f32; 64]>::as_slice);
    let at = |level| {
        let mut picture = test_picture(Size::new(64, 2), 3);
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let row = picture.color_row_mut(0);
                remove_row(0.7, [row.r, row.g, row.b], map);
                let row = picture.color_row_mut(1);
                add_row(0.4, [row.r, row.g, row.b], map);
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
