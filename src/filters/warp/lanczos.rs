//! Lanczos-3: which input pixels weigh how much in an output pixel, along one axis.
//!
//! **Formula**: L(x) = sinc(x) · sinc(x / 3) for |x| < 3, sinc(x) = sin πx / πx (Duchon 1979),
//! stretched by the reduction so that it averages what becomes one pixel; normalised to sum 1.

use std::ops::Range;

use crate::pixels::math::sin_cos_pi_f64;

const LOBES: f64 = 3.0;

/// Input pixels that one output pixel weighs, where it is `stretch` ≥ 1 of them wide.
pub(super) fn n_taps(stretch: f64) -> usize {
    // A stretch that is whole but for rounding needs no further pair.
    2 * ((LOBES * stretch - 1e-9).ceil() as usize).max(1)
}

/// First of `n` taps around `position`, an index of pixels' middles.
#[inline(always)]
pub(super) fn first_tap(position: f64, n: usize) -> i64 {
    position.floor() as i64 - (n as i64 / 2 - 1)
}

/// Weights of `n` taps at `first_tap + k`, `fraction` = position − ⌊position⌋.
pub(super) fn weights(fraction: f64, stretch: f64, n: usize) -> Vec<f64> {
    let middle = fraction + (n as f64 / 2.0 - 1.0);
    let mut weights: Vec<f64> = (0..n)
        .map(|k| lanczos((k as f64 - middle) / stretch))
        .collect();
    let sum: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= sum;
    }
    weights
}

fn lanczos(x: f64) -> f64 {
    if x.abs() >= LOBES {
        return 0.0;
    }
    sinc(x) * sinc(x / LOBES)
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        1.0
    } else {
        sin_cos_pi_f64(x).0 / (std::f64::consts::PI * x)
    }
}

/// The pixels of an axis of `len` that taps `first` … `first + n` fall on when the axis is mirrored at
/// its ends: first and one past the last.
pub(super) fn folded_span(first: i64, n: usize, len: u32) -> (u32, u32) {
    let len = i64::from(len);
    let end = first + n as i64;
    if n as i64 >= len {
        return (0, len as u32);
    }
    let (mut low, mut high) = (first.max(0), end.min(len));
    if first < 0 {
        low = 0;
        high = high.max((-first).min(len));
    }
    if end > len {
        high = len;
        low = low.min((2 * len - end).max(0));
    }
    (low as u32, high as u32)
}

/// Output pixels whose lanes are summed together.
pub(super) const GROUP: usize = 16;

/// Sums each pixel's `N` lanes, 8 or 16, in a fixed order: neighbours are added until one is left.
/// Apart from the loop that fills the lanes, and across pixels, so that every step fills vectors.
#[inline(always)]
pub(super) fn sum_lanes<const N: usize>(lanes: &[[f32; N]; GROUP], sums: &mut [f32; GROUP]) {
    let mut eight = [0.0_f32; 8 * GROUP];
    let mut four = [0.0_f32; 4 * GROUP];
    let mut two = [0.0_f32; 2 * GROUP];
    if N == 16 {
        add_neighbours(lanes.as_flattened(), &mut eight);
        add_neighbours(&eight, &mut four);
    } else {
        add_neighbours(lanes.as_flattened(), &mut four);
    }
    add_neighbours(&four, &mut two);
    add_neighbours(&two, sums);
}

/// Puts the `wanted` sums at the beginning of `row`.
#[inline(always)]
pub(super) fn put(sums: &[f32; GROUP], wanted: Range<usize>, row: &mut [f32]) {
    match row.first_chunk_mut() {
        Some(whole) if wanted.len() == GROUP => *whole = *sums,
        _ => row[..wanted.len()].copy_from_slice(&sums[wanted]),
    }
}

#[inline(always)]
fn add_neighbours(from: &[f32], to: &mut [f32]) {
    for (sum, [a, b]) in to.iter_mut().zip(from.as_chunks::<2>().0) {
        *sum = a + b;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_interpolate_and_sum_to_one() {
        let on_pixel = weights(0.0, 1.0, 6);
        for (k, weight) in on_pixel.iter().enumerate() {
            let expected = if k == 2 { 1.0 } else { 0.0 };
            assert!((weight - expected).abs() < 1e-12, "{on_pixel:?}");
        }
        for stretch in [1.0, 1.3, 4.0, 17.5] {
            let n = n_taps(stretch);
            let sum: f64 = weights(0.37, stretch, n).iter().sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
        assert_eq!((n_taps(1.0), n_taps(4.0), n_taps(1.1)), (6, 24, 8));
    }

    #[test]
    fn spans_hold_every_mirrored_tap() {
        for len in 1..20_u32 {
            for n in [2, 6, 8, 24] {
                for position in -1..i64::from(len) {
                    let first = position - (n as i64 / 2 - 1);
                    let (low, high) = folded_span(first, n, len);
                    for tap in first..first + n as i64 {
                        let at = crate::filters::kernels::mirror::mirrored(tap, len) as u32;
                        assert!(
                            low <= at && at < high && high <= len,
                            "{len} {n} {position}"
                        );
                    }
                }
            }
        }
    }
}
