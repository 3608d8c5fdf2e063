//! Small medians by networks of minima and maxima, as many pixels at once as a vector holds.
//!
//! Columns are sorted once for all windows that share them. Sources: for 3 × 3 the median of the
//! greatest low, the middle mid and the least high of three sorted columns (Paeth, Graphics Gems,
//! 1990); for 5 × 5, values that enough others are known to lie below or above cannot be the median
//! and drop out before the rest is searched.

use crate::filters::kernel::{Stopped, Work};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

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
            || {
                sort_columns_of_3(rows, &mut sorted);
                medians_of_3(&sorted, out);
            },
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
            || {
                sort_columns_of_5(rows, &mut sorted);
                medians_of_5(&sorted, out);
            },
        );
        Ok(())
    });
    work.scratch.give_floats(sorted);
    done
}

#[inline(always)]
fn low(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn high(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}

/// Puts the smaller of two at `i`.
#[inline(always)]
fn order<const N: usize>(values: &mut [f32; N], i: usize, j: usize) {
    (values[i], values[j]) = (low(values[i], values[j]), high(values[i], values[j]));
}

#[inline(always)]
fn middle_of_3(a: f32, b: f32, c: f32) -> f32 {
    high(low(a, b), low(high(a, b), c))
}

/// Splits `N` rows, one behind the other, into slices of one length.
#[inline(always)]
fn rows_of<const N: usize>(rows: &[f32]) -> [&[f32]; N] {
    let stride = rows.len() / N;
    std::array::from_fn(|i| &rows[i * stride..(i + 1) * stride])
}

#[inline(always)]
fn sort_columns_of_3(rows: &[f32], sorted: &mut [f32]) {
    let stride = rows.len() / 3;
    let [top, centre, bottom] = rows_of::<3>(rows);
    let (lows, rest) = sorted.split_at_mut(stride);
    let (middles, highs) = rest.split_at_mut(stride);
    let highs = &mut highs[..stride];
    for x in 0..stride {
        let mut column = [top[x], centre[x], bottom[x]];
        order(&mut column, 0, 1);
        order(&mut column, 1, 2);
        order(&mut column, 0, 1);
        [lows[x], middles[x], highs[x]] = column;
    }
}

#[inline(always)]
fn medians_of_3(sorted: &[f32], out: &mut [f32]) {
    let [lows, middles, highs] = rows_of::<3>(sorted).map(|row| &row[..out.len() + 2]);
    for (x, out) in out.iter_mut().enumerate() {
        let low = high(high(lows[x], lows[x + 1]), lows[x + 2]);
        let middle = middle_of_3(middles[x], middles[x + 1], middles[x + 2]);
        let high = self::low(self::low(highs[x], highs[x + 1]), highs[x + 2]);
        *out = middle_of_3(low, middle, high);
    }
}

#[inline(always)]
fn sort_columns_of_5(rows: &[f32], sorted: &mut [f32]) {
    let stride = rows.len() / 5;
    let [r0, r1, r2, r3, r4] = rows_of::<5>(rows);
    let (s0, rest) = sorted.split_at_mut(stride);
    let (s1, rest) = rest.split_at_mut(stride);
    let (s2, rest) = rest.split_at_mut(stride);
    let (s3, s4) = rest.split_at_mut(stride);
    let s4 = &mut s4[..stride];
    for x in 0..stride {
        let mut column = [r0[x], r1[x], r2[x], r3[x], r4[x]];
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
        [s0[x], s1[x], s2[x], s3[x], s4[x]] = column;
    }
}

/// Of 25 values in sorted columns, were the rows sorted as well, value (i, j) would have
/// (i + 1)(j + 1) values not above it and (5 − i)(5 − j) not below it. Those for which either
/// exceeds 13 drop out, six on each side: the median is that of the 13 that stay.
#[inline(always)]
fn medians_of_5(sorted: &[f32], out: &mut [f32]) {
    let [s0, s1, s2, s3, s4] = rows_of::<5>(sorted).map(|row| &row[..out.len() + 4]);
    for (x, out) in out.iter_mut().enumerate() {
        let window = |row: &[f32]| [row[x], row[x + 1], row[x + 2], row[x + 3], row[x + 4]];
        let [.., a, b] = greatest_last(window(s0));
        let [.., c, d, e] = least_first(window(s1));
        let [_, f, g, h, _] = extremes_apart(window(s2));
        let [i, j, k, ..] = greatest_last(window(s3));
        let [l, m, ..] = least_first(window(s4));
        *out = middle_of_13([a, b, c, d, e, f, g, h, i, j, k, l, m]);
    }
}

/// The two greatest at the end.
#[inline(always)]
fn greatest_last(mut values: [f32; 5]) -> [f32; 5] {
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
fn least_first(mut values: [f32; 5]) -> [f32; 5] {
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
fn extremes_apart(mut values: [f32; 5]) -> [f32; 5] {
    part_extremes(&mut values, 0, 4);
    values
}

/// Brings the least of `values[first..=last]` to `first` and the greatest to `last`.
#[inline(always)]
fn part_extremes<const N: usize>(values: &mut [f32; N], first: usize, last: usize) {
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
fn middle_of_13(mut values: [f32; 13]) -> f32 {
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
