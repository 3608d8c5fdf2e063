//! Reads the few EXIF fields shown to a person. The raw block stays what is carried over.

use exif::{Exif, In, Reader, Tag, Value};

use crate::codecs::request::Camera;

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

/// Directory fields that describe where a TIFF's own pixels lie, or that a rebuilt block cannot
/// hold: makers' notes state offsets of the file they came from.
const NOT_CARRIED: &[u16] = &[
    254, 255, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325,
    330, 338, 339, 347, 512, 513, 514, 530, 531, 532, 700, 33723, 34377, 34675, 37500, 50341,
];

/// An EXIF block of the fields a TIFF file carries in its own directories. The one place where a
/// block is built, for such a file has none. `None` when there is nothing to carry.
#[must_use]
pub fn block_of_tiff(file: &[u8]) -> Option<Vec<u8>> {
    let exif = parse(file.to_vec())?;
    let fields: Vec<_> = exif
        .fields()
        .filter(|field| field.ifd_num == In::PRIMARY && !NOT_CARRIED.contains(&field.tag.number()))
        .collect();
    if fields.is_empty() {
        return None;
    }
    let mut writer = exif::experimental::Writer::new();
    for field in fields {
        writer.push_field(field);
    }
    let mut block = std::io::Cursor::new(Vec::new());
    writer.write(&mut block, true).ok()?;
    Some(block.into_inner())
}
