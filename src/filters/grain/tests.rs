//! Grain against simplex noise written in f64 with floors, and its statistics.

use super::*;
use crate::filters::probe;
use crate::pixels::geometry::Size;

fn emulsion(numbers: [f64; 3], frame: &Frame) -> Emulsion {
    Emulsion::new(&probe::values(&Grain, &numbers), frame)
}

/// The noise on `side` × `side` pixels.
fn noise_of(emulsion: &Emulsion, side: u32) -> Vec<f64> {
    (0..side * side)
        .map(|i| f64::from(emulsion.noise(i % side, i / side)))
        .collect()
}

fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

/// 32 random bits of a lattice corner, as the noise defines them.
fn bits_of(i: i64, j: i64, seed: u32) -> u32 {
    let corner = (i.rem_euclid(65536) * 65536 + j.rem_euclid(65536)) as u32;
    mixed(corner ^ seed)
}

fn mixed(mut h: u32) -> u32 {
    h = (h ^ (h >> 16)).wrapping_mul(0x7feb_352d);
    h = (h ^ (h >> 15)).wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}

/// Simplex noise of variance 1 from lattice coordinates in cells.
fn simplex(u: f64, v: f64, seed: u32) -> f64 {
    let g = (3.0 - 3.0_f64.sqrt()) / 6.0;
    let (i, j) = (u.floor(), v.floor());
    let middle = if u - i > v - j {
        (1.0, 0.0)
    } else {
        (0.0, 1.0)
    };
    let sum: f64 = [(0.0, 0.0), middle, (1.0, 1.0)]
        .into_iter()
        .map(|(right, up)| {
            let (fu, fv) = (u - i - right, v - j - up);
            let (dx, dy) = (fu - (fu + fv) * g, fv - (fu + fv) * g);
            let bits = bits_of(i as i64 + right as i64, j as i64 + up as i64, seed);
            let gx = f64::from(bits & 0xffff) / 32767.5 - 1.0;
            let gy = f64::from(bits >> 16) / 32767.5 - 1.0;
            (0.5 - dx * dx - dy * dy).max(0.0).powi(4) * (gx * dx + gy * dy)
        })
        .sum();
    sum / (3.0_f64.sqrt() / 3.0 * std::f64::consts::PI / (1024.0 * 90.0)).sqrt()
}

/// The noise of a pixel at scale 1, octave by octave.
fn reference_noise([_, size, roughness]: [f64; 3], x: u32, y: u32) -> f64 {
    let cell = 1.6 * 2.0_f64.powf(0.03 * size);
    let octaves: [(f64, f64, f64); 3] = [
        (
            cell / 1.83,
            (5.0_f64 / 12.0).atan(),
            0.55 + 0.0035 * roughness,
        ),
        (cell, (20.0_f64 / 21.0).atan(), 1.0),
        (
            cell / 0.52,
            (-8.0_f64 / 15.0).atan(),
            0.3 + 0.0055 * roughness,
        ),
    ];
    let norm = octaves.iter().map(|o| o.2 * o.2).sum::<f64>().sqrt();
    let on_grid = |value: f64| (value * 65536.0).round() / 65536.0;
    octaves
        .into_iter()
        .enumerate()
        .map(|(idx, (cell, angle, weight))| {
            let skew = (3.0_f64.sqrt() - 1.0) / 2.0;
            let lattice = |dx: f64, dy: f64| {
                let (u, v) = (
                    (dx * angle.cos() - dy * angle.sin()) / cell,
                    (dx * angle.sin() + dy * angle.cos()) / cell,
                );
                [u + skew * (u + v), v + skew * (u + v)].map(on_grid)
            };
            let offset = mixed(idx as u32 + 0x5bd1_e995);
            let from = [offset & 0x7fff_ffff, offset >> 3].map(|o| f64::from(o) / 65536.0);
            let at: [f64; 2] = std::array::from_fn(|axis| {
                f64::from(x) * lattice(1.0, 0.0)[axis]
                    + f64::from(y) * lattice(0.0, 1.0)[axis]
                    + lattice(0.5, 0.5)[axis]
                    + from[axis]
            });
            weight / norm * simplex(at[0], at[1], offset.rotate_left(11))
        })
        .sum()
}

#[test]
fn agrees_with_simplex_noise_in_f64() {
    for numbers in [[100.0, 25.0, 50.0], [30.0, 0.0, 0.0], [60.0, 100.0, 100.0]] {
        let kernel = probe::kernel(&Grain, &probe::values(&Grain, &numbers), &probe::FRAME);
        let colors = probe::colors();
        for y in [0, 7, 300] {
            let got = probe::render(kernel.as_ref(), &colors, 100, y);
            for (i, (color, got)) in colors.iter().zip(got).enumerate() {
                let rgb = color.map(f64::from);
                let light = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
                let k = 0.0032 * numbers[0] * (1.0 - light.max(0.0).sqrt()).max(0.0);
                let n = reference_noise(numbers, 100 + i as u32, y);
                let gain = (1.0 + k * n).max(0.0).powi(2) / (1.0 + k * k);
                for (got, value) in got.into_iter().zip(rgb) {
                    let expected = value * gain;
                    let error = (f64::from(got) - expected).abs() / expected.abs().max(1.0);
                    assert!(error < 1e-4, "{color:?} at {i}, {y}: {got} {expected}");
                }
            }
        }
        probe::stays_finite(&Grain, &numbers);
        probe::same_bits_everywhere(&emulsion(numbers, &probe::FRAME));
    }
}

#[test]
fn noise_has_the_documented_mean_and_variance() {
    for numbers in [[100.0, 25.0, 50.0], [100.0, 0.0, 0.0], [100.0, 50.0, 100.0]] {
        let noise = noise_of(&emulsion(numbers, &probe::FRAME), 384);
        let (mean, deviation) = mean_and_deviation(&noise);
        assert!(
            mean.abs() < 0.02 && (deviation - 1.0).abs() < 0.04,
            "{numbers:?}: {mean} {deviation}"
        );
    }
}

#[test]
fn noise_is_no_white_noise_and_does_not_repeat() {
    let side = 256_usize;
    let noise = noise_of(&emulsion([100.0, 40.0, 50.0], &probe::FRAME), side as u32);
    let alike = |dx: usize, dy: usize| {
        let n = (side - dx) * (side - dy);
        let products = (0..side - dy)
            .flat_map(|y| (0..side - dx).map(move |x| (x, y)))
            .map(|(x, y)| noise[y * side + x] * noise[(y + dy) * side + x + dx]);
        products.sum::<f64>() / n as f64
    };
    assert!(
        alike(1, 0) > 0.3 && alike(0, 1) > 0.3,
        "{} {}",
        alike(1, 0),
        alike(0, 1)
    );
    for shift in [16, 31, 64, 100] {
        for (dx, dy) in [(shift, 0), (0, shift), (shift, shift)] {
            assert!(alike(dx, dy).abs() < 0.06, "{dx} {dy}: {}", alike(dx, dy));
        }
    }
}

#[test]
fn preview_grain_is_about_as_strong_as_the_reduced_export() {
    for (numbers, factor) in [
        ([100.0, 25.0, 50.0], 2),
        ([100.0, 25.0, 50.0], 4),
        ([100.0, 70.0, 20.0], 4),
        ([100.0, 0.0, 100.0], 8),
    ] {
        let side = 512_u32;
        let full = noise_of(&emulsion(numbers, &probe::FRAME), side);
        let reduced_side = side / factor;
        let reduced: Vec<f64> = (0..reduced_side * reduced_side)
            .map(|i| {
                let (left, top) = (i % reduced_side * factor, i / reduced_side * factor);
                let cell = (0..factor * factor)
                    .map(|k| full[((top + k / factor) * side + left + k % factor) as usize]);
                cell.sum::<f64>() / f64::from(factor * factor)
            })
            .collect();
        let frame = Frame {
            size: Size::new(reduced_side, reduced_side),
            scale: 1.0 / f64::from(factor),
            full_size: Size::new(side, side),
        };
        let preview = noise_of(&emulsion(numbers, &frame), reduced_side);
        let ratio = mean_and_deviation(&preview).1 / mean_and_deviation(&reduced).1;
        let bounds = if factor < 8 { 0.85..1.15 } else { 0.5..1.15 };
        assert!(bounds.contains(&ratio), "{numbers:?} / {factor}: {ratio}");
    }
}

#[test]
fn black_and_white_stay_clean_and_the_mean_stays() {
    for still in [0.0_f32, 1.0, 3.0] {
        let kernel = probe::kernel(&Grain, &probe::values(&Grain, &[100.0]), &probe::FRAME);
        let row = probe::render(kernel.as_ref(), &[[still; 3]; 64], 0, 9);
        assert!(row.iter().all(|color| *color == [still; 3]), "{still}");
    }
    let mut last = 0.0;
    for amount in [10.0, 40.0, 70.0, 100.0] {
        let kernel = probe::kernel(&Grain, &probe::values(&Grain, &[amount]), &probe::FRAME);
        let values: Vec<f64> = (0..256)
            .flat_map(|y| probe::render(kernel.as_ref(), &[[0.18; 3]; 256], 0, y))
            .map(|color| f64::from(color[0]))
            .collect();
        let (mean, deviation) = mean_and_deviation(&values);
        assert!((mean / 0.18 - 1.0).abs() < 0.01, "{amount}: {mean}");
        assert!(deviation > last, "{amount}");
        last = deviation;
    }
}

#[test]
fn only_the_amount_decides_whether_anything_happens() {
    assert!(probe::values(&Grain, &[0.0, 80.0, 10.0]).is_identity(&SPEC));
    let color = [0.3_f32, 0.2, 0.1];
    assert_eq!(probe::one(&Grain, &[0.0, 80.0, 10.0], color), color);
}
