//! Bilateral: smooths what differs little and leaves edges, each pixel weighing its neighbours by how
//! near and how alike they are.
//!
//! **Formula**: the weighted mean of s = √light (sign kept), squared again. Over the disc of radius
//! R = radius · scale, a neighbour at distance d whose colour differs by e (Euclidean, of the three s)
//! weighs `exp(−2 d² / R²) · max(0, 1 − e² / 16σ²)⁸`, σ = edge / 200: the eighth power is the Gaussian
//! `exp(−e² / 2σ²)` to 0.04, and ends at 4σ. In the root of light photon noise is alike in shadows
//! and lights. Beyond the frame stands its mirror image. **Source**: C. Tomasi, R. Manduchi,
//! "Bilateral filtering for gray and color images", 1998. **Range**: radius 0…12 px of the photo,
//! below one pixel nothing; edge 1…100, small keeps faint edges too. **Alpha**: untouched; neighbours
//! count by it. **Reach**: R. **Preview**: the disc scaled, over a photo whose noise reducing has
//! averaged: judge at 100 %.

use crate::pixels::geometry::{Rect, Size};
use crate::pixels::math::exp_f64;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{LANES, Tile};

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::surround::Surround;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const RADIUS: usize = 0;
const EDGE: usize = 1;

/// Below this alpha counts as none.
const TINY: f32 = 1.0e-6;

static SPEC: Spec = Spec {
    id: "bilateral",
    label: "Smooth surfaces",
    summary: "smooths surfaces and keeps edges, as a bilateral filter",
    group: Group::Detail,
    rank: 155,
    formula: 1,
    ready: false,
    judge_at_full: true,
    params: &[
        ParamSpec {
            id: "radius",
            label: "Radius",
            kind: ParamKind::Number(NumberSpec {
                min: 0.0,
                max: 12.0,
                step: 1.0,
                identity: Some(0.0),
                on_add: 4.0,
                unit: Unit::Px,
                decimals: 0,
                track: Track::Fine,
            }),
        },
        ParamSpec {
            id: "edge",
            label: "Edge",
            kind: ParamKind::Number(NumberSpec::percent(1.0, None, 15.0)),
        },
    ],
};

pub(super) struct Bilateral;

impl Filter for Bilateral {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let radius_px = values.number(RADIUS) * frame.scale;
        let sigma = values.number(EDGE) / 200.0;
        Prepared::Area(Box::new(Disc::new(radius_px, sigma)))
    }
}

/// A neighbour of the disc.
struct Neighbour {
    /// Of its row and column from those of the disc's square.
    row: usize,
    column: usize,
    weight: f32,
}

struct Disc {
    neighbours: Vec<Neighbour>,
    reach_px: usize,
    /// Roots are multiplied by it, so that a difference of 1 is where the weight ends: 1 / 4σ.
    gain: f32,
}

impl Disc {
    fn new(radius_px: f64, sigma: f64) -> Self {
        let reach_px = radius_px.floor() as usize;
        let reach = reach_px as i32;
        let mut neighbours = Vec::new();
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let distance2 = f64::from(dx * dx + dy * dy);
                if distance2 <= radius_px * radius_px {
                    neighbours.push(Neighbour {
                        row: (dy + reach) as usize,
                        column: (dx + reach) as usize,
                        weight: exp_f64(-2.0 * distance2 / (radius_px * radius_px)) as f32,
                    });
                }
            }
        }
        Self {
            neighbours,
            reach_px,
            gain: (0.25 / sigma) as f32,
        }
    }

    /// Writes one row of `output`, whose planes around it begin in `around` with its own.
    fn row(&self, around: &Surround, row_idx: usize, output: &mut Tile) {
        let stride = around.stride();
        let has_alpha = output.n_planes() == 4;
        let start = row_idx * stride;
        let plane = |plane_idx: usize| &around.plane(plane_idx)[start..];
        let roots = [plane(0), plane(1), plane(2)];
        let row = output.color_row_mut(row_idx);
        let colors = [row.r, row.g, row.b];
        vectorize(
            #[inline(always)]
            || {
                if has_alpha {
                    mean_row(self, (roots, stride), AlphaOf(plane(3)), colors);
                } else {
                    mean_row(self, (roots, stride), Opaque, colors);
                }
            },
        );
    }
}

impl AreaKernel for Disc {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.reach_px as u32, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        output.copy_from(input);
        if self.reach_px == 0 {
            return Ok(());
        }
        let n_planes = output.n_planes();
        let mut around = Surround::new(output.rect(), self.reach_px, n_planes, work.scratch);
        let done = (0..n_planes)
            .try_for_each(|plane_idx| {
                work.stop.check()?;
                around.fill(input, plane_idx, plane_idx);
                Ok(())
            })
            .and_then(|()| {
                encode(&mut around, self.gain);
                (0..output.rect().height as usize).try_for_each(|row_idx| {
                    work.stop.check()?;
                    self.row(&around, row_idx, output);
                    Ok(())
                })
            });
        around.finish(work.scratch);
        done
    }
}

/// Light to scaled roots; where there is alpha, of the straight colour.
fn encode(around: &mut Surround, gain: f32) {
    let mut planes = around.planes_mut();
    let (Some(r), Some(g), Some(b)) = (planes.next(), planes.next(), planes.next()) else {
        return;
    };
    let alpha = planes.next();
    vectorize(
        #[inline(always)]
        || {
            if let Some(alpha) = alpha {
                for color in [&mut *r, &mut *g, &mut *b] {
                    straighten(color, alpha);
                }
            }
            for color in [r, g, b] {
                for value in color.iter_mut() {
                    *value = root(*value) * gain;
                }
            }
        },
    );
}

#[inline(always)]
fn root(light: f32) -> f32 {
    light.abs().sqrt().copysign(light)
}

#[inline(always)]
fn straighten(color: &mut [f32], alpha: &[f32]) {
    for (value, alpha) in color.iter_mut().zip(alpha) {
        let is_seen = *alpha > TINY;
        let divisor = if is_seen { *alpha } else { 1.0 };
        *value = if is_seen { *value / divisor } else { 0.0 };
    }
}

/// What a neighbour counts, seen from its transparency alone.
trait Visibility: Copy {
    fn weigh(self, at: usize, weights: &mut [f32; LANES]);

    /// What the mean at a pixel is multiplied by, as the output is premultiplied.
    fn share(self, at: usize) -> [f32; LANES];
}

#[derive(Clone, Copy)]
struct Opaque;

impl Visibility for Opaque {
    #[inline(always)]
    fn weigh(self, _at: usize, _weights: &mut [f32; LANES]) {}

    #[inline(always)]
    fn share(self, _at: usize) -> [f32; LANES] {
        [1.0; LANES]
    }
}

#[derive(Clone, Copy)]
struct AlphaOf<'a>(&'a [f32]);

impl Visibility for AlphaOf<'_> {
    #[inline(always)]
    fn weigh(self, at: usize, weights: &mut [f32; LANES]) {
        for (weight, alpha) in weights.iter_mut().zip(&self.0[at..at + LANES]) {
            *weight *= if *alpha > TINY { *alpha } else { 0.0 };
        }
    }

    #[inline(always)]
    fn share(self, at: usize) -> [f32; LANES] {
        let alpha = &self.0[at..at + LANES];
        std::array::from_fn(|i| if alpha[i] > TINY { alpha[i] } else { 0.0 })
    }
}

/// One row: `roots` and the visibility begin `reach_px` above and left of it.
#[inline(always)]
fn mean_row<V: Visibility>(
    disc: &Disc,
    (roots, stride): ([&[f32]; 3], usize),
    visibility: V,
    colors: [&mut [f32]; 3],
) {
    let [r, g, b] = colors;
    let chunks = r.as_chunks_mut().0.iter_mut();
    let chunks = chunks.zip(g.as_chunks_mut().0).zip(b.as_chunks_mut().0);
    for (chunk_idx, ((r, g), b)) in chunks.enumerate() {
        let x = chunk_idx * LANES;
        let center = disc.reach_px * (stride + 1) + x;
        let centers = roots.map(|plane| vector(plane, center));
        let mut sums = [[0.0_f32; LANES]; 3];
        let mut total = [0.0_f32; LANES];
        for neighbour in &disc.neighbours {
            let at = neighbour.row * stride + neighbour.column + x;
            let values = roots.map(|plane| vector(plane, at));
            let mut weights = likeness(&values, &centers);
            for weight in &mut weights {
                *weight *= neighbour.weight;
            }
            visibility.weigh(at, &mut weights);
            for (sums, values) in sums.iter_mut().zip(&values) {
                for i in 0..LANES {
                    sums[i] = values[i].mul_add(weights[i], sums[i]);
                }
            }
            for i in 0..LANES {
                total[i] += weights[i];
            }
        }
        let share = visibility.share(center);
        *r = light_of(&sums[0], &total, &share, disc.gain);
        *g = light_of(&sums[1], &total, &share, disc.gain);
        *b = light_of(&sums[2], &total, &share, disc.gain);
    }
}

#[inline(always)]
fn vector(plane: &[f32], at: usize) -> [f32; LANES] {
    let values = &plane[at..at + LANES];
    std::array::from_fn(|i| values[i])
}

/// `max(0, 1 − e²)⁸` for the distance e of two colours.
#[inline(always)]
fn likeness(a: &[[f32; LANES]; 3], b: &[[f32; LANES]; 3]) -> [f32; LANES] {
    std::array::from_fn(|i| {
        let [r, g, b] = [a[0][i] - b[0][i], a[1][i] - b[1][i], a[2][i] - b[2][i]];
        let near = (-b).mul_add(b, (-g).mul_add(g, (-r).mul_add(r, 1.0)));
        let near = if near > 0.0 { near } else { 0.0 };
        let near2 = near * near;
        let near4 = near2 * near2;
        near4 * near4
    })
}

#[inline(always)]
fn light_of(
    sum: &[f32; LANES],
    total: &[f32; LANES],
    share: &[f32; LANES],
    gain: f32,
) -> [f32; LANES] {
    std::array::from_fn(|i| {
        let divisor = if total[i] > 0.0 { total[i] * gain } else { 1.0 };
        let root = sum[i] / divisor;
        root * root.abs() * share[i]
    })
}

#[cfg(test)]
mod tests;
