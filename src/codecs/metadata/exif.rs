//! Reads the few EXIF fields shown to a person. The raw block stays what is carried over.

use exif::{Exif, In, Reader, Tag, Value};

use super::super::request::Camera;

/// The fields of a raw block, or `None` when it cannot be read at all. Broken entries are skipped.
#[must_use]
pub fn camera_of(block: &[u8]) -> Option<Camera> {
    parse(block.to_vec()).map(|exif| camera(&exif))
}

fn parse(block: Vec<u8>) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    match reader.read_raw(block) {
        Ok(exif) => Some(exif),
        Err(exif::Error::PartialResult(partial)) => Some(partial.into_inner().0),
        Err(_) => None,
    }
}

fn camera(exif: &Exif) -> Camera {
    Camera {
        make: text(exif, Tag::Make),
        model: text(exif, Tag::Model),
        lens: text(exif, Tag::LensModel),
        iso: exif
            .get_field(Tag::PhotographicSensitivity, In::PRIMARY)
            .and_then(|field| field.value.get_uint(0)),
        focal_length_mm: rational(exif, Tag::FocalLength),
        f_number: rational(exif, Tag::FNumber),
        exposure_s: rational(exif, Tag::ExposureTime),
        taken: taken(exif),
    }
}

/// First string of a field without trailing blanks; `None` when empty.
fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let field = exif.get_field(tag, In::PRIMARY)?;
    let Value::Ascii(parts) = &field.value else {
        return None;
    };
    let text = String::from_utf8_lossy(parts.first()?);
    let clean: String = text
        .trim_matches(['\0', ' '])
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    (!clean.is_empty()).then_some(clean)
}

fn rational(exif: &Exif, tag: Tag) -> Option<f64> {
    let field = exif.get_field(tag, In::PRIMARY)?;
    let Value::Rational(numbers) = &field.value else {
        return None;
    };
    numbers
        .first()
        .map(exif::Rational::to_f64)
        .filter(|number| number.is_finite() && *number > 0.0)
}

/// `2024:05:31 18:03:11` with the date's colons made dashes.
fn taken(exif: &Exif) -> Option<String> {
    let stamp = text(exif, Tag::DateTimeOriginal).or_else(|| text(exif, Tag::DateTime))?;
    let (date, time) = stamp.split_once(' ')?;
    Some(format!("{} {time}", date.replace(':', "-")))
}
