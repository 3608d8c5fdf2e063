//! Small medians by networks of minima and maxima, as many pixels at once as a vector holds.
//!
//! Columns are sorted once for all windows that share them. Sources: for 3 × 3 the median of the
//! greatest low, the middle mid and the least high of three sorted columns (Paeth, Graphics Gems,
//! 1990); for 5 × 5, values that enough others are known to lie below or above cannot be the median
//! and drop out before the rest is searched.

use crate::filters::kernel::{Stopped, Work};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

/// What can be put in order: light, or a sample's code.
pub trait Level: Copy + PartialOrd + Default {}

impl Level for f32 {}
impl Level for u8 {}
impl Level for u16 {}

/// One row of medians from three rows that begin one pixel further left and end one further right.
/// Neighbours of a channel are `STEP` values apart. `sorted` has room for the three rows.
#[inline(always)]
pub fn row_of_3_by_3<T: Level, const STEP: usize>(rows: &[T], sorted: &mut [T], out: &mut [T]) {
    sort_columns_of_3(rows, sorted);
    medians_of_3::<T, STEP>(sorted, out);
}

/// As [`row_of_3_by_3`], from five rows that are two pixels longer at both ends.
#[inline(always)]
pub fn row_of_5_by_5<T: Level, const STEP: usize>(rows: &[T], sorted: &mut [T], out: &mut [T]) {
    sort_columns_of_5(rows, sorted);
    medians_of_5::<T, STEP>(sorted, out);
}

/// Writes a plane of `output` from `padded`: its rows with one more pixel on every side.
pub fn of_3_by_3(
    padded: &[f32],
    plane_idx: usize,
    output: &mut Tile,
    work: &mut Work<'_>,
) -> Result<(), Stopped> {
    let height = output.rect().height as usize;
    let stride = padded.len() / (height + 2);
    let mut sorted = work.scratch.floats(3 * stride);
    let done = (0..height).try_for_each(|row_idx| {
        work.stop.check()?;
        let rows = &padded[row_idx * stride..(row_idx + 3) * stride];
        let out = output.row_mut(plane_idx, row_idx);
        vectorize(
            #[inline(always)]
            || row_of_3_by_3::<f32, 1>(rows, &mut sorted, out),
        );
        Ok(())
    });
    work.scratch.give_floats(sorted);
    done
}

/// Writes a plane of `output` from `padded`: its rows with two more pixels on every side.
pub fn of_5_by_5(
    padded: &[f32],
    plane_idx: usize,
    output: &mut Tile,
    work: &mut Work<'_>,
) -> Result<(), Stopped> {
    let height = output.rect().height as usize;
    let stride = padded.len() / (height + 4);
    let mut sorted = work.scratch.floats(5 * stride);
    let done = (0..height).try_for_each(|row_idx| {
        work.stop.check()?;
        let rows = &padded[row_idx * stride..(row_idx + 5) * stride];
        let out = output.row_mut(plane_idx, row_idx);
        vectorize(
            #[inline(always)]
            || row_of_5_by_5::<f32, 1>(rows, &mut sorted, out),
        );
        Ok(())
    });
    work.scratch.give_floats(sorted);
    done
}

#[inline(always)]
fn low<T: Level>(a: T, b: T) -> T {
    if a < b { a } else { b }
}

#[inline(always)]
fn high<T: Level>(a: T, b: T) -> T {
    if a < b { b } else { a }
}

/// Puts the smaller of two at `i`.
#[inline(always)]
fn order<T: Level, const N: usize>(values: &mut [T; N], i: usize, j: usize) {
    (values[i], values[j]) = (low(values[i], values[j]), high(values[i], values[j]));
}

#[inline(always)]
fn middle_of_3<T: Level>(a: T, b: T, c: T) -> T {
    high(low(a, b), low(high(a, b), c))
}

/// A row seen from five neighbours of one channel: `n` values from each.
#[inline(always)]
fn beside<T, const STEP: usize>(row: &[T], n: usize) -> [&[T]; 5] {
    [
        &row[..n],
        &row[STEP..][..n],
        &row[2 * STEP..][..n],
        &row[3 * STEP..][..n],
        &row[4 * STEP..][..n],
    ]
}

#[inline(always)]
fn sort_columns_of_3<T: Level>(rows: &[T], sorted: &mut [T]) {
    let stride = rows.len() / 3;
    let (top, rest) = rows.split_at(stride);
    let (centre, bottom) = rest.split_at(stride);
    let (lows, rest) = sorted.split_at_mut(stride);
    let (middles, highs) = rest.split_at_mut(stride);
    let columns = top.iter().zip(centre).zip(bottom);
    let targets = lows.iter_mut().zip(middles).zip(highs);
    for (((top, centre), bottom), ((low, middle), high)) in columns.zip(targets) {
        let mut column = [*top, *centre, *bottom];
        order(&mut column, 0, 1);
        order(&mut column, 1, 2);
        order(&mut column, 0, 1);
        [*low, *middle, *high] = column;
    }
}

#[inline(always)]
fn medians_of_3<T: Level, const STEP: usize>(sorted: &[T], out: &mut [T]) {
    let n = out.len();
    let (lows, rest) = sorted.split_at(sorted.len() / 3);
    let (middles, highs) = rest.split_at(lows.len());
    let (l0, l1, l2) = (&lows[..n], &lows[STEP..][..n], &lows[2 * STEP..][..n]);
    let (m0, m1, m2) = (
        &middles[..n],
        &middles[STEP..][..n],
        &middles[2 * STEP..][..n],
    );
    let (h0, h1, h2) = (&highs[..n], &highs[STEP..][..n], &highs[2 * STEP..][..n]);
    for x in 0..n {
        let low = high(high(l0[x], l1[x]), l2[x]);
        let middle = middle_of_3(m0[x], m1[x], m2[x]);
        let high = self::low(self::low(h0[x], h1[x]), h2[x]);
        out[x] = middle_of_3(low, middle, high);
    }
}

#[inline(always)]
fn sort_columns_of_5<T: Level>(rows: &[T], sorted: &mut [T]) {
    let stride = rows.len() / 5;
    let (r0, rest) = rows.split_at(stride);
    let (r1, rest) = rest.split_at(stride);
    let (r2, rest) = rest.split_at(stride);
    let (r3, r4) = rest.split_at(stride);
    let (s0, rest) = sorted.split_at_mut(stride);
    let (s1, rest) = rest.split_at_mut(stride);
    let (s2, rest) = rest.split_at_mut(stride);
    let (s3, s4) = rest.split_at_mut(stride);
    let columns = r0.iter().zip(r1).zip(r2).zip(r3).zip(r4);
    let targets = s0.iter_mut().zip(s1).zip(s2).zip(s3).zip(s4);
    for (((((a, b), c), d), e), ((((s0, s1), s2), s3), s4)) in columns.zip(targets) {
        let mut column = [*a, *b, *c, *d, *e];
        for (i, j) in [
            (0, 1),
            (3, 4),
            (2, 4),
            (2, 3),
            (1, 4),
            (0, 3),
            (0, 2),
            (1, 3),
            (1, 2),
        ] {
            order(&mut column, i, j);
        }
        [*s0, *s1, *s2, *s3, *s4] = column;
    }
}

/// Of 25 values in sorted columns, were the rows sorted as well, value (i, j) would have
/// (i + 1)(j + 1) values not above it and (5 − i)(5 − j) not below it. Those for which either
/// exceeds 13 drop out, six on each side: the median is that of the 13 that stay.
#[inline(always)]
fn medians_of_5<T: Level, const STEP: usize>(sorted: &[T], out: &mut [T]) {
    let n = out.len();
    let stride = sorted.len() / 5;
    let (s0, rest) = sorted.split_at(stride);
    let (s1, rest) = rest.split_at(stride);
    let (s2, rest) = rest.split_at(stride);
    let (s3, s4) = rest.split_at(stride);
    let [a0, a1, a2, a3, a4] = beside::<T, STEP>(s0, n);
    let [b0, b1, b2, b3, b4] = beside::<T, STEP>(s1, n);
    let [c0, c1, c2, c3, c4] = beside::<T, STEP>(s2, n);
    let [d0, d1, d2, d3, d4] = beside::<T, STEP>(s3, n);
    let [e0, e1, e2, e3, e4] = beside::<T, STEP>(s4, n);
    for x in 0..n {
        let [.., a, b] = greatest_last([a0[x], a1[x], a2[x], a3[x], a4[x]]);
        let [.., c, d, e] = least_first([b0[x], b1[x], b2[x], b3[x], b4[x]]);
        let [_, f, g, h, _] = extremes_apart([c0[x], c1[x], c2[x], c3[x], c4[x]]);
        let [i, j, k, ..] = greatest_last([d0[x], d1[x], d2[x], d3[x], d4[x]]);
        let [l, m, ..] = least_first([e0[x], e1[x], e2[x], e3[x], e4[x]]);
        out[x] = middle_of_13([a, b, c, d, e, f, g, h, i, j, k, l, m]);
    }
}

/// The two greatest at the end.
#[inline(always)]
fn greatest_last<T: Level>(mut values: [T; 5]) -> [T; 5] {
    for i in 0..4 {
        order(&mut values, i, i + 1);
    }
    for i in 0..3 {
        order(&mut values, i, i + 1);
    }
    values
}

/// The two least at the start.
#[inline(always)]
fn least_first<T: Level>(mut values: [T; 5]) -> [T; 5] {
    for i in 1..5 {
        order(&mut values, 0, i);
    }
    for i in 2..5 {
        order(&mut values, 1, i);
    }
    values
}

/// The least at the start, the greatest at the end.
#[inline(always)]
fn extremes_apart<T: Level>(mut values: [T; 5]) -> [T; 5] {
    part_extremes(&mut values, 0, 4);
    values
}

/// Brings the least of `values[first..=last]` to `first` and the greatest to `last`.
#[inline(always)]
fn part_extremes<T: Level, const N: usize>(values: &mut [T; N], first: usize, last: usize) {
    let n = last - first + 1;
    for i in 0..n / 2 {
        order(values, first + i, last - i);
    }
    for i in 1..n.div_ceil(2) {
        order(values, first, first + i);
    }
    for i in n / 2..n - 1 {
        order(values, first + i, last);
    }
}

/// Of any eight the least and the greatest are not the middle one: they go, the next value comes.
#[inline(always)]
fn middle_of_13<T: Level>(mut values: [T; 13]) -> T {
    part_extremes(&mut values, 0, 7);
    values[7] = values[8];
    part_extremes(&mut values, 1, 7);
    values[7] = values[9];
    part_extremes(&mut values, 2, 7);
    values[7] = values[10];
    part_extremes(&mut values, 3, 7);
    values[7] = values[11];
    part_extremes(&mut values, 4, 7);
    values[7] = values[12];
    middle_of_3(values[5], values[6], values[7])
}

#[cfg(test)]
mod tests;
