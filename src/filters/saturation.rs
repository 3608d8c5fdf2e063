//! Saturation: all colours stronger or weaker, by the same factor.
//!
//! **Formula**: `out = Y + (1 + amount ÷ 100) · (in − Y)` in linear light, Y the luminance, which
//! stays. Where that would take the weakest channel below 0, out of the working gamut, the factor
//! ends at 0 exactly; what already lies outside is not pushed further. So a stack of these cannot
//! run away. **Range**: −100…100; −100 is grey, +100 twice the colour.
//! **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: exact but for pixels at the
//! gamut's edge.

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;

static SPEC: Spec = Spec {
    id: "saturation",
    label: "Saturation",
    summary: "makes all colours stronger or weaker alike",
    group: Group::Color,
    rank: 310,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "amount",
        label: "Saturation",
        kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), 20.0)),
    }],
};

pub(super) struct Saturation;

impl Filter for Saturation {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Chroma::new(values.number(AMOUNT)))))
    }
}

struct Chroma {
    factor: f32,
}

impl Chroma {
    fn new(amount: f64) -> Self {
        Self {
            factor: (1.0 + amount / 100.0) as f32,
        }
    }
}

impl Pixelwise for Chroma {
    #[inline(always)]
    fn pixel(&self, [r, g, b]: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let y = luminance([r, g, b]);
        let least = if r < g { r } else { g };
        let least = if b < least { b } else { least };
        let below = y - least;
        let below = if below > 1.0e-12 { below } else { 1.0e-12 };
        let to_edge = y / below;
        let to_edge = if to_edge > 1.0 { to_edge } else { 1.0 };
        let factor = if self.factor < to_edge {
            self.factor
        } else {
            to_edge
        };
        [r, g, b].map(|value| factor.mul_add(value - y, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    fn reference(amount: f64, rgb: [f64; 3]) -> [f64; 3] {
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        let least = rgb.iter().copied().fold(f64::INFINITY, f64::min);
        let mut factor = 1.0 + amount / 100.0;
        if factor > 1.0 && least < 0.0 {
            factor = 1.0;
        } else if factor > 1.0 && y + factor * (least - y) < 0.0 {
            factor = y / (y - least);
        }
        rgb.map(|value| y + factor * (value - y))
    }

    #[test]
    fn agrees_with_the_formula() {
        for amount in [-100.0, -45.0, 0.0, 20.0, 100.0] {
            probe::agrees(&Saturation, &[amount], |rgb| reference(amount, rgb));
            probe::stays_finite(&Saturation, &[amount]);
            probe::same_bits_everywhere(&Chroma::new(amount));
        }
    }

    #[test]
    fn least_is_grey_and_more_is_stronger() {
        let [r, g, b] = probe::one(&Saturation, &[-100.0], [0.7, 0.2, 0.4]);
        assert!(r == g && g == b, "{r} {g} {b}");
        let mut last = -1.0;
        for amount in (-100..=100).step_by(10) {
            let [r, g, _] = probe::one(&Saturation, &[f64::from(amount)], [0.5, 0.4, 0.45]);
            assert!(r - g > last, "{amount}");
            last = r - g;
        }
    }

    #[test]
    fn a_stack_of_them_does_not_run_away() {
        let mut color = [0.9_f32, 0.3, 0.05];
        for _ in 0..20 {
            color = probe::one(&Saturation, &[100.0], color);
        }
        assert!(color.iter().all(|c| (-1e-5..4.0).contains(c)), "{color:?}");
    }
}
