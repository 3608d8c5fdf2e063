//! Chromatic aberration: brings red and blue back over green where the lens drew them apart.
//!
//! **Formula**: lateral colour is a difference in magnification. Red is read at
//! c + (x − c) (1 + red / 50 000), blue likewise, c the centre of the frame: ±100 is ±0.2 % of the
//! distance from it, seven pixels in the corner of a photo of 24 megapixels. **Method**: cubic
//! interpolation (Catmull and Rom, 1974; R. Keys, 1981, a = −½), rows after columns; green and alpha
//! keep their bits, beyond the frame stands its mirror image. **Range**: red, blue −100…100.
//! **Alpha**: untouched; moved colour is weighted by the alpha it comes with. **Reach**: 0.2 % of
//! the distance and 2 px. **Preview**: fringes of a pixel hardly show there: judge at 100 %.

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
        let columns: Vec<Taps> = (rect.x..rect.right())
            .map(|x| Taps::at(x, self.frame.width, more))
            .collect();
        let reach = self.reach_px() as usize;
        let mut buffer = work.scratch.floats(2 * (width + 2 * reach) + width);
        let (spread, rest) = buffer.split_at_mut(width + 2 * reach);
        let (padded, moved_alpha) = rest.split_at_mut(width + 2 * reach);
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
                mover.row(3, &rows, [padded, spread], moved_alpha);
            }
            let out = &mut output.row_mut(plane_idx, row_idx)[..width];
            mover.row(plane_idx, &rows, [padded, spread], out);
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

/// Reads rows of a plane at other addresses.
struct Mover<'a> {
    input: &'a Tile,
    columns: &'a [Taps],
    /// Frame column of the first padded value.
    first: i64,
}

impl Mover<'_> {
    /// The four rows weighed into one, that one mirrored at its ends, then the columns.
    fn row(
        &self,
        plane_idx: usize,
        rows: &Taps,
        [padded, spread]: [&mut [f32]; 2],
        out: &mut [f32],
    ) {
        let bounds = self.input.rect();
        let n = bounds.width as usize;
        let from = self.first - i64::from(bounds.x);
        spread.fill(0.0);
        for (tap, weight) in rows.weights.iter().enumerate() {
            let y = rows.first + tap as i64 - i64::from(bounds.y);
            let y = mirrored(y, bounds.height);
            mirror_row(&self.input.row(plane_idx, y)[..n], from, padded);
            vectorize(
                #[inline(always)]
                || add_weighted(*weight, padded, spread),
            );
        }
        for (out, taps) in out.iter_mut().zip(self.columns) {
            let start = (taps.first - self.first) as usize;
            let values = &spread[start..start + 4];
            let sum = values[0] * taps.weights[0];
            let sum = values[1].mul_add(taps.weights[1], sum);
            let sum = values[2].mul_add(taps.weights[2], sum);
            *out = values[3].mul_add(taps.weights[3], sum);
        }
    }
}

#[inline(always)]
fn add_weighted(weight: f32, row: &[f32], sums: &mut [f32]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum = value.mul_add(weight, *sum);
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
