//! The mean over a square, at a cost that hardly grows with its side.
//!
//! A running sum would round differently in every tile. Here each sum is one fixed tree over its own
//! pixels, whatever tile they lie in: along rows, sums over spans that double (1, 2, 4 … pixels), of
//! which a window is put together; along columns, sums from both ends of blocks that are as high as
//! the window and aligned to the frame, of which a window needs two (M. van Herk, "A fast algorithm
//! for local minimum and maximum filters", 1992).

use crate::filters::kernel::{AreaKernel, Stopped, Work};
use crate::filters::kernels::mirror::{mirror_row, mirrored};
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{LANES, Tile};

/// A square window of any planes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoxMean {
    /// Pixels on each side of the centre that count fully.
    whole_px: usize,
    /// What the next one on each side counts; 0…1.
    share: f32,
}

impl BoxMean {
    /// A window of `2 · radius_px + 1` pixels a side; a radius below 0 counts as 0.
    #[must_use]
    pub fn new(radius_px: f64) -> Self {
        let radius_px = radius_px.max(0.0);
        Self {
            whole_px: radius_px.floor() as usize,
            share: (radius_px - radius_px.floor()) as f32,
        }
    }

    const fn reach_px(&self) -> usize {
        self.whole_px + (self.share > 0.0) as usize
    }

    const fn n_whole(&self) -> usize {
        2 * self.whole_px + 1
    }

    /// What the sum of a row or a column is multiplied by.
    fn scale(&self) -> f32 {
        1.0 / 2.0_f32.mul_add(self.share, self.n_whole() as f32)
    }
}

impl AreaKernel for BoxMean {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.reach_px() as u32, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        let stride = output.stride();
        let n_padded = (stride + 2 * self.reach_px()).next_multiple_of(LANES);
        let n_rows = 2 * self.reach_px() + 1;
        let mut pass = PlanePass {
            window: *self,
            input,
            plane_idx: 0,
            left: i64::from(output.rect().x) - self.reach_px() as i64,
            spans: std::array::from_fn(|_| work.scratch.floats(n_padded)),
            ring: work.scratch.floats(stride * n_rows),
            tails: work.scratch.floats(stride * self.n_whole()),
            head: work.scratch.floats(stride),
            stride,
        };
        let done = (0..output.n_planes()).try_for_each(|plane_idx| {
            pass.plane_idx = plane_idx;
            pass.run(output, work)
        });
        let PlanePass {
            spans: [a, b],
            ring,
            tails,
            head,
            ..
        } = pass;
        for buffer in [a, b, ring, tails, head] {
            work.scratch.give_floats(buffer);
        }
        done
    }
}

/// One plane on its way. Rows are counted in the frame, and go on beyond it as its mirror image.
struct PlanePass<'a> {
    window: BoxMean,
    input: &'a Tile,
    plane_idx: usize,
    /// Frame column of the first value that the first output pixel reads; may be negative.
    left: i64,
    /// Sums over spans of one and of twice the length, in turns.
    spans: [Vec<f32>; 2],
    /// The last rows' means, row y in slot y modulo the number of rows.
    ring: Vec<f32>,
    /// For each row of the last whole block, the sum from there to the block's end.
    tails: Vec<f32>,
    /// The sum from the start of the block begun since.
    head: Vec<f32>,
    stride: usize,
}

impl PlanePass<'_> {
    fn run(&mut self, output: &mut Tile, work: &Work<'_>) -> Result<(), Stopped> {
        let (whole, reach) = (self.window.whole_px as i64, self.window.reach_px() as i64);
        let top = i64::from(output.rect().y);
        let (mut n_spread, mut n_summed) = (top - reach, top - whole);
        for row_idx in 0..output.rect().height as usize {
            work.stop.check()?;
            let y = top + row_idx as i64;
            for row in n_spread..=y + reach {
                self.spread(row);
            }
            for row in n_summed..=y + whole {
                self.take_in(row, top - whole);
            }
            (n_spread, n_summed) = (y + reach + 1, y + whole + 1);
            self.put_together(y, output.row_mut(self.plane_idx, row_idx));
        }
        Ok(())
    }

    fn slot(&self, row: i64) -> std::ops::Range<usize> {
        let n_rows = self.ring.len() / self.stride;
        let slot = row.rem_euclid(n_rows as i64) as usize;
        slot * self.stride..(slot + 1) * self.stride
    }

    /// Means of a row's windows into the ring.
    fn spread(&mut self, row: i64) {
        let bounds = self.input.rect();
        let source = mirrored(row - i64::from(bounds.y), bounds.height);
        let source = &self.input.row(self.plane_idx, source)[..bounds.width as usize];
        let first = self.left - i64::from(bounds.x);
        let slot = self.slot(row);
        let means = &mut self.ring[slot];
        let [a, b] = &mut self.spans;
        let window = self.window;
        vectorize(
            #[inline(always)]
            || {
                mirror_row(source, first, a);
                row_means(window, a, b, means);
            },
        );
    }

    /// Adds a row to the block it lies in; `first` is the first row of the tile's first window.
    fn take_in(&mut self, row: i64, first: i64) {
        let n = self.window.n_whole() as i64;
        let in_block = row.rem_euclid(n);
        let slot = self.slot(row);
        if in_block == 0 {
            self.head.copy_from_slice(&self.ring[slot]);
        } else {
            add(&self.ring[slot], &mut self.head);
        }
        if in_block + 1 < n {
            return;
        }
        let stride = self.stride;
        for row in (first.max(row + 1 - n)..=row).rev() {
            let at = row.rem_euclid(n) as usize;
            let values = self.slot(row);
            let (tails, below) = self.tails.split_at_mut((at + 1) * stride);
            let tail = &mut tails[at * stride..];
            tail.copy_from_slice(&self.ring[values]);
            if let Some(below) = below.get(..stride) {
                add(below, tail);
            }
        }
    }

    /// The means around row `y`, from the end of one block and the start of the next.
    fn put_together(&self, y: i64, out: &mut [f32]) {
        let (whole, reach) = (self.window.whole_px as i64, self.window.reach_px() as i64);
        let at = (y - whole).rem_euclid(self.window.n_whole() as i64) as usize;
        let tail = &self.tails[at * self.stride..(at + 1) * self.stride];
        // A window that begins with a block ends with it.
        let head = (at > 0).then_some(self.head.as_slice());
        let ends = [y - reach, y + reach].map(|row| &self.ring[self.slot(row)]);
        vectorize(
            #[inline(always)]
            || column_means(self.window, (tail, head), ends, out),
        );
    }
}

#[inline(always)]
fn add(values: &[f32], sums: &mut [f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

#[inline(always)]
fn start_with_ends(window: BoxMean, ends: [&[f32]; 2], sums: &mut [f32]) {
    for ((sum, first), last) in sums.iter_mut().zip(ends[0]).zip(ends[1]) {
        *sum = (first + last) * window.share;
    }
}

#[inline(always)]
fn scale(factor: f32, sums: &mut [f32]) {
    for sum in sums {
        *sum *= factor;
    }
}

#[inline(always)]
fn column_means(
    window: BoxMean,
    (tail, head): (&[f32], Option<&[f32]>),
    ends: [&[f32]; 2],
    out: &mut [f32],
) {
    start_with_ends(window, ends, out);
    add(tail, out);
    if let Some(head) = head {
        add(head, out);
    }
    scale(window.scale(), out);
}

/// Means along a row that lies in `a`, from `reach_px` before the first on. Both buffers are used up.
#[inline(always)]
fn row_means(window: BoxMean, a: &mut [f32], b: &mut [f32], means: &mut [f32]) {
    let reach = window.reach_px();
    start_with_ends(window, [a, &a[2 * reach..]], means);
    let (mut spans, mut longer) = (a, b);
    let mut from = reach - window.whole_px;
    let mut span = 1;
    loop {
        if window.n_whole() & span != 0 {
            add(&spans[from..], means);
            from += span;
        }
        if 2 * span > window.n_whole() {
            break;
        }
        for ((longer, first), second) in longer.iter_mut().zip(&*spans).zip(&spans[span..]) {
            *longer = first + second;
        }
        (spans, longer) = (longer, spans);
        span *= 2;
    }
    scale(window.scale(), means);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::kernel::Prepared;
    use crate::filters::whole::{fold, same_in_any_tile, test_picture};
    use crate::pixels::simd::{SimdLevel, vectorize_at};

    /// The mean by the formula, of a window with a fractional edge.
    fn exact(picture: &Tile, radius: f64, (x, y): (u32, u32)) -> f64 {
        let reach = radius.ceil() as i64;
        let weight = |d: i64| (radius + 1.0 - d.abs() as f64).clamp(0.0, 1.0);
        let mut sum = 0.0;
        for dy in -reach..=reach {
            let row = picture.row(1, fold(i64::from(y) + dy, picture.size().height));
            for dx in -reach..=reach {
                let column = fold(i64::from(x) + dx, picture.size().width);
                sum += weight(dx) * weight(dy) * f64::from(row[column]);
            }
        }
        sum / (2.0 * radius + 1.0).powi(2)
    }

    #[test]
    fn is_the_mean_of_the_square() {
        for (size, radius) in [
            (Size::new(90, 40), 1.0),
            (Size::new(90, 40), 3.0),
            (Size::new(40, 90), 7.25),
            (Size::new(30, 30), 0.5),
            (Size::new(30, 30), 0.0),
            (Size::new(30, 130), 20.0),
            (Size::new(1, 1), 5.0),
            (Size::new(1, 30), 4.5),
            (Size::new(30, 1), 100.0),
            (Size::new(9, 12), 31.0),
        ] {
            let picture = test_picture(size, 2);
            let prepared = Prepared::Area(Box::new(BoxMean::new(radius)));
            let result = same_in_any_tile(&prepared, &picture);
            for y in (0..size.height).step_by(3) {
                for x in (0..size.width).step_by(5) {
                    let expected = exact(&picture, radius, (x, y));
                    let got = f64::from(result.row(1, y as usize)[x as usize]);
                    assert!((got - expected).abs() < 2e-6, "{size:?} {radius} {x} {y}");
                }
            }
        }
    }

    #[test]
    fn no_radius_keeps_bits() {
        let size = Size::new(30, 20);
        let picture = test_picture(size, 3);
        let same = same_in_any_tile(&Prepared::Area(Box::new(BoxMean::new(-0.4))), &picture);
        assert_eq!(same.row(2, 7)[..30], picture.row(2, 7)[..30]);
    }

    #[test]
    fn every_simd_level_gives_the_same_bits() {
        let row: Vec<f32> = (0..128).map(|i| (i * 37 % 101) as f32 / 101.0).collect();
        let at = |level| {
            let (mut a, mut b, mut means) = (row.clone(), row.clone(), [0.0; 80]);
            vectorize_at(
                level,
                #[inline(always)]
                || row_means(BoxMean::new(13.4), &mut a, &mut b, &mut means),
            );
            means.map(f32::to_bits)
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert_eq!(at(level), expected, "{level}");
        }
    }
}
