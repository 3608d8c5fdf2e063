//! Medians of larger squares, at a cost that hardly grows with the radius.
//!
//! Values become codes of 15 bits (`codes`): the median of the codes differs from that of the values
//! by at most 10⁻⁴, above white by 10⁻⁴ of it.
//!
//! **Method** (S. Perreault, P. Hébert, "Median filtering in constant time", 2007): every column has a
//! histogram of its 2r + 1 codes, which a new row changes by two; the histogram of the window is
//! the sum of those of its columns, which the next pixel changes by two. It is searched in three
//! steps, of 32, 16 and 64 bins; below the first only those bins are kept up to date in which the
//! median was last found. The last step has a walk of its own, for it needs the histograms of those
//! parts alone in which the first two have found a median. Bins are cumulative, so that finding a
//! place is comparing a vector. Rows are walked back and forth, so that bins found at the end of one
//! are near those of the next.

use crate::filters::kernel::{Stopped, Work};
use crate::filters::kernels::surround::Surround;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

mod bins;
mod codes;
mod steps;

use bins::{NOWHERE, Sums};
use steps::{Lower, Upper};

const N_COARSE: usize = 32;
const N_MIDDLE: usize = 16;
const N_FINE: usize = 64;

/// Parts of `N_FINE` codes.
const N_PARTS: usize = N_COARSE * N_MIDDLE;

/// Columns whose windows are walked together, at least: more share their surroundings, fewer their
/// cache.
const STRIPE: usize = 128;

/// Radii from which stripes are twice as wide.
const WIDE_RADIUS: usize = 30;

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
    let mut buffer = work.scratch.floats(around.plane(0).len() / 2);
    codes::encode(around.plane(0), bytemuck::cast_slice_mut(&mut buffer));
    let width = output.rect().width as usize;
    let stripe = if radius < WIDE_RADIUS {
        STRIPE
    } else {
        2 * STRIPE
    };
    let done = (0..width).step_by(stripe).try_for_each(|left| {
        let stripe = Stripe {
            codes: &bytemuck::cast_slice(&buffer)[left..],
            stride: around.stride(),
            diameter: 2 * radius + 1,
            n_medians: stripe.min(width - left),
        };
        let mut target = Target {
            output: &mut *output,
            plane_idx,
            left,
        };
        let parts = stripe.find_parts(&mut target, work)?;
        stripe.find_codes(&parts, &mut target, work)
    });
    work.scratch.give_floats(buffer);
    done
}

/// Where the medians of a stripe go.
struct Target<'a> {
    output: &'a mut Tile,
    plane_idx: usize,
    left: usize,
}

impl Target<'_> {
    fn n_rows(&self) -> usize {
        self.output.rect().height as usize
    }

    fn row(&mut self, row_idx: usize, n_medians: usize) -> &mut [f32] {
        &mut self.output.row_mut(self.plane_idx, row_idx)[self.left..self.left + n_medians]
    }
}

/// A few columns of medians and the codes around them.
struct Stripe<'a> {
    codes: &'a [u16],
    stride: usize,
    diameter: usize,
    n_medians: usize,
}

impl Stripe<'_> {
    const fn n_columns(&self) -> usize {
        self.n_medians + self.diameter - 1
    }

    fn codes_of(&self, row: usize) -> &[u16] {
        &self.codes[row * self.stride..row * self.stride + self.n_columns()]
    }

    /// Finds the part of the codes that each median lies in, and leaves in its place the part and
    /// the median's rank in it ([`packed`]). Gives the parts that were found.
    fn find_parts(
        &self,
        target: &mut Target<'_>,
        work: &mut Work<'_>,
    ) -> Result<[bool; N_PARTS], Stopped> {
        let n_columns = self.n_columns();
        let n_floats = n_columns * (N_COARSE + N_PARTS) / 4;
        let mut buffer = work.scratch.floats(n_floats);
        buffer.fill(0.0);
        let (coarse, middle) = buffer.split_at_mut(n_columns * N_COARSE / 4);
        let mut walk = Upper {
            coarse_columns: bytemuck::cast_slice_mut(coarse),
            middle_columns: bytemuck::cast_slice_mut(middle),
            coarse: Sums::NEW,
            middle: [Sums::NEW; N_COARSE],
            found: [false; N_PARTS],
        };
        let done = (0..target.n_rows()).try_for_each(|row_idx| {
            work.stop.check()?;
            let out = target.row(row_idx, self.n_medians);
            vectorize(
                #[inline(always)]
                || walk.row(self, row_idx, out),
            );
            Ok(())
        });
        let found = walk.found;
        work.scratch.give_floats(buffer);
        done.map(|()| found)
    }

    /// Finds the medians' codes in the parts and writes the light they stand for.
    fn find_codes(
        &self,
        found: &[bool; N_PARTS],
        target: &mut Target<'_>,
        work: &mut Work<'_>,
    ) -> Result<(), Stopped> {
        let mut slots = [0_u16; N_PARTS];
        let mut n_slots = 1_u16;
        for (slot, _) in slots.iter_mut().zip(found).filter(|(_, found)| **found) {
            *slot = n_slots;
            n_slots += 1;
        }
        let n_slots = usize::from(n_slots);
        let n_sums = n_slots * N_FINE / 2;
        let n_floats = n_sums + n_slots * self.n_columns() * N_FINE / 4;
        let mut buffer = work.scratch.floats(n_floats);
        buffer.fill(0.0);
        let (sums, columns) = buffer.split_at_mut(n_sums);
        let mut walk = Lower {
            slots,
            columns: bytemuck::cast_slice_mut(columns),
            sums: bytemuck::cast_slice_mut(sums),
            at: [NOWHERE; N_PARTS + 1],
        };
        let done = (0..target.n_rows()).try_for_each(|row_idx| {
            work.stop.check()?;
            let out = target.row(row_idx, self.n_medians);
            vectorize(
                #[inline(always)]
                || walk.row(self, row_idx, out),
            );
            Ok(())
        });
        work.scratch.give_floats(buffer);
        done
    }
}
