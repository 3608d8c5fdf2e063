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
        let mut steep = work.scratch.floats(4 * output.stride());
        let done = (0..output.rect().height as usize).try_for_each(|row_idx| {
            work.stop.check()?;
            self.row(&around, row_idx, &mut steep, output);
            Ok(())
        });
        work.scratch.give_floats(steep);
        around.finish(work.scratch);
        done
    }
}

impl Outlines {
    /// Writes one row of `output`, whose surroundings hold roots; `steep` has room for four rows.
    fn row(self, around: &Surround, row_idx: usize, steep: &mut [f32], output: &mut Tile) {
        let has_alpha = output.n_planes() == 4;
        let rows = |plane_idx: usize| &around.plane(plane_idx)[row_idx * around.stride()..];
        let planes = [rows(0), rows(1), rows(2)];
        let row = output.color_row_mut(row_idx);
        let colors = [row.r, row.g, row.b];
        vectorize(
            #[inline(always)]
            || {
                if has_alpha {
                    outline::<true>(self, (planes, rows(3)), around.stride(), steep, colors);
                } else {
                    outline::<false>(self, (planes, &[]), around.stride(), steep, colors);
                }
            },
        );
    }
}

/// One row: roots, and alpha where there is any, begin a pixel above and left of it.
#[inline(always)]
fn outline<const HAS_ALPHA: bool>(
    outlines: Outlines,
    (planes, alpha): ([&[f32]; 3], &[f32]),
    stride: usize,
    steep: &mut [f32],
    colors: [&mut [f32]; 3],
) {
    let n = colors[0].len();
    let (steep, most) = steep.split_at_mut(3 * n);
    for (plane, steep) in planes.into_iter().zip(steep.chunks_exact_mut(n)) {
        steepness::<HAS_ALPHA>(plane, alpha, stride, outlines.gain, steep);
    }
    if outlines.is_ink {
        let (r, rest) = steep.split_at(n);
        let (g, b) = rest.split_at(n);
        greatest([r, g, b], most);
    }
    let seen = if HAS_ALPHA {
        &alpha[stride + 1..]
    } else {
        alpha
    };
    for (steep, values) in steep.chunks_exact(n).zip(colors) {
        let steep = if outlines.is_ink { &*most } else { steep };
        draw::<HAS_ALPHA>(outlines, steep, seen, values);
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

/// How steep one channel is along a row: its roots, and alpha where there is any, begin a pixel above
/// and left of it.
#[inline(always)]
fn steepness<const HAS_ALPHA: bool>(
    plane: &[f32],
    alpha: &[f32],
    stride: usize,
    gain: f32,
    out: &mut [f32],
) {
    let heights = Heights::<HAS_ALPHA>::new(plane, alpha, stride, out.len());
    for (x, out) in out.iter_mut().enumerate() {
        let [across, down] = heights.slope(x);
        let steep = across.mul_add(across, down * down).sqrt() * gain;
        *out = if steep < 1.0 { steep } else { 1.0 };
    }
}

#[inline(always)]
fn greatest(steep: [&[f32]; 3], out: &mut [f32]) {
    let [r, g, b] = steep;
    for (((out, r), g), b) in out.iter_mut().zip(r).zip(g).zip(b) {
        let most = if r > g { *r } else { *g };
        *out = if most > *b { most } else { *b };
    }
}

/// Mixes the drawing into one channel; it is seen as far as the pixel is.
#[inline(always)]
fn draw<const HAS_ALPHA: bool>(
    outlines: Outlines,
    steep: &[f32],
    seen: &[f32],
    values: &mut [f32],
) {
    let n = values.len();
    let (steep, seen) = (&steep[..n], if HAS_ALPHA { &seen[..n] } else { seen });
    for (x, value) in values.iter_mut().enumerate() {
        let seen = if HAS_ALPHA { seen[x] } else { 1.0 };
        let drawn = if outlines.is_ink {
            1.0 - steep[x]
        } else {
            steep[x]
        };
        let before = finite(*value);
        *value = (drawn * drawn)
            .mul_add(seen, -before)
            .mul_add(outlines.share, before);
    }
}

#[cfg(test)]
mod tests;
