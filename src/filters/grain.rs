//! Grain: the texture of silver halide film, laid over the luminance.
//!
//! **Formula**: `out = in · (1 + k·n)² ÷ (1 + k²)` in linear light with k = 0.32 · amount ÷ 100 · (1 − √Y):
//! on √Y, which is nearly perceptual, that is a deviation of 0.32 · √Y · (1 − √Y), strongest in the
//! middle and none in black or white; the divisor keeps the mean. One factor for all channels: hues
//! stay. n is noise of variance 1: three octaves of simplex noise (Gustavson 2005) on lattices turned
//! against each other, with cells of s ÷ 1.83, s and s ÷ 0.52 pixels, s = 1.6 · 2^(3 · size ÷ 100);
//! `roughness` shares it out between the even middle one and the other two. All places are counted in
//! fixed point from the frame's corner at scale 1, by integers and our own hash, so that no tile,
//! machine or neighbour changes a grain.
//! **Range**: 0…100 each. **Alpha**: untouched. **Reach**: the pixel itself and its place.
//! **Preview**: grain finer than a preview pixel averages out; each octave is weakened to imitate that.
//! The deviation is then within 15 % of the reduced export's at ½ and ¼ (the finest grain at ⅛: 40 %
//! below); the pattern is not the same: judge at 100 %.

mod noise;

use crate::pixels::math::{exp_f64, pow_f64};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

use noise::Octave;

const AMOUNT: usize = 0;
const SIZE: usize = 1;
const ROUGHNESS: usize = 2;

static SPEC: Spec = Spec {
    id: "grain",
    label: "Grain",
    summary: "lays the texture of film over the photo",
    group: Group::Effects,
    rank: 610,
    formula: 1,
    ready: false,
    judge_at_full: true,
    params: &[
        ParamSpec {
            id: "amount",
            label: "Amount",
            kind: ParamKind::Number(NumberSpec::percent(0.0, Some(0.0), 30.0)),
        },
        ParamSpec {
            id: "size",
            label: "Size",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 25.0)),
        },
        ParamSpec {
            id: "roughness",
            label: "Roughness",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 50.0)),
        },
    ],
};

pub(super) struct Grain;

impl Filter for Grain {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Emulsion::new(values, frame))))
    }
}

/// Deviation of √Y in the middle of the scale at an amount of 100 is a quarter of this.
const FULL_STRENGTH: f64 = 0.32;
/// Cells of the octaves, in parts of the grain's size.
const OCTAVE_CELLS: [f64; 3] = [1.0 / 1.83, 1.0, 1.0 / 0.52];

struct Emulsion {
    strength: f32,
    octaves: [Octave; 3],
    weights: [f32; 3],
}

impl Emulsion {
    fn new(values: &Values, frame: &Frame) -> Self {
        let size_px = 1.6 * exp_f64(3.0 * values.number(SIZE) / 100.0 * std::f64::consts::LN_2);
        let roughness = values.number(ROUGHNESS) / 100.0;
        let shares = [0.55 + 0.35 * roughness, 1.0, 0.3 + 0.55 * roughness];
        let norm = shares.iter().map(|share| share * share).sum::<f64>().sqrt();
        let cell_px = OCTAVE_CELLS.map(|part| part * size_px);
        Self {
            strength: (FULL_STRENGTH * values.number(AMOUNT) / 100.0) as f32,
            octaves: std::array::from_fn(|i| Octave::new(cell_px[i], i as u32, frame.scale)),
            weights: std::array::from_fn(|i| {
                (shares[i] / norm * share_left(cell_px[i], frame.scale)) as f32
            }),
        }
    }

    /// Noise of mean 0 and, at scale 1, variance 1.
    #[inline(always)]
    fn noise(&self, x: u32, y: u32) -> f32 {
        let [fine, even, coarse] = &self.octaves;
        let coarse = coarse.at(x, y) * self.weights[2];
        let even = even.at(x, y).mul_add(self.weights[1], coarse);
        fine.at(x, y).mul_add(self.weights[0], even)
    }
}

/// How much deviation the mean over a preview pixel leaves, relative to a photo's pixel.
fn share_left(cell_px: f64, scale: f64) -> f64 {
    // Fitted to means of the noise over squares of 0.25…8 cells.
    let over = |cells: f64| {
        let power = pow_f64(cells, 1.8);
        power / (power + 2.36)
    };
    over(cell_px * scale) / over(cell_px)
}

impl Pixelwise for Emulsion {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], x: u32, y: u32) -> [f32; 3] {
        let light = luminance(rgb);
        let light = if light > 0.0 { light } else { 0.0 };
        let below_white = 1.0 - light.sqrt();
        let below_white = if below_white > 0.0 { below_white } else { 0.0 };
        let depth = self.strength * below_white;
        let swing = self.noise(x, y).mul_add(depth, 1.0);
        let swing = if swing > 0.0 { swing } else { 0.0 };
        let gain = swing * swing / depth.mul_add(depth, 1.0);
        rgb.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests;
