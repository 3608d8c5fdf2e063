//! White balance: takes out, or puts in, the colour of the light.
//!
//! **Formula**: the neutral of the photo, D65, is moved to a chosen white by a von Kries adaptation
//! in CAT16 space, folded into one 3 × 3 matrix on linear working light. The chosen white lies
//! `temperature` mired from D65 along the Planckian locus, then `tint` ÷ 3000 off it at a right
//! angle in CIE 1960 uv (the scale that raw developers use for tint). Its luminance stays 1, so
//! that greys keep their brightness.
//! **Range**: −100…100 each, 0 as shot; +100 warms to about 3940 K, −100 cools to about 18 600 K;
//! positive tint is magenta, negative green. **Alpha**: untouched. **Reach**: the pixel itself.
//! **Preview**: exact at every scale (a matrix commutes with averaging).
//!
//! Sources: Krystek 1985 (locus); Li et al. 2017 (CAT16).

use crate::pixels::color::{D65, IDENTITY3, Matrix3, Primaries, apply3, inverse3, multiply3};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track};
use super::value::Values;

const TEMPERATURE: usize = 0;
const TINT: usize = 1;

static SPEC: Spec = Spec {
    id: "white-balance",
    label: "White balance",
    summary: "makes the light warmer or cooler, greener or more magenta",
    group: Group::Color,
    rank: 100,
    formula: 1,
    ready: true,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "temperature",
            label: "Temperature",
            kind: ParamKind::Number(NumberSpec {
                track: Track::Temperature,
                ..NumberSpec::percent(-100.0, Some(0.0), 15.0)
            }),
        },
        ParamSpec {
            id: "tint",
            label: "Tint",
            kind: ParamKind::Number(NumberSpec {
                track: Track::Tint,
                ..NumberSpec::percent(-100.0, Some(0.0), 0.0)
            }),
        },
    ],
};

pub(super) struct WhiteBalance;

impl Filter for WhiteBalance {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let matrix = adaptation(values.number(TEMPERATURE), values.number(TINT));
        Prepared::Point(Box::new(EachPixel(Mix::new(&matrix))))
    }
}

/// Linear light times a matrix.
struct Mix {
    matrix: [[f32; 3]; 3],
}

impl Mix {
    fn new(matrix: &Matrix3) -> Self {
        Self {
            matrix: matrix.map(|row| row.map(|value| value as f32)),
        }
    }
}

impl Pixelwise for Mix {
    #[inline(always)]
    fn pixel(&self, [r, g, b]: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        self.matrix
            .map(|row| b.mul_add(row[2], g.mul_add(row[1], r * row[0])))
    }

    fn matrix(&self) -> Option<Matrix3> {
        Some(self.matrix.map(|row| row.map(f64::from)))
    }
}

/// CIE XYZ to the sharpened cone responses of CAT16.
const CAT16: Matrix3 = [
    [0.401288, 0.650173, -0.051461],
    [-0.250268, 1.204414, 0.045854],
    [-0.002079, 0.048952, 0.953127],
];

/// Mired of D65: a million by its colour temperature of 6504 K.
const D65_MIRED: f64 = 153.8;

/// CIE 1960 uv a unit of tint, as in Adobe's DNG specification.
const UV_PER_TINT: f64 = 1.0 / 3000.0;

/// Working light to working light under the chosen white.
fn adaptation(temperature: f64, tint: f64) -> Matrix3 {
    if temperature == 0.0 && tint == 0.0 {
        return IDENTITY3;
    }
    let to_cone = multiply3(&CAT16, &Primaries::REC2020.to_xyz());
    let from = apply3(&CAT16, xyz_of(uv_of(D65)));
    let to = apply3(&CAT16, xyz_of(white_uv(temperature, tint)));
    let scaled: Matrix3 = std::array::from_fn(|i| to_cone[i].map(|value| value * to[i] / from[i]));
    multiply3(&inverse3(&to_cone), &scaled)
}

/// Where the photo's neutral goes. At 0, 0 it is D65 itself: the locus is shifted through it.
fn white_uv(temperature: f64, tint: f64) -> [f64; 2] {
    let d65 = uv_of(D65);
    let start = planckian_uv(D65_MIRED);
    let mired = D65_MIRED + temperature;
    let [u, v] = planckian_uv(mired);
    let along = [
        planckian_uv(mired + 0.5)[0] - planckian_uv(mired - 0.5)[0],
        planckian_uv(mired + 0.5)[1] - planckian_uv(mired - 0.5)[1],
    ];
    let length = (along[0] * along[0] + along[1] * along[1]).sqrt();
    // Along the locus is towards red and yellow; to the right of that, with v upwards, is magenta.
    let aside = [along[1] / length, -along[0] / length];
    let offset = tint * UV_PER_TINT;
    [
        d65[0] + u - start[0] + offset * aside[0],
        d65[1] + v - start[1] + offset * aside[1],
    ]
}

/// A black body's chromaticity in CIE 1960 uv (Krystek 1985; within 1e-4 to 15 000 K, and smooth
/// beyond).
fn planckian_uv(mired: f64) -> [f64; 2] {
    let t = 1.0e6 / mired;
    let t2 = t * t;
    [
        (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t2)
            / (1.0 + 8.42420235e-4 * t + 7.08145163e-7 * t2),
        (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t2)
            / (1.0 - 2.89741816e-5 * t + 1.61456053e-7 * t2),
    ]
}

fn uv_of([x, y]: [f64; 2]) -> [f64; 2] {
    let sum = -2.0 * x + 12.0 * y + 3.0;
    [4.0 * x / sum, 6.0 * y / sum]
}

/// XYZ with Y = 1 of a CIE 1960 chromaticity.
fn xyz_of([u, v]: [f64; 2]) -> [f64; 3] {
    let x_by_y = 1.5 * u / v;
    let sum_by_y = (2.0 * u - 8.0 * v + 4.0) / (2.0 * v);
    [x_by_y, 1.0, sum_by_y - x_by_y - 1.0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;

    /// The steps one after the other: the locus by its published fit in kilokelvin, the tangent as an
    /// angle, whites by xy, and the adaptation of each pixel in cone space.
    fn reference(temperature: f64, tint: f64, rgb: [f64; 3]) -> [f64; 3] {
        let locus = |kelvin: f64| {
            let (k, k2) = (kelvin / 1000.0, (kelvin / 1000.0).powi(2));
            let u = (0.860117757 + 0.154118254 * k + 0.128641212 * k2)
                / (1.0 + 0.842420235 * k + 0.708145163 * k2);
            let v = (0.317398726 + 0.0422806245 * k + 0.0420481691 * k2)
                / (1.0 - 0.0289741816 * k + 0.161456053 * k2);
            (u, v)
        };
        let (x, y) = (0.3127, 0.3290);
        let (u65, v65) = (
            4.0 * x / (12.0 * y - 2.0 * x + 3.0),
            6.0 * y / (12.0 * y - 2.0 * x + 3.0),
        );
        let kelvin = 1e6 / (153.8 + temperature);
        let ((u, v), (u0, v0)) = (locus(kelvin), locus(1e6 / 153.8));
        let (hot, cold) = (locus(kelvin * 1.0001), locus(kelvin * 0.9999));
        let angle = (cold.1 - hot.1).atan2(cold.0 - hot.0) - std::f64::consts::FRAC_PI_2;
        let (u, v) = (u65 + u - u0, v65 + v - v0);
        let (u, v) = (
            u + tint / 3000.0 * angle.cos(),
            v + tint / 3000.0 * angle.sin(),
        );
        let (wx, wy) = (
            3.0 * u / (2.0 * u - 8.0 * v + 4.0),
            2.0 * v / (2.0 * u - 8.0 * v + 4.0),
        );
        let cone = |[x, y, z]: [f64; 3]| {
            [
                0.401288 * x + 0.650173 * y - 0.051461 * z,
                -0.250268 * x + 1.204414 * y + 0.045854 * z,
                -0.002079 * x + 0.048952 * y + 0.953127 * z,
            ]
        };
        let d65 = cone([x / y, 1.0, (1.0 - x - y) / y]);
        let white = cone([wx / wy, 1.0, (1.0 - wx - wy) / wy]);
        let seen = cone(apply3(&Primaries::REC2020.to_xyz(), rgb));
        let adapted = std::array::from_fn(|i| seen[i] * white[i] / d65[i]);
        let xyz = apply3(&inverse3(&CAT16), adapted);
        apply3(&inverse3(&Primaries::REC2020.to_xyz()), xyz)
    }

    #[test]
    fn agrees_with_the_steps_taken_one_by_one() {
        for (temperature, tint) in [
            (100.0, 0.0),
            (-100.0, 0.0),
            (0.0, 100.0),
            (35.0, -60.0),
            (-100.0, 100.0),
        ] {
            probe::agrees(&WhiteBalance, &[temperature, tint], |rgb| {
                reference(temperature, tint, rgb)
            });
            probe::stays_finite(&WhiteBalance, &[temperature, tint]);
            probe::same_bits_everywhere(&Mix::new(&adaptation(temperature, tint)));
        }
    }

    #[test]
    fn grey_keeps_its_luminance_and_zero_is_the_identity() {
        let luma = Primaries::REC2020.to_xyz()[1];
        for temperature in [-100.0, -40.0, 0.0, 70.0, 100.0] {
            for tint in [-100.0, 0.0, 100.0] {
                let white = apply3(&adaptation(temperature, tint), [1.0; 3]);
                let y: f64 = white.iter().zip(luma).map(|(c, w)| c * w).sum();
                assert!((y - 1.0).abs() < 1e-9, "{temperature} {tint}: {y}");
                assert!(
                    white.iter().all(|c| *c > 0.0),
                    "{temperature} {tint}: {white:?}"
                );
            }
        }
        assert_eq!(adaptation(0.0, 0.0), IDENTITY3);
        let close = adaptation(1e-9, 0.0);
        assert!((close[0][0] - 1.0).abs() < 1e-9 && close[0][1].abs() < 1e-9);
    }

    #[test]
    fn more_is_warmer_and_more_magenta() {
        let grey = [0.4_f32; 3];
        let mut last = f32::NEG_INFINITY;
        for temperature in (-100..=100).step_by(5) {
            let [r, _, b] = probe::one(&WhiteBalance, &[f64::from(temperature), 0.0], grey);
            assert!(r / b > last, "{temperature}");
            last = r / b;
        }
        let mut last = f32::NEG_INFINITY;
        for tint in (-100..=100).step_by(5) {
            let [r, g, b] = probe::one(&WhiteBalance, &[0.0, f64::from(tint)], grey);
            assert!((r + b) / g > last, "{tint}");
            last = (r + b) / g;
        }
    }

    #[test]
    fn full_warmth_is_the_documented_colour_temperature() {
        let [u, v] = white_uv(100.0, 0.0);
        let sum = 2.0 * u - 8.0 * v + 4.0;
        // McCamy 1992.
        let n = (3.0 * u / sum - 0.3320) / (0.1858 - 2.0 * v / sum);
        let kelvin = 449.0 * n.powi(3) + 3525.0 * n * n + 6823.3 * n + 5520.33;
        assert!((kelvin - 3940.0).abs() < 120.0, "{kelvin}");
    }
}
