//! Defringe: takes purple and green seams off hard edges, where correcting the lens' magnification
//! cannot: out-of-focus colour, light that spills over on the sensor.
//!
//! **Formula**: in roots of light, p lightness and (u, v) colour ([`super::kernels::roots`]). A pixel is
//! fringe as far as m = E · W. E, that it lies at a hard edge: smoothstep(t², 4t², c²), where
//! c² = 2 √(2π) σ G(|∇p|²) is the squared height of a sharp step that would give as much gradient, G a
//! Gaussian of σ = radius · scale, t = threshold / 200, at least 0.02. W, that it has the colour of fringes: with θ
//! the angle of (u, v) from that of a hue, smoothstep(cos 50°, cos 25°, cos θ), W₁ for purple and W₂
//! for green, and both fade out below a chroma of 0.03. What the neighbourhood's colour is, fringes do not
//! tell: ū = G((1 − m) u) / (0.001 + G(1 − m)), likewise v̄, grey where all is fringe, and held to
//! the pixel's own chroma, for this filter only ever takes colour away. (u, v) goes the share
//! E · (purple W₁ + green W₂) / 100 of the way to it; p stays, so edges stay as sharp. That a
//! fringe is weighed out of its own mean is after the defringe of darktable, which weighs by distance
//! from the mean colour and knows no hues. **Range**: purple, green 0…100; their hues
//! on the circle people know, 240…340° and 90…170°; radius 0.5…10 px of the photo, about a fringe's
//! width; threshold 0…100. **Alpha**: untouched; what is hidden counts nothing and makes no edges.
//! What is no fringe keeps its bits. **Reach**: 6σ + 1 px. **Preview**: fringes of few pixels hardly
//! show there: judge at 100 %. ΔE*ab against the photo filtered first and reduced afterwards (as added,
//! sample photo, its red and blue drawn apart by 0.4 %; mean, 95 % of pixels): 0.1, 0.0 at 1/2; 0.2,
//! 0.0 at 1/4; 0.2, 0.6 at 1/8.

use crate::pixels::color::{Primaries, WORKING_LUMA, inverse3, multiply3};
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::math::{pow_f64, sin_cos_pi_f64};
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::gaussian::Gaussian;
use super::kernels::mirror::grown;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

mod planes;
mod rows;

use planes::Planes;
use rows::Shape;

const PURPLE: usize = 0;
const PURPLE_HUE: usize = 1;
const GREEN: usize = 2;
const GREEN_HUE: usize = 3;
const RADIUS: usize = 4;
const THRESHOLD: usize = 5;

/// The lowest step that may count as an edge, in roots of light.
const LEAST_STEP: f64 = 0.02;

const fn hue(min: f64, max: f64, on_add: f64, inks: [u32; 3]) -> ParamKind {
    ParamKind::Number(NumberSpec {
        min,
        max,
        step: 1.0,
        identity: None,
        on_add,
        unit: Unit::Degrees,
        decimals: 0,
        track: Track::Blend(inks),
    })
}

static SPEC: Spec = Spec {
    id: "defringe",
    label: "Defringe",
    summary: "takes purple and green seams off hard edges",
    group: Group::Detail,
    rank: 7,
    formula: 1,
    ready: false,
    judge_at_full: true,
    params: &[
        ParamSpec {
            id: "purple",
            label: "Purple",
            kind: ParamKind::Number(NumberSpec::percent(0.0, Some(0.0), 80.0)),
        },
        ParamSpec {
            id: "purple-hue",
            label: "Purple hue",
            kind: hue(240.0, 340.0, 290.0, [0x3c5bff, 0xb040f0, 0xf04090]),
        },
        ParamSpec {
            id: "green",
            label: "Green",
            kind: ParamKind::Number(NumberSpec::percent(0.0, Some(0.0), 50.0)),
        },
        ParamSpec {
            id: "green-hue",
            label: "Green hue",
            kind: hue(90.0, 170.0, 130.0, [0x90d020, 0x30c860, 0x20d0b8]),
        },
        ParamSpec {
            id: "radius",
            label: "Radius",
            kind: ParamKind::Number(NumberSpec {
                min: 0.5,
                max: 10.0,
                step: 0.1,
                identity: None,
                on_add: 3.0,
                unit: Unit::Px,
                decimals: 1,
                track: Track::Fine,
            }),
        },
        ParamSpec {
            id: "threshold",
            label: "Threshold",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 20.0)),
        },
    ],
};

pub(super) struct Defringe;

impl Filter for Defringe {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let sigma_px = values.number(RADIUS) * frame.scale;
        let step = (values.number(THRESHOLD) / 200.0).max(LEAST_STEP);
        Prepared::Area(Box::new(Seams {
            window: Gaussian::new(sigma_px),
            shape: Shape {
                // The Gaussian's peak is 1 / (σ √2π); a step of c has c² / 2 under it.
                steepness: (2.0 * (2.0 * std::f64::consts::PI).sqrt() * sigma_px) as f32,
                edge: [step * step, 4.0 * step * step].map(|c2| c2 as f32),
                cone: [50.0, 25.0].map(|degrees| sin_cos_pi_f64(degrees / 180.0).1 as f32),
                hues: [PURPLE_HUE, GREEN_HUE].map(|idx| direction_of_hue(values.number(idx))),
                amounts: [PURPLE, GREEN].map(|idx| (values.number(idx) / 100.0) as f32),
            },
        }))
    }
}

/// The direction in (u, v), of length 1, of the pure sRGB colour of a hue from magenta over blue and
/// green to yellow.
fn direction_of_hue(degrees: f64) -> [f32; 2] {
    let channel = |offset: f64| {
        let k = (offset + degrees / 60.0).rem_euclid(6.0);
        1.0 - k.min(4.0 - k).clamp(0.0, 1.0)
    };
    let srgb = [channel(5.0), channel(3.0), channel(1.0)].map(|v| pow_f64(v, 2.2));
    let to_working = multiply3(
        &inverse3(&Primaries::REC2020.to_xyz()),
        &Primaries::REC709.to_xyz(),
    );
    let [r, g, b] = to_working
        .map(|row| (row[0] * srgb[0] + row[1] * srgb[1] + row[2] * srgb[2]).max(0.0))
        .map(f64::sqrt);
    let [wr, wg, wb] = WORKING_LUMA.map(f64::from);
    let p = wr * r + wg * g + wb * b;
    let length = ((r - p).powi(2) + (b - p).powi(2)).sqrt();
    [((r - p) / length) as f32, ((b - p) / length) as f32]
}

struct Seams {
    window: Gaussian,
    shape: Shape,
}

impl Seams {
    /// Of the two Gaussians, one after the other, and of the gradient.
    const fn reach_px(&self) -> u32 {
        2 * self.window.radius_px() + 1
    }
}

impl AreaKernel for Seams {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.reach_px(), frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        let around = |n_windows| {
            let reach_px = n_windows * self.window.radius_px();
            grown(output.rect(), reach_px, input.rect())
        };
        let planes = Planes::of(input, output.rect(), self.reach_px() as usize, work);
        let mut gradient = work.scratch.tile(around(2), 1);
        let mut edges = work.scratch.tile(around(1), 1);
        let mut shares = work.scratch.tile(around(1), 3);
        let mut means = work.scratch.tile(output.rect(), 3);
        planes.write_gradient(&mut gradient);
        let done = self
            .window
            .blur(&gradient, &mut edges, work)
            .and_then(|()| {
                planes.write_shares(&self.shape, &edges, &mut shares);
                self.window.blur(&shares, &mut means, work)
            })
            .map(|()| planes.write(&self.shape, [&edges, &means], input, output));
        for tile in [gradient, edges, shares, means] {
            work.scratch.give_tile(tile);
        }
        planes.finish(work);
        done
    }
}

#[cfg(test)]
mod tests;
