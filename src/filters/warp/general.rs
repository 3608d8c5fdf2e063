//! Any other homography: each output pixel weighs the input pixels around where it lies.
//!
//! **Method**: Lanczos-3 along the input's rows and columns. Where the picture is reduced, the kernel
//! is stretched to the upright extent of the output pixel's footprint in the input: exact for
//! scaling, an upright approximation of a turned footprint otherwise. Where the reduction varies
//! (perspective), the stretch goes in steps of 2^¼. Weights come from tables of 256 phases,
//! interpolated linearly; positions are f64 from the frame's corner.

use std::ops::Range;

use super::lanczos::{GROUP, first_tap, folded_span, n_taps, put, sum_lanes, weights};
use super::layout::Warp;
use super::window::Window;
use crate::filters::kernel::{Stopped, Work};
use crate::pixels::geometry::Rect;
use crate::pixels::math::exp_f64;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

const PHASES: usize = 256;

/// Pixels whose positions are worked out together; they begin at multiples of it in the frame.
const BLOCK_PX: u32 = GROUP as u32;

/// Stretches beyond this are cut: the result is then coarser than it could be.
const MAX_STRETCH: f64 = 256.0;

/// How much of a pixel rounding may move a position by, far more than it does.
const GUARD_PX: f64 = 1e-6;

#[derive(Debug)]
pub(super) struct General {
    warp: Warp,
    /// By rising stretch; one alone where the warp is affine.
    across: Vec<Bank>,
    down: Vec<Bank>,
}

/// Weights of one stretch at every phase, and one phase more.
#[derive(Debug)]
struct Bank {
    stretch: f64,
    n: usize,
    n_padded: usize,
    weights: Vec<f32>,
}

impl Bank {
    fn new(stretch: f64) -> Self {
        let n = n_taps(stretch);
        let n_padded = if n <= 8 { 8 } else { n.next_multiple_of(16) };
        let mut table = vec![0.0_f32; (PHASES + 1) * n_padded];
        for (phase, row) in table.chunks_exact_mut(n_padded).enumerate() {
            let exact = weights(phase as f64 / PHASES as f64, stretch, n);
            for (weight, exact) in row.iter_mut().zip(exact) {
                *weight = exact as f32;
            }
        }
        Self {
            stretch,
            n,
            n_padded,
            weights: table,
        }
    }

    /// Weights between two phases.
    #[inline(always)]
    fn at(&self, fraction: f32, out: &mut [f32]) {
        let phase = fraction * PHASES as f32;
        let idx = (phase as usize).min(PHASES - 1);
        let share = phase - idx as f32;
        let start = idx * self.n_padded;
        // The caller may know the length where this does not.
        let low = &self.weights[start..][..out.len()];
        let high = &self.weights[start + self.n_padded..][..out.len()];
        for ((out, low), high) in out.iter_mut().zip(low).zip(high) {
            *out = (high - low).mul_add(share, *low);
        }
    }
}

/// Where a block of output pixels lies, as whole input pixels and what is left.
struct Positions {
    x: [i32; BLOCK_PX as usize],
    y: [i32; BLOCK_PX as usize],
    fx: [f32; BLOCK_PX as usize],
    fy: [f32; BLOCK_PX as usize],
}

impl General {
    pub(super) fn new(warp: &Warp) -> Self {
        let stretches = stretches_of(warp);
        let banks = |axis: usize| -> Vec<Bank> {
            let most = stretches.iter().map(|s| s[axis]).fold(1.0, f64::max);
            let most = most.min(MAX_STRETCH);
            if warp.to_input.is_affine() {
                return vec![Bank::new(most)];
            }
            let steps = (0..).map(|step| exp_f64(f64::from(step) * 0.25 * std::f64::consts::LN_2));
            let below = steps.take_while(|step| *step < most * 1.19);
            below.map(Bank::new).collect()
        };
        Self {
            warp: *warp,
            across: banks(0),
            down: banks(1),
        }
    }

    pub(super) fn input_rect(&self, output: Rect) -> Rect {
        let size = self.warp.input_size;
        if output.is_empty() {
            return Rect::default();
        }
        let (left, right) = (f64::from(output.x) + 0.5, f64::from(output.right()) - 0.5);
        let (top, bottom) = (f64::from(output.y) + 0.5, f64::from(output.bottom()) - 0.5);
        let corners = [[left, top], [right, top], [left, bottom], [right, bottom]]
            .map(|corner| self.warp.to_input.apply(corner));
        let span = |axis: usize, banks: &[Bank], len: u32| {
            let n = banks.last().map_or(2, |bank| bank.n);
            let hold = |at: f64| held(at - 0.5, len);
            let at = corners.map(|corner| corner[axis]);
            let low = at.into_iter().fold(f64::INFINITY, f64::min) - GUARD_PX;
            let high = at.into_iter().fold(f64::NEG_INFINITY, f64::max) + GUARD_PX;
            let low = folded_span(first_tap(hold(low), n), n, len);
            let high = folded_span(first_tap(hold(high), n), n, len);
            (low.0.min(high.0), low.1.max(high.1))
        };
        let (x, right) = span(0, &self.across, size.width);
        let (y, bottom) = span(1, &self.down, size.height);
        Rect::from_corners(x, y, right, bottom)
    }

    /// `input` is finite, padding included, and premultiplied.
    pub(super) fn run(
        &self,
        input: &Tile,
        output: &mut Tile,
        work: &mut Work<'_>,
    ) -> Result<(), Stopped> {
        let most = |banks: &[Bank]| banks.last().map_or(8, |bank| bank.n_padded);
        let (n_across, n_down) = (most(&self.across), most(&self.down));
        let n_planes = input.n_planes();
        let mut weights = work.scratch.floats(GROUP * (n_across + n_down));
        let mut columns = work.scratch.floats(n_planes * GROUP * n_across);
        let mut patch = work.scratch.floats(n_planes * n_across * n_down);
        let rect = output.rect();
        let done = (rect.y..rect.bottom()).try_for_each(|y| {
            work.stop.check()?;
            let spare = [&mut *weights, &mut *columns, &mut *patch];
            vectorize(
                #[inline(always)]
                || self.row(input, y, spare, output),
            );
            Ok(())
        });
        work.scratch.give_floats(weights);
        work.scratch.give_floats(columns);
        work.scratch.give_floats(patch);
        done
    }

    /// Row `y` of the frame, at whatever level this is compiled for.
    #[inline(always)]
    pub(super) fn row(&self, input: &Tile, y: u32, spare: [&mut [f32]; 3], output: &mut Tile) {
        let [weights, columns, patch] = spare;
        let mut pass = RowPass {
            general: self,
            input,
            weights,
            columns,
            patch,
        };
        pass.run(y, output);
    }

    /// The weights for the block that begins at (`x`, `y`): they depend on the place in the frame.
    #[inline(always)]
    fn banks_at(&self, x: u32, y: u32) -> (&Bank, &Bank) {
        if self.across.len() + self.down.len() == 2 {
            return (&self.across[0], &self.down[0]);
        }
        let middle = [f64::from(x) + f64::from(BLOCK_PX) / 2.0, f64::from(y) + 0.5];
        let wanted = stretch_at(&self.warp, middle);
        (
            nearest(&self.across, wanted[0]),
            nearest(&self.down, wanted[1]),
        )
    }

    #[inline(always)]
    fn positions(&self, x: u32, y: u32) -> Positions {
        let m = &self.warp.to_input.0;
        let size = self.warp.input_size;
        let at_y = f64::from(y) + 0.5;
        let row = [m[1] * at_y + m[2], m[4] * at_y + m[5], m[7] * at_y + m[8]];
        let mut positions = Positions {
            x: [0; _],
            y: [0; _],
            fx: [0.0; _],
            fy: [0.0; _],
        };
        for i in 0..BLOCK_PX as usize {
            let at_x = f64::from(x) + (i as f64 + 0.5);
            let w = m[6] * at_x + row[2];
            let w = if w > 1e-9 { w } else { 1e-9 };
            let u = held((m[0] * at_x + row[0]) / w - 0.5, size.width);
            let v = held((m[3] * at_x + row[1]) / w - 0.5, size.height);
            let (floor_u, floor_v) = ((u + 1.0) as i32 - 1, (v + 1.0) as i32 - 1);
            positions.x[i] = floor_u;
            positions.y[i] = floor_v;
            positions.fx[i] = (u - f64::from(floor_u)) as f32;
            positions.fy[i] = (v - f64::from(floor_v)) as f32;
        }
        positions
    }
}

/// Held to the frame, half a pixel around the outermost middles; NaN becomes its beginning.
#[inline(always)]
fn held(at: f64, len: u32) -> f64 {
    let last = f64::from(len) - 0.5;
    let at = if at > -0.5 { at } else { -0.5 };
    if at < last { at } else { last }
}

/// Extent of an output pixel in the input, across and down.
#[inline(always)]
fn stretch_at(warp: &Warp, at: [f64; 2]) -> [f64; 2] {
    let [ux, uy, vx, vy] = warp.to_input.derivatives(at);
    [(ux * ux + uy * uy).sqrt(), (vx * vx + vy * vy).sqrt()]
}

/// At the corners of the output, between which it does not leave their range by much.
fn stretches_of(warp: &Warp) -> [[f64; 2]; 4] {
    let (w, h) = (
        f64::from(warp.output_size.width),
        f64::from(warp.output_size.height),
    );
    [[0.0, 0.0], [w, 0.0], [0.0, h], [w, h]].map(|corner| stretch_at(warp, corner))
}

/// The bank whose stretch is nearest by ratio.
#[inline(always)]
fn nearest(banks: &[Bank], wanted: f64) -> &Bank {
    let mut idx = 0;
    for (i, bank) in banks.iter().enumerate() {
        // 2^⅛: half a step.
        idx = if bank.stretch < wanted * 1.090_507_732_665_257_7 {
            i
        } else {
            idx
        };
    }
    &banks[idx]
}

struct RowPass<'a> {
    general: &'a General,
    input: &'a Tile,
    /// Across for each pixel of a block, then down.
    weights: &'a mut [f32],
    /// Sums of columns for each pixel of a block and each plane.
    columns: &'a mut [f32],
    patch: &'a mut [f32],
}

impl RowPass<'_> {
    #[inline(always)]
    fn run(&mut self, y: u32, output: &mut Tile) {
        let rect = output.rect();
        let mut block = rect.x / BLOCK_PX * BLOCK_PX;
        while block < rect.right() {
            let positions = self.general.positions(block, y);
            let banks = self.general.banks_at(block, y);
            let columns = block.max(rect.x)..(block + BLOCK_PX).min(rect.right());
            let place = (block, columns, y);
            let is_narrow = banks.0.n_padded == 8;
            match (is_narrow, banks.1.n_padded == 8, output.n_planes()) {
                (true, true, 3) => self.block::<8, 8, 3>(banks, &positions, place, output),
                (true, _, 3) => self.block::<8, 0, 3>(banks, &positions, place, output),
                (true, _, _) => self.block::<8, 0, 4>(banks, &positions, place, output),
                (false, _, 3) => self.block::<16, 0, 3>(banks, &positions, place, output),
                (false, _, _) => self.block::<16, 0, 4>(banks, &positions, place, output),
            }
            block += BLOCK_PX;
        }
    }

    /// `N` lanes, `P` planes; `W` floats a set of weights, or as many as there are where that is 0.
    /// `columns` of the block that begins at column `block` are wanted.
    #[inline(always)]
    fn block<const N: usize, const W: usize, const P: usize>(
        &mut self,
        (across, down): (&Bank, &Bank),
        positions: &Positions,
        (block, columns, y): (u32, Range<u32>, u32),
        output: &mut Tile,
    ) {
        let [n_padded, n_down] = match W {
            0 => [across.n_padded, down.n_padded],
            _ => [W, W],
        };
        let wanted = (columns.start - block) as usize..(columns.end - block) as usize;
        let (wx, wy) = self.weights.split_at_mut(n_padded * GROUP);
        let window = Window::new(
            self.input,
            self.general.warp.input_size,
            [across.n, down.n],
            n_padded,
        );
        let reach = |stride: usize| (down.n - 1) * stride + n_padded;
        for i in wanted.clone() {
            across.at(positions.fx[i], &mut wx[i * n_padded..][..n_padded]);
            let wy = &mut wy[i * n_down..][..n_down];
            down.at(positions.fy[i], wy);
            let to = &mut self.columns[i * n_padded * P..][..n_padded * P];
            let place = [positions.x[i], positions.y[i]];
            if let Some(start) = window.start(place) {
                let planes = parts_of::<P>(self.input.data(), start, reach(window.stride));
                sum_columns::<N, P>(planes, window.stride, &wy[..down.n], to);
            } else {
                window.gather(self.input, place, self.patch);
                let planes = parts_of::<P>(self.patch, 0, reach(n_padded));
                sum_columns::<N, P>(planes, n_padded, &wy[..down.n], to);
            }
        }
        let rect = output.rect();
        let at = (columns.start - rect.x) as usize;
        let mut lanes = [[0.0_f32; N]; GROUP];
        let mut sums = [0.0_f32; GROUP];
        for plane_idx in 0..P {
            for i in wanted.clone() {
                let wx = &wx[i * n_padded..][..n_padded];
                let from = &self.columns[(i * P + plane_idx) * n_padded..][..n_padded];
                weigh(from, wx, &mut lanes[i]);
            }
            sum_lanes(&lanes, &mut sums);
            let row = &mut output.row_mut(plane_idx, (y - rect.y) as usize)[at..];
            put(&sums, wanted.clone(), row);
        }
    }
}

/// `len` floats from `start` of each plane; the planes lie behind each other.
#[inline(always)]
fn parts_of<const P: usize>(planes: &[f32], start: usize, len: usize) -> [&[f32]; P] {
    let plane_len = planes.len() / P;
    let mut parts = [planes; P];
    let mut at = start;
    for part in &mut parts {
        *part = &planes[at..at + len];
        at += plane_len;
    }
    parts
}

/// Σ weight · row, down the columns of all planes. Apart from the sums along them, so that both fill
/// vectors; all planes at once, so that no sum waits for itself.
#[inline(always)]
fn sum_columns<const N: usize, const P: usize>(
    planes: [&[f32]; P],
    stride: usize,
    weights: &[f32],
    to: &mut [f32],
) {
    let n_padded = to.len() / P;
    let mut left = 0;
    while left < n_padded {
        let mut sums = [[0.0_f32; N]; P];
        for (row_idx, weight) in weights.iter().enumerate() {
            let at = row_idx * stride + left;
            for (sums, plane) in sums.iter_mut().zip(planes) {
                for (sum, value) in sums.iter_mut().zip(&plane[at..at + N]) {
                    *sum = value.mul_add(*weight, *sum);
                }
            }
        }
        for (plane_idx, sums) in sums.iter().enumerate() {
            to[plane_idx * n_padded + left..][..N].copy_from_slice(sums);
        }
        left += N;
    }
}

/// Along a row; the lanes are what is left to be summed.
#[inline(always)]
fn weigh<const N: usize>(from: &[f32], weights: &[f32], lanes: &mut [f32; N]) {
    let mut total = [0.0_f32; N];
    for (values, weights) in from.chunks_exact(N).zip(weights.chunks_exact(N)) {
        for lane in 0..N {
            total[lane] = values[lane].mul_add(weights[lane], total[lane]);
        }
    }
    *lanes = total;
}
