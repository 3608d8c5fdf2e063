//! Carries an EXIF block into a TIFF's own directories, for a TIFF has no place for a block.
//!
//! Makers' notes are left behind: they state offsets of the file they came from.

use std::io::{Seek, Write};

use exif::{Context, Exif, Field, In, Reader, Value};
use tiff::encoder::{DirectoryEncoder, TiffEncoder, TiffKind};
use tiff::tags::{Tag, Type};
use tiff::{Directory, TiffError};

/// Main directory fields a person or a camera wrote; all others describe the pixels.
const MAIN_FIELDS: &[u16] = &[270, 271, 272, 305, 306, 315, 33432];
const MAKER_NOTE: u16 = 37500;

/// A block whose inner directory is already written.
#[derive(Default)]
pub(super) struct Carried {
    exif: Option<Exif>,
    directory_at: Option<u32>,
    is_whole: bool,
}

/// Writes the block's inner directory; must come before the picture's.
pub(super) fn write_sub_directory<W: Write + Seek>(
    encoder: &mut TiffEncoder<W>,
    block: Option<&[u8]>,
) -> Result<Carried, TiffError> {
    let Some(block) = block else {
        return Ok(Carried {
            is_whole: true,
            ..Carried::default()
        });
    };
    let Ok(exif) = Reader::new().read_raw(block.to_vec()) else {
        return Ok(Carried::default());
    };
    let mut is_whole = true;
    let mut directory = encoder.extra_directory()?;
    let mut n_fields = 0;
    for field in fields(&exif, Context::Exif) {
        let is_written = field.tag.number() != MAKER_NOTE && write_field(&mut directory, field)?;
        is_whole &= is_written;
        n_fields += u32::from(is_written);
    }
    let offset = directory.finish_with_offsets()?;
    // Positions have a directory of their own, which is not carried.
    is_whole &= fields(&exif, Context::Gps).next().is_none();
    Ok(Carried {
        directory_at: (n_fields > 0).then_some(offset.offset),
        exif: Some(exif),
        is_whole,
    })
}

/// Writes the block's main fields and the link to the inner directory; answers whether all is carried.
pub(super) fn write_main_fields<W: Write + Seek, K: TiffKind>(
    directory: &mut DirectoryEncoder<'_, W, K>,
    carried: &Carried,
) -> Result<bool, TiffError> {
    directory.write_tag(Tag::Orientation, 1_u16)?;
    let Some(exif) = &carried.exif else {
        return Ok(carried.is_whole);
    };
    for field in fields(exif, Context::Tiff) {
        if MAIN_FIELDS.contains(&field.tag.number()) {
            write_field(directory, field)?;
        }
    }
    if let Some(at) = carried.directory_at {
        directory.write_tag(Tag::ExifDirectory, at)?;
    }
    Ok(carried.is_whole)
}

fn fields(exif: &Exif, context: Context) -> impl Iterator<Item = &Field> {
    exif.fields()
        .filter(move |field| field.ifd_num == In::PRIMARY && field.tag.context() == context)
}

fn write_field<W: Write + Seek, K: TiffKind>(
    directory: &mut DirectoryEncoder<'_, W, K>,
    field: &Field,
) -> Result<bool, TiffError> {
    let Some((kind, bytes)) = native_bytes(&field.value) else {
        return Ok(false);
    };
    let entry = directory.write_entry_bytes(kind, &bytes)?;
    let mut one = Directory::empty();
    one.extend([(Tag::from_u16_exhaustive(field.tag.number()), entry)]);
    directory.extend_from(&one);
    Ok(true)
}

/// A value as this machine's byte order has it, which is the order the library writes.
fn native_bytes(value: &Value) -> Option<(Type, Vec<u8>)> {
    fn all<T, const N: usize>(values: &[T], bytes: impl Fn(&T) -> [u8; N]) -> Vec<u8> {
        values.iter().flat_map(bytes).collect()
    }
    fn pair(a: [u8; 4], b: [u8; 4]) -> [u8; 8] {
        std::array::from_fn(|i| if i < 4 { a[i] } else { b[i - 4] })
    }
    let found = match value {
        Value::Byte(v) => (Type::BYTE, v.clone()),
        Value::Undefined(v, _) => (Type::UNDEFINED, v.clone()),
        Value::Ascii(parts) => (Type::ASCII, [parts.join(&0), vec![0]].concat()),
        Value::SByte(v) => (Type::SBYTE, all(v, |n| n.to_ne_bytes())),
        Value::Short(v) => (Type::SHORT, all(v, |n| n.to_ne_bytes())),
        Value::SShort(v) => (Type::SSHORT, all(v, |n| n.to_ne_bytes())),
        Value::Long(v) => (Type::LONG, all(v, |n| n.to_ne_bytes())),
        Value::SLong(v) => (Type::SLONG, all(v, |n| n.to_ne_bytes())),
        Value::Rational(v) => (
            Type::RATIONAL,
            all(v, |r| pair(r.num.to_ne_bytes(), r.denom.to_ne_bytes())),
        ),
        Value::SRational(v) => (
            Type::SRATIONAL,
            all(v, |r| pair(r.num.to_ne_bytes(), r.denom.to_ne_bytes())),
        ),
        Value::Float(_) | Value::Double(_) | Value::Unknown(..) => return None,
    };
    (!found.1.is_empty()).then_some(found)
}
