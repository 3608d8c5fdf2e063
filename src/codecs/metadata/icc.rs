//! What an embedded ICC profile means: curves and a matrix where that says it all, else a table
//! that samples are converted through once, at opening.
//!
//! The rule: an RGB profile with colorants and curves is read as those, also where it carries
//! tables beside them, so that samples stay as the file had them. RGB profiles with tables only,
//! and all CMYK profiles, are converted by moxcms to [`ColorSpace::wide`] at 16 bit, with the
//! relative colorimetric intent. A grey profile gives a curve. Everything else is refused, and the
//! caller assumes sRGB.

use std::sync::Arc;

use moxcms::{CmsError, ColorProfile, DataColorSpace, ProfileText, ToneReprCurve, Xyzd};
use thiserror::Error;

use crate::pixels::color::{
    ColorSpace, Curve, Matrix3, Parametric, Primaries, apply3, inverse3, multiply3,
};

/// ICC profile connection space white (ICC.1:2022, 7.2.16).
pub(super) const D50_XYZ: [f64; 3] = [0.9642, 1.0, 0.8249];

/// Kinds of samples a profile can describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samples {
    Gray,
    Rgb,
    Cmyk,
}

/// What a profile says.
pub enum Meaning {
    Space(Box<ColorSpace>),
    /// Needs a conversion of samples; the name is the profile's.
    Table {
        name: String,
        profile: Box<ColorProfile>,
    },
}

/// Why a profile cannot be used.
#[derive(Debug, Error)]
pub enum IccError {
    #[error("damaged: {0}")]
    Malformed(#[from] CmsError),
    #[error("it describes other channels than the picture has")]
    OtherChannels,
    #[error("it holds neither curves and a matrix nor a table")]
    Incomplete,
    #[error("its colours are degenerate")]
    Degenerate,
}

/// Reads a profile for a picture of these samples.
///
/// # Errors
/// Damaged, incomplete, or made for other channels.
pub fn read(bytes: &[u8], samples: Samples) -> Result<Meaning, IccError> {
    let profile = ColorProfile::new_from_slice(bytes)?;
    let name = name_of(&profile);
    match (profile.color_space, samples) {
        (DataColorSpace::Gray, Samples::Gray) => {
            let curve = profile.gray_trc.as_ref().and_then(curve_of);
            let curve = snapped_curve(curve.ok_or(IccError::Incomplete)?);
            let mut space = ColorSpace::srgb();
            space.curves = [curve.clone(), curve.clone(), curve];
            Ok(Meaning::Space(Box::new(named(space, name, bytes))))
        }
        (DataColorSpace::Rgb, Samples::Rgb | Samples::Gray) => {
            if let Some(space) = matrix_space(&profile)? {
                return Ok(Meaning::Space(Box::new(named(space, name, bytes))));
            }
            if has_table(&profile) && samples == Samples::Rgb {
                return Ok(table(name, profile));
            }
            Err(IccError::Incomplete)
        }
        (DataColorSpace::Cmyk, Samples::Cmyk) if has_table(&profile) => Ok(table(name, profile)),
        (DataColorSpace::Cmyk, Samples::Cmyk) => Err(IccError::Incomplete),
        _ => Err(IccError::OtherChannels),
    }
}

/// The name a profile gives itself, for people.
#[must_use]
pub fn profile_name(bytes: &[u8]) -> Option<String> {
    let profile = ColorProfile::new_from_slice(bytes).ok()?;
    Some(name_of(&profile))
}

fn table(name: String, profile: ColorProfile) -> Meaning {
    Meaning::Table {
        name,
        profile: Box::new(profile),
    }
}

fn has_table(profile: &ColorProfile) -> bool {
    profile.lut_a_to_b_colorimetric.is_some() || profile.lut_a_to_b_perceptual.is_some()
}

/// A space that is a well-known one goes by its name; profiles call sRGB many things.
fn named(space: ColorSpace, name: String, bytes: &[u8]) -> ColorSpace {
    let known = known_spaces().into_iter().find(|k| k.same_meaning(&space));
    ColorSpace {
        name: known.map_or(name, |known| known.name),
        icc: Some(Arc::from(bytes)),
        ..space
    }
}

fn name_of(profile: &ColorProfile) -> String {
    let text = match &profile.description {
        Some(ProfileText::PlainString(text)) => text.clone(),
        Some(ProfileText::Localizable(texts)) => texts
            .iter()
            .find(|text| text.language == "en")
            .or(texts.first())
            .map(|text| text.value.clone())
            .unwrap_or_default(),
        Some(ProfileText::Description(text)) => text.ascii_string.clone(),
        None => String::new(),
    };
    let clean: String = text.chars().filter(|c| !c.is_control()).take(120).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        "unnamed profile".to_owned()
    } else {
        clean.to_owned()
    }
}

/// Curves and matrix of an RGB profile, when it has them all and no curve falls.
fn matrix_space(profile: &ColorProfile) -> Result<Option<ColorSpace>, IccError> {
    if !profile.is_matrix_shaper() {
        return Ok(None);
    }
    let curve = |trc: &Option<ToneReprCurve>| trc.as_ref().and_then(curve_of).map(snapped_curve);
    let curves = (
        curve(&profile.red_trc),
        curve(&profile.green_trc),
        curve(&profile.blue_trc),
    );
    let (Some(red), Some(green), Some(blue)) = curves else {
        return Ok(None);
    };
    let to_working = matrix_to_working(profile)?;
    Ok(Some(ColorSpace {
        name: String::new(),
        curves: [red, green, blue],
        to_working: snapped_matrix(to_working),
        icc: None,
    }))
}

/// Colorants (XYZ relative to D50) to linear Rec.2020.
///
/// White must stay white, so the colorants' own sum is adapted to D65 where it is D50 or D65 up to
/// rounding (old profiles state unadapted colorants); any other sum is meant, and D50 is adapted.
fn matrix_to_working(profile: &ColorProfile) -> Result<Matrix3, IccError> {
    let column = |c: &Xyzd| [c.x, c.y, c.z];
    let (r, g, b) = (
        column(&profile.red_colorant),
        column(&profile.green_colorant),
        column(&profile.blue_colorant),
    );
    let colorants: Matrix3 = std::array::from_fn(|i| [r[i], g[i], b[i]]);
    let sum: [f64; 3] = colorants.map(|row| row.iter().sum());
    let near = |white: [f64; 3]| sum.iter().zip(white).all(|(s, w)| (s - w).abs() < 0.02);
    let d65 = apply3(&Primaries::REC2020.to_xyz(), [1.0; 3]);
    let white = if near(D50_XYZ) || near(d65) {
        sum
    } else {
        D50_XYZ
    };
    let adapted = multiply3(&adaptation(white, d65), &colorants);
    let matrix = multiply3(&inverse3(&Primaries::REC2020.to_xyz()), &adapted);
    let usable = |m: &Matrix3| m.iter().flatten().all(|n| n.is_finite() && n.abs() < 1e3);
    if usable(&matrix) && usable(&inverse3(&matrix)) {
        Ok(matrix)
    } else {
        Err(IccError::Degenerate)
    }
}

/// Linear Bradford adaptation between two whites (ICC.1:2022, annex E.3).
pub(super) fn adaptation(from: [f64; 3], to: [f64; 3]) -> Matrix3 {
    const BRADFORD: Matrix3 = [
        [0.8951, 0.2664, -0.1614],
        [-0.7502, 1.7135, 0.0367],
        [0.0389, -0.0685, 1.0296],
    ];
    let (cone_from, cone_to) = (apply3(&BRADFORD, from), apply3(&BRADFORD, to));
    let scaled: Matrix3 =
        std::array::from_fn(|i| BRADFORD[i].map(|n| n * cone_to[i] / cone_from[i]));
    multiply3(&inverse3(&BRADFORD), &scaled)
}

/// `None` for curves we cannot hold: unknown forms and falling ones.
fn curve_of(trc: &ToneReprCurve) -> Option<Curve> {
    match trc {
        ToneReprCurve::Lut(entries) => match entries.as_slice() {
            [] => Some(Curve::Linear),
            // ICC.1:2022, 10.6: a single entry is a gamma, u8Fixed8.
            [gamma] => gamma_curve(f64::from(*gamma) / 256.0),
            entries if entries.windows(2).all(|pair| pair[0] <= pair[1]) => {
                let table: Arc<[f32]> = entries.iter().map(|&e| f32::from(e) / 65535.0).collect();
                (table[0] < table[table.len() - 1]).then_some(Curve::Table(table))
            }
            _ => None,
        },
        ToneReprCurve::Parametric(numbers) => parametric_curve(numbers),
    }
}

fn gamma_curve(gamma: f64) -> Option<Curve> {
    if gamma == 1.0 {
        Some(Curve::Linear)
    } else {
        (gamma > 0.01 && gamma < 100.0).then(|| Curve::gamma(gamma))
    }
}

/// The five forms of ICC.1:2022, 10.18, told apart by how many numbers they have.
fn parametric_curve(numbers: &[f32]) -> Option<Curve> {
    let n: Vec<f64> = numbers.iter().map(|&n| f64::from(n)).collect();
    let form = |g, a, b, c, d, e, f| Parametric {
        g,
        a,
        b,
        c,
        d,
        e,
        f,
    };
    let curve = match *n.as_slice() {
        [g] => return gamma_curve(g),
        [g, a, b] => form(g, a, b, 0.0, -b / a, 0.0, 0.0),
        [g, a, b, c] => form(g, a, b, 0.0, -b / a, c, c),
        [g, a, b, c, d] => form(g, a, b, c, d, 0.0, 0.0),
        [g, a, b, c, d, e, f] => form(g, a, b, c, d, e, f),
        _ => return None,
    };
    let Parametric {
        g,
        a,
        b,
        c,
        d,
        e,
        f,
    } = curve;
    let finite = [g, a, b, c, d, e, f].iter().all(|n| n.is_finite());
    let rises = a > 0.0 && g > 0.01 && g < 100.0 && c >= 0.0;
    // The power needs a base that is not negative where it begins.
    let real = a * d.clamp(0.0, 1.0) + b >= -1e-6;
    (finite && rises && real).then_some(Curve::Parametric(curve))
}

/// The sRGB curve itself, where this one is nowhere more than a quarter of an 8-bit step from it.
fn snapped_curve(curve: Curve) -> Curve {
    let near = (0..=64).all(|i| {
        let encoded = f64::from(i) / 64.0;
        (Curve::SRGB.to_encoded(curve.to_linear(encoded)) - encoded).abs() < 1e-3
    });
    if near { Curve::SRGB } else { curve }
}

fn known_spaces() -> [ColorSpace; 3] {
    [
        ColorSpace::srgb(),
        ColorSpace::display_p3(),
        ColorSpace::wide(),
    ]
}

/// A well-known matrix, where this one differs from it by rounding only.
fn snapped_matrix(matrix: Matrix3) -> Matrix3 {
    let near = |space: &ColorSpace| {
        let pairs = matrix
            .iter()
            .flatten()
            .zip(space.to_working.iter().flatten());
        pairs.map(|(a, b)| (a - b).abs()).all(|error| error < 1e-3)
    };
    known_spaces()
        .iter()
        .find(|space| near(space))
        .map_or(matrix, |space| space.to_working)
}
