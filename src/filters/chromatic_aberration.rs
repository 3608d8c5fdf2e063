//! Chromatic aberration: brings red and blue back over green where the lens drew them apart.
//!
//! **Formula**: lateral colour is a difference in magnification. Red is read at
//! c + (x − c) (1 + red / 50 000), blue likewise, c the centre of the frame: ±100 is ±0.2 % of the
//! distance from it, seven pixels in the corner of a photo of 24 megapixels. **Method**: cubic
//! interpolation (Catmull and Rom, 1974; R. Keys, 1981, a = −½), rows after columns; green and alpha
//! keep their bits, beyond the frame stands its mirror image. **Range**: red, blue −100…100.
//! **Alpha**: untouched; moved colour is weighted by the alpha it comes with. **Reach**: 0.2 % of
//! the distance and 2 px. **Preview**: fringes of a pixel hardly show there: judge at 100 %.
//! ΔE*ab against the photo filtered first and reduced afterwards (±40; mean, 95 % of pixels):
//! 2.4, 11 at 1/2; 2.3, 10 at 1/4; 1.6, 6.5 at 1/8, for detail of single pixels is what interpolation
//! moves worst.

use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::finite::finite;
use super::kernels::mirror::{mirror_row, mirrored};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const RED: usize = 0;
const BLUE: usize = 1;

/// What one step changes of the magnification.
const STEP: f64 = 1.0 / 50_000.0;

/// Below this a weight counts as none.
const TINY: f32 = 1.0e-6;

static SPEC: Spec = Spec {
    id: "chromatic-aberration",
    label: "Chromatic aberration",
    summary: "removes the red and blue fringes a lens draws towards the corners",
    group: Group::Detail,
    rank: 5,
    formula: 1,
    ready: false,
    judge_at_full: true,
    params: &[
        ParamSpec {
            id: "red",
            label: "Red / cyan",
            kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), 20.0)),
        },
        ParamSpec {
            id: "blue",
            label: "Blue / yellow",
            kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), -20.0)),
        },
    ],
};

pub(super) struct ChromaticAberration;

impl Filter for ChromaticAberration {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        Prepared::Area(Box::new(Magnify {
            frame: frame.size,
            red: values.number(RED) * STEP,
            blue: values.number(BLUE) * STEP,
        }))
    }
}

struct Magnify {
    frame: Size,
    /// What is added to a magnification of 1.
    red: f64,
    blue: f64,
}

impl Magnify {
    /// Pixels that the most moved pixel of `output` reads beyond itself.
    fn reach_px(&self) -> u32 {
        let most = self.red.abs().max(self.blue.abs());
        (f64::from(self.frame.long_side()) / 2.0 * most).ceil() as u32 + 2
    }
}

impl AreaKernel for Magnify {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.reach_px(), frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        output.copy_from(input);
        for plane in output.planes_mut() {
            vectorize(
                #[inline(always)]
                || hold(plane),
            );
        }
        for (plane_idx, more) in [(0, self.red), (2, self.blue)] {
            if more != 0.0 {
                self.move_plane(plane_idx, more, input, output, work)?;
            }
        }
        Ok(())
    }
}

impl Magnify {
    fn move_plane(
        &self,
        plane_idx: usize,
        more: f64,
        input: &Tile,
        output: &mut Tile,
        work: &mut Work<'_>,
    ) -> Result<(), Stopped> {
        let rect = output.rect();
        let width = rect.width as usize;
        let columns = Columns::new(rect, self.frame.width, more);
        let reach = self.reach_px() as usize;
        let len = width + 2 * reach;
        let mut buffer = work.scratch.floats(input.stride() + len + width);
        let (loose, rest) = buffer.split_at_mut(input.stride());
        let (padded, moved_alpha) = rest.split_at_mut(len);
        let mover = Mover {
            input,
            columns: &columns,
            first: i64::from(rect.x) - reach as i64,
        };
        let done = (0..rect.height as usize).try_for_each(|row_idx| {
            work.stop.check()?;
            let rows = Taps::at(rect.y + row_idx as u32, self.frame.height, more);
            let has_alpha = input.n_planes() > 3;
            if has_alpha {
                mover.row(3, &rows, [loose, padded], moved_alpha);
            }
            let out = &mut output.row_mut(plane_idx, row_idx)[..width];
            mover.row(plane_idx, &rows, [loose, padded], out);
            if has_alpha {
                let row = output.color_row_mut(row_idx);
                let color = if plane_idx == 0 { row.r } else { row.b };
                if let Some(alpha) = row.a {
                    reweigh(&mut color[..width], moved_alpha, &alpha[..width]);
                }
            }
            Ok(())
        });
        work.scratch.give_floats(buffer);
        done
    }
}

/// Four pixels along one axis and what each counts.
struct Taps {
    /// The first of them; may lie beyond the frame.
    first: i64,
    weights: [f32; 4],
}

impl Taps {
    /// For pixel `x` of `length` that is read with `more` magnification.
    fn at(x: u32, length: u32, more: f64) -> Self {
        let centre = f64::from(length) / 2.0;
        let from_centre = f64::from(x) + 0.5 - centre;
        // Only the difference is rounded, so that the middle of the frame stays exact.
        let moved = from_centre * more;
        let whole = moved.floor();
        let t = moved - whole;
        Self {
            first: i64::from(x) + whole as i64 - 1,
            weights: catmull_rom(t).map(|weight| weight as f32),
        }
    }
}

/// Weights of pixels at −1, 0, 1 and 2 for a point at 0 ≤ t < 1.
fn catmull_rom(t: f64) -> [f64; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        0.5 * (-t3 + 2.0 * t2 - t),
        0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
        0.5 * (-3.0 * t3 + 4.0 * t2 + t),
        0.5 * (t3 - t2),
    ]
}

/// Taps of all columns of a tile, in runs whose pixels lie alike.
struct Columns {
    /// First column of a run in the tile, and the frame column of its first tap.
    runs: Vec<(usize, i64)>,
    weights: [Vec<f32>; 4],
}

impl Columns {
    fn new(rect: Rect, length: u32, more: f64) -> Self {
        let taps: Vec<Taps> = (rect.x..rect.right())
            .map(|x| Taps::at(x, length, more))
            .collect();
        let mut runs: Vec<(usize, i64)> = Vec::new();
        for (x, taps) in taps.iter().enumerate() {
            let goes_on = runs
                .last()
                .is_some_and(|(start, first)| first + (x - start) as i64 == taps.first);
            if !goes_on {
                runs.push((x, taps.first));
            }
        }
        Self {
            runs,
            weights: std::array::from_fn(|tap| taps.iter().map(|t| t.weights[tap]).collect()),
        }
    }
}

/// Reads rows of a plane at other addresses.
struct Mover<'a> {
    input: &'a Tile,
    columns: &'a Columns,
    /// Frame column of the first padded value.
    first: i64,
}

impl Mover<'_> {
    /// The four rows weighed into one, that one mirrored at its ends, then the columns.
    fn row(
        &self,
        plane_idx: usize,
        rows: &Taps,
        [loose, padded]: [&mut [f32]; 2],
        out: &mut [f32],
    ) {
        let bounds = self.input.rect();
        let n = bounds.width as usize;
        let sources = [0, 1, 2, 3].map(|tap| {
            let y = rows.first + tap - i64::from(bounds.y);
            &self.input.row(plane_idx, mirrored(y, bounds.height))[..n]
        });
        let loose = &mut loose[..n];
        vectorize(
            #[inline(always)]
            || combine(sources, rows.weights, loose),
        );
        mirror_row(loose, self.first - i64::from(bounds.x), padded);
        let ends = self.columns.runs.iter().skip(1).map(|(start, _)| *start);
        for ((start, first), end) in self.columns.runs.iter().zip(ends.chain([out.len()])) {
            let from = (first - self.first) as usize;
            let values = &padded[from..from + end - start + 3];
            let weights = self.columns.weights.each_ref();
            let weights = weights.map(|weights| &weights[*start..end]);
            let out = &mut out[*start..end];
            vectorize(
                #[inline(always)]
                || move_run(values, weights, out),
            );
        }
    }
}

#[inline(always)]
fn combine(rows: [&[f32]; 4], weights: [f32; 4], out: &mut [f32]) {
    let [r0, r1, r2, r3] = rows;
    let sources = r0.iter().zip(r1).zip(r2).zip(r3);
    for (out, (((r0, r1), r2), r3)) in out.iter_mut().zip(sources) {
        let sum = finite(*r0) * weights[0];
        let sum = finite(*r1).mul_add(weights[1], sum);
        let sum = finite(*r2).mul_add(weights[2], sum);
        *out = finite(*r3).mul_add(weights[3], sum);
    }
}

#[inline(always)]
fn move_run(values: &[f32], [w0, w1, w2, w3]: [&[f32]; 4], out: &mut [f32]) {
    let taps = values.iter().zip(&values[1..]);
    let more_taps = values[2..].iter().zip(&values[3..]);
    let weights = w0.iter().zip(w1).zip(w2).zip(w3);
    let sources = taps.zip(more_taps).zip(weights);
    for (out, (((v0, v1), (v2, v3)), (((w0, w1), w2), w3))) in out.iter_mut().zip(sources) {
        let sum = v0 * w0;
        let sum = v1.mul_add(*w1, sum);
        let sum = v2.mul_add(*w2, sum);
        *out = v3.mul_add(*w3, sum);
    }
}

/// From the alpha that colour came with to the alpha of its new place.
fn reweigh(color: &mut [f32], moved_alpha: &[f32], alpha: &[f32]) {
    for ((color, moved), alpha) in color.iter_mut().zip(moved_alpha).zip(alpha) {
        let visible = *moved > TINY;
        let divisor = if visible { *moved } else { 1.0 };
        *color = if visible {
            *color / divisor * alpha
        } else {
            0.0
        };
    }
}

#[inline(always)]
fn hold(plane: &mut [f32]) {
    for value in plane {
        *value = finite(*value);
    }
}

#[cfg(test)]
mod tests;
