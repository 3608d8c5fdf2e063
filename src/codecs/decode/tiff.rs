//! TIFF through the tiff crate: the first picture of the file, 8 and 16 bit as they are, low depths
//! brought to 8 bit, floating point and wider integers to 16 bit.
//!
//! The library does not read palettes. Their indices are read as if they were grey, by a changed
//! byte in a copy of the file, and looked up here.

use std::borrow::Cow;

use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::source::Source;
use super::tiff_samples::{Palette, Shape, interleave, shaped};
use super::{Header, Opened, Pixels, Room};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;
use crate::codecs::metadata::Metadata;
use crate::codecs::metadata::directory::{Directory, fill};
use crate::codecs::metadata::exif::block_of_tiff;
use crate::codecs::request::{MetadataKind, Note};
use crate::codecs::watch::Watch;
use crate::pixels::geometry::Size;

const PHOTOMETRIC: u16 = 262;
const PALETTE: u32 = 3;

/// A TIFF whose header is read.
struct Tiff<'a> {
    bytes: Cow<'a, [u8]>,
    header: Header,
    shape: Shape,
    limits: Limits,
}

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    let directory = Directory::first(bytes);
    let n_tags = directory.as_ref().map_or(0, |d| d.n_entries as u64);
    Limits::check_count("tags", n_tags, limits.max_tiff_tags)?;
    if directory.as_ref().is_some_and(|d| is_old_lzw(bytes, d)) {
        return Err(CodecError::unsupported(
            "TIFF with old-style LZW compression is not supported; save it again first",
        ));
    }
    let (bytes, is_palette) = with_readable_palette(bytes, directory.as_ref());
    let mut decoder = decoder(&bytes, Watch::NONE, limits)?;
    let (width, height) = decoder.dimensions().map_err(failed)?;
    let size = Size::new(width, height);
    limits.check(size, 16)?;
    let n_chunks = match decoder.get_chunk_type() {
        tiff::decoder::ChunkType::Strip => decoder.strip_count(),
        tiff::decoder::ChunkType::Tile => decoder.tile_count(),
    };
    let n_chunks = u64::from(n_chunks.map_err(failed)?);
    Limits::check_count("strips or tiles", n_chunks, limits.max_tiff_strips)?;
    let color = decoder.colortype().map_err(failed)?;
    let shape = shape_of(&mut decoder, color, is_palette)?;
    let mut notes = Vec::new();
    let metadata = metadata(&mut decoder, &bytes, limits, &mut notes);
    if decoder.more_images() {
        notes.push(Note::FirstFrameOnly);
    }
    let orientation = decoder.find_tag_unsigned(Tag::Orientation).ok().flatten();
    drop(decoder);
    let header = Header {
        format: Format::Tiff,
        size,
        channels: shape.channels,
        bits: color.bit_depth(),
        layout: shape.layout,
        depth: shape.depth,
        metadata,
        space: None,
        orientation,
        notes,
    };
    Ok(Box::new(Tiff {
        bytes,
        header,
        shape,
        limits: *limits,
    }))
}

/// Writers before TIFF 5.0 packed LZW codes the other way round, which shows in the first code,
/// always "clear": 256, in nine bits from the other end (as libtiff tells them apart).
fn is_old_lzw(bytes: &[u8], directory: &Directory) -> bool {
    const COMPRESSION: u16 = 259;
    const STRIP_OFFSETS: u16 = 273;
    const LZW: u32 = 5;
    if directory.number(bytes, COMPRESSION) != Some(LZW) {
        return false;
    }
    let first_strip = directory
        .value_of(bytes, STRIP_OFFSETS)
        .and_then(|(at, _)| {
            let value = directory.u32_at(bytes, at)?;
            match directory.u32_at(bytes, at - 4)? {
                1 => directory.number(bytes, STRIP_OFFSETS),
                _ => directory.u32_at(bytes, value as usize),
            }
        });
    first_strip
        .and_then(|at| bytes.get(at as usize..))
        .is_some_and(|strip| matches!(strip, [0, second, ..] if second & 1 == 1))
}

/// The file with its photometric tag saying grey where it said palette.
fn with_readable_palette<'a>(
    bytes: &'a [u8],
    directory: Option<&Directory>,
) -> (Cow<'a, [u8]>, bool) {
    let Some(directory) = directory.filter(|d| d.number(bytes, PHOTOMETRIC) == Some(PALETTE))
    else {
        return (bytes.into(), false);
    };
    let mut copy = bytes.to_vec();
    if let Some((at, _)) = directory.value_of(bytes, PHOTOMETRIC) {
        let grey: &[u8] = if directory.big_endian {
            &[0, 1]
        } else {
            &[1, 0]
        };
        fill(&mut copy, at, grey);
    }
    (copy.into(), true)
}

fn decoder<'a>(
    bytes: &'a [u8],
    watch: Watch<'a>,
    limits: &Limits,
) -> Result<Decoder<Source<'a>>, CodecError> {
    let mut library = tiff::decoder::Limits::default();
    library.decoding_buffer_size = usize::try_from(limits.max_decoded_bytes).unwrap_or(usize::MAX);
    library.intermediate_buffer_size = library.decoding_buffer_size;
    library.ifd_value_size = limits.max_icc_bytes;
    let decoder = Decoder::new(Source::new(bytes, watch)).map_err(failed)?;
    Ok(decoder.with_limits(library))
}

fn failed(error: TiffError) -> CodecError {
    match error {
        TiffError::UnsupportedError(what) => CodecError::unsupported(format!("TIFF: {what}")),
        error => CodecError::malformed(Format::Tiff, error),
    }
}

fn shape_of(
    decoder: &mut Decoder<Source<'_>>,
    color: ColorType,
    is_palette: bool,
) -> Result<Shape, CodecError> {
    let palette = if is_palette {
        let map = decoder.get_tag_u16_vec(Tag::ColorMap).map_err(failed)?;
        Some(Palette::new(&map))
    } else {
        None
    };
    let extra: Vec<u16> = decoder
        .find_tag_unsigned_vec(Tag::ExtraSamples)
        .ok()
        .flatten()
        .unwrap_or_default();
    Shape::of(color, palette, extra.first().copied())
}

fn metadata(
    decoder: &mut Decoder<Source<'_>>,
    bytes: &[u8],
    limits: &Limits,
    notes: &mut Vec<Note>,
) -> Metadata {
    const XMP: u16 = 700;
    let mut block = |tag: Tag| {
        let found = decoder.find_tag(tag).ok().flatten();
        found.and_then(|value| value.into_u8_vec().ok())
    };
    let icc = block(Tag::IccProfile);
    let xmp = block(Tag::Unknown(XMP));
    let mut kept = |what, block: Option<Vec<u8>>, max: usize| {
        let block = block?;
        if block.len() > max {
            notes.push(Note::MetadataDropped {
                what,
                why: "it is too large".to_owned(),
            });
            return None;
        }
        Some(block.into())
    };
    Metadata {
        icc: kept(MetadataKind::Icc, icc, limits.max_icc_bytes),
        xmp: kept(MetadataKind::Xmp, xmp, limits.max_xmp_bytes),
        exif: kept(
            MetadataKind::Exif,
            block_of_tiff(bytes),
            limits.max_exif_bytes,
        ),
    }
}

impl Opened for Tiff<'_> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn pixels(
        self: Box<Self>,
        _room: Room<'_>,
        watch: &Watch<'_>,
    ) -> Result<(Pixels, Vec<Note>), CodecError> {
        let mut decoder = decoder(&self.bytes, *watch, &self.limits)?;
        let mut read = DecodingResult::U8(Vec::new());
        let outcome = decoder.read_image_to_buffer(&mut read);
        watch.step(0.9)?;
        let planes = outcome.map_err(failed)?.planes;
        let read = interleave(read, planes);
        let mut notes = Vec::new();
        let pixels = shaped(read, &self.shape, self.header.size, &mut notes)?;
        Ok((pixels, notes))
    }
}
