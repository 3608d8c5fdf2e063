//! The transform against its formula in f64, every instruction set against the others, and what
//! comes back from a decoder. That files are the library's, byte for byte, is held one floor up.

use super::*;
use crate::pixels::simd::SimdLevel;

/// Waves, edges and noise, of so many samples.
fn samples(n: usize) -> Vec<u8> {
    let mut state = 11_u32;
    let mut sample = |i: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = state >> 24;
        let wave = 127.0 + 120.0 * (i as f64 * 0.013).sin();
        match i / 400 % 4 {
            0 => noise as u8,
            1 => wave as u8,
            2 => (wave as u32).midpoint(noise / 8) as u8,
            _ => 255 * (i / 16 % 2) as u8,
        }
    };
    (0..n).map(&mut sample).collect()
}

/// The type-II transform of a block as JPEG defines it.
fn exact(stripe: &planes::Stripe, block_idx: usize, (v, u): (usize, usize)) -> f64 {
    let c = |k: usize| if k == 0 { 0.5_f64.sqrt() } else { 1.0 };
    let cos =
        |k: usize, x: usize| ((2 * x + 1) as f64 * k as f64 * std::f64::consts::PI / 16.0).cos();
    let sum: f64 = (0..64)
        .map(|i| {
            let (y, x) = (i / 8, i % 8);
            f64::from(stripe[y][8 * block_idx + x]) * cos(u, x) * cos(v, y)
        })
        .sum();
    0.25 * c(u) * c(v) * sum
}

fn stripe() -> Box<planes::Stripe> {
    let samples = samples(8 * WIDTH);
    let value = |i: usize| i16::from(samples[i]) - 128;
    Box::new(std::array::from_fn(|y| {
        std::array::from_fn(|x| value(y * WIDTH + x))
    }))
}

#[test]
fn coefficients_are_those_of_the_formula() {
    let stripe = stripe();
    for divisor in [1_u8, 3, 16, 255] {
        let quantizer = transform::Quantizer::new(&[[divisor; 8]; 8]);
        let mut coefficients = Coefficients::new();
        coefficients.transform(simd::level(), &stripe, &quantizer, transform::BLOCKS);
        for block_idx in 0..transform::BLOCKS {
            for i in 0..64 {
                let (v, u) = (i / 8, i % 8);
                let got = coefficients.values[v][8 * block_idx + u];
                let expected = exact(&stripe, block_idx, (v, u)) / f64::from(divisor);
                let off = (f64::from(got) - expected).abs();
                // Half a step, and what fixed point and a reciprocal of 15 bits round.
                assert!(
                    off < 0.51 + 0.3 / f64::from(divisor),
                    "{block_idx} {v} {u}: {off}"
                );
                let is_marked = coefficients.filled[block_idx][v] >> u & 1 == 1;
                assert_eq!(is_marked, got != 0, "{block_idx} {v} {u}");
            }
        }
    }
}

#[test]
fn the_darkest_and_the_lightest_do_not_overflow() {
    let quantizer = transform::Quantizer::new(&[[1; 8]; 8]);
    for level in [-128, 127] {
        let stripe = [[level; WIDTH]; 8];
        let mut coefficients = Coefficients::new();
        coefficients.transform(simd::level(), &stripe, &quantizer, 1);
        assert_eq!(coefficients.values[0][0], 8 * level);
        assert_eq!(coefficients.filled[0][0], 1);
    }
}

#[test]
fn every_simd_level_gives_the_same_coefficients() {
    let width = 2 * WIDTH - 19;
    let samples = samples(width * 3 * 13);
    let source = Source {
        samples: &samples,
        width,
        n_channels: 3,
    };
    let divisors = std::array::from_fn(|i| std::array::from_fn(|j| (1 + 5 * i + 3 * j) as u8));
    let quantizer = transform::Quantizer::new(&divisors);
    for subsampling in [(1, 1), (2, 1), (2, 2)] {
        for left in [0, WIDTH] {
            let at = |level: SimdLevel| {
                let level = level.token().unwrap();
                let mut planes = Planes::new();
                planes.read(level, &source, (left, 0), subsampling);
                let [luma, _] = &planes.luma;
                let [blue, red] = &planes.chroma;
                [luma, blue, red].map(|stripe| {
                    let mut coefficients = Coefficients::new();
                    let n_blocks = transform::BLOCKS / subsampling.0;
                    coefficients.transform(level, stripe, &quantizer, n_blocks);
                    (coefficients.values, coefficients.filled)
                })
            };
            let expected = at(SimdLevel::Portable);
            for level in SimdLevel::available() {
                assert!(at(level) == expected, "{level} {subsampling:?} {left}");
            }
        }
    }
}

#[test]
fn colours_are_jfif_s_and_reduced_ones_their_means() {
    let samples = samples(WIDTH * 3 * 16);
    let source = Source {
        samples: &samples,
        width: WIDTH,
        n_channels: 3,
    };
    let exact = |x: usize, y: usize| {
        let at = (y * WIDTH + x) * 3;
        let [r, g, b] = [0, 1, 2].map(|c| f64::from(samples[at + c]));
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        [luma - 128.0, (b - luma) / 1.772, (r - luma) / 1.402]
    };
    for (across, down) in [(1, 1), (2, 1), (2, 2)] {
        let mut planes = Planes::new();
        planes.read(simd::level(), &source, (0, 0), (across, down));
        for y in 0..8 * down {
            for x in 0..WIDTH {
                let got = f64::from(planes.luma[y / 8][y % 8][x]);
                assert!((got - exact(x, y)[0]).abs() < 0.51, "{x} {y}");
            }
        }
        for y in 0..8 {
            for x in 0..WIDTH / across {
                for c in 0..2 {
                    let pixels = (0..across * down)
                        .map(|i| exact(x * across + i % across, y * down + i / across)[1 + c]);
                    let mean = pixels.sum::<f64>() / (across * down) as f64;
                    let got = f64::from(planes.chroma[c][y][x]);
                    assert!(
                        (got - mean).abs() < 1.01,
                        "{across} {down} {x} {y}: {got} {mean}"
                    );
                }
            }
        }
    }
}
