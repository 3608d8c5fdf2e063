//! The curve against its formula in f64, and what a photographer expects of it.

use super::*;
use crate::filters::probe;
use crate::filters::value::Value;

const S: &[[f64; 2]] = &[[0.0, 0.0], [0.25, 0.15], [0.75, 0.85], [1.0, 1.0]];
const FADED: &[[f64; 2]] = &[[0.0, 0.12], [0.4, 0.42], [1.0, 0.9]];
const STRAIGHT: &[[f64; 2]] = &[[0.0, 0.0], [1.0, 1.0]];

fn many() -> Vec<[f64; 2]> {
    (0..16)
        .map(|i| f64::from(i) / 15.0)
        .map(|x| [x, x.powf(0.8)])
        .collect()
}

fn values(curves: [&[[f64; 2]]; 4]) -> Values {
    let start = Values::identity(&SPEC);
    curves
        .iter()
        .enumerate()
        .fold(start, |values, (idx, points)| {
            values.with(idx, Value::Curve(CurvePoints::new(points).unwrap()))
        })
}

fn encoded(x: f64) -> f64 {
    let v = x.abs();
    let v = if v < 0.003_130_8 {
        12.92 * v
    } else {
        1.055 * v.powf(1.0 / 2.4) - 0.055
    };
    v.copysign(x)
}

fn decoded(v: f64) -> f64 {
    let x = v.abs();
    let x = if x < 0.04045 {
        x / 12.92
    } else {
        ((x + 0.055) / 1.055).powf(2.4)
    };
    x.copysign(v)
}

/// Height by the Hermite basis between tangents found by Fritsch and Carlson's rule.
fn height(points: &[[f64; 2]], x: f64) -> f64 {
    let n = points.len();
    if x > 1.0 {
        return height(points, 1.0) * x;
    }
    if x < 0.0 {
        return points[0][1] + x;
    }
    if x <= points[0][0] {
        return points[0][1];
    }
    if x >= points[n - 1][0] {
        return points[n - 1][1];
    }
    let rise = |k: usize| (points[k + 1][1] - points[k][1]) / (points[k + 1][0] - points[k][0]);
    let free = |k: usize| match k {
        0 => rise(0),
        k if k == n - 1 => rise(n - 2),
        k if rise(k - 1) * rise(k) <= 0.0 => 0.0,
        k => 0.5 * (rise(k - 1) + rise(k)),
    };
    let mut slopes: Vec<f64> = (0..n).map(free).collect();
    for k in 0..n - 1 {
        let length = (slopes[k] / rise(k)).hypot(slopes[k + 1] / rise(k));
        if length > 3.0 {
            slopes[k] *= 3.0 / length;
            slopes[k + 1] *= 3.0 / length;
        }
    }
    let k = (0..n - 1).find(|&k| x <= points[k + 1][0]).unwrap();
    let h = points[k + 1][0] - points[k][0];
    let t = (x - points[k][0]) / h;
    points[k][1] * (1.0 + 2.0 * t) * (1.0 - t).powi(2)
        + slopes[k] * h * t * (1.0 - t).powi(2)
        + points[k + 1][1] * t * t * (3.0 - 2.0 * t)
        + slopes[k + 1] * h * t * t * (t - 1.0)
}

fn reference(curves: [&[[f64; 2]]; 4], rgb: [f64; 3]) -> [f64; 3] {
    let mut rgb = rgb;
    if curves[0] != STRAIGHT {
        let y = 0.262_700_2 * rgb[0] + 0.677_998_1 * rgb[1] + 0.059_301_7 * rgb[2];
        let lit = y.max(0.0);
        let target = decoded(height(curves[0], encoded(lit)));
        let gain = (target / lit.max(1e-9)).min(8.0);
        rgb = rgb.map(|value| target + (value - y) * gain);
    }
    if curves[1..].iter().all(|curve| *curve == STRAIGHT) {
        return rgb;
    }
    std::array::from_fn(|c| decoded(height(curves[c + 1], encoded(rgb[c]))))
}

#[test]
fn agrees_with_the_formula() {
    let many = many();
    for curves in [
        [S, STRAIGHT, STRAIGHT, STRAIGHT],
        [FADED, STRAIGHT, STRAIGHT, STRAIGHT],
        [STRAIGHT, S, FADED, &many],
        [&many, FADED, STRAIGHT, S],
    ] {
        probe::agrees_on(&ToneCurve, &values(curves), |rgb| reference(curves, rgb));
        probe::stays_finite_on(&ToneCurve, &values(curves));
    }
}

#[test]
fn every_level_gives_the_same_bits() {
    let curve = |points: &[[f64; 2]]| CurvePoints::new(points).unwrap();
    probe::same_bits_everywhere(&Luma::<3>(Cubic::new(&curve(S))));
    probe::same_bits_everywhere(&Luma::<15>(Cubic::new(&curve(&many()))));
    probe::same_bits_everywhere(&Channels::<7>(
        [S, FADED, STRAIGHT].map(|p| Cubic::new(&curve(p))),
    ));
}

#[test]
fn an_s_keeps_both_ends_and_parts_the_rest() {
    let values = values([S, STRAIGHT, STRAIGHT, STRAIGHT]);
    let kernel = probe::kernel(&ToneCurve, &values, &probe::FRAME);
    let at = |y: f32| probe::render(kernel.as_ref(), &[[y; 3]], 0, 0)[0][0];
    assert!(at(0.0).abs() < 1e-7 && (at(1.0) - 1.0).abs() < 1e-5 && (at(2.0) - 2.0).abs() < 0.2);
    assert!(
        at(0.03) < 0.025 && at(0.6) > 0.65,
        "{} {}",
        at(0.03),
        at(0.6)
    );
    let ramp: Vec<[f32; 3]> = (0..4000)
        .map(|i| [(i as f32 / 2500.0).powi(2); 3])
        .collect();
    let curve = probe::render(kernel.as_ref(), &ramp, 0, 0);
    assert!(curve.windows(2).all(|pair| pair[1][0] >= pair[0][0] - 2e-7));
}

#[test]
fn luma_keeps_hue_and_saturation_and_red_turns_red_alone() {
    let luma = probe::kernel(
        &ToneCurve,
        &values([S, STRAIGHT, STRAIGHT, STRAIGHT]),
        &probe::FRAME,
    );
    let [r, g, b] = probe::render(luma.as_ref(), &[[0.5, 0.25, 0.125]], 0, 0)[0];
    assert!((r / g - 2.0).abs() < 1e-4 && (g / b - 2.0).abs() < 1e-4);
    let red = probe::kernel(
        &ToneCurve,
        &values([STRAIGHT, S, STRAIGHT, STRAIGHT]),
        &probe::FRAME,
    );
    let [r, g, b] = probe::render(red.as_ref(), &[[0.5, 0.25, 0.125]], 0, 0)[0];
    assert!(r > 0.52 && (g - 0.25).abs() < 1e-5 && (b - 0.125).abs() < 1e-5);
}

#[test]
fn straight_curves_are_dropped() {
    assert!(Values::identity(&SPEC).is_identity(&SPEC));
    assert!(!values([STRAIGHT, STRAIGHT, S, STRAIGHT]).is_identity(&SPEC));
}
