//! Sharpen: an unsharp mask on luminance, for what the lens and the reduction took.
//!
//! **Formula**: with p = √luminance, d = p − Gaussian(p) of σ = radius · scale, and the amount as a
//! factor k = 1.5 · amount / 100: p′ = p + k · M · d · d²/(d² + c²) / (1 + |d| / h). Differences
//! below c are taken for noise, those above h for edges that would ring: detail δ = 0…1 moves both,
//! c = 0.006 (1 − δ), h = 0.12 + 0.4 δ. What then exceeds the least and greatest p of the pixel
//! and the four beside it is halo, of which 0.1 + 0.9 δ stays. p′ is held to p/3…3p, and colour is multiplied
//! by (p′ / p)²: the root makes light and dark halos look alike, and one factor for all channels
//! leaves no coloured fringes. **Masking** μ = 0…1: M = e / (e + t²), with e the squared gradient
//! of p under a Gaussian of σ = 2 px and t = 0.06 μ^1.5: smooth surfaces are left alone; M = 1 for
//! μ = 0. **Range**: amount 0…150, radius 0.5…3 px of the photo, detail and masking 0…100.
//! **Alpha**: untouched; the Gaussian is weighted by it, and pixels without it have no say in
//! extremes, so a cut-out has no rim. **Reach**: 3σ, at least one pixel; with masking 7 px.
//! **Preview**: a radius below a pixel of the preview hardly shows there: judge at 100 %.
//! ΔE*ab against the photo filtered first and reduced afterwards (amount 60, radius 1; mean,
//! 95 % of pixels): 0.4, 1.9 at 1/2 and 1/4; 0.3, 1.6 at 1/8.

use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::gaussian::Gaussian;
use super::kernels::mirror::{mirror_row, mirrored};
use super::kernels::sliding::{HalfKernel, SlidingRows};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

mod edges;
mod rows;

use edges::EdgeMask;
use rows::{Rows, Shape, root_row, sharpen_row, weighted_root_rows};

const AMOUNT: usize = 0;
const RADIUS: usize = 1;
const DETAIL: usize = 2;
const MASKING: usize = 3;

/// How much of the difference an amount of 100 adds.
const FULL_AMOUNT: f64 = 1.5;

static SPEC: Spec = Spec {
    id: "sharpen",
    label: "Sharpen",
    summary: "makes fine detail crisper",
    group: Group::Detail,
    rank: 510,
    formula: 2,
    ready: true,
    judge_at_full: true,
    params: &[
        ParamSpec {
            id: "amount",
            label: "Sharpen",
            kind: ParamKind::Number(NumberSpec {
                min: 0.0,
                max: 150.0,
                step: 1.0,
                identity: Some(0.0),
                on_add: 40.0,
                unit: Unit::None,
                decimals: 0,
                track: Track::Plain,
            }),
        },
        ParamSpec {
            id: "radius",
            label: "Radius",
            kind: ParamKind::Number(NumberSpec {
                min: 0.5,
                max: 3.0,
                step: 0.1,
                identity: None,
                on_add: 1.0,
                unit: Unit::Px,
                decimals: 1,
                track: Track::Plain,
            }),
        },
        ParamSpec {
            id: "detail",
            label: "Detail",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 25.0)),
        },
        ParamSpec {
            id: "masking",
            label: "Masking",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 0.0)),
        },
    ],
};

pub(super) struct Sharpen;

impl Filter for Sharpen {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let gaussian = Gaussian::new(values.number(RADIUS) * frame.scale);
        let masking = values.number(MASKING) / 100.0;
        Prepared::Area(Box::new(UnsharpMask {
            // Extremes look one pixel around even where the Gaussian does not.
            radius: gaussian.radius_px().max(1) as usize,
            weights: HalfKernel::of(&gaussian),
            shape: Shape::new(
                values.number(AMOUNT) / 100.0 * FULL_AMOUNT,
                values.number(DETAIL) / 100.0,
            ),
            mask: (masking > 0.0).then(|| EdgeMask::new(masking, frame.scale)),
        }))
    }
}

struct UnsharpMask {
    weights: HalfKernel,
    radius: usize,
    shape: Shape,
    mask: Option<EdgeMask>,
}

impl AreaKernel for UnsharpMask {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        let for_mask = self.mask.as_ref().map_or(0, EdgeMask::reach_px);
        output.grown_within(for_mask.max(self.radius as u32), frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        let Some(mask) = &self.mask else {
            return self.sharpen(input, None, output, work);
        };
        let mut weights = work.scratch.tile(output.rect(), 1);
        let done = mask
            .write(input, &mut weights, work)
            .and_then(|()| self.sharpen(input, Some(&weights), output, work));
        work.scratch.give_tile(weights);
        done
    }
}

impl UnsharpMask {
    fn sharpen(
        &self,
        input: &Tile,
        mask: Option<&Tile>,
        output: &mut Tile,
        work: &mut Work<'_>,
    ) -> Result<(), Stopped> {
        let has_alpha = input.n_planes() > 3;
        let n_planes = if has_alpha { rows::N_WEIGHTED } else { 1 };
        let width = output.rect().width as usize;
        let mut pass = Pass {
            input,
            output_rect: output.rect(),
            radius: self.radius as i64,
            roots: SlidingRows::new(width, self.radius, n_planes, work.scratch),
            loose: work.scratch.floats(input.stride() * n_planes),
        };
        let row_len = pass.roots.row_len();
        let mut buffers = work.scratch.floats(3 * row_len);
        let done = (0..output.rect().height as usize).try_for_each(|row_idx| {
            work.stop.check()?;
            pass.reach(row_idx);
            let mask = mask.map(|mask| mask.row(0, row_idx));
            self.output_row(&pass, row_idx, mask, output, &mut buffers);
            Ok(())
        });
        pass.roots.finish(work.scratch);
        work.scratch.give_floats(pass.loose);
        work.scratch.give_floats(buffers);
        done
    }

    fn output_row(
        &self,
        pass: &Pass<'_>,
        row_idx: usize,
        mask: Option<&[f32]>,
        output: &mut Tile,
        buffers: &mut [f32],
    ) {
        let (sums, means) = buffers.split_at_mut(pass.roots.row_len());
        let width = output.rect().width as usize;
        let (mean, mean_alpha) = means.split_at_mut(width);
        let mean_alpha = &mut mean_alpha[..width];
        let (left, top) = pass.offset();
        let source = |plane_idx| &pass.input.row(plane_idx, top + row_idx)[left..][..width];
        let alpha = (pass.input.n_planes() > 3).then(|| source(3));
        let straight = if alpha.is_some() { rows::STRAIGHT } else { 0 };
        let at = |dy, dx: usize| &pass.roots.row(straight, dy)[self.radius + dx - 1..][..width];
        let cross = [at(-1, 1), at(0, 0), at(0, 1), at(0, 2), at(1, 1)];
        let colors = [source(0), source(1), source(2)];
        let out = output.color_row_mut(row_idx);
        let out_colors = [out.r, out.g, out.b].map(|row| &mut row[..width]);
        vectorize(
            #[inline(always)]
            || {
                pass.roots.blur(0, &self.weights, sums, mean);
                if alpha.is_some() {
                    pass.roots.blur(1, &self.weights, sums, mean_alpha);
                    rows::unweigh(mean, mean_alpha);
                }
                let mean = &*mean;
                let rows = Rows {
                    cross,
                    mean,
                    mask,
                    colors,
                };
                match alpha {
                    None => sharpen_row::<false>(&self.shape, &rows, out_colors),
                    Some(_) => sharpen_row::<true>(&self.shape, &rows, out_colors),
                }
            },
        );
        if let (Some(from), Some(to)) = (alpha, out.a) {
            rows::finite_row(from, &mut to[..width]);
        }
    }
}

/// The roots of luminance on their way under the window.
struct Pass<'a> {
    input: &'a Tile,
    output_rect: Rect,
    radius: i64,
    roots: SlidingRows,
    /// A row as long as the input's, before it is mirrored at the frame's edges.
    loose: Vec<f32>,
}

impl Pass<'_> {
    /// Where the output's first pixel lies in the input.
    const fn offset(&self) -> (usize, usize) {
        let bounds = self.input.rect();
        (
            (self.output_rect.x - bounds.x) as usize,
            (self.output_rect.y - bounds.y) as usize,
        )
    }

    /// Makes output row `row_idx` the one in the middle.
    fn reach(&mut self, row_idx: usize) {
        while self.roots.n_pushed() <= row_idx + 2 * self.radius as usize {
            self.push_next();
        }
    }

    fn push_next(&mut self) {
        let (left, top) = self.offset();
        let bounds = self.input.rect();
        let y = top as i64 - self.radius + self.roots.n_pushed() as i64;
        let y = mirrored(y, bounds.height);
        let [r, g, b] = [0, 1, 2].map(|plane_idx| self.input.row(plane_idx, y));
        let alpha = (self.input.n_planes() > 3).then(|| self.input.row(3, y));
        let first = left as i64 - self.radius;
        let needed = i64::from(self.output_rect.width) + 2 * self.radius;
        let row_len = self.roots.row_len();
        let is_inside = first >= 0 && first + needed <= i64::from(bounds.width);
        if alpha.is_none() && is_inside && first as usize + row_len <= r.len() {
            let colors = [r, g, b].map(|color| &color[first as usize..]);
            let roots = self.roots.push();
            vectorize(
                #[inline(always)]
                || root_row(colors, roots),
            );
            return;
        }
        let loose = &mut *self.loose;
        vectorize(
            #[inline(always)]
            || match alpha {
                None => root_row([r, g, b], loose),
                Some(alpha) => weighted_root_rows([r, g, b], alpha, loose),
            },
        );
        let stride = self.input.stride();
        let padded = self.roots.push().chunks_exact_mut(row_len);
        for (padded, loose) in padded.zip(self.loose.chunks_exact(stride)) {
            mirror_row(&loose[..bounds.width as usize], first, padded);
        }
    }
}

#[cfg(test)]
mod tests;
