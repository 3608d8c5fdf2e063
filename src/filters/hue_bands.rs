//! Colour bands: hue, saturation and luminance of reds, oranges, yellows, greens, aquas, blues, purples
//! and magentas, each for itself.
//!
//! **Formula**: in Oklab (Ottosson 2020), where turning a hue leaves its lightness. The pixel's hue h
//! gives each of the eight bands a share (smooth steps between neighbouring centres, adding up to 1:
//! `kernels::bands`), and the shares weigh the sliders. Then, with f = smoothstep(0.01, 0.06, chroma ÷
//! lightness), by which greys and their noise are spared: the hue turns by 30° · f · hue; chroma is
//! multiplied by 1 + f · saturation; light by 2^(f · luminance), one stop at most. A channel that would
//! fall below 0 is brought back by taking out colour at the same luminance. Compared with HSL or HSV
//! hexagons (blues turning purple, yellows brightening as they turn) the results stay natural.
//! **Range**: −100…100 each; −100 saturation is grey. **Alpha**: untouched. **Reach**: the pixel itself.
//! **Preview**: as the export, except that colours are averaged before instead of after.

use crate::pixels::math::{exp2, smoothstep};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::bands::{Bands, N_BANDS};
use super::kernels::display::{each, lifted_to};
use super::kernels::oklab::{Oklab, hue_degrees, saturation, turned};
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Section, Spec, Track};
use super::value::Values;

const INKS: [u32; N_BANDS] = [
    0xC8_52_4E, 0xD0_8C_4A, 0xC9_BC_4F, 0x62_B0_66, 0x55_B4_B4, 0x5B_86_D6, 0x8E_6B_D0, 0xC2_5F_B4,
];

/// A slider of one band, its track in the colours it leads to.
pub(super) const fn band(
    id: &'static str,
    label: &'static str,
    identity: Option<f64>,
    on_add: f64,
    inks: [u32; 3],
) -> ParamSpec {
    ParamSpec {
        id,
        label,
        kind: ParamKind::Number(NumberSpec {
            track: Track::Blend(inks),
            ..NumberSpec::percent(-100.0, identity, on_add)
        }),
    }
}

const fn hues(band: usize) -> [u32; 3] {
    let before = INKS[(band + N_BANDS - 1) % N_BANDS];
    [before, INKS[band], INKS[(band + 1) % N_BANDS]]
}

const fn strengths(band: usize) -> [u32; 3] {
    [0x6E_6E_6E, mixed(INKS[band], 0x6E_6E_6E), INKS[band]]
}

/// From dark to light.
pub(super) const fn lights(band: usize) -> [u32; 3] {
    [
        mixed(INKS[band], 0),
        INKS[band],
        mixed(INKS[band], 0xFF_FF_FF),
    ]
}

/// Half of each.
const fn mixed(one: u32, other: u32) -> u32 {
    ((one >> 1) & 0x7F_7F_7F) + ((other >> 1) & 0x7F_7F_7F)
}

/// Three parameters a band: all hues, then all saturations, then all luminances. With each band's
/// name come the saturation and the luminance it starts with.
macro_rules! all {
    ($(($band:literal, $id:literal, $label:literal, $saturation:literal, $luminance:literal)),* $(,)?) => {
        [
            $(band(concat!($id, "-hue"), concat!($label, " hue"), Some(0.0), 0.0, hues($band)),)*
            $(band(
                concat!($id, "-saturation"), concat!($label, " saturation"), Some(0.0), $saturation,
                strengths($band),
            ),)*
            $(band(
                concat!($id, "-luminance"), concat!($label, " luminance"), Some(0.0), $luminance,
                lights($band),
            ),)*
        ]
    };
}

static SPEC: Spec = Spec {
    id: "hue-bands",
    label: "Colour bands",
    summary: "changes hue, saturation and luminance of each of eight colours",
    group: Group::Color,
    rank: 315,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &all![
        (0, "red", "Red", 0.0, 0.0),
        (1, "orange", "Orange", 0.0, 10.0),
        (2, "yellow", "Yellow", 0.0, 0.0),
        (3, "green", "Green", 15.0, 0.0),
        (4, "aqua", "Aqua", 0.0, -20.0),
        (5, "blue", "Blue", 20.0, -30.0),
        (6, "purple", "Purple", 0.0, 0.0),
        (7, "magenta", "Magenta", 0.0, 0.0),
    ],
};

pub(super) struct HueBands;

impl Filter for HueBands {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let sliders = std::array::from_fn(|idx| values.number(idx));
        Prepared::Point(Box::new(EachPixel(Turning::new(&sliders))))
    }

    fn sections(&self) -> &'static [Section] {
        const fn eight(label: &'static str) -> Section {
            let n_params = N_BANDS;
            Section { label, n_params }
        }
        const { &[eight("Hue"), eight("Saturation"), eight("Luminance")] }
    }
}

/// What a hue slider turns at its end, in radians: 30°, about the way to the next band.
const MOST_TURN: f64 = std::f64::consts::FRAC_PI_6;
/// Chroma ÷ lightness at which a colour begins to count, and at which it counts in full.
const FAINT: [f32; 2] = [0.01, 0.06];

/// For each band: radians, gain of chroma less 1, stops.
struct Turning {
    lab: Oklab,
    bands: Bands<3>,
}

impl Turning {
    fn new(sliders: &[f64; 3 * N_BANDS]) -> Self {
        let of_band = |band: usize| {
            let [hue, chroma, light] = [0, 1, 2].map(|part| sliders[part * N_BANDS + band] / 100.0);
            [hue * MOST_TURN, chroma, light]
        };
        Self {
            lab: Oklab::default(),
            bands: Bands::new(&std::array::from_fn(of_band)),
        }
    }
}

impl Pixelwise for Turning {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let [l, a, b] = self.lab.of_light(rgb);
        let counts = smoothstep(FAINT[0], FAINT[1], saturation([l, a, b]));
        let [turn, chroma, stops] = each(
            self.bands.at(hue_degrees(a, b)),
            #[inline(always)]
            |value| counts * value,
        );
        let [a, b] = turned(a, b, turn);
        // Light is the cube of these.
        let gain = exp2(stops * (1.0 / 3.0));
        let colour = gain * (1.0 + chroma);
        let out = self.lab.to_light([l * gain, a * colour, b * colour]);
        lifted_to(out, luminance(out), lowest(rgb))
    }
}

/// The weakest channel, or 0 where all have light: what a colour may not fall below.
#[inline(always)]
fn lowest([r, g, b]: [f32; 3]) -> f32 {
    let low = if r < g { r } else { g };
    let low = if b < low { b } else { low };
    if low < 0.0 { low } else { 0.0 }
}

#[cfg(test)]
pub(super) mod probed;
#[cfg(test)]
mod tests;
