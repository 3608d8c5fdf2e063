//! Oklab and the bands' shares in f64, written from their definitions: what the tests of filters by hue
//! compare with.

use crate::pixels::color::inverse3;

pub(in crate::filters) type V3 = [f64; 3];

pub(in crate::filters) fn times(m: [V3; 3], v: V3) -> V3 {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

const TO_XYZ: [V3; 3] = [
    [0.636_958_048, 0.144_616_904, 0.168_880_975],
    [0.262_700_212, 0.677_998_072, 0.059_301_716],
    [0.0, 0.028_072_693, 1.060_985_058],
];
const TO_CONES: [V3; 3] = [
    [0.8189330101, 0.3618667424, -0.1288597137],
    [0.0329845436, 0.9293118715, 0.0361456387],
    [0.0482003018, 0.2643662691, 0.6338517070],
];
const TO_LAB: [V3; 3] = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
];

pub(in crate::filters) fn oklab(rgb: V3) -> V3 {
    times(TO_LAB, times(TO_CONES, times(TO_XYZ, rgb)).map(f64::cbrt))
}

/// One step back after the other.
pub(in crate::filters) fn light_of(lab: V3) -> V3 {
    let cones = times(inverse3(&TO_LAB), lab).map(|x| x.powi(3));
    times(inverse3(&TO_XYZ), times(inverse3(&TO_CONES), cones))
}

pub(in crate::filters) fn share_of(band: usize, hue: f64) -> f64 {
    let centres = [25.0, 60.0, 100.0, 138.0, 195.0, 258.0, 303.0, 345.0_f64];
    let away = (hue - centres[band] + 180.0).rem_euclid(360.0) - 180.0;
    let neighbour = if away >= 0.0 {
        (band + 1) % 8
    } else {
        (band + 7) % 8
    };
    let gap = (centres[neighbour] - centres[band] + 180.0).rem_euclid(360.0) - 180.0;
    let t = (1.0 - away / gap).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
