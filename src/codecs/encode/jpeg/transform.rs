//! Blocks of pixels to quantised coefficients.
//!
//! **Method**: the integer transform of C. Loeffler, A. Ligtenberg and G. Moschytz, "Practical Fast
//! 1-D DCT Algorithms with 11 Multiplications" (ICASSP 1989), as libjpeg rounds it, on four blocks
//! side by side; division by multiplication with a reciprocal, halves rounded up.

use fearless_simd::{Level, Simd, dispatch, i16x32, i32x16, prelude::*};

use super::planes::{Stripe, WIDTH};

/// Blocks of a stripe.
pub(super) const BLOCKS: usize = WIDTH / 8;

/// Columns transformed at once.
const LANES: usize = 32;

/// Bits of the constants, and those kept between the two passes.
const CONST_BITS: u32 = 13;
const PASS1_BITS: u32 = 2;

/// A table of divisors, in rows of a block.
#[derive(Debug, Clone)]
pub(super) struct Quantizer {
    /// Each row four times, for four blocks.
    reciprocals: [[u16; LANES]; 8],
    corrections: [[u16; LANES]; 8],
}

impl Quantizer {
    /// Of divisors 1…255 in rows. The transform gives eight times what they are for.
    pub(super) fn new(divisors: &[[u8; 8]; 8]) -> Self {
        let mut quantizer = Self {
            reciprocals: [[0; LANES]; 8],
            corrections: [[0; LANES]; 8],
        };
        for (row_idx, divisors) in divisors.iter().enumerate() {
            for (i, divisor) in divisors.iter().cycle().take(LANES).enumerate() {
                let divisor = 8 * u32::from(*divisor).max(1);
                let (reciprocal, rest) = ((1 << 15) / divisor, (1 << 15) % divisor);
                // What keeps the product on the right side of a whole number.
                let is_below = rest > 0 && rest <= divisor / 2;
                let is_above = rest > divisor / 2;
                // Doubled, so that the upper half of the product is the quotient.
                let reciprocal = 2 * (reciprocal + u32::from(is_above));
                quantizer.reciprocals[row_idx][i] = reciprocal as u16;
                quantizer.corrections[row_idx][i] = (divisor / 2 + u32::from(is_below)) as u16;
            }
        }
        quantizer
    }
}

/// Quantised blocks of a stripe.
#[derive(Debug, Clone)]
pub(super) struct Coefficients {
    /// Block b is columns 8 b … 8 b + 7.
    pub(super) values: Stripe,
    /// Which of a block are not 0: a byte a row, the first in the lowest bit.
    pub(super) filled: [[u8; 8]; BLOCKS],
}

impl Coefficients {
    pub(super) const fn new() -> Self {
        Self {
            values: [[0; WIDTH]; 8],
            filled: [[0; 8]; BLOCKS],
        }
    }

    /// At least the first `n_blocks` of a stripe.
    pub(super) fn transform(
        &mut self,
        level: Level,
        stripe: &Stripe,
        quantizer: &Quantizer,
        n_blocks: usize,
    ) {
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || {
                for left in (0..8 * n_blocks).step_by(LANES) {
                    let rows = std::array::from_fn(#[inline(always)] |i| {
                        i16x32::from_slice(simd, &stripe[i][left..left + LANES])
                    });
                    self.quantize(simd, quantizer, transformed(rows), left);
                }
            },
        ));
    }

    #[inline(always)]
    fn quantize<S: Simd>(
        &mut self,
        simd: S,
        quantizer: &Quantizer,
        rows: [i16x32<S>; 8],
        left: usize,
    ) {
        let tables = quantizer.reciprocals.iter().zip(&quantizer.corrections);
        let filled = &mut self.filled[left / 8..][..LANES / 8];
        let rows = rows.iter().zip(tables).zip(&mut self.values).enumerate();
        for (row_idx, ((row, (reciprocals, corrections)), out)) in rows {
            let mut values = [0; LANES];
            row.store_slice(&mut values);
            divide(&mut values, reciprocals, corrections);
            let quotients = i16x32::from_slice(simd, &values);
            quotients.store_slice(&mut out[left..left + LANES]);
            let bits = quotients.simd_ne(i16x32::splat(simd, 0)).to_bitmask() as u32;
            for (filled, bits) in filled.iter_mut().zip(bits.to_le_bytes()) {
                filled[row_idx] = bits;
            }
        }
    }
}

#[inline(always)]
fn divide(values: &mut [i16; LANES], reciprocals: &[u16; LANES], corrections: &[u16; LANES]) {
    for (value, (reciprocal, correction)) in
        values.iter_mut().zip(reciprocals.iter().zip(corrections))
    {
        let size = u32::from(value.unsigned_abs().wrapping_add(*correction));
        let quotient = ((size * u32::from(*reciprocal)) >> 16) as i16;
        *value = if *value < 0 { -quotient } else { quotient };
    }
}

/// Four blocks side by side, rows first, then columns. The coefficients are eight times too large.
///
/// Where a value stands is eight bits: three of its row, two of its block, three of its column.
/// Every turn moves them up by one, the topmost to the end. After five, columns have become rows;
/// the other three bring all home.
#[inline(always)]
fn transformed<S: Simd>(mut rows: [i16x32<S>; 8]) -> [i16x32<S>; 8] {
    for _ in 0..5 {
        rows = turned(rows);
    }
    rows = pass::<1, S>(rows);
    for _ in 0..3 {
        rows = turned(rows);
    }
    pass::<2, S>(rows)
}

#[inline(always)]
fn turned<S: Simd>([a, b, c, d, e, f, g, h]: [i16x32<S>; 8]) -> [i16x32<S>; 8] {
    [
        a.zip_low(e),
        a.zip_high(e),
        b.zip_low(f),
        b.zip_high(f),
        c.zip_low(g),
        c.zip_high(g),
        d.zip_low(h),
        d.zip_high(h),
    ]
}

/// Sums of products in 32 bits, of the lower and of the upper half of the lanes.
type Wide<S> = [i32x16<S>; 2];

/// `a · first + b · second`.
#[inline(always)]
fn products<S: Simd>(a: i16x32<S>, b: i16x32<S>, first: i16, second: i16) -> Wide<S> {
    let weights = i16x32::from_fn(
        a.simd,
        #[inline(always)]
        |i| if i % 2 == 0 { first } else { second },
    );
    [
        a.zip_low(b).pairwise_dot_product(weights),
        a.zip_high(b).pairwise_dot_product(weights),
    ]
}

#[inline(always)]
fn sum<S: Simd>([a, b]: Wide<S>, [c, d]: Wide<S>) -> Wide<S> {
    [a + c, b + d]
}

#[inline(always)]
fn rounded<S: Simd>([a, b]: Wide<S>, bits: u32) -> i16x32<S> {
    let half = 1 << (bits - 1);
    ((a + half) >> bits).relaxed_narrow((b + half) >> bits)
}

/// The transform along columns: first or second pass. All sums fit, for samples have eight bits.
#[inline(always)]
fn pass<const N: u32, S: Simd>([s0, s1, s2, s3, s4, s5, s6, s7]: [i16x32<S>; 8]) -> [i16x32<S>; 8] {
    let bits = if N == 1 {
        CONST_BITS - PASS1_BITS
    } else {
        CONST_BITS + PASS1_BITS
    };
    let (t0, t7, t1, t6) = (s0 + s7, s0 - s7, s1 + s6, s1 - s6);
    let (t2, t5, t3, t4) = (s2 + s5, s2 - s5, s3 + s4, s3 - s4);
    let (t10, t13, t11, t12) = (t0 + t3, t0 - t3, t1 + t2, t1 - t2);
    let (low, high) = (t10 + t11, t10 - t11);
    let (d0, d4) = if N == 1 {
        (low << PASS1_BITS, high << PASS1_BITS)
    } else {
        let half = 1 << (PASS1_BITS - 1);
        ((low + half) >> PASS1_BITS, (high + half) >> PASS1_BITS)
    };
    let d2 = rounded(products(t13, t12, 4433 + 6270, 4433), bits);
    let d6 = rounded(products(t13, t12, 4433, 4433 - 15_137), bits);
    let (z3, z4) = (t4 + t6, t5 + t7);
    let z3_sum = products(z3, z4, 9633 - 16_069, 9633);
    let z4_sum = products(z3, z4, 9633, 9633 - 3196);
    let d7 = rounded(sum(products(t4, t7, 2446 - 7373, -7373), z3_sum), bits);
    let d5 = rounded(
        sum(products(t5, t6, 16_819 - 20_995, -20_995), z4_sum),
        bits,
    );
    let d3 = rounded(
        sum(products(t5, t6, -20_995, 25_172 - 20_995), z3_sum),
        bits,
    );
    let d1 = rounded(sum(products(t4, t7, -7373, 12_299 - 7373), z4_sum), bits);
    [d0, d1, d2, d3, d4, d5, d6, d7]
}
