//! Writes a profile for a colour space of curves and a matrix, so that exports say what they are.

use moxcms::{CmsError, ColorProfile, LocalizableString, ProfileText, ToneReprCurve, Xyzd};

use super::icc::{D50_XYZ, adaptation};
use crate::pixels::color::{ColorSpace, Curve, Primaries, apply3, multiply3};

/// The bytes of a version 4 display profile; the same bytes for the same space.
///
/// # Errors
/// When moxcms cannot write it, which curves and matrices of ours do not bring about.
pub fn encode(space: &ColorSpace) -> Result<Vec<u8>, CmsError> {
    let mut bytes = profile_of(space).encode()?;
    // The writer stamps the present moment; the same picture shall give the same file.
    if let Some(created) = bytes.get_mut(DATE) {
        for (field, value) in created.chunks_exact_mut(2).zip([2024_u16, 1, 1, 0, 0, 0]) {
            field.copy_from_slice(&value.to_be_bytes());
        }
    }
    // It writes the header's D50 a few units off; readers compare the bytes.
    if let Some(illuminant) = bytes.get_mut(ILLUMINANT) {
        illuminant.copy_from_slice(&D50_S15_FIXED16);
    }
    Ok(aligned(&bytes).unwrap_or(bytes))
}

/// The profile with every tag, and its end, at a multiple of four bytes: readers that check
/// (libpng does) leave another one unread. `None` when it is no profile.
fn aligned(profile: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| -> Option<usize> {
        let bytes = profile.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let entries: Vec<usize> = (0..word(N_TAGS)?)
        .map(|idx| N_TAGS + 4 + 12 * idx)
        .collect();
    let mut out = profile.get(..N_TAGS + 4 + 12 * entries.len())?.to_vec();
    let mut moved: Vec<(usize, usize)> = Vec::new();
    for entry in entries {
        let (from, len) = (word(entry + 4)?, word(entry + 8)?);
        // Curves that are one and the same are stored once.
        let to = if let Some((_, to)) = moved.iter().find(|(before, _)| *before == from) {
            *to
        } else {
            out.resize(out.len().next_multiple_of(4), 0);
            moved.push((from, out.len()));
            out.extend_from_slice(profile.get(from..from + len)?);
            out.len() - len
        };
        out[entry + 4..entry + 8].copy_from_slice(&(to as u32).to_be_bytes());
    }
    out.resize(out.len().next_multiple_of(4), 0);
    let n_bytes = out.len() as u32;
    out[SIZE].copy_from_slice(&n_bytes.to_be_bytes());
    Some(out)
}

/// Where the table of tags begins, with their number.
const N_TAGS: usize = 128;

/// Where a profile's header has its own length.
const SIZE: std::ops::Range<usize> = 0..4;

/// Where a profile's header has its date and time (ICC.1:2022, table 18).
const DATE: std::ops::Range<usize> = 24..36;

/// Where a profile's header has its illuminant.
const ILLUMINANT: std::ops::Range<usize> = 68..80;

/// X, Y and Z of D50 as that place must have them (ICC.1:2022, 7.2.16).
const D50_S15_FIXED16: [u8; 12] = [0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d];

/// The space as moxcms knows it, for its conversions and its writer.
#[must_use]
pub fn profile_of(space: &ColorSpace) -> ColorProfile {
    let to_xyz = multiply3(&Primaries::REC2020.to_xyz(), &space.to_working);
    let d65 = apply3(&Primaries::REC2020.to_xyz(), [1.0; 3]);
    let colorants = multiply3(&adaptation(d65, D50_XYZ), &to_xyz);
    let column = |j: usize| Xyzd {
        x: colorants[0][j],
        y: colorants[1][j],
        z: colorants[2][j],
    };
    // A ready profile of the right class, whose every describing tag is then replaced.
    let mut profile = ColorProfile::new_srgb();
    profile.cicp = None;
    profile.media_white_point = Some(Xyzd {
        x: D50_XYZ[0],
        y: D50_XYZ[1],
        z: D50_XYZ[2],
    });
    profile.red_colorant = column(0);
    profile.green_colorant = column(1);
    profile.blue_colorant = column(2);
    let [red, green, blue] = &space.curves;
    profile.red_trc = Some(trc_of(red));
    profile.green_trc = Some(trc_of(green));
    profile.blue_trc = Some(trc_of(blue));
    profile.description = Some(english(&space.name));
    profile.copyright = Some(english("CC0"));
    profile
}

fn english(text: &str) -> ProfileText {
    ProfileText::Localizable(vec![LocalizableString::new(
        "en".to_owned(),
        "US".to_owned(),
        text.to_owned(),
    )])
}

fn trc_of(curve: &Curve) -> ToneReprCurve {
    match curve {
        Curve::Linear => ToneReprCurve::Lut(Vec::new()),
        Curve::Parametric(p) if p.e == 0.0 && p.f == 0.0 && p.c == 0.0 && p.a == 1.0 => {
            ToneReprCurve::Parametric(vec![p.g as f32])
        }
        Curve::Parametric(p) if p.e == 0.0 && p.f == 0.0 => {
            ToneReprCurve::Parametric([p.g, p.a, p.b, p.c, p.d].map(|n| n as f32).to_vec())
        }
        Curve::Parametric(p) => ToneReprCurve::Parametric(
            [p.g, p.a, p.b, p.c, p.d, p.e, p.f]
                .map(|n| n as f32)
                .to_vec(),
        ),
        Curve::Table(table) => ToneReprCurve::Lut(
            table
                .iter()
                .map(|entry| (entry * 65535.0 + 0.5) as u16)
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_as_readers_check_them() {
        for space in [
            ColorSpace::srgb(),
            ColorSpace::display_p3(),
            ColorSpace::wide(),
        ] {
            let bytes = encode(&space).unwrap();
            let word = |at: usize| {
                let word = bytes[at..at + 4].try_into().unwrap();
                u32::from_be_bytes(word) as usize
            };
            assert_eq!(word(0), bytes.len(), "{}", space.name);
            assert_eq!(bytes.len() % 4, 0, "{}", space.name);
            let [x, y, z] = [68, 72, 76].map(|at| word(at) as f64 / 65536.0);
            assert!((x - 0.9642).abs() < 1e-5 && y == 1.0 && (z - 0.8249).abs() < 1e-5);
            for tag_idx in 0..word(128) {
                let (start, len) = (word(136 + 12 * tag_idx), word(140 + 12 * tag_idx));
                assert_eq!(start % 4, 0, "{}, tag {tag_idx}", space.name);
                assert!(start + len <= bytes.len(), "{}, tag {tag_idx}", space.name);
            }
        }
    }
}
