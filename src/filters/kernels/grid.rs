//! To the reduced grid of a guided filter and back: means of blocks, and smooth interpolation.
//!
//! Cells are `factor` × `factor` pixels and aligned to the frame, never to a tile, and every cell
//! and every pixel is computed by one fixed sequence of operations, so that it has the same bits
//! whichever tile it is computed for. What runs on the grid in between is the filters' work.

use crate::filters::kernels::mirror::mirrored;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::scratch::Scratch;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{LANES, Tile};

/// The largest factor [`reduce`] and [`Upsampler`] take.
pub const MAX_FACTOR: u32 = 1024;

/// Cells that one interpolated value reads along each axis.
pub(super) const TAPS: usize = 4;

/// Fills `cells` with the means of `factor` × `factor` blocks of `full`, plane by plane. Cells cut
/// by the frame's right or bottom edge are means of the pixels that exist.
///
/// # Panics
/// When `full` does not cover the pixels under `cells`, has fewer planes, or `factor` is 0 or
/// beyond [`MAX_FACTOR`].
pub fn reduce(full: &Tile, factor: u32, frame: Size, cells: &mut Tile) {
    let wanted = cells.rect().enlarged_within(factor, frame);
    assert!((1..=MAX_FACTOR).contains(&factor));
    assert!(full.rect().contains(wanted) && full.n_planes() >= cells.n_planes());
    let left = (wanted.x - full.rect().x) as usize;
    let top = (wanted.y - full.rect().y) as usize;
    let block = factor as usize;
    let n_cells = cells.rect().width as usize;
    for plane_idx in 0..cells.n_planes() {
        let plane = full.plane(plane_idx);
        for cell_row in 0..cells.rect().height as usize {
            let first_row = cell_row * block;
            let n_rows = block.min(wanted.height as usize - first_row);
            let start = (top + first_row) * full.stride() + left;
            let block_rows = BlockRows {
                pixels: &plane[start..],
                stride: full.stride(),
                n_rows,
                width: wanted.width as usize,
            };
            let means = cells.row_mut(plane_idx, cell_row);
            let (means, padding) = means.split_at_mut(n_cells);
            padding.fill(0.0);
            vectorize(
                #[inline(always)]
                || block_means(&block_rows, block, means),
            );
        }
    }
}

/// The rows of pixels under one row of cells.
struct BlockRows<'a> {
    /// From the first pixel of the first row on.
    pixels: &'a [f32],
    stride: usize,
    n_rows: usize,
    width: usize,
}

/// Rows are added top to bottom, then columns in pairs of pairs; missing pixels count as 0.
#[inline(always)]
fn block_means(rows: &BlockRows<'_>, block: usize, means: &mut [f32]) {
    let mut sums = [0.0_f32; MAX_FACTOR as usize];
    let cells_at_once = sums.len() / block;
    for (chunk_idx, means) in means.chunks_mut(cells_at_once).enumerate() {
        let x = chunk_idx * cells_at_once * block;
        let n_columns = (means.len() * block).min(rows.width - x);
        let sums = &mut sums[..means.len() * block];
        sums.fill(0.0);
        for row_idx in 0..rows.n_rows {
            let from = row_idx * rows.stride + x;
            add_to(&mut sums[..n_columns], &rows.pixels[from..from + n_columns]);
        }
        sum_columns(sums, block, means);
        let n_whole = n_columns / block;
        scale(&mut means[..n_whole], block * rows.n_rows);
        scale(&mut means[n_whole..], n_columns % block * rows.n_rows);
    }
}

#[inline(always)]
fn add_to(sums: &mut [f32], row: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += value;
    }
}

#[inline(always)]
fn scale(sums: &mut [f32], n_pixels: usize) {
    let share = 1.0 / n_pixels as f32;
    for sum in sums {
        *sum *= share;
    }
}

/// `sums` is used up.
#[inline(always)]
fn sum_columns(sums: &mut [f32], block: usize, cells: &mut [f32]) {
    let mut halves = [0.0_f32; MAX_FACTOR as usize / 2];
    let (mut block, mut len) = (block, sums.len());
    while block % 2 == 0 {
        block /= 2;
        len /= 2;
        // Not in place, so that whole vectors can be read before any is written.
        let (pairs, _) = sums[..2 * len].as_chunks::<2>();
        for (half, [a, b]) in halves.iter_mut().zip(pairs) {
            *half = a + b;
        }
        sums[..len].copy_from_slice(&halves[..len]);
    }
    if block == 1 {
        cells.copy_from_slice(&sums[..len]);
        return;
    }
    for (cell, columns) in cells.iter_mut().zip(sums.chunks_exact(block)) {
        *cell = columns.iter().sum();
    }
}

/// The cells that interpolation at the pixels of `rect` reads. `grid` is the frame reduced by
/// `factor`.
#[must_use]
pub fn cells_for(rect: Rect, factor: u32, grid: Size) -> Rect {
    if rect.is_empty() {
        return Rect::default();
    }
    if factor == 1 {
        return rect;
    }
    let span = |start: u32, end: u32, n_cells: u32| {
        let first = first_tap(i64::from(start), factor);
        let last = first_tap(i64::from(end) - 1, factor) + TAPS as i64 - 1;
        let held = |cell: i64| cell.clamp(0, i64::from(n_cells) - 1) as u32;
        (held(first), held(last) + 1)
    };
    let (left, right) = span(rect.x, rect.right(), grid.width);
    let (top, bottom) = span(rect.y, rect.bottom(), grid.height);
    Rect::from_corners(left, top, right, bottom)
}

/// The run pixel `x` lies in: run c reaches from the centre of cell c to that of the next.
const fn run_of(x: i64, factor: u32) -> i64 {
    let factor = factor as i64;
    (x - factor / 2).div_euclid(factor)
}

const fn first_tap(x: i64, factor: u32) -> i64 {
    run_of(x, factor) - 1
}

/// Interpolates a map on the reduced grid at the pixels of a rectangle, row by row.
///
/// The kernel is the cubic B-spline: its weights are positive and sum to 1, so it neither rings
/// nor leaves the range of its four cells, and it is smooth to the second derivative, so no grid
/// shows. It does not pass through the cells but smooths them by a variance of exactly
/// `factor²` / 3 along each axis, at every phase; who needs a given width (a Gaussian) subtracts
/// that. Beyond the grid's edge stands its mirror image. At factor 1 the map is copied exactly.
#[derive(Debug)]
pub struct Upsampler<'a> {
    map: &'a Tile,
    factor: u32,
    grid: Size,
    rect: Rect,
    /// For each pixel of a run, the weights of its four cells: `weights[tap][phase]`.
    weights: [Vec<f32>; TAPS],
    /// Four rows of the map spread to the pixels' columns, per plane, the row `cell_row` in slot
    /// `cell_row % 4`, all starting at the run that holds the rectangle's first column.
    spread: Vec<f32>,
    spread_len: usize,
    slot_rows: [Option<u32>; TAPS],
    /// One row of cells, mirrored beyond the grid's edges.
    cells: Vec<f32>,
}

impl<'a> Upsampler<'a> {
    /// # Panics
    /// When `map` does not cover [`cells_for`] the rectangle, or `factor` is 0 or beyond
    /// [`MAX_FACTOR`].
    #[must_use]
    pub fn new(map: &'a Tile, factor: u32, grid: Size, rect: Rect, scratch: &mut Scratch) -> Self {
        assert!((1..=MAX_FACTOR).contains(&factor));
        assert!(map.rect().contains(cells_for(rect, factor, grid)));
        let block = factor as usize;
        let padded = (rect.width as usize).next_multiple_of(LANES);
        // The first run may start up to a run before the rectangle, the last end one after it.
        let n_runs = padded.div_ceil(block) + 1;
        let spread_len = n_runs * block;
        let mut weights: [Vec<f32>; TAPS] = std::array::from_fn(|_| scratch.floats(block));
        for phase in 0..block {
            let offset = phase + block / 2;
            let t = (offset as f64 + 0.5) / f64::from(factor) - 0.5;
            for (tap, weight) in weights.iter_mut().zip(b_spline(t)) {
                tap[phase] = weight;
            }
        }
        Self {
            map,
            factor,
            grid,
            rect,
            weights,
            spread: scratch.floats(TAPS * map.n_planes() * spread_len),
            spread_len,
            slot_rows: [None; TAPS],
            cells: scratch.floats(n_runs + TAPS - 1),
        }
    }

    /// Gives the buffers back.
    pub fn finish(self, scratch: &mut Scratch) {
        for buffer in self.weights {
            scratch.give_floats(buffer);
        }
        scratch.give_floats(self.spread);
        scratch.give_floats(self.cells);
    }

    /// Writes frame row `y` of every plane of the map, from the rectangle's left column on.
    ///
    /// # Panics
    /// When `y` is outside the rectangle, or a slice is longer than its padded width.
    pub fn row(&mut self, y: u32, planes: &mut [&mut [f32]]) {
        assert!(y >= self.rect.y && y < self.rect.bottom());
        if self.factor == 1 {
            self.copy_row(y, planes);
            return;
        }
        let first = first_tap(i64::from(y), self.factor);
        let rows: [u32; TAPS] =
            std::array::from_fn(|tap| mirrored(first + tap as i64, self.grid.height) as u32);
        for row in rows {
            self.spread_row(row);
        }
        let factor = i64::from(self.factor);
        let phase = (i64::from(y) - factor / 2).rem_euclid(factor) as usize;
        let weights: [f32; TAPS] = std::array::from_fn(|tap| self.weights[tap][phase]);
        let run = run_of(i64::from(self.rect.x), self.factor);
        let offset = (i64::from(self.rect.x) - factor / 2 - run * factor) as usize;
        let n_planes = self.map.n_planes();
        for (plane_idx, plane) in planes.iter_mut().enumerate() {
            let sources = rows.map(|row| {
                let slot = row as usize % TAPS * n_planes + plane_idx;
                &self.spread[slot * self.spread_len + offset..][..plane.len()]
            });
            vectorize(
                #[inline(always)]
                || combine(sources, weights, plane),
            );
        }
    }

    fn copy_row(&self, y: u32, planes: &mut [&mut [f32]]) {
        let left = (self.rect.x - self.map.rect().x) as usize;
        let row_idx = (y - self.map.rect().y) as usize;
        for (plane_idx, plane) in planes.iter_mut().enumerate() {
            let source = &self.map.row(plane_idx, row_idx)[left..];
            let n = source.len().min(plane.len());
            plane[..n].copy_from_slice(&source[..n]);
            plane[n..].fill(0.0);
        }
    }

    /// Spreads a row of the map to the pixels' columns, unless its slot still holds it.
    fn spread_row(&mut self, cell_row: u32) {
        let slot = cell_row as usize % TAPS;
        if self.slot_rows[slot] == Some(cell_row) {
            return;
        }
        self.slot_rows[slot] = Some(cell_row);
        let bounds = self.map.rect();
        let first = first_tap(i64::from(self.rect.x), self.factor);
        // Only the rows' padding would read cells that the map lacks.
        let (left, n_held) = (bounds.x as usize, bounds.width as usize);
        let column =
            |cell: i64| mirrored(cell, self.grid.width).clamp(left, left + n_held - 1) - left;
        let n_cells = self.cells.len();
        // The cells the map holds lie in a row; those around them are few.
        let before = (left as i64 - first).clamp(0, n_cells as i64) as usize;
        let after = ((left + n_held) as i64 - first).clamp(before as i64, n_cells as i64) as usize;
        let skipped = (first - left as i64).max(0) as usize;
        for plane_idx in 0..self.map.n_planes() {
            let source = self.map.row(plane_idx, (cell_row - bounds.y) as usize);
            for i in (0..before).chain(after..n_cells) {
                self.cells[i] = source[column(first + i as i64)];
            }
            if before < after {
                let held = &source[skipped..skipped + after - before];
                self.cells[before..after].copy_from_slice(held);
            }
            let start = (slot * self.map.n_planes() + plane_idx) * self.spread_len;
            let spread = &mut self.spread[start..start + self.spread_len];
            let weights = self.weights.each_ref().map(Vec::as_slice);
            vectorize(
                #[inline(always)]
                || spread_cells(&self.cells, weights, spread),
            );
        }
    }
}

/// Weights of the cells at −1, 0, 1 and 2 for a point at 0 ≤ t < 1 between cells 0 and 1.
pub(super) fn b_spline(t: f64) -> [f32; TAPS] {
    let u = 1.0 - t;
    [
        u * u * u / 6.0,
        (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0,
        (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0,
        t * t * t / 6.0,
    ]
    .map(|weight| weight as f32)
}

#[inline(always)]
fn combine(rows: [&[f32]; TAPS], weights: [f32; TAPS], out: &mut [f32]) {
    let [r0, r1, r2, r3] = rows.map(|row| &row[..out.len()]);
    for (i, value) in out.iter_mut().enumerate() {
        let sum = r0[i] * weights[0];
        let sum = r1[i].mul_add(weights[1], sum);
        let sum = r2[i].mul_add(weights[2], sum);
        *value = r3[i].mul_add(weights[3], sum);
    }
}

/// Small factors are compiled apart, for their runs are shorter than a vector.
#[inline(always)]
fn spread_cells(cells: &[f32], weights: [&[f32]; TAPS], spread: &mut [f32]) {
    match weights[0].len() {
        2 => spread_runs::<2>(cells, weights, spread),
        4 => spread_runs::<4>(cells, weights, spread),
        8 => spread_runs::<8>(cells, weights, spread),
        block => {
            for (taps, run) in cells.windows(TAPS).zip(spread.chunks_exact_mut(block)) {
                spread_run(taps, weights, run);
            }
        }
    }
}

#[inline(always)]
fn spread_runs<const BLOCK: usize>(cells: &[f32], weights: [&[f32]; TAPS], spread: &mut [f32]) {
    let weights: [[f32; BLOCK]; TAPS] = weights.map(|tap| std::array::from_fn(|phase| tap[phase]));
    let (runs, _) = spread.as_chunks_mut::<BLOCK>();
    let taps: [&[f32]; TAPS] = std::array::from_fn(|tap| &cells[tap..tap + runs.len()]);
    for (i, run) in runs.iter_mut().enumerate() {
        for (phase, value) in run.iter_mut().enumerate() {
            let sum = taps[0][i] * weights[0][phase];
            let sum = taps[1][i].mul_add(weights[1][phase], sum);
            let sum = taps[2][i].mul_add(weights[2][phase], sum);
            *value = taps[3][i].mul_add(weights[3][phase], sum);
        }
    }
}

#[inline(always)]
fn spread_run(taps: &[f32], weights: [&[f32]; TAPS], run: &mut [f32]) {
    for (phase, value) in run.iter_mut().enumerate() {
        let sum = taps[0] * weights[0][phase];
        let sum = taps[1].mul_add(weights[1][phase], sum);
        let sum = taps[2].mul_add(weights[2][phase], sum);
        *value = taps[3].mul_add(weights[3][phase], sum);
    }
}

#[cfg(test)]
mod tests;
