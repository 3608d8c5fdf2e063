//! Cumulative histograms: counting a value in them, adding columns up to a window, finding a place.
//!
//! Plain arithmetic on whole arrays; comparisons would become masks, put together bit by bit.

/// The most bins a histogram has.
const MAX_BINS: usize = 64;

/// No column: a histogram that must be added up anew.
pub(super) const NOWHERE: usize = usize::MAX;

/// The histogram of the window for one part of the codes.
#[derive(Clone, Copy)]
pub(super) struct Sums<const N: usize> {
    pub(super) counts: [u16; N],
    /// The window's first column when they were last brought up to date in this row.
    pub(super) at: usize,
    /// Where the median was last found.
    pub(super) bin: usize,
}

impl<const N: usize> Sums<N> {
    pub(super) const NEW: Self = Self {
        counts: [0; N],
        at: NOWHERE,
        bin: N / 2,
    };
}

/// As many zeros as ones: from any place on, what a value adds to cumulative bins.
const RAMP: [u8; 2 * MAX_BINS] = {
    let mut ramp = [0; 2 * MAX_BINS];
    let mut i = MAX_BINS;
    while i < 2 * MAX_BINS {
        ramp[i] = 1;
        i += 1;
    }
    ramp
};

/// Counts a value of `bin` in cumulative bins, or no longer.
#[inline(always)]
pub(super) fn step<const N: usize, const COMES: bool>(bins: &mut [u8; N], bin: usize) {
    let ramp = &RAMP[MAX_BINS - bin..][..N];
    for (count, counts) in bins.iter_mut().zip(ramp) {
        *count = if COMES {
            count.wrapping_add(*counts)
        } else {
            count.wrapping_sub(*counts)
        };
    }
}

/// Brings the sums of `diameter` columns from where they are (`at`) to those from `column` on.
#[inline(always)]
pub(super) fn bring<const N: usize>(
    sums: &mut [u16; N],
    columns: &[[u8; N]],
    (at, column): (&mut usize, usize),
    diameter: usize,
) {
    let is_near = column.abs_diff(*at) <= diameter / 2;
    let mut now = *sums;
    if is_near {
        while *at < column {
            exchange(&mut now, &columns[*at + diameter], &columns[*at]);
            *at += 1;
        }
        while *at > column {
            *at -= 1;
            exchange(&mut now, &columns[*at], &columns[*at + diameter]);
        }
    } else {
        now = [0; N];
        for column in &columns[column..column + diameter] {
            for (sum, count) in now.iter_mut().zip(column) {
                *sum = sum.wrapping_add(u16::from(*count));
            }
        }
        *at = column;
    }
    *sums = now;
}

#[inline(always)]
fn exchange<const N: usize>(sums: &mut [u16; N], comes: &[u8; N], goes: &[u8; N]) {
    for ((sum, comes), goes) in sums.iter_mut().zip(comes).zip(goes) {
        *sum = sum
            .wrapping_add(u16::from(*comes))
            .wrapping_sub(u16::from(*goes));
    }
}

/// The bin in which the value of this rank lies, from the one where the last was found; the rank is
/// counted from that bin on afterwards.
#[inline(always)]
pub(super) fn walk<const N: usize>(sums: &[u16; N], bin: &mut usize, rank: &mut u16) {
    while *bin + 1 < N && sums[*bin] <= *rank {
        *bin += 1;
    }
    while *bin > 0 && sums[*bin - 1] > *rank {
        *bin -= 1;
    }
    *rank -= if *bin > 0 { sums[*bin - 1] } else { 0 };
}

/// As [`walk`], from nowhere: among many bins the median seldom stays.
#[inline(always)]
pub(super) fn place<const N: usize>(sums: &[u16; N], rank: u16) -> usize {
    // 1 where the sum does not exceed the rank; comparisons would become masks, bit by bit.
    let above = rank + 1;
    let mut n_before = 0_u16;
    for sum in sums {
        n_before += above.saturating_sub(*sum).min(1);
    }
    // The last bin holds what is left.
    usize::from(n_before).min(N - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::simd::{SimdLevel, vectorize_at};

    #[test]
    fn a_place_is_found_among_cumulative_bins() {
        let sums = [0, 0, 3, 3, 7, 9, 9, 9];
        for (rank, expected) in [(0, 2), (2, 2), (3, 4), (6, 4), (8, 5)] {
            assert_eq!(place(&sums, rank), expected);
            for start in 0..8 {
                let (mut bin, mut left) = (start, rank);
                walk(&sums, &mut bin, &mut left);
                assert_eq!((bin, left), (expected, rank - sums[expected - 1]));
            }
        }
    }

    #[test]
    fn every_simd_level_counts_alike() {
        let at = |level| {
            vectorize_at(
                level,
                #[inline(always)]
                || {
                    let mut columns = [[0_u8; MAX_BINS]; 9];
                    for i in 0..200 {
                        step::<MAX_BINS, true>(&mut columns[i % 9], i * 37 % 64);
                        step::<MAX_BINS, false>(&mut columns[i % 7], i * 11 % 64);
                    }
                    let (mut sums, mut at) = ([0; MAX_BINS], NOWHERE);
                    bring(&mut sums, &columns, (&mut at, 3), 5);
                    bring(&mut sums, &columns, (&mut at, 2), 5);
                    (sums, place(&sums, 7))
                },
            )
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert_eq!(at(level), expected, "{level}");
        }
    }
}
