//! Scaling along the axes, streamed: rows go in once, from the top; sums of them come out.
//!
//! First down the columns, as sums of whole rows: every vector is full whatever the ratio. Then along
//! the rows that are left, each output pixel a scalar product of neighbouring pixels with its weights.
//! Sums run over the taps in their order, so that neither strips nor tiles change a bit.

use std::sync::OnceLock;

use super::axis::{Axis, Grid, Taps};
use super::lanczos::{GROUP, put, sum_lanes};
use super::layout::Warp;
use crate::pixels::geometry::Rect;
use crate::pixels::scratch::Scratch;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{LANES, Tile};

/// Floats of each row summed before the next: a strip's part of them stays in the first-level cache.
const COLUMNS: usize = 256;

/// A scaling of one frame. Weights are computed when the first tile asks for them.
#[derive(Debug)]
pub struct Scale {
    columns: Grid,
    rows: Grid,
    axes: OnceLock<[Axis; 2]>,
    /// Rows and columns exchanged behind the scaling.
    is_transposed: bool,
}

impl Scale {
    /// `None` where the warp does more than scale and turn by quarters.
    #[must_use]
    pub fn of(warp: &Warp) -> Option<Self> {
        let m = &warp.to_input.0;
        let is_transposed = m[0] == 0.0;
        let ratios = if is_transposed {
            [m[1], m[3]]
        } else {
            [m[0], m[4]]
        };
        let is_plain = ratios
            .iter()
            .all(|ratio| ratio.is_finite() && *ratio != 0.0);
        if !warp.to_input.is_upright() || !is_plain {
            return None;
        }
        let output = if is_transposed {
            warp.output_size.transposed()
        } else {
            warp.output_size
        };
        let grid = |ratio, offset, input_len, output_len| Grid {
            ratio,
            offset,
            input_len,
            output_len,
        };
        Some(Self {
            columns: grid(ratios[0], m[2], warp.input_size.width, output.width),
            rows: grid(ratios[1], m[5], warp.input_size.height, output.height),
            axes: OnceLock::new(),
            is_transposed,
        })
    }

    /// What must be known to compute `output`.
    #[must_use]
    pub fn input_rect(&self, output: Rect) -> Rect {
        let output = self.upright(output);
        if output.is_empty() {
            return Rect::default();
        }
        let (left, right) = self.columns.span(output.x, output.right());
        let (top, bottom) = self.rows.span(output.y, output.bottom());
        Rect::from_corners(left, top, right, bottom)
    }

    /// The rectangle before rows and columns are exchanged.
    const fn upright(&self, output: Rect) -> Rect {
        if self.is_transposed {
            Rect::new(output.y, output.x, output.height, output.width)
        } else {
            output
        }
    }

    fn axes(&self) -> &[Axis; 2] {
        self.axes
            .get_or_init(|| [Axis::new(&self.columns), Axis::new(&self.rows)])
    }

    /// How many rows of `output` are at work at once, at most, when `strip_rows` rows come together.
    fn n_live(&self, output: Rect, strip_rows: u32) -> usize {
        let [_, axis] = self.axes();
        let meet = |one: u32, other: u32| {
            let (one, other) = (axis.taps(one), axis.taps(other));
            one.start < other.start + other.len + strip_rows
                && other.start < one.start + one.len + strip_rows
        };
        let mut end = output.y;
        let mut most = 1;
        for row in output.y..output.bottom() {
            while end < output.bottom() && meet(row, end) {
                end += 1;
            }
            most = most.max(end.saturating_sub(row));
        }
        most as usize
    }
}

/// One tile being scaled.
pub struct ScaleRun<'a> {
    scale: &'a Scale,
    output: Tile,
    /// The rectangle asked for, as the caller sees it.
    wanted: Rect,
    /// First input column of the rows.
    left: u32,
    /// Sums of rows, one a plane for each output row at work.
    sums: Vec<f32>,
    /// Floats of a sum: the padded row and room for the last weights.
    sum_len: usize,
    n_slots: usize,
    live: Vec<Live>,
}

/// An output row and the rows of a strip that belong to it.
#[derive(Debug, Clone, Copy)]
struct Live {
    output_row: u32,
    taps: Taps,
    /// Rows of the strip.
    first: usize,
    end: usize,
    /// Weight of the first of them.
    weight_idx: usize,
    begins: bool,
    ends: bool,
}

impl<'a> ScaleRun<'a> {
    /// `input` is what [`Scale::input_rect`] says of `output`; strips have at most `strip_rows` rows.
    pub fn new(
        scale: &'a Scale,
        (input, output): (Rect, Rect),
        n_planes: usize,
        strip_rows: u32,
        scratch: &mut Scratch,
    ) -> Self {
        let [columns, _] = scale.axes();
        let upright = scale.upright(output);
        let n_slots = scale.n_live(upright, strip_rows);
        let stride = (input.width as usize).next_multiple_of(LANES);
        let sum_len = stride + columns.n_padded.next_multiple_of(LANES);
        let mut sums = scratch.floats(sum_len * n_slots * n_planes);
        sums.fill(0.0);
        Self {
            scale,
            output: scratch.tile(upright, n_planes),
            wanted: output,
            left: input.x,
            sums,
            sum_len,
            n_slots,
            live: Vec::with_capacity(n_slots),
        }
    }

    /// Takes `rows` rows of `strip` from `top`, the next ones of the frame. Every row of the input
    /// must come once, from its top, with finite values, padding included.
    pub fn push(&mut self, strip: &Tile, top: u32, rows: u32) {
        self.find_live(strip.rect().y + top, rows);
        for plane_idx in 0..self.output.n_planes() {
            let rows = &strip.plane(plane_idx)[top as usize * strip.stride()..];
            for column in (0..strip.stride()).step_by(COLUMNS) {
                self.add(plane_idx, rows, strip.stride(), column);
            }
            self.finish_rows(plane_idx);
        }
    }

    /// Adds one block of columns of a strip to the sums of one plane.
    fn add(&mut self, plane_idx: usize, rows: &[f32], stride: usize, column: usize) {
        let [_, axis] = self.scale.axes();
        let n = COLUMNS.min(stride - column);
        for live in &self.live {
            let slot = plane_idx * self.n_slots + live.output_row as usize % self.n_slots;
            let sum = &mut self.sums[slot * self.sum_len + column..][..n];
            let weights = &axis.weights(live.taps)[live.weight_idx..];
            let weights = &weights[..live.end - live.first];
            let rows = &rows[live.first * stride + column..];
            vectorize(
                #[inline(always)]
                || add_rows(rows, stride, weights, live.begins, sum),
            );
        }
    }

    /// Narrows the rows whose last tap has come.
    fn finish_rows(&mut self, plane_idx: usize) {
        let [columns, _] = self.scale.axes();
        let rect = self.output.rect();
        for live in self.live.iter().filter(|live| live.ends) {
            let slot = plane_idx * self.n_slots + live.output_row as usize % self.n_slots;
            let sum = &self.sums[slot * self.sum_len..][..self.sum_len];
            let row_idx = (live.output_row - rect.y) as usize;
            let out = &mut self.output.row_mut(plane_idx, row_idx)[..rect.width as usize];
            let corner = (rect.x, self.left);
            vectorize(
                #[inline(always)]
                || narrow(columns, corner, sum, out),
            );
        }
    }

    /// The output rows that weigh any of the strip's rows, which begin at row `y` of the frame.
    fn find_live(&mut self, y: u32, rows: u32) {
        let [_, axis] = self.scale.axes();
        let rect = self.output.rect();
        self.live.clear();
        for output_row in rect.y..rect.bottom() {
            let taps = axis.taps(output_row);
            let taps_end = taps.start + taps.len;
            let first = taps.start.max(y);
            let end = taps_end.min(y + rows);
            if first < end {
                self.live.push(Live {
                    output_row,
                    taps,
                    first: (first - y) as usize,
                    end: (end - y) as usize,
                    weight_idx: (first - taps.start) as usize,
                    begins: first == taps.start,
                    ends: end == taps_end,
                });
            }
        }
    }

    /// The finished tile.
    pub fn finish(self, scratch: &mut Scratch) -> Tile {
        scratch.give_floats(self.sums);
        if !self.scale.is_transposed {
            return self.output;
        }
        let mut turned = scratch.tile(self.wanted, self.output.n_planes());
        transpose(&self.output, &mut turned);
        scratch.give_tile(self.output);
        turned
    }
}

fn transpose(from: &Tile, to: &mut Tile) {
    const BLOCK_PX: usize = 16;
    let (width, height) = (to.rect().width as usize, to.rect().height as usize);
    let (from_stride, to_stride) = (from.stride(), to.stride());
    for plane_idx in 0..to.n_planes() {
        let source = from.plane(plane_idx);
        let target = to.plane_mut(plane_idx);
        for top in (0..height).step_by(BLOCK_PX) {
            for x in 0..width {
                for y in top..(top + BLOCK_PX).min(height) {
                    target[y * to_stride + x] = source[x * from_stride + y];
                }
            }
        }
    }
}

/// `sum += Σ weight · row`, or `=` where the sum begins.
#[inline(always)]
pub(super) fn add_rows(
    rows: &[f32],
    stride: usize,
    weights: &[f32],
    begins: bool,
    sum: &mut [f32],
) {
    const WIDE: usize = 64;
    let (wide, narrow) = sum.as_chunks_mut::<WIDE>();
    for (chunk_idx, chunk) in wide.iter_mut().enumerate() {
        add_chunk(&rows[chunk_idx * WIDE..], stride, weights, begins, chunk);
    }
    let start = wide.len() * WIDE;
    let (rest, _) = narrow.as_chunks_mut::<LANES>();
    for (chunk_idx, chunk) in rest.iter_mut().enumerate() {
        let from = &rows[start + chunk_idx * LANES..];
        add_chunk(from, stride, weights, begins, chunk);
    }
}

#[inline(always)]
fn add_chunk<const N: usize>(
    rows: &[f32],
    stride: usize,
    weights: &[f32],
    begins: bool,
    sum: &mut [f32; N],
) {
    let mut sums = if begins { [0.0; N] } else { *sum };
    for (row_idx, weight) in weights.iter().enumerate() {
        let values = &rows[row_idx * stride..][..N];
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = value.mul_add(*weight, *sum);
        }
    }
    *sum = sums;
}

/// One row of output from one row of sums. `x0`: frame column of the first output; `left`: of the
/// first sum.
#[inline(always)]
pub(super) fn narrow(columns: &Axis, (x0, left): (u32, u32), sum: &[f32], out: &mut [f32]) {
    match columns.n_padded {
        8 => narrow_by::<8, 1>(columns, (x0, left), sum, out),
        16 => narrow_by::<16, 1>(columns, (x0, left), sum, out),
        32 => narrow_by::<16, 2>(columns, (x0, left), sum, out),
        _ => narrow_by::<16, 0>(columns, (x0, left), sum, out),
    }
}

/// `N` lanes; `CHUNKS` of them a set of weights, or any number where that is 0.
#[inline(always)]
fn narrow_by<const N: usize, const CHUNKS: usize>(
    columns: &Axis,
    (x0, left): (u32, u32),
    sum: &[f32],
    out: &mut [f32],
) {
    let n_padded = if CHUNKS == 0 {
        columns.n_padded
    } else {
        N * CHUNKS
    };
    let mut lanes = [[0.0_f32; N]; GROUP];
    let mut sums = [0.0_f32; GROUP];
    for (group_idx, group) in out.chunks_mut(GROUP).enumerate() {
        let first = x0 + (group_idx * GROUP) as u32;
        for (x, lanes) in (first..).zip(&mut lanes[..group.len()]) {
            let taps = columns.taps(x);
            let values = &sum[(taps.start - left) as usize..][..n_padded];
            let weights = &columns.weights(taps)[..n_padded];
            let mut total = [0.0_f32; N];
            for (values, weights) in values.chunks_exact(N).zip(weights.chunks_exact(N)) {
                for lane in 0..N {
                    total[lane] = values[lane].mul_add(weights[lane], total[lane]);
                }
            }
            *lanes = total;
        }
        sum_lanes(&lanes, &mut sums);
        put(&sums, 0..group.len(), group);
    }
}
