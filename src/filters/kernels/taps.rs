//! A weighted sum of neighbours at constant offsets, for kernels that are no product of a row and a
//! column.
//!
//! Each tap is a multiply-add of whole vectors; they are summed in the order given, in four chains
//! of vectors at once. Reads `reach_px` around the pixel.

use crate::filters::kernel::{AreaKernel, Stopped, Work};
use crate::filters::kernels::surround::Surround;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{LANES, Tile};

/// Floats summed at once: enough chains to hide the latency of a multiply-add.
const WIDE: usize = 64;

/// One neighbour and its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tap {
    pub dx: i32,
    pub dy: i32,
    pub weight: f32,
}

/// A sum of any planes.
#[derive(Debug, Clone)]
pub struct Taps {
    taps: Vec<Tap>,
    reach_px: usize,
}

impl Taps {
    /// The weights are taken as they are: who wants a mean gives weights that sum to 1.
    #[must_use]
    pub fn new(taps: Vec<Tap>) -> Self {
        let reach = taps
            .iter()
            .map(|tap| tap.dx.unsigned_abs().max(tap.dy.unsigned_abs()));
        let reach_px = reach.max().unwrap_or(0) as usize;
        Self { taps, reach_px }
    }

    #[must_use]
    pub fn as_slice(&self) -> &[Tap] {
        &self.taps
    }
}

impl AreaKernel for Taps {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.reach_px as u32, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        let mut around = Surround::new(output.rect(), self.reach_px, 1, work.scratch);
        let stride = around.stride();
        let done = (0..output.n_planes()).try_for_each(|plane_idx| {
            around.fill(input, plane_idx, 0);
            (0..output.rect().height as usize).try_for_each(|row_idx| {
                work.stop.check()?;
                let rows = &around.plane(0)[row_idx * stride..];
                let out = output.row_mut(plane_idx, row_idx);
                vectorize(
                    #[inline(always)]
                    || sum_taps(&self.taps, (rows, stride), self.reach_px, out),
                );
                Ok(())
            })
        });
        around.finish(work.scratch);
        done
    }
}

/// One row: `rows` begins `reach_px` above and left of it.
#[inline(always)]
fn sum_taps(taps: &[Tap], rows: (&[f32], usize), reach_px: usize, out: &mut [f32]) {
    let n_wide = out.len() / WIDE * WIDE;
    let (wide, narrow) = out.split_at_mut(n_wide);
    sum_chunks::<WIDE>(taps, rows, reach_px, wide);
    let rows = (&rows.0[n_wide..], rows.1);
    sum_chunks::<LANES>(taps, rows, reach_px, narrow);
}

#[inline(always)]
fn sum_chunks<const N: usize>(
    taps: &[Tap],
    (rows, stride): (&[f32], usize),
    reach_px: usize,
    out: &mut [f32],
) {
    let (chunks, _) = out.as_chunks_mut::<N>();
    for (chunk_idx, chunk) in chunks.iter_mut().enumerate() {
        let mut sums = [0.0_f32; N];
        for tap in taps {
            let row = (reach_px as i64 + i64::from(tap.dy)) as usize;
            let column = (reach_px as i64 + i64::from(tap.dx)) as usize;
            let from = row * stride + column + chunk_idx * N;
            let values = &rows[from..from + N];
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum = value.mul_add(tap.weight, *sum);
            }
        }
        *chunk = sums;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::kernel::Prepared;
    use crate::filters::whole::{fold, same_in_any_tile, test_picture};
    use crate::pixels::simd::{SimdLevel, vectorize_at};

    fn lopsided() -> Vec<Tap> {
        let tap = |dx, dy, weight| Tap { dx, dy, weight };
        vec![tap(-3, 1, 0.5), tap(0, -2, -0.25), tap(9, 0, 1.5)]
    }

    #[test]
    fn is_the_sum_over_the_mirrored_picture() {
        for size in [
            Size::new(90, 12),
            Size::new(1, 1),
            Size::new(1, 9),
            Size::new(30, 1),
        ] {
            let picture = test_picture(size, 3);
            let prepared = Prepared::Area(Box::new(Taps::new(lopsided())));
            let result = same_in_any_tile(&prepared, &picture);
            for y in 0..size.height {
                for x in 0..size.width {
                    let value = |tap: &Tap| {
                        let row = fold(i64::from(y) + i64::from(tap.dy), size.height);
                        let column = fold(i64::from(x) + i64::from(tap.dx), size.width);
                        f64::from(tap.weight) * f64::from(picture.row(2, row)[column])
                    };
                    let expected: f64 = lopsided().iter().map(value).sum();
                    let got = f64::from(result.row(2, y as usize)[x as usize]);
                    assert!((got - expected).abs() < 1e-6, "{size:?} {x} {y}");
                }
            }
        }
    }

    #[test]
    fn every_simd_level_gives_the_same_bits() {
        let rows: Vec<f32> = (0..200 * 19).map(|i| (i * 37 % 101) as f32).collect();
        let at = |level| {
            let mut out = [0.0_f32; 80];
            vectorize_at(
                level,
                #[inline(always)]
                || sum_taps(&lopsided(), (&rows, 200), 9, &mut out),
            );
            out.map(f32::to_bits)
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert_eq!(at(level), expected, "{level}");
        }
    }
}
