//! The walks over a stripe: one finds the part of the codes a median lies in, one its place in there.

use super::bins::{NOWHERE, Sums, bring, place, step, walk};
use super::codes::light_of;
use super::{N_COARSE, N_FINE, N_MIDDLE, N_PARTS, Stripe};

/// A part and a rank in the bits of a float, which is only kept, never reckoned with.
#[inline(always)]
const fn packed(part: usize, rank: u16) -> f32 {
    f32::from_bits((part as u32) << 16 | rank as u32)
}

#[inline(always)]
const fn unpacked(bits: f32) -> (usize, u16) {
    ((bits.to_bits() >> 16) as usize, bits.to_bits() as u16)
}

/// Calls `median` for each place of a row: even rows from the left, odd ones from the right.
#[inline(always)]
fn back_and_forth(row_idx: usize, out: &mut [f32], mut median: impl FnMut(usize, f32) -> f32) {
    if row_idx.is_multiple_of(2) {
        for (column, out) in out.iter_mut().enumerate() {
            *out = median(column, *out);
        }
    } else {
        for (column, out) in out.iter_mut().enumerate().rev() {
            *out = median(column, *out);
        }
    }
}

/// The first two steps. Bins are cumulative from the lowest of their part on.
pub(super) struct Upper<'a> {
    pub(super) coarse_columns: &'a mut [[u8; N_COARSE]],
    /// By the coarse bin and the column.
    pub(super) middle_columns: &'a mut [[u8; N_MIDDLE]],
    pub(super) coarse: Sums<N_COARSE>,
    pub(super) middle: [Sums<N_MIDDLE>; N_COARSE],
    pub(super) found: [bool; N_PARTS],
}

impl Upper<'_> {
    #[inline(always)]
    pub(super) fn row(&mut self, stripe: &Stripe<'_>, row_idx: usize, out: &mut [f32]) {
        if row_idx == 0 {
            for row in 0..stripe.diameter {
                self.count::<true>(stripe.codes_of(row));
            }
        } else {
            self.count::<false>(stripe.codes_of(row_idx - 1));
            self.count::<true>(stripe.codes_of(row_idx - 1 + stripe.diameter));
        }
        self.coarse.at = NOWHERE;
        for part in &mut self.middle {
            part.at = NOWHERE;
        }
        back_and_forth(
            row_idx,
            out,
            #[inline(always)]
            |column, _| self.part(stripe, column),
        );
    }

    /// Takes a row into the histograms of its columns, or out of them.
    #[inline(always)]
    fn count<const COMES: bool>(&mut self, codes: &[u16]) {
        let coarse_columns = &mut self.coarse_columns[..codes.len()];
        for (column, code) in codes.iter().enumerate() {
            let part = usize::from(*code) / N_FINE;
            let (coarse, middle) = (part / N_MIDDLE, part % N_MIDDLE);
            step::<N_COARSE, COMES>(&mut coarse_columns[column], coarse);
            let at = coarse * codes.len() + column;
            step::<N_MIDDLE, COMES>(&mut self.middle_columns[at], middle);
        }
    }

    #[inline(always)]
    fn part(&mut self, stripe: &Stripe<'_>, column: usize) -> f32 {
        let diameter = stripe.diameter;
        let mut rank = (diameter * diameter / 2) as u16;
        let Sums { counts, at, bin } = &mut self.coarse;
        bring(counts, self.coarse_columns, (at, column), diameter);
        walk(counts, bin, &mut rank);
        let coarse = *bin;

        let Sums { counts, at, bin } = &mut self.middle[coarse];
        let columns = &self.middle_columns[coarse * stripe.n_columns()..];
        bring(counts, columns, (at, column), diameter);
        walk(counts, bin, &mut rank);
        let part = coarse * N_MIDDLE + *bin;
        self.found[part] = true;
        packed(part, rank)
    }
}

/// The last step.
pub(super) struct Lower<'a> {
    /// Of each part; parts without a median share slot 0, where nobody looks.
    pub(super) slots: [u16; N_PARTS],
    /// By slot and column.
    pub(super) columns: &'a mut [[u8; N_FINE]],
    /// By slot.
    pub(super) sums: &'a mut [[u16; N_FINE]],
    /// Of each slot, as [`Sums::at`].
    pub(super) at: [usize; N_PARTS + 1],
}

impl Lower<'_> {
    #[inline(always)]
    pub(super) fn row(&mut self, stripe: &Stripe<'_>, row_idx: usize, out: &mut [f32]) {
        if row_idx == 0 {
            for row in 0..stripe.diameter {
                self.count::<true>(stripe.codes_of(row));
            }
        } else {
            self.count::<false>(stripe.codes_of(row_idx - 1));
            self.count::<true>(stripe.codes_of(row_idx - 1 + stripe.diameter));
        }
        self.at[..self.sums.len()].fill(NOWHERE);
        back_and_forth(
            row_idx,
            out,
            #[inline(always)]
            |column, part| self.code(stripe, column, part),
        );
        for out in out {
            *out = light_of(*out);
        }
    }

    #[inline(always)]
    fn count<const COMES: bool>(&mut self, codes: &[u16]) {
        for (column, code) in codes.iter().enumerate() {
            let code = usize::from(*code);
            let slot = usize::from(self.slots[code / N_FINE]);
            let at = slot * codes.len() + column;
            step::<N_FINE, COMES>(&mut self.columns[at], code % N_FINE);
        }
    }

    #[inline(always)]
    fn code(&mut self, stripe: &Stripe<'_>, column: usize, part: f32) -> f32 {
        let (part, rank) = unpacked(part);
        let slot = usize::from(self.slots[part]);
        let sums = &mut self.sums[slot];
        let columns = &self.columns[slot * stripe.n_columns()..];
        bring(sums, columns, (&mut self.at[slot], column), stripe.diameter);
        (part * N_FINE + place(sums, rank)) as f32
    }
}
