//! What highlights and shadows have in common, against the guided filter in f64.

use super::*;
use crate::filters::Filter;
use crate::filters::value::{Value, Values};
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

fn prepared(filter: &dyn Filter, amount: f64, size: Size) -> Prepared {
    let values = Values::on_add(filter.spec()).with(0, Value::Number(amount));
    filter.prepare(&values, &Frame::full(size))
}

/// All that a filter of this kind promises; `curve` makes its curve for a share of −1…1.
pub(crate) fn check_filter<C: ToneCurve>(filter: &dyn Filter, curve: impl Fn(f32) -> C) {
    never_inverts(&curve);
    agrees_with_f64(filter, TONE, OfBase(curve(0.7)));
    survives_odd_pictures(filter);
    levels_agree(OfBase(curve(1.0)));
}

/// As [`check_filter`], for a curve that sees the pixel too; `curve` makes it for an amount of
/// −100…100.
pub(crate) fn check_local_filter<C: LocalCurve>(
    filter: &dyn Filter,
    surface: Surface,
    curve: impl Fn(f64) -> C,
) {
    agrees_with_f64(filter, surface, curve(70.0));
    survives_odd_pictures(filter);
    levels_agree(curve(100.0));
}

fn never_inverts<C: ToneCurve>(curve: &impl Fn(f32) -> C) {
    for share in [-1.0, -0.5, 0.5, 1.0] {
        let curve = curve(share);
        for i in -1600..1200 {
            let (ev, next) = (i as f32 * 0.01, (i + 1) as f32 * 0.01);
            let slope = (next + curve.gain_ev(next) - ev - curve.gain_ev(ev)) / (next - ev);
            assert!(slope > 0.15 && slope < 3.0, "{share} {ev}: {slope}");
        }
    }
    assert_eq!(curve(0.0).gain_ev(-3.0), 0.0);
}

fn blurred(plane: &[Vec<f64>], sigma: f64) -> Vec<Vec<f64>> {
    let reach = (3.0 * sigma).ceil() as i64;
    let weight = |d: i64| (-0.5 * (d as f64 / sigma).powi(2)).exp();
    let total: f64 = (-reach..=reach).map(weight).sum();
    let (width, height) = (plane[0].len(), plane.len());
    let value = |x: i64, y: i64| {
        let mut sum = 0.0;
        for dy in -reach..=reach {
            let row = &plane[fold(y + dy, height as u32)];
            for dx in -reach..=reach {
                sum += weight(dx) * weight(dy) * row[fold(x + dx, width as u32)];
            }
        }
        sum / (total * total)
    };
    (0..height)
        .map(|y| (0..width).map(|x| value(x as i64, y as i64)).collect())
        .collect()
}

/// At this size the grid is the frame itself, so the formula is the plain guided filter.
fn agrees_with_f64<C: LocalCurve>(filter: &dyn Filter, surface: Surface, curve: C) {
    let size = Size::new(60, 34);
    let picture = test_picture(size, 3);
    let result = same_in_any_tile(&prepared(filter, 70.0, size), &picture);
    let sigma = surface.window * 60.0;
    let light: Vec<Vec<f64>> = (0..34)
        .map(|y| {
            let [r, g, b] = [0, 1, 2].map(|plane_idx| picture.row(plane_idx, y));
            let y = |x: usize| 0.2627002 * r[x] + 0.6779981 * g[x] + 0.0593017 * b[x];
            (0..60).map(|x| f64::from(y(x)).log2().max(-16.0)).collect()
        })
        .collect();
    let map = |plane: &[Vec<f64>], f: &dyn Fn(f64) -> f64| -> Vec<Vec<f64>> {
        let row = |row: &Vec<f64>| row.iter().map(|v| f(*v)).collect();
        plane.iter().map(row).collect()
    };
    let mean = blurred(&light, sigma);
    let square = blurred(&map(&light, &|v| v * v), sigma);
    let (mut a, mut b) = (mean.clone(), mean.clone());
    for y in 0..34 {
        for x in 0..60 {
            let variance = square[y][x] - mean[y][x] * mean[y][x];
            a[y][x] = variance / (variance + f64::from(surface.edge_variance));
            b[y][x] = mean[y][x] * (1.0 - a[y][x]);
        }
    }
    let (a, b) = (blurred(&a, sigma), blurred(&b, sigma));
    for y in 0..34 {
        for x in 0..60 {
            let base = a[y][x] * light[y][x] + b[y][x];
            let gain = f64::from(curve.local_gain_ev(light[y][x] as f32, base as f32)).exp2();
            let expected = f64::from(picture.row(1, y)[x]) * gain;
            let got = f64::from(result.row(1, y)[x]);
            assert!((got - expected).abs() < 1e-4, "{x} {y}: {got} {expected}");
        }
    }
}

fn survives_odd_pictures(filter: &dyn Filter) {
    for size in [Size::new(1, 1), Size::new(1, 70), Size::new(900, 2)] {
        for amount in [-100.0, 100.0] {
            let mut picture = test_picture(size, 4);
            picture.row_mut(0, 0)[0] = f32::NAN;
            let last = size.width as usize - 1;
            picture.row_mut(1, size.height as usize - 1)[last] = f32::INFINITY;
            picture.row_mut(2, 0)[last] = -3.0;
            let result = same_in_any_tile(&prepared(filter, amount, size), &picture);
            for plane_idx in 0..3 {
                assert!(result.row(plane_idx, 0).iter().all(|v| v.is_finite()));
            }
            assert_eq!(result.row(3, 0), picture.row(3, 0));
        }
    }
}

fn levels_agree<C: LocalCurve>(curve: C) {
    let at = |level| {
        let mut picture = test_picture(Size::new(64, 1), 3);
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let (mut light, mut square) = ([0.0; 64], [0.0; 64]);
                let mut row = picture.color_row_mut(0);
                gather(&row, &mut light, &mut square);
                fit(0.2, &mut light, &mut square);
                apply(curve, &mut row, &light, &square);
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

#[test]
fn the_base_follows_a_strong_edge_and_smooths_fine_detail() {
    struct Base;
    impl GuidedKernel for Base {
        fn row(&self, row: &mut ColorRow<'_>, guide: &[&[f32]]) {
            for (i, r) in row.r.iter_mut().enumerate() {
                let ev = luminance_ev(*r, row.g[i], row.b[i]);
                *r = guide[0][i] * ev + guide[1][i];
            }
        }
    }
    let size = Size::new(800, 24);
    let mut picture = Tile::new(Rect::of(size), 3);
    for value_idx in 0..picture.data().len() {
        let x = value_idx % picture.stride();
        let ripple = if x.is_multiple_of(2) { 1.1 } else { 1.0 / 1.1 };
        picture.data_mut()[value_idx] = ripple * if x < 400 { 0.02 } else { 0.8 };
    }
    let Prepared::Guided(mut guided) = local_tone(Flat, &Frame::full(size)) else {
        panic!("local tone is guided");
    };
    assert!(guided.factor > 1);
    guided.apply = Box::new(Base);
    let base = same_in_any_tile(&Prepared::Guided(guided), &picture);
    let row = base.row(0, 12);
    let ripple = |x: usize| (row[x] - row[x + 1]).abs();
    assert!(ripple(100) < 0.05 && ripple(700) < 0.05);
    // Within the window of the edge the base keeps nine tenths of its height.
    let height = (0.8_f32 / 0.02).log2();
    assert!(row[408] - row[391] > 0.9 * height);
}

#[derive(Clone, Copy)]
struct Flat;

impl ToneCurve for Flat {
    #[inline(always)]
    fn gain_ev(self, _base_ev: f32) -> f32 {
        0.0
    }
}
