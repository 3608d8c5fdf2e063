//! The bands against their formula in f64, and what a photographer expects of them.

use super::probed::{V3, light_of, oklab, share_of};
use super::*;
use crate::filters::probe;

fn reference(sliders: &[f64], rgb: V3) -> V3 {
    let [l, a, b] = oklab(rgb);
    let hue = b.atan2(a).to_degrees().rem_euclid(360.0);
    let t = ((a.hypot(b) / l.max(1e-4) - 0.01) / 0.05).clamp(0.0, 1.0);
    let counts = t * t * (3.0 - 2.0 * t);
    let part = |part: usize| -> f64 {
        let shares = (0..8).map(|band| share_of(band, hue) * sliders[8 * part + band]);
        counts * shares.sum::<f64>() / 100.0
    };
    let angle = b.atan2(a) + part(0) * 30.0_f64.to_radians();
    let chroma = a.hypot(b) * (1.0 + part(1));
    let gain = 2.0_f64.powf(part(2) / 3.0);
    let lab = [l, chroma * angle.cos(), chroma * angle.sin()].map(|c| c * gain);
    let out = light_of(lab);
    let y = 0.262_700_2 * out[0] + 0.677_998_1 * out[1] + 0.059_301_7 * out[2];
    let floor = rgb.iter().copied().fold(0.0, f64::min);
    let low = out.iter().copied().fold(f64::INFINITY, f64::min);
    if low >= floor {
        return out;
    }
    let left = ((y - floor) / (y - low).max(1e-12)).max(0.0);
    out.map(|c| y + (c - y) * left)
}

fn sliders(pairs: &[(&str, f64)]) -> Vec<f64> {
    let mut sliders = vec![0.0; 24];
    for (id, value) in pairs {
        sliders[SPEC.param_idx(id).unwrap()] = *value;
    }
    sliders
}

#[test]
fn agrees_with_the_formula() {
    let all: Vec<f64> = (0..24)
        .map(|i| f64::from((i * 37) % 201 - 100) * 0.8)
        .collect();
    for numbers in [
        sliders(&[]),
        sliders(&[("blue-luminance", -60.0), ("green-hue", 40.0)]),
        sliders(&[("red-saturation", -100.0), ("orange-saturation", 70.0)]),
        all,
    ] {
        probe::agrees(&HueBands, &numbers, |rgb| reference(&numbers, rgb));
        probe::stays_finite(&HueBands, &numbers);
        let array: [f64; 24] = numbers.clone().try_into().unwrap();
        probe::same_bits_everywhere(&Turning::new(&array));
    }
}

#[test]
fn greys_stay_whatever_the_sliders_say() {
    let numbers = [100.0; 24];
    for grey in [0.0, 0.001, 0.18, 1.0, 4.0] {
        let out = probe::one(&HueBands, &numbers, [grey; 3]);
        assert!(
            out.iter().all(|c| (c - grey).abs() < 2e-5 * grey.max(0.01)),
            "{grey} {out:?}"
        );
    }
}

#[test]
fn a_band_changes_its_colour_and_leaves_far_ones() {
    let sky = [0.16, 0.28, 0.55];
    let darker = sliders(&[("blue-luminance", -50.0)]);
    let [r, g, b] = probe::one(&HueBands, &darker, sky);
    assert!(r < 0.13 && g < 0.24 && b < 0.46, "{r} {g} {b}");
    let leaf = [0.12, 0.2, 0.05];
    for (got, was) in probe::one(&HueBands, &darker, leaf).iter().zip(leaf) {
        assert!((got - was).abs() < 1e-5);
    }
    let grey = sliders(&[("blue-saturation", -100.0), ("aqua-saturation", -100.0)]);
    let [r, _, b] = probe::one(&HueBands, &grey, sky);
    assert!((b / r - 1.0).abs() < 0.02, "{r} {b}");
}

#[test]
fn more_saturation_never_leaves_the_gamut() {
    let full = sliders(&[("green-saturation", 100.0), ("aqua-saturation", 100.0)]);
    for color in [[0.05, 0.6, 0.1], [0.0, 0.6, 0.6], [0.01, 0.2, 0.0]] {
        let out = probe::one(&HueBands, &full, color);
        assert!(out.iter().all(|c| *c > -1e-5), "{color:?} {out:?}");
    }
}
