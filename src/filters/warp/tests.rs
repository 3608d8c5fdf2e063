//! Holds both kernels to the formula in f64, to any tile, to every SIMD level and to odd values.

use std::sync::atomic::AtomicBool;

use super::general::General;
use super::*;
use crate::filters::frame::{Frame, Placement};
use crate::filters::kernel::{Stop, Work};
use crate::filters::whole::{fold, test_picture};
use crate::pixels::geometry::{Rect, Size, Turn, tiles_of};
use crate::pixels::math::sin_cos_pi_f64;
use crate::pixels::scratch::Scratch;
use crate::pixels::simd::{SimdLevel, vectorize_at};
use crate::pixels::tile::Tile;

/// The warp of a picture in tiles of `side`, scalings in strips of `strip_rows`.
fn warped(warp: &Warp, picture: &Tile, side: u32, strip_rows: u32) -> Tile {
    let kernel = WarpKernel::new(warp);
    let stop = AtomicBool::new(false);
    let mut scratch = Scratch::default();
    let mut whole = Tile::new(Rect::of(warp.output_size), picture.n_planes());
    for rect in tiles_of(warp.output_size, Size::new(side, side)) {
        let mut input = Tile::new(kernel.input_rect(rect), picture.n_planes());
        input.copy_from(picture);
        let height = input.rect().height;
        prepare(&mut input, 0, height);
        let n_planes = picture.n_planes();
        let mut tile = Tile::new(rect, n_planes);
        if let Some(scale) = kernel.scale() {
            let rects = (input.rect(), rect);
            let mut run = ScaleRun::new(scale, rects, n_planes, strip_rows, &mut scratch);
            for top in (0..height).step_by(strip_rows as usize) {
                run.push(&input, top, strip_rows.min(height - top));
            }
            tile = run.finish(&mut scratch);
        } else {
            let mut work = Work {
                scratch: &mut scratch,
                stop: Stop::new(&stop),
            };
            kernel.run(&input, &mut tile, &mut work).unwrap();
        }
        finish(&mut tile);
        for plane_idx in 0..picture.n_planes() {
            for y in 0..rect.height as usize {
                let (left, width) = (rect.x as usize, rect.width as usize);
                let row = &tile.row(plane_idx, y)[..width];
                let target = whole.row_mut(plane_idx, rect.y as usize + y);
                target[left..left + width].copy_from_slice(row);
            }
        }
    }
    whole
}

fn lanczos(x: f64) -> f64 {
    let sinc = |x: f64| {
        let x = x * std::f64::consts::PI;
        if x == 0.0 { 1.0 } else { x.sin() / x }
    };
    if x.abs() < 3.0 {
        sinc(x) * sinc(x / 3.0)
    } else {
        0.0
    }
}

/// The formula at one output pixel; `stretch` across and down.
fn reference(warp: &Warp, picture: &Tile, (x, y): (u32, u32), stretch: [f64; 2]) -> f64 {
    let [u, v] = warp
        .to_input
        .apply([f64::from(x) + 0.5, f64::from(y) + 0.5]);
    let size = picture.size();
    let taps = |at: f64, stretch: f64| -> Vec<(i64, f64)> {
        let near = (at - 3.0 * stretch).floor() as i64..=(at + 3.0 * stretch).ceil() as i64;
        near.map(|k| (k, lanczos((k as f64 + 0.5 - at) / stretch)))
            .collect()
    };
    let (across, down) = (taps(u, stretch[0]), taps(v, stretch[1]));
    let (mut sum, mut total) = (0.0, 0.0);
    for (row, wy) in &down {
        for (column, wx) in &across {
            let value = picture.row(0, fold(*row, size.height))[fold(*column, size.width)];
            sum += wy * wx * f64::from(value);
            total += wy * wx;
        }
    }
    sum / total
}

fn assert_agrees(warp: &Warp, stretch: impl Fn(u32, u32) -> [f64; 2], what: &str) {
    let picture = test_picture(warp.input_size, 3);
    let got = warped(warp, &picture, 4096, 16);
    let size = warp.output_size;
    let mut worst = 0.0_f64;
    for y in (0..size.height).step_by(3) {
        for x in 0..size.width {
            let exact = reference(warp, &picture, (x, y), stretch(x, y));
            worst = worst.max((f64::from(got.row(0, y as usize)[x as usize]) - exact).abs());
        }
    }
    assert!(worst < 1e-4, "{what}: {worst}");
}

fn assert_tiles_agree(warp: &Warp, n_planes: usize, what: &str) {
    let picture = test_picture(warp.input_size, n_planes);
    let whole = warped(warp, &picture, 4096, 4096);
    for (side, strip_rows) in [(7, 1), (32, 5), (61, 64)] {
        let tiled = warped(warp, &picture, side, strip_rows);
        let width = warp.output_size.width as usize;
        for plane_idx in 0..n_planes {
            for y in 0..warp.output_size.height as usize {
                let bits = |tile: &Tile| -> Vec<u32> {
                    let row = &tile.row(plane_idx, y)[..width];
                    row.iter().map(|value| value.to_bits()).collect()
                };
                assert_eq!(bits(&tiled), bits(&whole), "{what}, tile {side}, row {y}");
            }
        }
    }
}

fn scalings() -> Vec<(String, Warp)> {
    let input = Size::new(120, 90);
    let sizes = [
        (30, 30),
        (120, 90),
        (37, 90),
        (50, 33),
        (200, 131),
        (1, 1),
        (7, 300),
    ];
    let mut warps: Vec<_> = sizes
        .map(|(w, h)| {
            (
                format!("to {w} × {h}"),
                Warp::resized(input, Size::new(w, h)),
            )
        })
        .into();
    for turn in 1..8 {
        let turn = Turn::new(turn & 1 > 0, turn & 2 > 0, turn & 4 > 0);
        let placement = Placement {
            input_rect: Rect::new(11, 3, 80, 60),
            turn,
        };
        let size = placement.output_size();
        let small = Size::new(size.width / 2, size.height / 3);
        let warp = Warp::of_placement(&placement, input).then(&Warp::resized(size, small));
        warps.push((format!("{turn:?}"), warp));
    }
    warps
}

fn turned(degrees: f64, size: Size) -> Warp {
    let (s, c) = sin_cos_pi_f64(degrees / 180.0);
    let (x, y) = (f64::from(size.width) / 2.0, f64::from(size.height) / 2.0);
    let about = Homography::translation(x, y)
        .after(&Homography([c, s, 0.0, -s, c, 0.0, 0.0, 0.0, 1.0]))
        .after(&Homography::translation(-x, -y));
    cropped(&about, size)
}

fn leaning(size: Size) -> Warp {
    let lean = Homography([1.0, 0.02, -2.0, 0.01, 1.0, 1.0, 1.5e-3, -2e-3, 1.0]);
    cropped(&lean, size)
}

fn generals() -> Vec<(String, Warp)> {
    let size = Size::new(120, 90);
    let third = |warp: Warp| {
        let half = Size::new(warp.output_size.width / 3, warp.output_size.height / 3);
        warp.then(&Warp::resized(warp.output_size, half))
    };
    let whole_turn = Warp {
        // Corners outside the frame: clamped and mirrored there.
        output_size: size,
        ..Warp::of_placement(&Placement::identity(size), size).then(&turned(25.0, size))
    };
    vec![
        ("3°".to_owned(), turned(3.0, size)),
        ("-38°".to_owned(), turned(-38.0, size)),
        ("3° to a third".to_owned(), third(turned(3.0, size))),
        ("leaning".to_owned(), leaning(size)),
        ("beyond the corners".to_owned(), whole_turn),
    ]
}

#[test]
fn scaling_agrees_with_the_formula() {
    for (what, warp) in scalings() {
        assert!(Scale::of(&warp).is_some(), "{what}");
        let m = warp.to_input.0;
        let stretch = [m[0].abs().max(m[1].abs()), m[4].abs().max(m[3].abs())];
        assert_agrees(&warp, |_, _| stretch.map(|s| s.max(1.0)), &what);
    }
}

#[test]
fn turning_agrees_with_the_formula() {
    for (what, warp) in &generals()[..3] {
        assert!(Scale::of(warp).is_none());
        let m = warp.to_input.0;
        let stretch = [m[0].hypot(m[1]), m[3].hypot(m[4])].map(|s| s.max(1.0));
        assert_agrees(warp, |_, _| stretch, what);
    }
}

#[test]
fn perspective_agrees_with_the_formula_in_quarter_octaves() {
    let warp = leaning(Size::new(120, 90));
    let stretch = |x: u32, y: u32| {
        let [ux, uy, vx, vy] = warp
            .to_input
            .derivatives([f64::from(x / 16 * 16 + 8), f64::from(y) + 0.5]);
        [ux.hypot(uy), vx.hypot(vy)].map(|s| ((s.log2() * 4.0).round() / 4.0).exp2().max(1.0))
    };
    assert_agrees(&warp, stretch, "leaning");
}

#[test]
fn tiles_and_strips_change_no_bit() {
    for (what, warp) in scalings().into_iter().chain(generals()) {
        assert_tiles_agree(&warp, 3, &what);
    }
    assert_tiles_agree(&generals()[0].1, 4, "with alpha");
    assert_tiles_agree(&scalings()[3].1, 4, "with alpha");
}

#[test]
fn tiny_frames_survive_any_warp() {
    for size in [
        Size::new(1, 1),
        Size::new(1, 50),
        Size::new(50, 1),
        Size::new(2, 3),
    ] {
        for warp in [
            turned(20.0, size),
            leaning(size),
            Warp::resized(size, Size::new(9, 5)),
        ] {
            assert_tiles_agree(&warp, 3, &format!("{size:?}"));
            let mut flat = Tile::new(Rect::of(size), 3);
            flat.data_mut().fill(0.5);
            let out = warped(&warp, &flat, 64, 8);
            let values = &out.row(1, 0)[..warp.output_size.width as usize];
            assert!(values.iter().all(|v| (v - 0.5).abs() < 1e-5), "{size:?}");
        }
    }
}

#[test]
fn odd_values_come_out_finite() {
    for warp in [
        turned(10.0, Size::new(40, 30)),
        Warp::resized(Size::new(40, 30), Size::new(9, 7)),
    ] {
        let mut picture = test_picture(Size::new(40, 30), 4);
        let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX];
        for (value, odd) in picture
            .data_mut()
            .iter_mut()
            .step_by(7)
            .zip(odd.iter().cycle())
        {
            *value = *odd;
        }
        let out = warped(&warp, &picture, 64, 8);
        assert!(out.data().iter().all(|value| value.is_finite()));
    }
}

#[test]
fn transparent_pixels_do_not_bleed() {
    let size = Size::new(64, 48);
    let mut picture = Tile::new(Rect::of(size), 4);
    for y in 0..48 {
        for x in 0..64 {
            let is_seen = x < 32;
            picture.row_mut(0, y)[x] = if is_seen { 0.25 } else { 1.0 };
            picture.row_mut(3, y)[x] = if is_seen { 1.0 } else { 0.0 };
        }
    }
    for warp in [turned(7.0, size), Warp::resized(size, Size::new(20, 15))] {
        let out = warped(&warp, &picture, 64, 8);
        for y in 0..out.rect().height as usize {
            for x in 0..out.rect().width as usize {
                let (red, alpha) = (out.row(0, y)[x], out.row(3, y)[x]);
                assert!((0.0..=1.0).contains(&alpha));
                assert!(
                    alpha < 0.01 || (red - 0.25).abs() < 1e-3,
                    "{red} at {alpha}"
                );
            }
        }
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    for (what, warp) in [&generals()[1], &generals()[2], &generals()[3]] {
        let picture = test_picture(warp.input_size, 3);
        let general = General::new(warp);
        let at = |level| {
            let mut out = Tile::new(Rect::of(warp.output_size), 3);
            let mut spare = [vec![0.0; 1024], vec![0.0; 1536], vec![0.0; 3072]];
            for y in 0..warp.output_size.height {
                let spare = spare.each_mut().map(Vec::as_mut_slice);
                vectorize_at(
                    level,
                    #[inline(always)]
                    || general.row(&picture, y, spare, &mut out),
                );
            }
            out.data()
                .iter()
                .map(|value| value.to_bits())
                .collect::<Vec<_>>()
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert!(at(level) == expected, "{what} at {level}");
        }
    }
}

#[test]
fn a_tilted_line_is_straightened() {
    // A horizon that falls to the right by 5 degrees; turning by −5 makes it level.
    let size = Size::new(300, 200);
    let (s, c) = sin_cos_pi_f64(5.0 / 180.0);
    let mut picture = Tile::new(Rect::of(size), 3);
    for y in 0..200_u32 {
        for x in 0..300_u32 {
            let (dx, dy) = (f64::from(x) - 149.5, f64::from(y) - 99.5);
            let below = (c * dy - s * dx).clamp(-0.5, 0.5) + 0.5;
            (0..3).for_each(|p| picture.row_mut(p, y as usize)[x as usize] = below as f32);
        }
    }
    let out = warped(&turned(-5.0, size), &picture, 4096, 16);
    let (width, height) = (out.rect().width as usize, out.rect().height as usize);
    let heights: Vec<f64> = (0..width)
        .map(|x| (0..height).map(|y| f64::from(out.row(0, y)[x])).sum())
        .collect();
    let middle = height as f64 / 2.0;
    assert!(
        heights.iter().all(|h| (h - middle).abs() < 0.05),
        "{heights:?}"
    );
}

#[test]
fn a_reduced_frame_is_the_full_one_reduced() {
    let size = Size::new(480, 320);
    let mut picture = Tile::new(Rect::of(size), 3);
    for y in 0..320 {
        for x in 0..480 {
            let wave = ((x as f32 / 31.0).sin() + (y as f32 / 23.0).cos()) * 0.2 + 0.5;
            (0..3).for_each(|p| picture.row_mut(p, y)[x] = wave);
        }
    }
    let full_warp = turned(6.0, size);
    let full = warped(&full_warp, &picture, 4096, 16);
    for scale in [0.5, 0.25] {
        let frame = Frame {
            size: size.scaled(scale),
            scale,
            full_size: size,
        };
        let small = warped(&Warp::resized(size, frame.size), &picture, 4096, 16);
        let warp = full_warp.at(&frame, scale);
        let preview = warped(&warp, &small, 4096, 16);
        let after = Warp::resized(full_warp.output_size, warp.output_size);
        let expected = warped(&after, &full, 4096, 16);
        for y in 3..warp.output_size.height as usize - 3 {
            for x in 3..warp.output_size.width as usize - 3 {
                let difference = preview.row(0, y)[x] - expected.row(0, y)[x];
                assert!(difference.abs() < 2e-3, "{scale}: {difference} at {x}, {y}");
            }
        }
    }
}
