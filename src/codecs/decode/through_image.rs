//! Decodes through the image crate's own trait, for the formats that need nothing more.

use image::error::ImageError;
use image::{ColorType, ImageDecoder};

use super::source::Source;
use super::{Header, Opened, Pixels, Room};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;
use crate::codecs::metadata::Metadata;
use crate::codecs::request::{Channels, MetadataKind, Note};
use crate::codecs::watch::Watch;
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Layout};

/// Makes the format's decoder, which reads the header.
pub(super) type Make = for<'x> fn(Source<'x>) -> Result<Box<dyn ImageDecoder + 'x>, ImageError>;

/// A file whose header is read, and how to make its decoder again with somebody watching.
struct Through<'a> {
    bytes: &'a [u8],
    header: Header,
    make: Make,
}

/// Reads a header through `make`, which is called again to decode.
pub(super) fn open<'a>(
    format: Format,
    bytes: &'a [u8],
    limits: &Limits,
    make: Make,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    let source = Source::new(bytes, Watch::NONE);
    let mut decoder = make(source).map_err(|error| failed(format, error))?;
    let (width, height) = decoder.dimensions();
    let size = Size::new(width, height);
    if size.is_empty() {
        return Err(CodecError::malformed(
            format,
            "the header states no width or height",
        ));
    }
    let (layout, depth) = kind_of(decoder.color_type()).ok_or_else(|| {
        CodecError::unsupported(format!(
            "{format} with samples of {:?} is not supported",
            decoder.original_color_type()
        ))
    })?;
    limits.check(size, (layout.channels() * depth.bytes()) as u64)?;
    let mut notes = Vec::new();
    let metadata = metadata_of(decoder.as_mut(), limits, &mut notes);
    let header = Header {
        format,
        size,
        channels: match layout {
            Layout::Gray => Channels::Gray,
            Layout::GrayAlpha => Channels::GrayAlpha,
            Layout::Rgb => Channels::Rgb,
            Layout::Rgba => Channels::Rgba,
        },
        bits: depth.bits() as u8,
        layout,
        depth,
        metadata,
        space: None,
        orientation: None,
        notes,
    };
    Ok(Box::new(Through {
        bytes,
        header,
        make,
    }))
}

fn kind_of(color: ColorType) -> Option<(Layout, Depth)> {
    Some(match color {
        ColorType::L8 => (Layout::Gray, Depth::Eight),
        ColorType::La8 => (Layout::GrayAlpha, Depth::Eight),
        ColorType::Rgb8 => (Layout::Rgb, Depth::Eight),
        ColorType::Rgba8 => (Layout::Rgba, Depth::Eight),
        ColorType::L16 => (Layout::Gray, Depth::Sixteen),
        ColorType::La16 => (Layout::GrayAlpha, Depth::Sixteen),
        ColorType::Rgb16 => (Layout::Rgb, Depth::Sixteen),
        ColorType::Rgba16 => (Layout::Rgba, Depth::Sixteen),
        _ => return None,
    })
}

fn metadata_of(decoder: &mut dyn ImageDecoder, limits: &Limits, notes: &mut Vec<Note>) -> Metadata {
    let mut kept = |what, block: Result<Option<Vec<u8>>, ImageError>, max: usize| {
        let why = match block {
            Ok(Some(block)) if block.len() <= max => return Some(block.into()),
            Ok(None) => return None,
            Ok(Some(_)) => "it is too large".to_owned(),
            Err(error) => error.to_string(),
        };
        notes.push(Note::MetadataDropped { what, why });
        None
    };
    Metadata {
        exif: kept(
            MetadataKind::Exif,
            decoder.exif_metadata(),
            limits.max_exif_bytes,
        ),
        xmp: kept(
            MetadataKind::Xmp,
            decoder.xmp_metadata(),
            limits.max_xmp_bytes,
        ),
        icc: kept(
            MetadataKind::Icc,
            decoder.icc_profile(),
            limits.max_icc_bytes,
        ),
    }
}

fn failed(format: Format, error: ImageError) -> CodecError {
    match error {
        ImageError::Unsupported(what) => CodecError::unsupported(format!("{format}: {what}")),
        error => CodecError::malformed(format, error),
    }
}

impl Opened for Through<'_> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn pixels(
        self: Box<Self>,
        room: Room<'_>,
        watch: &Watch<'_>,
    ) -> Result<(Pixels, Vec<Note>), CodecError> {
        let Header {
            format,
            layout,
            size,
            depth,
            ..
        } = self.header;
        let source = Source::new(self.bytes, *watch);
        let n_bytes = size.area() as usize * layout.channels() * depth.bytes();
        let mut bytes = room.bytes(n_bytes);
        let outcome = (self.make)(source).and_then(|decoder| decoder.read_image_boxed(&mut bytes));
        watch.step(0.9)?;
        outcome.map_err(|error| failed(format, error))?;
        Ok((bytes.into_pixels(layout, depth), Vec::new()))
    }
}
