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
    label: "Surface blur",
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
                    mean_row::<true>(self, (roots, plane(3)), stride, colors);
                } else {
                    mean_row::<false>(self, (roots, &[]), stride, colors);
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

/// One row: `roots`, and alpha where there is any, begin `reach_px` above and left of it.
#[inline(always)]
fn mean_row<const HAS_ALPHA: bool>(
    disc: &Disc,
    (roots, alpha): ([&[f32]; 3], &[f32]),
    stride: usize,
    colors: [&mut [f32]; 3],
) {
    let [r, g, b] = colors;
    for x in (0..r.len()).step_by(LANES) {
        let sums = weighted_sums::<HAS_ALPHA>(disc, (roots, alpha), stride, x);
        let at = disc.reach_px * (stride + 1) + x;
        for (sum, out) in sums.roots.iter().zip([&mut *r, g, b]) {
            let out = &mut out[x..x + LANES];
            for i in 0..LANES {
                let seen = if HAS_ALPHA { held(alpha[at + i]) } else { 1.0 };
                let total = sums.weights[i];
                let divisor = if total > 0.0 { total * disc.gain } else { 1.0 };
                let root = sum[i] / divisor;
                out[i] = root * root.abs() * seen;
            }
        }
    }
}

struct Sums {
    roots: [[f32; LANES]; 3],
    weights: [f32; LANES],
}

/// Over the neighbours of one vector of pixels. All in one loop over its lanes, with plain indices,
/// so that it becomes one instruction a step whatever is compiled around it.
#[inline(always)]
fn weighted_sums<const HAS_ALPHA: bool>(
    disc: &Disc,
    (roots, alpha): ([&[f32]; 3], &[f32]),
    stride: usize,
    x: usize,
) -> Sums {
    let center = disc.reach_px * (stride + 1) + x;
    let mut own = [[0.0_f32; LANES]; 3];
    for (own, plane) in own.iter_mut().zip(roots) {
        own.copy_from_slice(&plane[center..center + LANES]);
    }
    let [mut sum_r, mut sum_g, mut sum_b, mut weights] = [[0.0_f32; LANES]; 4];
    for neighbour in &disc.neighbours {
        let at = neighbour.row * stride + neighbour.column + x;
        let [r, g, b] = roots.map(|plane| &plane[at..at + LANES]);
        let alpha = if HAS_ALPHA {
            &alpha[at..at + LANES]
        } else {
            alpha
        };
        for i in 0..LANES {
            let (e_r, e_g, e_b) = (r[i] - own[0][i], g[i] - own[1][i], b[i] - own[2][i]);
            let near = (-e_b).mul_add(e_b, (-e_g).mul_add(e_g, (-e_r).mul_add(e_r, 1.0)));
            let near = if near > 0.0 { near } else { 0.0 };
            let near2 = near * near;
            let near4 = near2 * near2;
            let seen = if HAS_ALPHA { held(alpha[i]) } else { 1.0 };
            let weight = near4 * near4 * neighbour.weight * seen;
            sum_r[i] = r[i].mul_add(weight, sum_r[i]);
            sum_g[i] = g[i].mul_add(weight, sum_g[i]);
            sum_b[i] = b[i].mul_add(weight, sum_b[i]);
            weights[i] += weight;
        }
    }
    Sums {
        roots: [sum_r, sum_g, sum_b],
        weights,
    }
}

/// Alpha, or none where it is next to none.
#[inline(always)]
fn held(alpha: f32) -> f32 {
    if alpha > TINY { alpha } else { 0.0 }
}

#[cfg(test)]
mod tests;
