//! Networks against sorting, and the levels against one another.

use super::*;
use crate::pixels::simd::{SimdLevel, vectorize_at};

/// A row of pseudo-random values with many equal ones.
fn values(seed: u32, len: usize, n_distinct: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 9) % n_distinct) as f32 - 3.0
    };
    (0..len).map(|_| next()).collect()
}

fn middle(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values[values.len() / 2]
}

#[test]
fn windows_of_9_and_25_agree_with_sorting() {
    for seed in 0..200 {
        for n_distinct in [2, 5, 1000] {
            let rows = values(seed, 5 * 48, n_distinct);
            let mut sorted = vec![0.0; 5 * 48];
            let mut out = [0.0; 32];
            sort_columns_of_5(&rows, &mut sorted);
            medians_of_5::<f32, 1>(&sorted, &mut out);
            for (x, out) in out.iter().enumerate() {
                let window = (0..5).flat_map(|y| rows[y * 48 + x..y * 48 + x + 5].to_vec());
                assert_eq!(*out, middle(window.collect()), "{seed} {n_distinct} {x}");
            }
            let rows = &rows[..3 * 48];
            sort_columns_of_3(rows, &mut sorted[..3 * 48]);
            medians_of_3::<f32, 1>(&sorted[..3 * 48], &mut out);
            for (x, out) in out.iter().enumerate() {
                let window = (0..3).flat_map(|y| rows[y * 48 + x..y * 48 + x + 3].to_vec());
                assert_eq!(*out, middle(window.collect()), "{seed} {n_distinct} {x}");
            }
        }
    }
}

#[test]
fn interleaved_channels_keep_apart() {
    let rows: Vec<u8> = values(3, 5 * 96, 200)
        .iter()
        .map(|v| (*v + 3.0) as u8)
        .collect();
    let mut sorted = vec![0; 5 * 96];
    let mut out = [0; 84];
    row_of_5_by_5::<u8, 3>(&rows, &mut sorted, &mut out);
    for (i, out) in out.iter().enumerate() {
        let taps = (0..5).flat_map(|y| (0..5).map(move |k| y * 96 + i + 3 * k));
        let mut window: Vec<u8> = taps.map(|at| rows[at]).collect();
        window.sort_unstable();
        assert_eq!(*out, window[12], "{i}");
    }
}

#[test]
fn every_simd_level_gives_the_same_bits() {
    let rows = values(7, 5 * 48, 1000);
    let at = |level| {
        let mut out = [[0.0; 32]; 2];
        vectorize_at(
            level,
            #[inline(always)]
            || {
                let mut sorted = [0.0; 5 * 48];
                sort_columns_of_5(&rows, &mut sorted);
                medians_of_5::<f32, 1>(&sorted, &mut out[0]);
                sort_columns_of_3(&rows[..3 * 48], &mut sorted[..3 * 48]);
                medians_of_3::<f32, 1>(&sorted[..3 * 48], &mut out[1]);
            },
        );
        out.map(|row| row.map(f32::to_bits))
    };
    let expected = at(SimdLevel::Portable);
    for level in SimdLevel::available() {
        assert_eq!(at(level), expected, "{level}");
    }
}
