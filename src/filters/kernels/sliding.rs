//! A narrow Gaussian beside the pixels it serves: a few padded rows in a ring, and nothing stored.
//!
//! A filter that needs a small blur of something it computes itself fills one row after the other
//! and asks for the blurred row in the middle: columns first, rows second, equal distances added
//! before they are weighed. All of it stays in the first-level cache.

use crate::filters::kernels::gaussian::Gaussian;
use crate::pixels::scratch::Scratch;
use crate::pixels::tile::LANES;

/// The widest radius it takes: beyond, the reduced grid is the better way.
pub const MAX_RADIUS: usize = 24;

/// Floats summed at once: enough chains to hide the latency of a multiply-add.
const WIDE: usize = 64;

/// The last `2 · radius + 1` rows of some planes, each padded by the radius on both sides.
#[derive(Debug)]
pub struct SlidingRows {
    ring: Vec<f32>,
    radius: usize,
    n_planes: usize,
    row_len: usize,
    n_pushed: usize,
}

impl SlidingRows {
    /// For rows of `width` pixels.
    ///
    /// # Panics
    /// When the radius exceeds [`MAX_RADIUS`].
    #[must_use]
    pub fn new(width: usize, radius: usize, n_planes: usize, scratch: &mut Scratch) -> Self {
        assert!(radius <= MAX_RADIUS);
        let row_len = (width.next_multiple_of(LANES) + 2 * radius).next_multiple_of(LANES);
        Self {
            ring: scratch.floats(row_len * n_planes * (2 * radius + 1)),
            radius,
            n_planes,
            row_len,
            n_pushed: 0,
        }
    }

    /// Gives the buffer back.
    pub fn finish(self, scratch: &mut Scratch) {
        scratch.give_floats(self.ring);
    }

    /// Floats of a padded row.
    #[must_use]
    pub const fn row_len(&self) -> usize {
        self.row_len
    }

    #[must_use]
    pub const fn n_pushed(&self) -> usize {
        self.n_pushed
    }

    /// The rows to be filled next, plane after plane; the oldest ones give way.
    pub fn push(&mut self) -> &mut [f32] {
        let n_rows = 2 * self.radius + 1;
        let len = self.row_len * self.n_planes;
        let start = self.n_pushed % n_rows * len;
        self.n_pushed += 1;
        &mut self.ring[start..start + len]
    }

    /// The row `offset` rows from the middle one, padding included.
    #[must_use]
    #[inline(always)]
    pub fn row(&self, plane_idx: usize, offset: isize) -> &[f32] {
        let start = self.start_of(plane_idx, offset);
        &self.ring[start..start + self.row_len]
    }

    #[inline(always)]
    fn start_of(&self, plane_idx: usize, offset: isize) -> usize {
        let n_rows = 2 * self.radius + 1;
        let middle = self.n_pushed + self.radius;
        let slot = middle.wrapping_add_signed(offset) % n_rows;
        (slot * self.n_planes + plane_idx) * self.row_len
    }

    /// Weighs the rows of a plane into `column_sums`, of a padded row's length, and these into
    /// `blurred`, whose first value belongs to the first pixel.
    #[inline(always)]
    pub fn blur(
        &self,
        plane_idx: usize,
        weights: &HalfKernel,
        column_sums: &mut [f32],
        blurred: &mut [f32],
    ) {
        let radius = self.radius as isize;
        let mut pairs = [(0, 0); MAX_RADIUS];
        for (distance, pair) in (1..=radius).zip(&mut pairs) {
            *pair = (
                self.start_of(plane_idx, -distance),
                self.start_of(plane_idx, distance),
            );
        }
        let middle = self.start_of(plane_idx, 0);
        weigh(&self.ring, middle, &pairs, weights, column_sums);
        for (distance, pair) in (1..=self.radius).zip(&mut pairs) {
            *pair = (self.radius - distance, self.radius + distance);
        }
        weigh(column_sums, self.radius, &pairs, weights, blurred);
    }
}

/// Weights of a Gaussian at distances 0, 1, 2, …
#[derive(Debug, Clone)]
pub struct HalfKernel(Vec<f32>);

impl HalfKernel {
    #[must_use]
    pub fn of(gaussian: &Gaussian) -> Self {
        Self(gaussian.weights()[gaussian.radius_px() as usize..].to_vec())
    }
}

/// `out[i] = w₀ · source[middle + i] + Σ w · (source[before + i] + source[after + i])`.
#[inline(always)]
fn weigh(
    source: &[f32],
    middle: usize,
    pairs: &[(usize, usize); MAX_RADIUS],
    weights: &HalfKernel,
    out: &mut [f32],
) {
    let n_wide = out.len() / WIDE * WIDE;
    let (wide, narrow) = out.split_at_mut(n_wide);
    weigh_chunks::<WIDE>((source, 0), middle, pairs, weights, wide);
    let (lanes, rest) = narrow.split_at_mut(narrow.len() / LANES * LANES);
    weigh_chunks::<LANES>((source, n_wide), middle, pairs, weights, lanes);
    weigh_chunks::<1>((source, n_wide + lanes.len()), middle, pairs, weights, rest);
}

#[inline(always)]
fn weigh_chunks<const N: usize>(
    (source, start): (&[f32], usize),
    middle: usize,
    pairs: &[(usize, usize); MAX_RADIUS],
    weights: &HalfKernel,
    out: &mut [f32],
) {
    let [central, others @ ..] = weights.0.as_slice() else {
        return;
    };
    let (chunks, _) = out.as_chunks_mut::<N>();
    for (chunk_idx, chunk) in chunks.iter_mut().enumerate() {
        let x = start + chunk_idx * N;
        let mut sums = [0.0_f32; N];
        let values = &source[middle + x..middle + x + N];
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = value * central;
        }
        for (weight, (before, after)) in others.iter().zip(pairs) {
            let before = &source[before + x..before + x + N];
            let after = &source[after + x..after + x + N];
            for ((sum, before), after) in sums.iter_mut().zip(before).zip(after) {
                *sum = (before + after).mul_add(*weight, *sum);
            }
        }
        *chunk = sums;
    }
}
