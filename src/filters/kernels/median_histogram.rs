//! Medians of larger squares, at a cost that hardly grows with the radius.
//!
//! Values become codes of 15 bits, evenly spread over log(1 + 4 · |light|): the median of the codes
//! differs from that of the values by at most 10⁻⁴, above white by 10⁻⁴ of it. Light below −0.09 and
//! above 31 counts as that.
//!
//! **Method** (S. Perreault, P. Hébert, "Median filtering in constant time", 2007): every column has a
//! histogram of its 2r + 1 codes, which a new row changes by two; the histogram of the window is
//! the sum of those of its columns, which the next pixel changes by two. It is searched in three
//! steps, of 32, 16 and 64 bins; below the first only those bins are kept up to date in which the
//! median was last found. Bins are cumulative, so that finding a place is comparing a vector. Rows
//! are walked back and forth, so that bins found at the end of one are near those of the next.

use crate::filters::kernel::{Stopped, Work};
use crate::filters::kernels::surround::Surround;
use crate::pixels::math::{exp2, log2};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

/// Codes to a doubling of 1 + 4 · |light|.
const PER_OCTAVE: f32 = 4400.0;

/// The code of black.
const BLACK: f32 = 2048.0;
const MAX_CODE: f32 = 32767.0;

const N_COARSE: usize = 32;
const N_MIDDLE: usize = 16;
const N_FINE: usize = 64;

/// Columns whose windows are walked together, at least: more share their surroundings, fewer their
/// cache.
const STRIPE: usize = 128;

/// Radii from which stripes are twice as wide.
const WIDE_RADIUS: usize = 30;

/// No column: a histogram that must be added up anew.
const NOWHERE: usize = usize::MAX;

/// Writes a plane of `output` from the first plane of its surroundings of `radius`.
///
/// # Panics
/// When `radius` is 0 or beyond 100, where a column no longer fits its histogram.
pub fn of_square(
    around: &Surround,
    radius: usize,
    plane_idx: usize,
    output: &mut Tile,
    work: &mut Work<'_>,
) -> Result<(), Stopped> {
    assert!((1..=100).contains(&radius));
    let mut codes = work.scratch.floats(around.plane(0).len() / 2);
    let mut bins = work.scratch.floats(0);
    let source = Source {
        stride: around.stride(),
        fine: encode(around.plane(0), bytemuck::cast_slice_mut(&mut codes)),
        codes: bytemuck::cast_slice(&codes),
        radius,
    };
    let width = output.rect().width as usize;
    let stripe = if radius < WIDE_RADIUS {
        STRIPE
    } else {
        2 * STRIPE
    };
    let done = (0..width).step_by(stripe).try_for_each(|left| {
        let n_columns = stripe.min(width - left);
        bins.clear();
        bins.resize(Bins::n_floats(&source, n_columns), 0.0);
        let mut stripe = Stripe::new(&source, (left, n_columns), &mut bins);
        for row_idx in 0..output.rect().height as usize {
            work.stop.check()?;
            let row = output.row_mut(plane_idx, row_idx);
            let out = &mut row[left..left + n_columns];
            vectorize(
                #[inline(always)]
                || stripe.row(row_idx, out),
            );
        }
        Ok(())
    });
    work.scratch.give_floats(codes);
    work.scratch.give_floats(bins);
    done
}

/// Codes of one plane with its surroundings.
struct Source<'a> {
    codes: &'a [u16],
    stride: usize,
    /// The parts of 64 codes that occur: the first and how many.
    fine: (usize, usize),
    radius: usize,
}

impl Source<'_> {
    const fn diameter(&self) -> usize {
        2 * self.radius + 1
    }
}

/// Writes all codes; tells which parts of 64 they lie in.
fn encode(values: &[f32], codes: &mut [u16]) -> (usize, usize) {
    let (low, high) = vectorize(
        #[inline(always)]
        || {
            for (code, value) in codes.iter_mut().zip(values) {
                *code = code_of(*value);
            }
            codes.iter().fold((u16::MAX, 0), |(low, high), code| {
                (low.min(*code), high.max(*code))
            })
        },
    );
    let (low, high) = (usize::from(low) / N_FINE, usize::from(high) / N_FINE);
    (low, high + 1 - low)
}

#[inline(always)]
fn code_of(light: f32) -> u16 {
    let height = log2(light.abs().mul_add(4.0, 1.0)) * PER_OCTAVE;
    let code = BLACK + 0.5 + if light < 0.0 { -height } else { height };
    let code = if code > 0.0 { code } else { 0.0 };
    let code = if code < MAX_CODE { code } else { MAX_CODE };
    code as i32 as u16
}

#[inline(always)]
fn light_of(code: f32) -> f32 {
    let height = (code - BLACK) / PER_OCTAVE;
    let light = (exp2(height.abs()) - 1.0) * 0.25;
    if height < 0.0 { -light } else { light }
}

/// Histograms of the columns of a stripe, and of the window. Bins are cumulative from the lowest of
/// their part on.
struct Bins<'a> {
    coarse: &'a mut [[u8; N_COARSE]],
    /// By the coarse bin and the column.
    middle: &'a mut [[u8; N_MIDDLE]],
    /// By the part that occurs and the column.
    fine: &'a mut [[u8; N_FINE]],
    /// Of the window, for each part that occurs.
    fine_of_window: &'a mut [[u16; N_FINE]],
}

impl<'a> Bins<'a> {
    fn n_floats(source: &Source<'_>, n_columns: usize) -> usize {
        let n_columns = n_columns + 2 * source.radius;
        let of_column = N_COARSE + N_COARSE * N_MIDDLE + source.fine.1 * N_FINE;
        (n_columns * of_column + source.fine.1 * N_FINE * 2) / 4
    }

    fn new(source: &Source<'_>, n_columns: usize, buffer: &'a mut [f32]) -> Self {
        let n_columns = n_columns + 2 * source.radius;
        let n_fine = source.fine.1;
        let (window, columns) = buffer.split_at_mut(n_fine * N_FINE / 2);
        let (fine, rest) = columns.split_at_mut(n_columns * n_fine * N_FINE / 4);
        let (middle, coarse) = rest.split_at_mut(n_columns * N_COARSE * N_MIDDLE / 4);
        Self {
            coarse: bytemuck::cast_slice_mut(coarse),
            middle: bytemuck::cast_slice_mut(middle),
            fine: bytemuck::cast_slice_mut(fine),
            fine_of_window: bytemuck::cast_slice_mut(window),
        }
    }
}

/// The histogram of the window for one part of the codes.
#[derive(Clone, Copy)]
struct Part<const N: usize> {
    sums: [u16; N],
    /// The window's first column when it was last brought up to date in this row.
    column: usize,
    /// Where the median was last found.
    bin: usize,
}

impl<const N: usize> Part<N> {
    const NEW: Self = Self {
        sums: [0; N],
        column: NOWHERE,
        bin: N / 2,
    };
}

struct Stripe<'a> {
    source: &'a Source<'a>,
    left: usize,
    n_columns: usize,
    bins: Bins<'a>,
    coarse: Part<N_COARSE>,
    middle: [Part<N_MIDDLE>; N_COARSE],
    /// Of the fine parts, by the part of all 512.
    fine_columns: [usize; N_COARSE * N_MIDDLE],
}

impl<'a> Stripe<'a> {
    fn new(
        source: &'a Source<'a>,
        (left, n_columns): (usize, usize),
        buffer: &'a mut [f32],
    ) -> Self {
        Self {
            source,
            left,
            n_columns,
            bins: Bins::new(source, n_columns, buffer),
            coarse: Part::NEW,
            middle: [Part::NEW; N_COARSE],
            fine_columns: [NOWHERE; N_COARSE * N_MIDDLE],
        }
    }

    /// Writes a row of medians; rows come one after the other from 0 on.
    #[inline(always)]
    fn row(&mut self, row_idx: usize, out: &mut [f32]) {
        let diameter = self.source.diameter();
        if row_idx == 0 {
            for row in 0..diameter {
                self.count::<true>(row);
            }
        } else {
            self.count::<false>(row_idx - 1);
            self.count::<true>(row_idx - 1 + diameter);
        }
        self.coarse.column = NOWHERE;
        for part in &mut self.middle {
            part.column = NOWHERE;
        }
        self.fine_columns.fill(NOWHERE);
        if row_idx.is_multiple_of(2) {
            for (column, out) in out.iter_mut().enumerate() {
                *out = self.median(column) as f32;
            }
        } else {
            for (column, out) in out.iter_mut().enumerate().rev() {
                *out = self.median(column) as f32;
            }
        }
        for out in out {
            *out = light_of(*out);
        }
    }

    /// Takes a row into the histograms of its columns, or out of them.
    #[inline(always)]
    fn count<const COMES: bool>(&mut self, row: usize) {
        let n_columns = self.n_columns + 2 * self.source.radius;
        let start = row * self.source.stride + self.left;
        let codes = &self.source.codes[start..start + n_columns];
        let first_fine = self.source.fine.0;
        for (column, code) in codes.iter().enumerate() {
            let code = usize::from(*code);
            let (part, fine) = (code / N_FINE, code % N_FINE);
            let (coarse, middle) = (part / N_MIDDLE, part % N_MIDDLE);
            step::<N_COARSE, COMES>(&mut self.bins.coarse[column], coarse);
            let at = coarse * n_columns + column;
            step::<N_MIDDLE, COMES>(&mut self.bins.middle[at], middle);
            let at = (part - first_fine) * n_columns + column;
            step::<N_FINE, COMES>(&mut self.bins.fine[at], fine);
        }
    }

    /// The median's code for the window that begins at `column`.
    #[inline(always)]
    fn median(&mut self, column: usize) -> usize {
        let diameter = self.source.diameter();
        let n_columns = self.n_columns + 2 * self.source.radius;
        let mut rank = (diameter * diameter / 2) as u16;

        let part = &mut self.coarse;
        bring(
            &mut part.sums,
            self.bins.coarse,
            (&mut part.column, column),
            diameter,
        );
        walk(&part.sums, &mut part.bin, &mut rank);
        let coarse = part.bin;

        let part = &mut self.middle[coarse];
        let columns = &self.bins.middle[coarse * n_columns..(coarse + 1) * n_columns];
        bring(
            &mut part.sums,
            columns,
            (&mut part.column, column),
            diameter,
        );
        walk(&part.sums, &mut part.bin, &mut rank);
        let part = coarse * N_MIDDLE + part.bin;

        let part_idx = part - self.source.fine.0;
        let sums = &mut self.bins.fine_of_window[part_idx];
        let columns = &self.bins.fine[part_idx * n_columns..(part_idx + 1) * n_columns];
        bring(
            sums,
            columns,
            (&mut self.fine_columns[part], column),
            diameter,
        );
        part * N_FINE + place(sums, rank)
    }
}

/// As many zeros as ones: from any place on, what a value adds to cumulative bins.
const RAMP: [u8; 2 * N_FINE] = {
    let mut ramp = [0; 2 * N_FINE];
    let mut i = N_FINE;
    while i < 2 * N_FINE {
        ramp[i] = 1;
        i += 1;
    }
    ramp
};

/// Counts a value of `bin` in cumulative bins, or no longer.
#[inline(always)]
fn step<const N: usize, const COMES: bool>(bins: &mut [u8; N], bin: usize) {
    let ramp = &RAMP[N_FINE - bin..][..N];
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
fn bring<const N: usize>(
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
fn walk<const N: usize>(sums: &[u16; N], bin: &mut usize, rank: &mut u16) {
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
fn place<const N: usize>(sums: &[u16; N], rank: u16) -> usize {
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
    fn codes_keep_light_to_a_ten_thousandth() {
        let mut light = -0.09_f32;
        while light < 30.0 {
            let got = light_of(f32::from(code_of(light)));
            let error = (got - light).abs() / light.max(1.0);
            assert!(error <= 1.0e-4, "{light}: {got}");
            light += 0.000_37 + light.abs() * 0.001;
        }
        assert_eq!(light_of(f32::from(code_of(0.0))), 0.0);
        assert_eq!(code_of(-5.0), 0);
        assert_eq!(code_of(1.0e6), MAX_CODE as u16);
        for code in 0..=MAX_CODE as u16 {
            assert_eq!(code_of(light_of(f32::from(code))), code);
        }
    }

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
    fn every_simd_level_gives_the_same_codes_and_places() {
        let values: Vec<f32> = (0..96)
            .map(|i| (i * 37 % 101) as f32 / 40.0 - 0.05)
            .collect();
        let at = |level| {
            vectorize_at(
                level,
                #[inline(always)]
                || {
                    let mut bins = [0_u8; N_FINE];
                    let mut codes = [0_u16; 96];
                    for (code, value) in codes.iter_mut().zip(&values) {
                        *code = code_of(*value);
                        step::<N_FINE, true>(&mut bins, usize::from(*code) % N_FINE);
                    }
                    (codes, bins, place(&bins.map(u16::from), 48))
                },
            )
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert_eq!(at(level), expected, "{level}");
        }
    }
}
