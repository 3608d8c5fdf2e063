//! Non-local means: every pixel becomes the mean of pixels around whose neighbourhoods look alike.
//!
//! **Formula** (Buades, Coll and Morel, 2005): the weight of a pixel at offset o is
//! w = clamp(2 − 2 D / H², 0, 1)², with D the mean squared difference of the 5 × 5 neighbourhoods;
//! offsets reach [`SEARCH`] pixels; the pixel itself has weight 1. Weights are flat up to D = H² / 2,
//! for equal neighbourhoods differ by twice the noise's variance, and end at H², so that nothing of
//! another surface comes in. **Method**: the difference for o and −o is the same, so half of the
//! offsets are computed, over whole rows, in bands that stay in the second-level cache
//! (after Darbon et al., "Fast nonlocal filtering", 2008, with sums of fixed order).

use crate::filters::kernel::{Stopped, Work};
use crate::filters::kernels::field::Field;
use crate::pixels::simd::vectorize;

/// How far offsets reach along each axis.
pub const SEARCH: usize = 4;

/// Half the side of the neighbourhoods.
pub const PATCH: usize = 2;

/// What a field must hold around the pixels that are wanted.
pub const MARGIN: usize = SEARCH + PATCH;

/// Rows done for all offsets before the next ones begin.
const BAND: usize = 24;

const SIDE: usize = 2 * PATCH + 1;

/// Writes the means of `values` into `means`, but for [`MARGIN`] pixels on every side. `alpha`, where
/// there is one, says what each pixel counts.
///
/// # Errors
/// [`Stopped`] when the flag is up.
pub fn means(
    values: &Field,
    alpha: Option<&Field>,
    similar: f32,
    means: &mut Field,
    work: &mut Work<'_>,
) -> Result<(), Stopped> {
    let width = values.width();
    let mut band = Band {
        values,
        alpha,
        inv_similar2: 2.0 / (similar * similar * (SIDE * SIDE) as f32),
        weights: work.scratch.floats((BAND + SEARCH) * width),
        squares: work.scratch.floats(SIDE * width),
        sums: work.scratch.floats(width),
        numerator: work.scratch.floats(BAND * width),
        denominator: work.scratch.floats(BAND * width),
    };
    let last = values.height() - MARGIN;
    let done = (MARGIN..last)
        .step_by(BAND)
        .try_for_each(|top| band.run(top, BAND.min(last - top), means, work));
    for buffer in [
        band.weights,
        band.squares,
        band.sums,
        band.numerator,
        band.denominator,
    ] {
        work.scratch.give_floats(buffer);
    }
    done
}

/// Some rows, and what is known of them so far.
struct Band<'a> {
    values: &'a Field,
    alpha: Option<&'a Field>,
    inv_similar2: f32,
    /// Of one offset: of the band's rows and of those above that look into it.
    weights: Vec<f32>,
    /// Squared differences of the rows under a neighbourhood, in a ring.
    squares: Vec<f32>,
    sums: Vec<f32>,
    numerator: Vec<f32>,
    denominator: Vec<f32>,
}

impl Band<'_> {
    fn run(
        &mut self,
        top: usize,
        n_rows: usize,
        means: &mut Field,
        work: &Work<'_>,
    ) -> Result<(), Stopped> {
        let width = self.values.width();
        for i in 0..n_rows {
            let start = i * width;
            let values = self.values.row(top + i);
            let numerator = &mut self.numerator[start..start + width];
            let denominator = &mut self.denominator[start..start + width];
            numerator.copy_from_slice(values);
            match self.alpha {
                None => denominator.fill(1.0),
                Some(alpha) => {
                    denominator.copy_from_slice(alpha.row(top + i));
                    for (n, d) in numerator.iter_mut().zip(denominator) {
                        *n *= *d;
                    }
                }
            }
        }
        for dy in 0..=SEARCH {
            for dx in -(SEARCH as isize)..=SEARCH as isize {
                if dy > 0 || dx > 0 {
                    work.stop.check()?;
                    self.weigh_offset(top - dy, n_rows + dy, (dx, dy));
                    self.add_offset(top, n_rows, (dx, dy));
                }
            }
        }
        for i in 0..n_rows {
            let range = i * width + MARGIN..(i + 1) * width - MARGIN;
            let (numerator, denominator) =
                (&self.numerator[range.clone()], &self.denominator[range]);
            let out = &mut means.row_mut(top + i)[MARGIN..width - MARGIN];
            vectorize(
                #[inline(always)]
                || divide(numerator, denominator, out),
            );
        }
        Ok(())
    }

    /// The columns whose weights are used, as pixels or as what pixels look back at.
    fn columns(&self, dx: isize) -> (usize, usize) {
        let back = dx.max(0) as usize;
        let ahead = (-dx).max(0) as usize;
        (MARGIN - back, self.values.width() - MARGIN + ahead)
    }

    /// Fills the weights of `n_rows` rows from `first` on.
    fn weigh_offset(&mut self, first: usize, n_rows: usize, (dx, dy): (isize, usize)) {
        let width = self.values.width();
        let (left, right) = self.columns(dx);
        let (from, to) = (left - PATCH, right + PATCH);
        let len = to - from;
        for step in 0..n_rows + 2 * PATCH {
            let y = first + step - PATCH;
            let here = &self.values.row(y)[from..to];
            let there = &self.values.row(y + dy)[from.wrapping_add_signed(dx)..][..len];
            let slot = step % SIDE * width;
            let squares = &mut self.squares[slot..slot + len];
            vectorize(
                #[inline(always)]
                || square_differences(here, there, squares),
            );
            let Some(row) = step.checked_sub(2 * PATCH) else {
                continue;
            };
            let rows: [&[f32]; SIDE] =
                std::array::from_fn(|i| &self.squares[(row + i) % SIDE * width..][..len]);
            let sums = &mut self.sums[..len];
            let weights = &mut self.weights[row * width + left..row * width + right];
            let inv_similar2 = self.inv_similar2;
            vectorize(
                #[inline(always)]
                || {
                    add_rows(rows, sums);
                    weigh(inv_similar2, sums, weights);
                },
            );
        }
    }

    fn add_offset(&mut self, top: usize, n_rows: usize, (dx, dy): (isize, usize)) {
        let width = self.values.width();
        let n = width - 2 * MARGIN;
        let ahead = MARGIN.wrapping_add_signed(dx);
        let back = MARGIN.wrapping_add_signed(-dx);
        for i in 0..n_rows {
            let start = i * width + MARGIN;
            let numerator = &mut self.numerator[start..start + n];
            let denominator = &mut self.denominator[start..start + n];
            // Row `i + dy` of the weights is row `i` of the band.
            let weights = [
                &self.weights[(i + dy) * width + MARGIN..][..n],
                &self.weights[i * width + back..][..n],
            ];
            let (y_ahead, y_back) = (top + i + dy, top + i - dy);
            let values = [
                &self.values.row(y_ahead)[ahead..][..n],
                &self.values.row(y_back)[back..][..n],
            ];
            let alphas = self.alpha.map(|alpha| {
                [
                    &alpha.row(y_ahead)[ahead..][..n],
                    &alpha.row(y_back)[back..][..n],
                ]
            });
            vectorize(
                #[inline(always)]
                || match alphas {
                    None => add(weights, values, numerator, denominator),
                    Some(alphas) => add_visible(weights, values, alphas, [numerator, denominator]),
                },
            );
        }
    }
}

#[inline(always)]
fn square_differences(here: &[f32], there: &[f32], squares: &mut [f32]) {
    for ((square, here), there) in squares.iter_mut().zip(here).zip(there) {
        let difference = here - there;
        *square = difference * difference;
    }
}

#[inline(always)]
fn add_rows([a, b, c, d, e]: [&[f32]; SIDE], sums: &mut [f32]) {
    let rows = a.iter().zip(b).zip(c).zip(d).zip(e);
    for (sum, ((((a, b), c), d), e)) in sums.iter_mut().zip(rows) {
        *sum = ((a + e) + (b + d)) + c;
    }
}

/// `sums` begins [`PATCH`] columns before the weights.
#[inline(always)]
fn weigh(inv_similar2: f32, sums: &[f32], weights: &mut [f32]) {
    let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|shift| &sums[shift..]);
    let columns = a.iter().zip(b).zip(c).zip(d).zip(e);
    for (weight, ((((a, b), c), d), e)) in weights.iter_mut().zip(columns) {
        let distance = ((a + e) + (b + d)) + c;
        let t = (-distance).mul_add(inv_similar2, 2.0);
        let t = if t > 0.0 { t } else { 0.0 };
        let t = if t < 1.0 { t } else { 1.0 };
        *weight = t * t;
    }
}

#[inline(always)]
fn add(
    [ahead, back]: [&[f32]; 2],
    [value_ahead, value_back]: [&[f32]; 2],
    numerator: &mut [f32],
    denominator: &mut [f32],
) {
    let weights = ahead.iter().zip(back);
    let values = value_ahead.iter().zip(value_back);
    let sums = numerator.iter_mut().zip(denominator);
    for ((numerator, denominator), ((ahead, back), (value_ahead, value_back))) in
        sums.zip(weights.zip(values))
    {
        let sum = ahead.mul_add(*value_ahead, *numerator);
        *numerator = back.mul_add(*value_back, sum);
        *denominator += ahead + back;
    }
}

#[inline(always)]
fn add_visible(
    weights: [&[f32]; 2],
    values: [&[f32]; 2],
    alphas: [&[f32]; 2],
    [numerator, denominator]: [&mut [f32]; 2],
) {
    let n = numerator.len();
    let denominator = &mut denominator[..n];
    let [ahead, back] = weights.map(|row| &row[..n]);
    let [value_ahead, value_back] = values.map(|row| &row[..n]);
    let [alpha_ahead, alpha_back] = alphas.map(|row| &row[..n]);
    for i in 0..n {
        let (ahead, back) = (ahead[i] * alpha_ahead[i], back[i] * alpha_back[i]);
        let sum = ahead.mul_add(value_ahead[i], numerator[i]);
        numerator[i] = back.mul_add(value_back[i], sum);
        denominator[i] += ahead + back;
    }
}

#[inline(always)]
fn divide(numerator: &[f32], denominator: &[f32], out: &mut [f32]) {
    for ((out, n), d) in out.iter_mut().zip(numerator).zip(denominator) {
        let seen = *d > 1.0e-6;
        *out = if seen {
            *n / if seen { *d } else { 1.0 }
        } else {
            0.0
        };
    }
}
