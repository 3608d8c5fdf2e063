//! The Gaussian against its formula in f64, on pictures smaller and larger than its radius.

use super::*;
use crate::filters::kernel::Prepared;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

/// The value at (`x`, `y`) by the formula, without truncation.
fn exact(picture: &Tile, plane_idx: usize, sigma: f64, (x, y): (i64, i64)) -> f64 {
    let reach = (6.0 * sigma).ceil() as i64;
    let weight = |d: i64| (-0.5 * (d as f64 / sigma).powi(2)).exp();
    let total: f64 = (-reach..=reach).map(weight).sum();
    let size = picture.size();
    let mut sum = 0.0;
    for dy in -reach..=reach {
        let row_idx = fold(y + dy, size.height);
        let row = picture.row(plane_idx, row_idx);
        for dx in -reach..=reach {
            let column = fold(x + dx, size.width);
            sum += weight(dx) * weight(dy) * f64::from(row[column]);
        }
    }
    sum / (total * total)
}

#[test]
fn agrees_with_the_formula_at_every_size() {
    for (size, sigma) in [
        (Size::new(40, 30), 0.5),
        (Size::new(40, 30), 2.0),
        (Size::new(1, 1), 3.0),
        (Size::new(1, 23), 1.5),
        (Size::new(70, 1), 1.5),
        (Size::new(5, 4), 4.0),
    ] {
        let picture = test_picture(size, 2);
        let prepared = Prepared::Area(Box::new(Gaussian::new(sigma)));
        let blurred = same_in_any_tile(&prepared, &picture);
        for y in 0..size.height {
            for x in (0..size.width).step_by(3) {
                let expected = exact(&picture, 1, sigma, (i64::from(x), i64::from(y)));
                let got = f64::from(blurred.row(1, y as usize)[x as usize]);
                assert!((got - expected).abs() < 2e-3, "{size:?} {sigma} {x} {y}");
            }
        }
    }
}

#[test]
fn tiles_agree_on_a_larger_picture() {
    let picture = test_picture(Size::new(150, 90), 3);
    same_in_any_tile(&Prepared::Area(Box::new(Gaussian::new(3.3))), &picture);
}

#[test]
fn no_width_is_the_identity_and_flat_stays_flat() {
    let picture = test_picture(Size::new(20, 20), 3);
    let same = same_in_any_tile(&Prepared::Area(Box::new(Gaussian::new(0.0))), &picture);
    assert_eq!(same.row(2, 7)[..20], picture.row(2, 7)[..20]);
    let mut flat = picture;
    flat.data_mut().fill(0.25);
    let blurred = same_in_any_tile(&Prepared::Area(Box::new(Gaussian::new(2.0))), &flat);
    assert!((blurred.row(0, 9)[9] - 0.25).abs() < 1e-6);
}

#[test]
fn what_is_not_finite_stays_local() {
    let mut picture = test_picture(Size::new(60, 20), 3);
    picture.row_mut(0, 5)[10] = f32::NAN;
    picture.row_mut(1, 5)[10] = f32::INFINITY;
    picture.row_mut(2, 5)[10] = f32::NEG_INFINITY;
    let blurred = same_in_any_tile(&Prepared::Area(Box::new(Gaussian::new(2.0))), &picture);
    assert!(blurred.data().iter().all(|value| value.is_finite()));
    assert!(blurred.row(1, 5)[40] <= 1.0);
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let source: Vec<f32> = (0..24 * BLOCK)
        .map(|i| (i * 37 % 101) as f32 / 101.0)
        .collect();
    let weights = Gaussian::new(1.7).weights;
    let at = |level| {
        let mut out = [0.0_f32; 6 * 80];
        let mut row = [0.0_f32; 80];
        vectorize_at(
            level,
            #[inline(always)]
            || {
                sum_columns::<BLOCK>(&source, &weights, (6, 80), (&mut out, 80));
                sum_row(&source, &weights, &mut row);
            },
        );
        (out.map(f32::to_bits), row.map(f32::to_bits))
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}

#[test]
fn the_parts_of_a_reduced_gaussian_add_up() {
    assert_eq!(Reduction::of(6.9).factor, 1);
    for sigma in [7.0, 16.0, 25.0, 100.0] {
        let Reduction {
            factor,
            sigma_cells,
        } = Reduction::of(sigma);
        let f2 = f64::from(factor * factor);
        let variance = f2 * sigma_cells * sigma_cells + (f2 - 1.0) / 12.0 + f2 / 3.0;
        assert!((variance.sqrt() - sigma).abs() < 1e-9);
        assert!(sigma / f64::from(factor) >= 1.5 && sigma / f64::from(factor) < 4.0);
    }
}
