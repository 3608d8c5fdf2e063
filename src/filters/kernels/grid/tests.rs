//! The reduced grid against plain f64 sums, and every tile against the whole.

use super::*;
use crate::pixels::simd::{SimdLevel, vectorize_at};

fn noise(rect: Rect, n_planes: usize) -> Tile {
    let mut tile = Tile::new(rect, n_planes);
    for plane_idx in 0..n_planes {
        for row_idx in 0..rect.height {
            let row = tile.row_mut(plane_idx, row_idx as usize);
            for (i, value) in row[..rect.width as usize].iter_mut().enumerate() {
                let (x, y) = (rect.x + i as u32, rect.y + row_idx);
                let hash =
                    (x * 7919 + y * 104_729 + plane_idx as u32 * 31).wrapping_mul(2_654_435_761);
                *value = (hash >> 8) as f32 / 16_777_216.0;
            }
        }
    }
    tile
}

fn at(tile: &Tile, plane_idx: usize, x: i64, y: i64) -> f64 {
    let fold = |i: i64, len: u32| {
        let len = i64::from(len);
        let i = i.rem_euclid(2 * len);
        i.min(2 * len - 1 - i) as usize
    };
    let (x, y) = (fold(x, tile.rect().width), fold(y, tile.rect().height));
    f64::from(tile.row(plane_idx, y)[x])
}

#[test]
fn cells_are_means_of_the_pixels_that_exist() {
    for (size, factor) in [
        (Size::new(37, 21), 4),
        (Size::new(5, 3), 8),
        (Size::new(64, 64), 16),
        (Size::new(20, 9), 3),
        (Size::new(1, 1), 2),
        (Size::new(1100, 3), 1024),
    ] {
        let full = noise(Rect::of(size), 2);
        let grid = size.reduced(factor);
        let mut cells = Tile::new(Rect::of(grid), 2);
        reduce(&full, factor, size, &mut cells);
        for cy in 0..grid.height {
            for cx in 0..grid.width {
                let block = Rect::new(cx, cy, 1, 1).enlarged_within(factor, size);
                let mut sum = 0.0;
                for y in block.y..block.bottom() {
                    for x in block.x..block.right() {
                        sum += at(&full, 1, i64::from(x), i64::from(y));
                    }
                }
                let mean = sum / block.area() as f64;
                let got = at(&cells, 1, i64::from(cx), i64::from(cy));
                assert!((got - mean).abs() < 1e-6, "{size:?} {cx} {cy}");
            }
        }
    }
}

#[test]
fn a_cell_has_the_same_bits_from_any_tile() {
    let (size, factor) = (Size::new(83, 41), 4);
    let full = noise(Rect::of(size), 1);
    let grid = size.reduced(factor);
    let mut whole = Tile::new(Rect::of(grid), 1);
    reduce(&full, factor, size, &mut whole);
    for cell_rect in crate::pixels::geometry::tiles_of(grid, Size::new(3, 5)) {
        let mut part = Tile::new(
            cell_rect
                .enlarged_within(factor, size)
                .grown_within(1, size),
            1,
        );
        part.copy_from(&full);
        let mut cells = Tile::new(cell_rect, 1);
        reduce(&part, factor, size, &mut cells);
        let mut expected = Tile::new(cell_rect, 1);
        expected.copy_from(&whole);
        for row_idx in 0..cell_rect.height as usize {
            let n = cell_rect.width as usize;
            assert_eq!(cells.row(0, row_idx)[..n], expected.row(0, row_idx)[..n]);
        }
    }
}

fn upsample(map: &Tile, factor: u32, grid: Size, rect: Rect) -> Tile {
    let mut scratch = Scratch::default();
    let mut out = Tile::new(rect, map.n_planes());
    let mut upsampler = Upsampler::new(map, factor, grid, rect, &mut scratch);
    for y in rect.y..rect.bottom() {
        let row_idx = (y - rect.y) as usize;
        let stride = out.stride();
        let mut rows: Vec<&mut [f32]> = out
            .planes_mut()
            .map(|plane| &mut plane[row_idx * stride..(row_idx + 1) * stride])
            .collect();
        upsampler.row(y, &mut rows);
    }
    upsampler.finish(&mut scratch);
    out
}

/// The cubic B-spline by its definition over the distance in cells.
fn spline(distance: f64) -> f64 {
    let d = distance.abs();
    if d < 1.0 {
        2.0 / 3.0 - d * d + d * d * d / 2.0
    } else if d < 2.0 {
        (2.0 - d).powi(3) / 6.0
    } else {
        0.0
    }
}

#[test]
fn interpolation_is_the_b_spline_around_each_pixel() {
    for (size, factor) in [
        (Size::new(37, 21), 4),
        (Size::new(50, 11), 2),
        (Size::new(40, 33), 8),
        (Size::new(70, 40), 32),
        (Size::new(5, 3), 8),
        (Size::new(1, 1), 16),
        (Size::new(20, 9), 3),
    ] {
        let grid = size.reduced(factor);
        let map = noise(Rect::of(grid), 2);
        let out = upsample(&map, factor, grid, Rect::of(size));
        let scale = f64::from(factor);
        for y in 0..size.height {
            for x in 0..size.width {
                let (u, v) = ((f64::from(x) + 0.5) / scale, (f64::from(y) + 0.5) / scale);
                let mut sum = 0.0;
                for cy in -3..i64::from(grid.height) + 3 {
                    for cx in -3..i64::from(grid.width) + 3 {
                        let weight = spline(u - cx as f64 - 0.5) * spline(v - cy as f64 - 0.5);
                        sum += weight * at(&map, 1, cx, cy);
                    }
                }
                let got = at(&out, 1, i64::from(x), i64::from(y));
                assert!((got - sum).abs() < 1e-6, "{size:?} {factor} {x} {y}");
            }
        }
    }
}

#[test]
fn factor_one_copies_bits() {
    let size = Size::new(19, 5);
    let map = noise(Rect::of(size), 3);
    let rect = Rect::new(3, 1, 9, 3);
    assert_eq!(cells_for(rect, 1, size), rect);
    let out = upsample(&map, 1, size, rect);
    let mut expected = Tile::new(rect, 3);
    expected.copy_from(&map);
    for row_idx in 0..3 {
        assert_eq!(out.row(2, row_idx)[..9], expected.row(2, row_idx)[..9]);
    }
}

#[test]
fn a_pixel_has_the_same_bits_in_any_tile_from_just_its_cells() {
    for factor in [2, 4, 8, 32] {
        let size = Size::new(83, 41);
        let grid = size.reduced(factor);
        let map = noise(Rect::of(grid), 1);
        let whole = upsample(&map, factor, grid, Rect::of(size));
        for rect in crate::pixels::geometry::tiles_of(size, Size::new(7, 6)) {
            let mut cells = Tile::new(cells_for(rect, factor, grid), 1);
            cells.copy_from(&map);
            let out = upsample(&cells, factor, grid, rect);
            let mut expected = Tile::new(rect, 1);
            expected.copy_from(&whole);
            for row_idx in 0..rect.height as usize {
                let n = rect.width as usize;
                assert_eq!(out.row(0, row_idx)[..n], expected.row(0, row_idx)[..n]);
            }
        }
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let full = noise(Rect::new(0, 0, 100, 8), 1);
    let taps: [Vec<f32>; TAPS] = std::array::from_fn(|tap| {
        (0..8)
            .map(|phase| b_spline(f64::from(phase) / 8.0)[tap])
            .collect()
    });
    let at = |level| {
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let rows = BlockRows {
                    pixels: full.plane(0),
                    stride: full.stride(),
                    n_rows: 8,
                    width: 100,
                };
                let mut means = [0.0; 13];
                block_means(&rows, 8, &mut means);
                let mut spread = [0.0; 80];
                spread_cells(&means, taps.each_ref().map(Vec::as_slice), &mut spread);
                let rows = [&spread[..64], &spread[1..65], &spread[2..66], &spread[16..]];
                let mut out = [0.0; 64];
                combine(rows, [0.1, 0.4, 0.35, 0.15], &mut out);
                (means.map(f32::to_bits), out.map(f32::to_bits))
            },
        )
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
