//! Björn Ottosson's Oklab (2020): lightness, and colour as a direction and a distance from grey, even
//! enough for hues to be told apart and turned. For filters that treat colours by their hue.
//!
//! It is homogeneous: light twice as strong has 2^⅓ times all three coordinates, so chroma ÷ lightness
//! does not depend on exposure.

use crate::pixels::color::{Matrix3, Primaries, inverse3, multiply3};
use crate::pixels::math::{pow, pow_f64};

use super::display::{Mix, each};

/// CIE XYZ to cone-like responses, and their cube roots to lightness and colour.
const M1: Matrix3 = [
    [0.8189330101, 0.3618667424, -0.1288597137],
    [0.0329845436, 0.9293118715, 0.0361456387],
    [0.0482003018, 0.2643662691, 0.6338517070],
];
const M2: Matrix3 = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
];

/// The way from working light and back.
#[derive(Debug, Clone, Copy)]
pub struct Oklab {
    to_cones: Mix,
    to_lab: Mix,
    from_lab: Mix,
    from_cones: Mix,
}

impl Default for Oklab {
    fn default() -> Self {
        let to_cones = multiply3(&M1, &Primaries::REC2020.to_xyz());
        Self {
            to_cones: Mix::new(&to_cones),
            to_lab: Mix::new(&M2),
            from_lab: Mix::new(&inverse3(&M2)),
            from_cones: Mix::new(&inverse3(&to_cones)),
        }
    }
}

impl Oklab {
    /// Linear working light to L, a, b. Negative responses keep their sign.
    #[inline(always)]
    #[must_use]
    pub fn of_light(&self, rgb: [f32; 3]) -> [f32; 3] {
        let cones = self.to_cones.apply(rgb);
        let roots = each(
            cones,
            #[inline(always)]
            |x| pow(x.abs(), 1.0 / 3.0).copysign(x),
        );
        self.to_lab.apply(roots)
    }

    #[inline(always)]
    #[must_use]
    pub fn to_light(&self, lab: [f32; 3]) -> [f32; 3] {
        let roots = self.from_lab.apply(lab);
        self.from_cones.apply(each(
            roots,
            #[inline(always)]
            |x| x * x * x,
        ))
    }
}

/// Chroma ÷ lightness: 0 for grey, 0.1 for skin, 0.15…0.3 for sky and leaves, 0.7 at most.
#[inline(always)]
#[must_use]
pub fn saturation([l, a, b]: [f32; 3]) -> f32 {
    let l = if l > 1.0e-4 { l } else { 1.0e-4 };
    b.mul_add(b, a * a).sqrt() / l
}

/// The hue of a and b in degrees, 0…360; absolute error below 1e-4. 0 for grey.
#[inline(always)]
#[must_use]
pub fn hue_degrees(a: f32, b: f32) -> f32 {
    let (ax, ay) = (a.abs(), b.abs());
    let (low, high) = if ax < ay { (ax, ay) } else { (ay, ax) };
    let high_or_one = if high > 1.0e-30 { high } else { 1.0e-30 };
    let x = low / high_or_one;
    let x2 = x * x;
    // Abramowitz and Stegun 4.4.49.
    let mut p = 0.002_866_225_7_f32;
    p = p.mul_add(x2, -0.016_165_737);
    p = p.mul_add(x2, 0.042_909_613);
    p = p.mul_add(x2, -0.075_289_64);
    p = p.mul_add(x2, 0.106_562_64);
    p = p.mul_add(x2, -0.142_088_99);
    p = p.mul_add(x2, 0.199_935_51);
    p = p.mul_add(x2, -0.333_331_45);
    p = p.mul_add(x2, 1.0);
    let angle = p * x * (180.0 / std::f32::consts::PI);
    let angle = if ax < ay { 90.0 - angle } else { angle };
    let angle = if a < 0.0 { 180.0 - angle } else { angle };
    if b < 0.0 { 360.0 - angle } else { angle }
}

/// a and b turned by `radians`, which is held to be below 0.6.
#[inline(always)]
#[must_use]
pub fn turned(a: f32, b: f32, radians: f32) -> [f32; 2] {
    let t2 = radians * radians;
    let cos = t2.mul_add(t2.mul_add(t2.mul_add(-1.0 / 720.0, 1.0 / 24.0), -0.5), 1.0);
    let sin = t2.mul_add(
        t2.mul_add(t2.mul_add(-1.0 / 5040.0, 1.0 / 120.0), -1.0 / 6.0),
        1.0,
    );
    let sin = sin * radians;
    [a * cos - b * sin, b.mul_add(cos, a * sin)]
}

/// The direction in a and b, of length 1, of the pure colour with this hue on the circle people know:
/// 0 red, 60 yellow, 120 green, 180 cyan, 240 blue, 300 magenta.
#[must_use]
pub fn direction_of_hue(degrees: f64) -> [f64; 2] {
    let channel = |offset: f64| {
        let k = (offset + degrees / 60.0).rem_euclid(6.0);
        1.0 - k.min(4.0 - k).clamp(0.0, 1.0)
    };
    let srgb = [channel(5.0), channel(3.0), channel(1.0)].map(|v| pow_f64(v, 2.2));
    let to_cones = multiply3(&M1, &Primaries::REC709.to_xyz());
    let apply = |m: &Matrix3, v: [f64; 3]| m.map(|r| r[0] * v[0] + r[1] * v[1] + r[2] * v[2]);
    let roots = apply(&to_cones, srgb).map(|x| pow_f64(x, 1.0 / 3.0));
    let [_, a, b] = apply(&M2, roots);
    let length = (a * a + b * b).sqrt();
    [a / length, b / length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_have_their_published_coordinates() {
        // sRGB red and white, from the definition's own page.
        let srgb = multiply3(
            &inverse3(&Primaries::REC2020.to_xyz()),
            &Primaries::REC709.to_xyz(),
        );
        let red = srgb.map(|row| row[0] as f32);
        let [l, a, b] = Oklab::default().of_light(red);
        assert!((l - 0.628).abs() < 1e-3 && (a - 0.2249).abs() < 1e-3 && (b - 0.1258).abs() < 1e-3);
        let [l, a, b] = Oklab::default().of_light([1.0; 3]);
        assert!(
            (l - 1.0).abs() < 1e-3 && a.abs() < 1e-3 && b.abs() < 1e-3,
            "{l} {a} {b}"
        );
    }

    #[test]
    fn there_and_back_is_the_identity() {
        let lab = Oklab::default();
        for rgb in [
            [0.0; 3],
            [0.2, 0.5, 0.9],
            [-0.02, 0.6, 0.0],
            [8.0, 1.0, 1e-6],
        ] {
            let back = lab.to_light(lab.of_light(rgb));
            for (got, expected) in back.iter().zip(rgb) {
                let largest = rgb.iter().fold(1.0_f32, |m, c| m.max(*c));
                assert!((got - expected).abs() < 1e-5 * largest, "{rgb:?} {back:?}");
            }
        }
    }

    #[test]
    fn hues_and_turns_agree_with_the_standard_library() {
        for i in 0..3600 {
            let angle = (f64::from(i) / 10.0).to_radians();
            let (a, b) = ((0.3 * angle.cos()) as f32, (0.3 * angle.sin()) as f32);
            let expected = f64::from(b)
                .atan2(f64::from(a))
                .to_degrees()
                .rem_euclid(360.0);
            let off = (f64::from(hue_degrees(a, b)) - expected + 180.0).rem_euclid(360.0) - 180.0;
            assert!(off.abs() < 1e-4, "{i}: {off}");
        }
        assert_eq!(hue_degrees(0.0, 0.0), 0.0);
        let [a, b] = turned(0.3, 0.1, 0.5);
        let expected = (0.1_f64.atan2(0.3) + 0.5).sin_cos();
        let length = 0.1_f64.hypot(0.3);
        assert!((f64::from(a) - length * expected.1).abs() < 1e-6);
        assert!((f64::from(b) - length * expected.0).abs() < 1e-6);
    }

    #[test]
    fn the_circle_people_know_begins_at_red() {
        let hue = |degrees: f64| {
            let [a, b] = direction_of_hue(degrees);
            b.atan2(a).to_degrees().rem_euclid(360.0)
        };
        for (known, expected) in [(0.0, 29.2), (60.0, 109.8), (120.0, 142.5), (240.0, 264.1)] {
            assert!(
                (hue(known) - expected).abs() < 0.5,
                "{known}: {}",
                hue(known)
            );
        }
        assert!((hue(360.0) - hue(0.0)).abs() < 1e-9);
    }
}
