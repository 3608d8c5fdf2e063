//! The grade against its formula in f64, and what a photographer expects of it.

use super::*;
use crate::filters::hue_bands::probed::{light_of, oklab};
use crate::filters::probe;

type V3 = [f64; 3];

fn step(low: f64, high: f64, x: f64) -> f64 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn reference(n: &[f64], rgb: V3) -> V3 {
    let [l, a, b] = oklab(rgb);
    let (width, shift) = (0.12 + 0.2 * n[9] / 100.0, 0.2 * n[10] / 100.0);
    let (s, h) = (1.0 / 3.0 - shift, 2.0 / 3.0 - shift);
    let shadows = 1.0 - step(s - width, s + width, l);
    let highlights = step(h - width, h + width, l);
    let weights = [shadows, 1.0 - shadows - highlights, highlights];
    let (mut da, mut db, mut stops) = (0.0, 0.0, 0.0);
    for (range, weight) in weights.into_iter().enumerate() {
        let [x, y] = direction_of_hue(n[3 * range]);
        let chroma = 0.15 * n[3 * range + 1] / 100.0;
        da += weight * x * chroma;
        db += weight * y * chroma;
        stops += weight * 0.75 * n[3 * range + 2] / 100.0;
    }
    let gain = 2.0_f64.powf(stops / 3.0);
    let lab = [l, a + da * l.max(0.0), b + db * l.max(0.0)].map(|c| c * gain);
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

const TEAL_AND_ORANGE: [f64; 11] = [
    215.0, 60.0, -20.0, 35.0, 10.0, 0.0, 40.0, 45.0, 30.0, 50.0, 0.0,
];

#[test]
fn agrees_with_the_formula() {
    let wild = [
        0.0, 100.0, 100.0, 120.0, 100.0, -100.0, 300.0, 100.0, 100.0, 0.0, 80.0,
    ];
    let soft = [
        90.0, 0.0, -100.0, 10.0, 0.0, 0.0, 200.0, 30.0, 0.0, 100.0, -100.0,
    ];
    for numbers in [TEAL_AND_ORANGE, wild, soft] {
        probe::agrees(&ColorGrading, &numbers, |rgb| reference(&numbers, rgb));
        probe::stays_finite(&ColorGrading, &numbers);
        probe::same_bits_everywhere(&Grade::new(&numbers));
    }
}

#[test]
fn shadows_turn_teal_and_highlights_orange_while_black_stays() {
    let at = |y: f32| probe::one(&ColorGrading, &TEAL_AND_ORANGE, [y; 3]);
    let [r, _, b] = at(0.01);
    assert!(b > 1.2 * r, "{r} {b}");
    let [r, _, b] = at(0.8);
    assert!(r > 1.2 * b, "{r} {b}");
    assert!(at(0.0).iter().all(|c| c.abs() < 1e-6));
}

#[test]
fn a_tint_keeps_luminance_nearly_and_lighter_stays_lighter() {
    let mut tint = TEAL_AND_ORANGE;
    (tint[2], tint[8]) = (0.0, 0.0);
    for y in [0.02, 0.18, 0.7] {
        let lit = luminance(probe::one(&ColorGrading, &tint, [y; 3]));
        assert!((lit / y - 1.0).abs() < 0.12, "{y} {lit}");
    }
    for (shadows, highlights) in [(100.0, -100.0), (-100.0, 100.0)] {
        let mut light = [0.0; 11];
        (light[2], light[8], light[9]) = (shadows, highlights, 0.0);
        let ramp: Vec<[f32; 3]> = (0..3000)
            .map(|i| [(i as f32 / 2500.0).powi(3); 3])
            .collect();
        let values = probe::values(&ColorGrading, &light);
        let kernel = probe::kernel(&ColorGrading, &values, &probe::FRAME);
        let curve = probe::render(kernel.as_ref(), &ramp, 0, 0);
        let rises = curve.windows(2).all(|pair| pair[1][1] >= pair[0][1] - 1e-6);
        assert!(rises, "{shadows} {highlights}");
    }
}
