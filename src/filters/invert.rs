//! Invert: the negative.
//!
//! **Formula**: each channel 1 − v, on display-encoded values in sRGB primaries, so that what a display
//! is sent becomes 255 minus it. What lies above white or outside the gamut goes as far below 0, so
//! that twice is once again the picture. **Alpha**: untouched. **Reach**: the pixel itself.
//! **Preview**: as the export, except that tones are averaged before instead of after it.

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::display::{Mix, decode, each, encode};
use super::pixelwise::{EachPixel, Pixelwise};
use super::spec::{Group, Spec};
use super::value::Values;

static SPEC: Spec = Spec {
    id: "invert",
    label: "Invert",
    summary: "makes the negative: light becomes dark, colours become their opposites",
    group: Group::Effects,
    rank: 590,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[],
};

pub(super) struct Invert;

impl Filter for Invert {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, _values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Negative::new())))
    }
}

struct Negative {
    to_srgb: Mix,
    from_srgb: Mix,
}

impl Negative {
    fn new() -> Self {
        Self {
            to_srgb: Mix::to_srgb(),
            from_srgb: Mix::from_srgb(),
        }
    }
}

impl Pixelwise for Negative {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let light = self.to_srgb.apply(rgb);
        let opposite = each(
            light,
            #[inline(always)]
            |value| decode(1.0 - encode(value)),
        );
        self.from_srgb.apply(opposite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::pixels::color::{Curve, Primaries, apply3, inverse3};

    fn reference(rgb: [f64; 3]) -> [f64; 3] {
        let xyz = apply3(&Primaries::REC2020.to_xyz(), rgb);
        let srgb = apply3(&inverse3(&Primaries::REC709.to_xyz()), xyz);
        let signed = |way: fn(&Curve, f64) -> f64, x: f64| way(&Curve::SRGB, x.abs()).copysign(x);
        let opposite = srgb.map(|x| signed(Curve::to_linear, 1.0 - signed(Curve::to_encoded, x)));
        let xyz = apply3(&Primaries::REC709.to_xyz(), opposite);
        apply3(&inverse3(&Primaries::REC2020.to_xyz()), xyz)
    }

    #[test]
    fn agrees_with_the_formula() {
        probe::agrees(&Invert, &[], reference);
        probe::stays_finite(&Invert, &[]);
        probe::same_bits_everywhere(&Negative::new());
    }

    #[test]
    fn black_and_white_change_places_and_twice_is_nothing() {
        for (from, to) in [(0.0, 1.0), (1.0, 0.0)] {
            let out = probe::one(&Invert, &[], [from; 3]);
            assert!(out.iter().all(|c| (c - to).abs() < 1e-5), "{from} {out:?}");
        }
        for color in probe::colors() {
            let back = probe::one(&Invert, &[], probe::one(&Invert, &[], color));
            for (got, was) in back.iter().zip(color) {
                assert!(
                    (got - was).abs() < 4e-5 * was.abs().max(1.0),
                    "{color:?} {back:?}"
                );
            }
        }
    }
}
