//! Edges: draws the photo's outlines, as light on black or as ink on white.
//!
//! **Formula**: for each channel of the straight colour p = √light and e = min(1, strength / 25 · |∇p|),
//! ∇ of [`super::kernels::slope`]. Light: the drawing is e² of each channel; ink: (1 − e)² of the
//! greatest e. `out = in + amount / 100 · (drawing − in)`. **Range**: amount 0…100, strength 0…100.
//! **Alpha**: untouched; hidden neighbours draw no line. **Reach**: 1. **Preview**: outlines are as
//! wide in preview pixels as in the photo's, so they look bolder there: judge at 100 %.

use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::finite::finite;
use super::kernels::slope::{Heights, root};
use super::kernels::surround::Surround;
use super::spec::{ChoiceOption, ChoiceSpec, Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;
const STRENGTH: usize = 1;
const STYLE: usize = 2;

/// Index of the option that draws dark on white.
const INK: u16 = 1;

static SPEC: Spec = Spec {
    id: "edges",
    label: "Edges",
    summary: "draws the outlines in light or in ink",
    group: Group::Effects,
    rank: 506,
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
            id: "strength",
            label: "Strength",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 50.0)),
        },
        ParamSpec {
            id: "style",
            label: "Style",
            kind: ParamKind::Choice(ChoiceSpec {
                options: &[
                    ChoiceOption {
                        id: "light",
                        label: "Light on black",
                    },
                    ChoiceOption {
                        id: "ink",
                        label: "Ink on white",
                    },
                ],
                on_add: 0,
            }),
        },
    ],
};

pub(super) struct Edges;

impl Filter for Edges {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Area(Box::new(Outlines {
            share: (values.number(AMOUNT) / 100.0) as f32,
            gain: (values.number(STRENGTH) / 25.0) as f32,
            is_ink: values.choice(STYLE) == INK,
        }))
    }
}

#[derive(Clone, Copy)]
struct Outlines {
    share: f32,
    gain: f32,
    is_ink: bool,
}

impl AreaKernel for Outlines {
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
        take_roots(&mut around);
        let done = (0..output.rect().height as usize).try_for_each(|row_idx| {
            work.stop.check()?;
            self.row(&around, row_idx, output);
            Ok(())
        });
        around.finish(work.scratch);
        done
    }
}

impl Outlines {
    fn row(&self, around: &Surround, row_idx: usize, output: &mut Tile) {
        let has_alpha = output.n_planes() == 4;
        let stride = around.stride();
        let rows = |plane_idx: usize| &around.plane(plane_idx)[row_idx * stride..];
        let planes = [rows(0), rows(1), rows(2)];
        let row = output.color_row_mut(row_idx);
        let colors = [row.r, row.g, row.b];
        vectorize(
            #[inline(always)]
            || {
                if has_alpha {
                    draw::<true>(*self, (planes, rows(3)), stride, colors);
                } else {
                    draw::<false>(*self, (planes, &[]), stride, colors);
                }
            },
        );
    }
}

/// Premultiplied light to roots of the straight colour.
fn take_roots(around: &mut Surround) {
    let mut planes = around.planes_mut();
    let (Some(r), Some(g), Some(b)) = (planes.next(), planes.next(), planes.next()) else {
        return;
    };
    let alpha = planes.next();
    vectorize(
        #[inline(always)]
        || {
            for color in [r, g, b] {
                if let Some(alpha) = &alpha {
                    for (value, alpha) in color.iter_mut().zip(alpha.iter()) {
                        *value = root(*value, *alpha);
                    }
                } else {
                    for value in color {
                        *value = root(*value, 1.0);
                    }
                }
            }
        },
    );
}

/// One row: roots, and alpha where there is any, begin a pixel above and left of it.
#[inline(always)]
fn draw<const HAS_ALPHA: bool>(
    outlines: Outlines,
    (planes, alpha): ([&[f32]; 3], &[f32]),
    stride: usize,
    [r, g, b]: [&mut [f32]; 3],
) {
    let heights = planes.map(|plane| Heights::<HAS_ALPHA> {
        plane,
        alpha,
        stride,
    });
    for (x, ((r, g), b)) in r.iter_mut().zip(g).zip(b).enumerate() {
        let seen = if HAS_ALPHA {
            alpha[stride + x + 1]
        } else {
            1.0
        };
        let steep = heights.map(|heights| {
            let [across, down] = heights.slope(x);
            let steep = across.mul_add(across, down * down).sqrt() * outlines.gain;
            if steep < 1.0 { steep } else { 1.0 }
        });
        let most = if steep[0] > steep[1] {
            steep[0]
        } else {
            steep[1]
        };
        let most = if most > steep[2] { most } else { steep[2] };
        let blend = |value: f32, steep: f32| {
            let drawn = if outlines.is_ink { 1.0 - most } else { steep };
            let value = finite(value);
            (drawn * drawn)
                .mul_add(seen, -value)
                .mul_add(outlines.share, value)
        };
        *r = blend(*r, steep[0]);
        *g = blend(*g, steep[1]);
        *b = blend(*b, steep[2]);
    }
}

#[cfg(test)]
mod tests;
