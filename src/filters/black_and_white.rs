//! Black and white: luminance alone, as panchromatic film saw it.
//!
//! **Formula**: `r = g = b = Y`, the luminance in linear working light. A mixer of colours will add
//! parameters here. **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: exact at every
//! scale (a weighted sum commutes with averaging).

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, Spec};
use super::value::Values;

static SPEC: Spec = Spec {
    id: "black-and-white",
    label: "Black and white",
    summary: "takes all colour out and keeps the luminance",
    group: Group::Color,
    rank: 320,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[],
};

pub(super) struct BlackAndWhite;

impl Filter for BlackAndWhite {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, _values: &Values, _frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Grey)))
    }
}

struct Grey;

impl Pixelwise for Grey {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        [luminance(rgb); 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::pixels::color::Primaries;

    #[test]
    fn agrees_with_the_luminance_of_the_primaries() {
        let luma = Primaries::REC2020.to_xyz()[1];
        probe::agrees(&BlackAndWhite, &[], |rgb| {
            [rgb.iter().zip(luma).map(|(c, w)| c * w).sum(); 3]
        });
        probe::stays_finite(&BlackAndWhite, &[]);
        probe::same_bits_everywhere(&Grey);
    }

    #[test]
    fn grey_stays_and_twice_is_once() {
        let once = probe::one(&BlackAndWhite, &[], [0.3, 0.6, 0.1]);
        let twice = probe::one(&BlackAndWhite, &[], once);
        assert!((once[0] - twice[0]).abs() < 1e-6);
        assert!(!Values::identity(&SPEC).is_identity(&SPEC));
    }
}
