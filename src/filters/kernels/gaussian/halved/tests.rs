//! The Gaussian on halves against its formula in f64, wherever frame and tiles end.

use super::*;
use crate::filters::kernel::Prepared;
use crate::filters::whole::{fold, same_in_any_tile, test_picture};
use crate::pixels::simd::{SimdLevel, vectorize_at};

/// One plane by the formula, rows then columns, without truncation.
fn exact(picture: &Tile, plane_idx: usize, sigma: f64) -> Vec<Vec<f64>> {
    let size = picture.size();
    let reach = (6.0 * sigma).ceil() as i64;
    let weights: Vec<f64> = (-reach..=reach)
        .map(|d| (-0.5 * (d as f64 / sigma).powi(2)).exp())
        .collect();
    let total: f64 = weights.iter().sum();
    let sum = |at: u32, len: u32, value: &dyn Fn(usize) -> f64| -> f64 {
        let taps = (-reach..=reach).zip(&weights);
        let taps = taps.map(|(d, weight)| weight * value(fold(i64::from(at) + d, len)));
        taps.sum::<f64>() / total
    };
    let rows: Vec<Vec<f64>> = (0..size.height as usize)
        .map(|y| {
            let row = picture.row(plane_idx, y);
            let value = |x: usize| f64::from(row[x]);
            let columns = 0..size.width;
            columns.map(|x| sum(x, size.width, &value)).collect()
        })
        .collect();
    (0..size.height)
        .map(|y| {
            let columns = 0..size.width as usize;
            let column = |x: usize| sum(y, size.height, &|y| rows[y][x]);
            columns.map(column).collect()
        })
        .collect()
}

#[test]
fn is_the_gaussian_wherever_the_frame_and_its_tiles_end() {
    for (size, sigma, least_db) in [
        (Size::new(150, 90), 2.5, 62.0),
        (Size::new(97, 61), 3.0, 69.0),
        (Size::new(64, 41), 5.0, 78.0),
        (Size::new(700, 33), 9.0, 78.0),
        (Size::new(31, 1), 4.0, 75.0),
        (Size::new(1, 32), 4.0, 75.0),
        (Size::new(1, 1), 8.0, 100.0),
        (Size::new(9, 7), 9.5, 75.0),
    ] {
        let picture = test_picture(size, 2);
        let prepared = Prepared::Area(Box::new(HalvedGaussian::new(sigma)));
        let blurred = same_in_any_tile(&prepared, &picture);
        let rows = exact(&picture, 1, sigma);
        let squares = rows.iter().enumerate().flat_map(|(y, expected)| {
            let got = blurred.row(1, y).iter();
            got.zip(expected).map(|(a, b)| (f64::from(*a) - b).powi(2))
        });
        let mean = squares.sum::<f64>() / size.area() as f64;
        let psnr = -10.0 * mean.log10();
        assert!(psnr > least_db, "{size:?}, sigma {sigma}: {psnr:.1} dB");
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let rows: [Vec<f32>; 4] = std::array::from_fn(|row_idx| {
        let value = |x: usize| ((x * 37 + row_idx * 53) % 101) as f32 / 101.0;
        (0..200).map(value).collect()
    });
    let spline = HalvedGaussian::new(3.0).spline;
    let at = |level| {
        let mut line = [0.0_f32; 122];
        let (mut firsts, mut seconds) = ([0.0_f32; 61], [0.0_f32; 61]);
        let mut cells = [0.0_f32; 60];
        let mut wide = [0.0_f32; 112];
        vectorize_at(
            level,
            #[inline(always)]
            || {
                sum_rows(rows.each_ref().map(Vec::as_slice), -7, &mut line);
                sum_pairs(&line, (&mut firsts, &mut seconds), &mut cells);
                widen(&cells, spline, &mut wide);
            },
        );
        wide.map(f32::to_bits)
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
