//! What a sample means: transfer curve and primaries, towards the working space and back.
//!
//! The working space is linear light with Rec.2020 primaries and a D65 white, scene-referred.
//! Reading ICC bytes is `codecs::metadata::icc`'s work; applying a curve to rows is `convert`'s.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::math::pow_f64;

/// Row-major 3 × 3 matrix: `out[i] = Σ m[i][j] · in[j]`.
pub type Matrix3 = [[f64; 3]; 3];

pub const IDENTITY3: Matrix3 = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// Luminance of the working space: the second row of Rec.2020 to XYZ (ITU-R BT.2020-2).
pub const WORKING_LUMA: [f32; 3] = [0.262_700_2, 0.677_998_1, 0.059_301_7];

/// x, y of the three primaries and the white point of a colour space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Primaries {
    pub red: [f64; 2],
    pub green: [f64; 2],
    pub blue: [f64; 2],
    pub white: [f64; 2],
}

pub const D65: [f64; 2] = [0.3127, 0.3290];

impl Primaries {
    /// ITU-R BT.709-6, also sRGB (IEC 61966-2-1).
    pub const REC709: Self = Self {
        red: [0.640, 0.330],
        green: [0.300, 0.600],
        blue: [0.150, 0.060],
        white: D65,
    };
    /// ITU-R BT.2020-2.
    pub const REC2020: Self = Self {
        red: [0.708, 0.292],
        green: [0.170, 0.797],
        blue: [0.131, 0.046],
        white: D65,
    };
    /// Display P3 (SMPTE EG 432-1 primaries, D65 white).
    pub const DISPLAY_P3: Self = Self {
        red: [0.680, 0.320],
        green: [0.265, 0.690],
        blue: [0.150, 0.060],
        white: D65,
    };

    /// Linear RGB of these primaries to CIE XYZ relative to their own white.
    #[must_use]
    pub fn to_xyz(&self) -> Matrix3 {
        let xyz = |[x, y]: [f64; 2]| [x / y, 1.0, (1.0 - x - y) / y];
        let (r, g, b) = (xyz(self.red), xyz(self.green), xyz(self.blue));
        let columns = [[r[0], g[0], b[0]], [r[1], g[1], b[1]], [r[2], g[2], b[2]]];
        let gains = apply3(&inverse3(&columns), xyz(self.white));
        columns.map(|row| [row[0] * gains[0], row[1] * gains[1], row[2] * gains[2]])
    }
}

/// How an encoded value 0…1 becomes linear light.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Curve {
    Linear,
    /// ICC parametric curve: `(a·x + b)^g + e` for `x ≥ d`, else `c·x + f` (ICC.1:2022, 10.18).
    Parametric(Parametric),
    /// Linear light at equal steps of the encoded value from 0 to 1; never falling, ≥ 2 entries.
    Table(Arc<[f32]>),
}

/// The seven numbers of [`Curve::Parametric`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parametric {
    pub g: f64,
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
    pub e: f64,
    pub f: f64,
}

impl Curve {
    /// IEC 61966-2-1.
    pub const SRGB: Self = Self::Parametric(Parametric {
        g: 2.4,
        a: 1.0 / 1.055,
        b: 0.055 / 1.055,
        c: 1.0 / 12.92,
        d: 0.04045,
        e: 0.0,
        f: 0.0,
    });

    /// A plain power.
    #[must_use]
    pub const fn gamma(g: f64) -> Self {
        Self::Parametric(Parametric {
            g,
            a: 1.0,
            b: 0.0,
            c: 0.0,
            d: 0.0,
            e: 0.0,
            f: 0.0,
        })
    }

    /// Linear light of one encoded value; for tables and checks, not for rows of pixels.
    #[must_use]
    pub fn to_linear(&self, encoded: f64) -> f64 {
        match self {
            Self::Linear => encoded,
            Self::Parametric(p) if encoded >= p.d => pow_f64(p.a * encoded + p.b, p.g) + p.e,
            Self::Parametric(p) => p.c * encoded + p.f,
            Self::Table(table) => {
                let last = table.len() - 1;
                let position = encoded.clamp(0.0, 1.0) * last as f64;
                let at = (position as usize).min(last - 1);
                let fraction = position - at as f64;
                f64::from(table[at]) * (1.0 - fraction) + f64::from(table[at + 1]) * fraction
            }
        }
    }

    fn is_sound(&self) -> bool {
        match self {
            Self::Linear => true,
            Self::Parametric(Parametric {
                g,
                a,
                b,
                c,
                d,
                e,
                f,
            }) => {
                let finite = [g, a, b, c, d, e, f].iter().all(|n| n.is_finite());
                finite && *a > 0.0 && *g > 0.0 && *c >= 0.0
            }
            // As an ICC profile may hold at most; every comparison is false for what is no number.
            Self::Table(table) => {
                (2..=1 << 20).contains(&table.len())
                    && table.windows(2).all(|pair| pair[0] <= pair[1])
                    && table.iter().all(|n| n.is_finite())
            }
        }
    }

    /// Encoded value of one linear value 0…1: the inverse of [`Self::to_linear`].
    #[must_use]
    pub fn to_encoded(&self, linear: f64) -> f64 {
        match self {
            Self::Linear => linear,
            Self::Parametric(p) => {
                let linear_part = p.c > 0.0 && linear < p.c * p.d + p.f;
                if linear_part {
                    (linear - p.f) / p.c
                } else {
                    (pow_f64(linear - p.e, 1.0 / p.g) - p.b) / p.a
                }
            }
            Self::Table(table) => invert_table(table, linear),
        }
    }
}

/// The encoded value at which a never-falling table reaches `linear`.
fn invert_table(table: &[f32], linear: f64) -> f64 {
    let last = table.len() - 1;
    let above = table.partition_point(|&entry| f64::from(entry) < linear);
    if above == 0 {
        return 0.0;
    }
    if above > last {
        return 1.0;
    }
    let (low, high) = (f64::from(table[above - 1]), f64::from(table[above]));
    let fraction = if high > low {
        (linear - low) / (high - low)
    } else {
        0.0
    };
    ((above - 1) as f64 + fraction) / last as f64
}

/// A colour space a picture can be in: one curve a channel, then a matrix to the working space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColorSpace {
    /// For people, such as `sRGB` or `Display P3`.
    pub name: String,
    /// Red, green, blue; grey pictures use the first.
    pub curves: [Curve; 3],
    /// Linear RGB of this space to linear Rec.2020.
    pub to_working: Matrix3,
    /// The profile as a file carries it; `None` where the file had none and sRGB was assumed.
    #[serde(skip)]
    pub icc: Option<Arc<[u8]>>,
}

impl ColorSpace {
    #[must_use]
    pub fn from_primaries(name: &str, curve: &Curve, primaries: &Primaries) -> Self {
        let from_working = inverse3(&Primaries::REC2020.to_xyz());
        Self {
            name: name.to_owned(),
            curves: [curve.clone(), curve.clone(), curve.clone()],
            to_working: multiply3(&from_working, &primaries.to_xyz()),
            icc: None,
        }
    }

    #[must_use]
    pub fn srgb() -> Self {
        Self::from_primaries("sRGB", &Curve::SRGB, &Primaries::REC709)
    }

    #[must_use]
    pub fn display_p3() -> Self {
        Self::from_primaries("Display P3", &Curve::SRGB, &Primaries::DISPLAY_P3)
    }

    /// The working space itself, with samples stored by the sRGB curve so that 16 bits suffice:
    /// what profiles beyond curves and a matrix are converted to when a photo is opened.
    #[must_use]
    pub fn wide() -> Self {
        Self::from_primaries("Rec. 2020", &Curve::SRGB, &Primaries::REC2020)
    }

    /// Whether every number can be computed with: what another process tells is not believed
    /// unseen. A space read from a sound profile always passes.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let mut numbers = self.to_working.iter().flatten();
        numbers.all(|n| n.is_finite() && n.abs() < 1e3) && self.curves.iter().all(Curve::is_sound)
    }

    /// Whether samples mean the same in both, whatever the profiles' names and bytes.
    #[must_use]
    pub fn same_meaning(&self, other: &Self) -> bool {
        self.curves == other.curves && self.to_working == other.to_working
    }
}

#[must_use]
pub fn apply3(m: &Matrix3, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// `a · b`: first `b`, then `a`.
#[must_use]
pub fn multiply3(a: &Matrix3, b: &Matrix3) -> Matrix3 {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

/// Inverse by cofactors. A singular matrix gives infinities; colour matrices are never singular,
/// and profiles are checked for it where they are read.
#[must_use]
pub fn inverse3(m: &Matrix3) -> Matrix3 {
    let cofactor = |i: usize, j: usize| {
        let (r0, r1) = ((i + 1) % 3, (i + 2) % 3);
        let (c0, c1) = ((j + 1) % 3, (j + 2) % 3);
        m[r0][c0] * m[r1][c1] - m[r0][c1] * m[r1][c0]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * cofactor(0, j)).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| cofactor(j, i) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srgb_to_rec2020_is_the_published_matrix() {
        // ITU-R BT.2087-0, table 1.
        let published = [
            [0.6274, 0.3293, 0.0433],
            [0.0691, 0.9195, 0.0114],
            [0.0164, 0.0880, 0.8956],
        ];
        let ours = ColorSpace::srgb().to_working;
        for (row, expected) in ours.iter().zip(published) {
            for (value, expected) in row.iter().zip(expected) {
                assert!((value - expected).abs() < 1e-4, "{value} {expected}");
            }
        }
    }

    #[test]
    fn white_stays_white_and_luma_is_the_second_row() {
        for space in [
            ColorSpace::srgb(),
            ColorSpace::display_p3(),
            ColorSpace::wide(),
        ] {
            for sum in apply3(&space.to_working, [1.0; 3]) {
                assert!((sum - 1.0).abs() < 1e-12, "{}", space.name);
            }
        }
        let luma = Primaries::REC2020.to_xyz()[1];
        for (ours, exact) in WORKING_LUMA.iter().zip(luma) {
            assert!((f64::from(*ours) - exact).abs() < 1e-6);
        }
    }

    #[test]
    fn spaces_that_cannot_be_computed_with_are_not_sound() {
        for space in [ColorSpace::srgb(), ColorSpace::wide()] {
            assert!(space.is_sound(), "{}", space.name);
        }
        let with_curve = |curve: Curve| {
            let mut space = ColorSpace::srgb();
            space.curves[1] = curve;
            space
        };
        let falling: Arc<[f32]> = Arc::from([0.0, 0.5, 0.4]);
        for curve in [
            Curve::Table(Arc::from([0.5])),
            Curve::Table(falling),
            Curve::Table(Arc::from([0.0, f32::NAN])),
            Curve::gamma(f64::NAN),
            Curve::gamma(-1.0),
        ] {
            assert!(!with_curve(curve.clone()).is_sound(), "{curve:?}");
        }
        let mut endless = ColorSpace::srgb();
        endless.to_working[1][2] = f64::INFINITY;
        assert!(!endless.is_sound());
    }

    #[test]
    fn curves_invert() {
        let table: Arc<[f32]> = (0..=100).map(|i| (i as f32 / 100.0).powi(2)).collect();
        for curve in [
            Curve::Linear,
            Curve::SRGB,
            Curve::gamma(1.8),
            Curve::Table(table),
        ] {
            for i in 0..=255 {
                let encoded = f64::from(i) / 255.0;
                let back = curve.to_encoded(curve.to_linear(encoded));
                assert!((back - encoded).abs() < 1e-6, "{curve:?} {encoded} {back}");
            }
        }
    }
}
