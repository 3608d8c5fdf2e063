//! Noise reduction: grain of brightness and blotches of colour go, detail and edges stay.
//!
//! **Formula**: in signed roots s of the channels, for there a sensor's noise is alike in light and
//! shade: p = Σ w s (w: luminance weights), u = s(red) − p, v = s(blue) − p. **Luminance**: p becomes p′ by
//! non-local means ([`super::kernels::non_local_means`]: 9 × 9 offsets, 5 × 5 neighbourhoods) with
//! H = 0.08 · luminance / 100 · (1.5 − detail / 100), of which 0.35 · detail / 100 of the difference is
//! given back as fine grain. **Colour**: u and v are smoothed over four levels within surfaces
//! ([`super::kernels::edge_avoiding`]), guided by p′, tolerances 0.08 of lightness and
//! 0.3 · color / 100 of colour. H and the colour's tolerance shrink with the scale as noise does when
//! it is reduced. Non-local means were chosen over wavelets for keeping hair and leaves without
//! rings, and over a bilateral filter for leaving no specks. **Range**: 0…100. **Alpha**: untouched;
//! what is hidden counts nothing. **Reach**: 6 px for luminance, 15 for colour.
//! **Preview**: reducing removes most noise by itself: judge at 100 %.
//! ΔE*ab against the photo filtered first and reduced afterwards (40, 50, 25; mean, 95 % of
//! pixels): 0.5, 1.7 at 1/2; 0.5, 1.4 at 1/4; 0.3, 1.0 at 1/8.

use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::edge_avoiding::{self, Guide, Tolerance};
use super::kernels::field::Field;
use super::kernels::non_local_means;
use super::kernels::roots::{join_row, split_row, straighten};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const LUMINANCE: usize = 0;
const DETAIL: usize = 1;
const COLOR: usize = 2;

/// Levels of colour smoothing at scale 1.
const LEVELS: u32 = 4;

/// What of lightness may differ within a surface when colour is smoothed.
const LIGHTNESS: f32 = 0.08;

static SPEC: Spec = Spec {
    id: "noise-reduction",
    label: "Noise reduction",
    summary: "removes grain and colour blotches, keeping detail",
    group: Group::Detail,
    rank: 160,
    formula: 1,
    ready: false,
    judge_at_full: true,
    params: &[
        ParamSpec {
            id: "luminance",
            label: "Luminance",
            kind: ParamKind::Number(NumberSpec::percent(0.0, Some(0.0), 30.0)),
        },
        ParamSpec {
            id: "detail",
            label: "Detail",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 50.0)),
        },
        ParamSpec {
            id: "color",
            label: "Colour",
            kind: ParamKind::Number(NumberSpec::percent(0.0, Some(0.0), 25.0)),
        },
    ],
};

pub(super) struct NoiseReduction;

impl Filter for NoiseReduction {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let share = |param_idx| values.number(param_idx) / 100.0;
        let scale = frame.scale.min(1.0);
        let similar = 0.08 * share(LUMINANCE) * (1.5 - share(DETAIL)) * scale;
        let color = 0.3 * share(COLOR) * scale;
        let mut levels = LEVELS;
        let mut widest = scale;
        while widest < 0.75 && levels > 1 {
            widest *= 2.0;
            levels -= 1;
        }
        Prepared::Area(Box::new(Denoise {
            similar: similar as f32,
            kept: (0.35 * share(DETAIL)) as f32,
            color: color as f32,
            levels: if color > 0.0 { levels } else { 0 },
        }))
    }
}

struct Denoise {
    /// H of non-local means; 0 leaves luminance alone.
    similar: f32,
    /// What of the grain stays.
    kept: f32,
    /// Tolerance of colour, and on how many levels.
    color: f32,
    levels: u32,
}

impl Denoise {
    const fn means_margin(&self) -> usize {
        if self.similar > 0.0 {
            non_local_means::MARGIN
        } else {
            0
        }
    }

    const fn margin(&self) -> usize {
        self.means_margin() + edge_avoiding::margin(self.levels)
    }
}

impl AreaKernel for Denoise {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.margin() as u32, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        let (rect, margin) = (output.rect(), self.margin());
        let mut field = |plane_idx| Field::around(input, plane_idx, rect, margin, work.scratch);
        let mut planes = [field(0), field(1), field(2)];
        let alpha = (input.n_planes() > 3).then(|| field(3));
        split(&mut planes, alpha.as_ref());
        let [mut lightness, u, v] = planes;
        let mut colors = [u, v];
        let done = self
            .denoise_lightness(&mut lightness, alpha.as_ref(), work)
            .and_then(|()| {
                let guide = Guide {
                    lightness: &lightness,
                    alpha: alpha.as_ref(),
                };
                let tolerance = Tolerance {
                    lightness: LIGHTNESS,
                    color: self.color,
                };
                let levels = (self.levels, self.means_margin());
                edge_avoiding::smooth(&mut colors, guide, tolerance, levels, work)
            });
        if done.is_ok() {
            join(&lightness, &colors, alpha.as_ref(), margin, output);
        }
        let [u, v] = colors;
        for field in [lightness, u, v].into_iter().chain(alpha) {
            field.finish(work.scratch);
        }
        done
    }
}

impl Denoise {
    fn denoise_lightness(
        &self,
        lightness: &mut Field,
        alpha: Option<&Field>,
        work: &mut Work<'_>,
    ) -> Result<(), Stopped> {
        if self.similar <= 0.0 {
            return Ok(());
        }
        let mut means = Field::new(lightness.width(), lightness.height(), work.scratch);
        let done = non_local_means::means(lightness, alpha, self.similar, &mut means, work);
        if done.is_ok() {
            let inset = non_local_means::MARGIN;
            let width = lightness.width() - inset;
            for y in inset..lightness.height() - inset {
                let means = &means.row(y)[inset..width];
                let values = &mut lightness.row_mut(y)[inset..width];
                vectorize(
                    #[inline(always)]
                    || keep_some(self.kept, means, values),
                );
            }
        }
        means.finish(work.scratch);
        done
    }
}

/// Premultiplied colour becomes lightness and colour, in roots; alpha is held to 0…1.
fn split(planes: &mut [Field; 3], alpha: Option<&Field>) {
    let [r, g, b] = planes.each_mut().map(Field::values_mut);
    let alpha = alpha.map(Field::values);
    vectorize(
        #[inline(always)]
        || {
            if let Some(alpha) = alpha {
                for color in [&mut *r, &mut *g, &mut *b] {
                    straighten(color, alpha);
                }
            }
            split_row(r, g, b);
        },
    );
}

/// Writes the colours back, premultiplied.
fn join(
    lightness: &Field,
    colors: &[Field; 2],
    alpha: Option<&Field>,
    margin: usize,
    output: &mut Tile,
) {
    let width = output.rect().width as usize;
    for row_idx in 0..output.rect().height as usize {
        let row_of = |field: &'_ Field| -> std::ops::Range<usize> {
            let start = (row_idx + margin) * field.width() + margin;
            start..start + width
        };
        let range = row_of(lightness);
        let planes = [lightness, &colors[0], &colors[1]].map(|f| &f.values()[range.clone()]);
        let alpha = alpha.map(|alpha| &alpha.values()[range.clone()]);
        let row = output.color_row_mut(row_idx);
        let out = [row.r, row.g, row.b].map(|row| &mut row[..width]);
        vectorize(
            #[inline(always)]
            || join_row(planes, alpha, out),
        );
        if let (Some(alpha), Some(out)) = (alpha, row.a) {
            out[..width].copy_from_slice(alpha);
        }
    }
}

#[inline(always)]
fn keep_some(kept: f32, means: &[f32], values: &mut [f32]) {
    for (value, mean) in values.iter_mut().zip(means) {
        *value = (*value - mean).mul_add(kept, *mean);
    }
}

#[cfg(test)]
mod tests;
