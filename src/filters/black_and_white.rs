//! Black and white: luminance alone, as panchromatic film saw it, with a slider for each colour's tone,
//! as coloured filters before the lens had it.
//!
//! **Formula**: `r = g = b = Y · 2^(1.5 · w · s)`, Y the luminance in linear working light, w the sliders
//! ÷ 100 weighed by the pixel's share in each of the eight bands (`kernels::bands`, by hue in Oklab),
//! s = smoothstep(0, 0.2, chroma ÷ lightness). So greys keep their tone whatever the sliders say, skies
//! and leaves move by up to a stop and a half, and neighbouring hues blend without edges, where a sum of
//! weighted channels would also move the greys. With all sliders at 0 it is Y itself.
//! **Range**: −100…100 each. **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: exact at
//! every scale with all sliders at 0 (a weighted sum commutes with averaging), else as the export,
//! except that colours are averaged before instead of after.

use crate::pixels::math::{exp2, smoothstep};

use super::Filter;
use super::frame::Frame;
use super::hue_bands::{band, lights};
use super::kernel::Prepared;
use super::kernels::bands::{Bands, N_BANDS};
use super::kernels::oklab::{Oklab, hue_degrees, saturation};
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{Group, ParamSpec, Spec};
use super::value::Values;

const fn weight(id: &'static str, label: &'static str, band_idx: usize) -> ParamSpec {
    band(id, label, None, 0.0, lights(band_idx))
}

static SPEC: Spec = Spec {
    id: "black-and-white",
    label: "Black and white",
    summary: "takes all colour out; each colour's tone can be lightened or darkened",
    group: Group::Color,
    rank: 320,
    // Without sliders it was 1 as well, and gave the same.
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        weight("red", "Red", 0),
        weight("orange", "Orange", 1),
        weight("yellow", "Yellow", 2),
        weight("green", "Green", 3),
        weight("aqua", "Aqua", 4),
        weight("blue", "Blue", 5),
        weight("purple", "Purple", 6),
        weight("magenta", "Magenta", 7),
    ],
};

pub(super) struct BlackAndWhite;

impl Filter for BlackAndWhite {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let sliders = std::array::from_fn(|band_idx| values.number(band_idx));
        Prepared::Point(if sliders == [0.0; N_BANDS] {
            Box::new(EachPixel(Grey))
        } else {
            Box::new(EachPixel(Mixer::new(&sliders)))
        })
    }
}

struct Grey;

impl Pixelwise for Grey {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        [luminance(rgb); 3]
    }
}

/// Stops at a slider's end.
const MOST_STOPS: f64 = 1.5;
/// Chroma ÷ lightness at which a colour counts in full.
const FULL: f32 = 0.2;

struct Mixer {
    lab: Oklab,
    stops: Bands<1>,
}

impl Mixer {
    fn new(sliders: &[f64; N_BANDS]) -> Self {
        Self {
            lab: Oklab::default(),
            stops: Bands::new(&sliders.map(|value| [MOST_STOPS * value / 100.0])),
        }
    }
}

impl Pixelwise for Mixer {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let lab = self.lab.of_light(rgb);
        let [stops] = self.stops.at(hue_degrees(lab[1], lab[2]));
        let counts = smoothstep(0.0, FULL, saturation(lab));
        [luminance(rgb) * exp2(stops * counts); 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::hue_bands::probed::{oklab, share_of};
    use crate::filters::probe;
    use crate::pixels::color::Primaries;

    fn reference(sliders: &[f64], rgb: [f64; 3]) -> [f64; 3] {
        let luma = Primaries::REC2020.to_xyz()[1];
        let y: f64 = rgb.iter().zip(luma).map(|(c, w)| c * w).sum();
        let [l, a, b] = oklab(rgb);
        let hue = b.atan2(a).to_degrees().rem_euclid(360.0);
        let weighed: f64 = (0..sliders.len())
            .map(|band_idx| sliders[band_idx] * share_of(band_idx, hue))
            .sum();
        let t = (a.hypot(b) / l.max(1e-4) / 0.2).clamp(0.0, 1.0);
        let counts = t * t * (3.0 - 2.0 * t);
        [y * 2.0_f64.powf(1.5 * weighed / 100.0 * counts); 3]
    }

    #[test]
    fn agrees_with_the_formula() {
        let filter = [60.0, 40.0, 10.0, -20.0, -50.0, -80.0, 0.0, 100.0];
        for sliders in [&[0.0; 8], &filter, &[100.0; 8]] {
            probe::agrees(&BlackAndWhite, sliders, |rgb| reference(sliders, rgb));
            probe::stays_finite(&BlackAndWhite, sliders);
            probe::same_bits_everywhere(&Mixer::new(sliders));
        }
        probe::same_bits_everywhere(&Grey);
    }

    #[test]
    fn as_added_it_is_the_luminance_bit_for_bit() {
        let added = Values::on_add(&SPEC);
        let kernel = probe::kernel(&BlackAndWhite, &added, &probe::FRAME);
        for (color, got) in
            probe::colors()
                .iter()
                .zip(probe::render(kernel.as_ref(), &probe::colors(), 0, 0))
        {
            assert_eq!(got.map(f32::to_bits), [luminance(*color).to_bits(); 3]);
        }
        assert!(!added.is_identity(&SPEC) && !Values::identity(&SPEC).is_identity(&SPEC));
    }

    #[test]
    fn grey_stays_and_a_red_filter_darkens_the_sky() {
        let red_filter = [60.0, 40.0, 0.0, 0.0, -60.0, -80.0, 0.0, 0.0];
        let grey = probe::one(&BlackAndWhite, &red_filter, [0.3; 3]);
        assert!(grey.iter().all(|c| (c - 0.3).abs() < 1e-5), "{grey:?}");
        let sky = [0.16, 0.28, 0.55];
        let plain = probe::one(&BlackAndWhite, &[], sky)[0];
        let darker = probe::one(&BlackAndWhite, &red_filter, sky)[0];
        assert!(darker < 0.75 * plain, "{plain} {darker}");
        let once = probe::one(&BlackAndWhite, &[], [0.3, 0.6, 0.1]);
        let twice = probe::one(&BlackAndWhite, &[], once);
        assert!((once[0] - twice[0]).abs() < 1e-6);
    }
}
