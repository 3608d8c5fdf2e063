//! Blur against the Gaussian in f64, on both of its ways.

use super::*;
use crate::filters::value::Value;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::geometry::Size;
use crate::pixels::tile::Tile;

fn prepared(radius: f64, size: Size) -> Prepared {
    let values = Values::on_add(&SPEC).with(RADIUS, Value::Number(radius));
    Blur.prepare(&values, &Frame::full(size))
}

/// Rows, then columns, in f64 and without truncation.
fn exact(picture: &Tile, plane_idx: usize, sigma: f64) -> Vec<f64> {
    let (width, height) = (
        picture.size().width as usize,
        picture.size().height as usize,
    );
    let reach = (6.0 * sigma).ceil() as i64;
    let weights: Vec<f64> = (-reach..=reach)
        .map(|d| (-0.5 * (d as f64 / sigma).powi(2)).exp())
        .collect();
    let total: f64 = weights.iter().sum();
    let along = |len: usize, at: i64, value: &dyn Fn(usize) -> f64| -> f64 {
        let taps = (-reach..=reach).zip(&weights);
        taps.map(|(d, w)| w * value(fold(at + d, len as u32)))
            .sum::<f64>()
            / total
    };
    let mut rows = vec![0.0; width * height];
    for y in 0..height {
        let row = picture.row(plane_idx, y);
        for x in 0..width {
            rows[y * width + x] = along(width, x as i64, &|x| f64::from(row[x]));
        }
    }
    let mut both = rows.clone();
    for y in 0..height {
        for x in 0..width {
            both[y * width + x] = along(height, y as i64, &|y| rows[y * width + x]);
        }
    }
    both
}

fn psnr(blurred: &Tile, plane_idx: usize, expected: &[f64]) -> f64 {
    let width = blurred.size().width as usize;
    let squares = expected.chunks(width).enumerate().flat_map(|(y, row)| {
        let got = &blurred.row(plane_idx, y)[..width];
        got.iter()
            .zip(row)
            .map(|(a, b)| (f64::from(*a) - b).powi(2))
    });
    -10.0 * (squares.sum::<f64>() / expected.len() as f64).log10()
}

#[test]
fn stays_above_50_db_of_the_exact_gaussian() {
    let size = Size::new(96, 64);
    let picture = test_picture(size, 3);
    for sigma in [0.5, 1.0, 2.0, 2.4, 2.5, 4.0, 6.9, 7.0, 10.0, 25.0] {
        let blurred = same_in_any_tile(&prepared(sigma, size), &picture);
        let psnr = psnr(&blurred, 1, &exact(&picture, 1, sigma));
        assert!(psnr > 51.0, "{sigma}: {psnr} dB");
    }
}

/// The mirror stands at the edge of the last cell, not of the frame: up to a cell beyond it. In a
/// picture as small and as hard as this one that weighs more than in any photo.
#[test]
fn cells_cut_by_the_frame_cost_little() {
    let size = Size::new(333, 205);
    let picture = test_picture(size, 3);
    for sigma in [4.0, 9.0, 20.0] {
        let blurred = same_in_any_tile(&prepared(sigma, size), &picture);
        let psnr = psnr(&blurred, 1, &exact(&picture, 1, sigma));
        assert!(psnr > 43.0, "{sigma}: {psnr} dB");
    }
}

#[test]
fn small_pictures_and_a_radius_beyond_them() {
    for size in [
        Size::new(1, 1),
        Size::new(1, 40),
        Size::new(40, 1),
        Size::new(13, 9),
    ] {
        let picture = test_picture(size, 4);
        for sigma in [2.0, 3.0, 30.0, 100.0] {
            let blurred = same_in_any_tile(&prepared(sigma, size), &picture);
            assert!(blurred.row(0, 0)[0].is_finite());
        }
    }
}

#[test]
fn colour_hidden_by_alpha_does_not_bleed() {
    let size = Size::new(64, 64);
    let mut picture = test_picture(size, 4);
    for y in 0..64 {
        picture.row_mut(0, y)[..64].fill(0.5);
        for x in 0..64 {
            let hidden = x > 31;
            picture.row_mut(1, y)[x] = if hidden { 9.0 } else { 0.25 };
            picture.row_mut(3, y)[x] = if hidden { 0.0 } else { 1.0 };
        }
    }
    let blurred = same_in_any_tile(&prepared(8.0, size), &picture);
    assert!((blurred.row(1, 30)[30] - 0.25).abs() < 1e-5);
    assert!((blurred.row(3, 30)[31] - 0.5).abs() < 0.05);
}

#[test]
fn what_is_not_finite_does_not_spread_as_such() {
    let size = Size::new(64, 64);
    let mut picture = test_picture(size, 3);
    picture.row_mut(0, 5)[10] = f32::NAN;
    picture.row_mut(1, 5)[10] = f32::INFINITY;
    let blurred = same_in_any_tile(&prepared(9.0, size), &picture);
    assert!(blurred.data().iter().all(|value| value.is_finite()));
}
