//! Lanczos-3: which input pixels weigh how much in an output pixel, along one axis.
//!
//! **Formula**: L(x) = sinc(x) · sinc(x / 3) for |x| < 3, sinc(x) = sin πx / πx (Duchon 1979),
//! stretched by the reduction so that it averages what becomes one pixel; normalised to sum 1.

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
    weights.iter_mut().for_each(|weight| *weight /= sum);
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

/// The sum of lanes in a fixed order: halves are added until one is left.
#[inline(always)]
pub(super) fn sum_of<const N: usize>(mut lanes: [f32; N]) -> f32 {
    let mut half = N / 2;
    while half > 0 {
        for i in 0..half {
            lanes[i] += lanes[i + half];
        }
        half /= 2;
    }
    // A sum of nothing but −0 becomes 0, so that weights of 0 cannot be told from no weights.
    lanes[0] + 0.0
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
