//! Emboss: the photo as a relief in grey stone, light falling on it from one side.
//!
//! **Formula**: with p = √luminance of the straight colour as the height, l the unit vector towards the
//! light and ∇ of [`super::kernels::slope`]: relief = max(0, √0.18 − depth / 25 · ∇p·l)², which is
//! mid-grey where flat; `out = in + amount / 100 · (relief − in)`, the same relief for all channels.
//! **Range**: amount 0…100, less keeps some of the photo; depth 0…100; angle −180…180°, where the
//! light stands: 0 right, 90 above. **Alpha**: untouched; hidden neighbours cast no edge. **Reach**: 1.
//! **Preview**: the relief is as wide in preview pixels as in the photo's: judge at 100 %.

use crate::pixels::color::WORKING_LUMA;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::direction::direction;
use super::kernels::finite::finite;
use super::kernels::slope::{Heights, root};
use super::kernels::surround::Surround;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const AMOUNT: usize = 0;
const DEPTH: usize = 1;
const ANGLE: usize = 2;

/// √0.18, the root of mid-grey.
const FLAT: f32 = 0.424_264_07;

static SPEC: Spec = Spec {
    id: "emboss",
    label: "Emboss",
    summary: "makes a relief of the photo, lit from one side",
    group: Group::Effects,
    rank: 507,
    formula: 1,
    ready: false,
    judge_at_full: true,
    params: &[
        ParamSpec {
            id: "amount",
            label: "Amount",
            kind: ParamKind::Number(NumberSpec::percent(0.0, Some(0.0), 100.0)),
        },
        ParamSpec {
            id: "depth",
            label: "Depth",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 40.0)),
        },
        ParamSpec {
            id: "angle",
            label: "Light",
            kind: ParamKind::Number(NumberSpec {
                min: -180.0,
                max: 180.0,
                step: 1.0,
                identity: None,
                on_add: 135.0,
                unit: Unit::Degrees,
                decimals: 0,
                track: Track::Plain,
            }),
        },
    ],
};

pub(super) struct Emboss;

impl Filter for Emboss {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let [right, up] = direction(values.number(ANGLE));
        let depth = values.number(DEPTH) / 25.0;
        Prepared::Area(Box::new(Relief {
            share: (values.number(AMOUNT) / 100.0) as f32,
            // Rows count downwards.
            slope: [(-depth * right) as f32, (depth * up) as f32],
        }))
    }
}

#[derive(Clone, Copy)]
struct Relief {
    share: f32,
    /// What a slope rightwards and downwards adds to the root of light.
    slope: [f32; 2],
}

impl AreaKernel for Relief {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(1, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        output.copy_from(input);
        let n_planes = output.n_planes();
        let mut around = Surround::new(output.rect(), 1, n_planes, work.scratch);
        for plane_idx in 0..n_planes {
            around.fill(input, plane_idx, plane_idx);
        }
        take_heights(&mut around);
        let stride = around.stride();
        let done = (0..output.rect().height as usize).try_for_each(|row_idx| {
            work.stop.check()?;
            let rows = |plane_idx: usize| &around.plane(plane_idx)[row_idx * stride..];
            let row = output.color_row_mut(row_idx);
            let colors = [row.r, row.g, row.b];
            vectorize(
                #[inline(always)]
                || {
                    if n_planes == 4 {
                        carve::<true>(*self, (rows(0), rows(3)), stride, colors);
                    } else {
                        carve::<false>(*self, (rows(0), &[]), stride, colors);
                    }
                },
            );
            Ok(())
        });
        around.finish(work.scratch);
        done
    }
}

/// Leaves the roots of luminance in the first plane.
fn take_heights(around: &mut Surround) {
    let mut planes = around.planes_mut();
    let (Some(r), Some(g), Some(b)) = (planes.next(), planes.next(), planes.next()) else {
        return;
    };
    let alpha = planes.next();
    vectorize(
        #[inline(always)]
        || {
            luminances(r, g, b);
            if let Some(alpha) = alpha {
                for (value, alpha) in r.iter_mut().zip(alpha) {
                    *value = root(*value, *alpha);
                }
            } else {
                for value in r {
                    *value = root(*value, 1.0);
                }
            }
        },
    );
}

#[inline(always)]
fn luminances(r: &mut [f32], g: &[f32], b: &[f32]) {
    let [wr, wg, wb] = WORKING_LUMA;
    for ((r, g), b) in r.iter_mut().zip(g).zip(b) {
        *r = b.mul_add(wb, g.mul_add(wg, *r * wr));
    }
}

/// One row: heights, and alpha where there is any, begin a pixel above and left of it.
#[inline(always)]
fn carve<const HAS_ALPHA: bool>(
    relief: Relief,
    (plane, alpha): (&[f32], &[f32]),
    stride: usize,
    [r, g, b]: [&mut [f32]; 3],
) {
    let heights = Heights::<HAS_ALPHA>::new(plane, alpha, stride, r.len());
    for (x, ((r, g), b)) in r.iter_mut().zip(g).zip(b).enumerate() {
        let seen = if HAS_ALPHA {
            alpha[stride + x + 1]
        } else {
            1.0
        };
        let [across, down] = heights.slope(x);
        let lit = down.mul_add(relief.slope[1], across.mul_add(relief.slope[0], FLAT));
        let lit = if lit > 0.0 { lit } else { 0.0 };
        for value in [r, g, b] {
            let before = finite(*value);
            *value = (lit * lit)
                .mul_add(seen, -before)
                .mul_add(relief.share, before);
        }
    }
}

#[cfg(test)]
mod tests;
