//! Colour grading: shadows, mid-tones and highlights each tinted and lit on their own.
//!
//! **Formula**: in Oklab (Ottosson 2020). Lightness L decides what a pixel is: shadows by
//! 1 − smoothstep(s − w, s + w, L), highlights by smoothstep(h − w, h + w, L), mid-tones by the rest,
//! with s = ⅓ − 0.2 · balance, h = ⅔ − 0.2 · balance and w = 0.12 + 0.2 · blending. The weights always
//! add up to 1. Each range adds its hue's direction · 0.15 · saturation · L to a and b: in proportion to
//! lightness, so that black stays black and tints look alike in all exposures, and at the same
//! lightness; its luminance multiplies light by 2^(0.75 · luminance), weights blended. A channel that
//! would fall below 0 is brought back by taking out colour at the same luminance. Wheels on lift, gamma
//! and gain (as in video) shift greys' brightness with their tint; this form does not.
//! **Range**: hue 0…360° on the circle people know (0 red, 120 green, 240 blue), saturation 0…100,
//! luminance ±100 (¾ stop), blending 0…100, balance ±100 (positive: more is highlight).
//! **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: as the export, except that tones are
//! averaged before instead of after.

use crate::pixels::math::{exp2, smoothstep};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::display::{each, lifted_to};
use super::kernels::oklab::{Oklab, direction_of_hue};
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Section, Spec, Track, Unit};
use super::value::Values;

/// Parameters of each range: hue, saturation, luminance.
const PER_RANGE: usize = 3;
const BLENDING: usize = 3 * PER_RANGE;
const BALANCE: usize = BLENDING + 1;

const fn hue(id: &'static str, label: &'static str, on_add: f64) -> ParamSpec {
    ParamSpec {
        id,
        label,
        kind: ParamKind::Number(NumberSpec {
            min: 0.0,
            max: 360.0,
            step: 5.0,
            identity: None,
            on_add,
            unit: Unit::Degrees,
            decimals: 0,
            track: Track::Hue,
        }),
    }
}

const fn amount(
    id: &'static str,
    label: &'static str,
    min: f64,
    identity: Option<f64>,
    on_add: f64,
) -> ParamSpec {
    ParamSpec {
        id,
        label,
        kind: ParamKind::Number(NumberSpec::percent(min, identity, on_add)),
    }
}

static SPEC: Spec = Spec {
    id: "color-grading",
    label: "Colour grading",
    summary: "tints and lights shadows, mid-tones and highlights on their own",
    group: Group::Color,
    rank: 330,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        hue("shadows-hue", "Hue of shadows", 215.0),
        amount(
            "shadows-saturation",
            "Saturation of shadows",
            0.0,
            Some(0.0),
            25.0,
        ),
        amount(
            "shadows-luminance",
            "Luminance of shadows",
            -100.0,
            Some(0.0),
            0.0,
        ),
        hue("midtones-hue", "Hue of mid-tones", 35.0),
        amount(
            "midtones-saturation",
            "Saturation of mid-tones",
            0.0,
            Some(0.0),
            0.0,
        ),
        amount(
            "midtones-luminance",
            "Luminance of mid-tones",
            -100.0,
            Some(0.0),
            0.0,
        ),
        hue("highlights-hue", "Hue of highlights", 40.0),
        amount(
            "highlights-saturation",
            "Saturation of highlights",
            0.0,
            Some(0.0),
            25.0,
        ),
        amount(
            "highlights-luminance",
            "Luminance of highlights",
            -100.0,
            Some(0.0),
            0.0,
        ),
        amount("blending", "Blending", 0.0, None, 50.0),
        amount("balance", "Balance", -100.0, None, 0.0),
    ],
};

pub(super) struct ColorGrading;

impl Filter for ColorGrading {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let numbers = std::array::from_fn(|idx| values.number(idx));
        Prepared::Point(Box::new(EachPixel(Grade::new(&numbers))))
    }

    fn sections(&self) -> &'static [Section] {
        const fn of(label: &'static str, n_params: usize) -> Section {
            Section { label, n_params }
        }
        const {
            &[
                of("Shadows", PER_RANGE),
                of("Mid-tones", PER_RANGE),
                of("Highlights", PER_RANGE),
                of("Blend", 2),
            ]
        }
    }
}

/// Chroma ÷ lightness that a saturation of 100 adds.
const MOST_TINT: f64 = 0.15;
const MOST_STOPS: f64 = 0.75;

/// a, b and stops that a range adds.
type Tint = [f32; 3];

struct Grade {
    lab: Oklab,
    middle: Tint,
    /// How shadows and highlights differ from the mid-tones.
    shadows_less_middle: Tint,
    highlights_less_middle: Tint,
    /// Lightness where shadows end, and where highlights begin.
    shadow_edges: [f32; 2],
    highlight_edges: [f32; 2],
}

impl Grade {
    fn new(numbers: &[f64; BALANCE + 1]) -> Self {
        let tint = |range: usize| {
            let first = range * PER_RANGE;
            let [hue, saturation, light] = [numbers[first], numbers[first + 1], numbers[first + 2]];
            let direction = direction_of_hue(hue);
            let [a, b] = direction.map(|part| part * MOST_TINT * saturation / 100.0);
            [a, b, MOST_STOPS * light / 100.0]
        };
        let [shadows, middle, highlights] = [tint(0), tint(1), tint(2)];
        let less = |one: [f64; 3]| std::array::from_fn(|k| (one[k] - middle[k]) as f32);
        let half_width = 0.12 + 0.2 * numbers[BLENDING] / 100.0;
        let shift = 0.2 * numbers[BALANCE] / 100.0;
        let edges =
            |middle: f64| [-half_width, half_width].map(|away| (middle - shift + away) as f32);
        Self {
            lab: Oklab::default(),
            middle: middle.map(|value| value as f32),
            shadows_less_middle: less(shadows),
            highlights_less_middle: less(highlights),
            shadow_edges: edges(1.0 / 3.0),
            highlight_edges: edges(2.0 / 3.0),
        }
    }
}

impl Pixelwise for Grade {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let [l, a, b] = self.lab.of_light(rgb);
        let shadow = 1.0 - smoothstep(self.shadow_edges[0], self.shadow_edges[1], l);
        let highlight = smoothstep(self.highlight_edges[0], self.highlight_edges[1], l);
        let mixed = |k: usize| {
            let lit = highlight.mul_add(self.highlights_less_middle[k], self.middle[k]);
            shadow.mul_add(self.shadows_less_middle[k], lit)
        };
        let [da, db, stops] = [mixed(0), mixed(1), mixed(2)];
        let weight = if l > 0.0 { l } else { 0.0 };
        let tinted = [l, da.mul_add(weight, a), db.mul_add(weight, b)];
        // Light is the cube of these.
        let gain = exp2(stops * (1.0 / 3.0));
        let out = self.lab.to_light(each(
            tinted,
            #[inline(always)]
            |value| value * gain,
        ));
        let low = if rgb[0] < rgb[1] { rgb[0] } else { rgb[1] };
        let low = if rgb[2] < low { rgb[2] } else { low };
        lifted_to(out, luminance(out), if low < 0.0 { low } else { 0.0 })
    }
}

#[cfg(test)]
mod tests;
