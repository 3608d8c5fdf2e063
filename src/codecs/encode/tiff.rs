//! TIFF: 8 and 16 bit, all four layouts, strips of deflate with a horizontal predictor.
//!
//! Strips are compressed side by side here; the tiff crate writes the directories. Eight bits are
//! compressed by fdeflate, whose fixed code fits small differences: on photos it is several times
//! faster than the lightest level of the general compressor, and smaller. Differences of 16 bits have
//! low bytes that are mostly noise, for which that code is too long.

use std::io::Write as _;

use flate2::Compression as Level;
use flate2::write::ZlibEncoder;
use tiff::TiffError;
use tiff::encoder::{DirectoryEncoder, Rational, TiffEncoder, TiffKindStandard};
use tiff::tags::{
    CompressionMethod, PhotometricInterpretation, Predictor, ResolutionUnit, SampleFormat, Tag,
};

use super::bands::{Bands, Crew};
use super::request::EncodeRequest;
use super::target::{Stoppable, Target};
use super::tiff_exif;
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::request::{MetadataKind, Note};
use crate::pixels::image::{Image, SamplesRef};

/// Classic TIFF counts bytes in 32 bits, and a strip of noise is stored, a few bytes larger.
const MAX_CLASSIC_BYTES: u64 = 3 << 30;
const STRIP_BYTES: usize = 1 << 18;

pub(super) fn encode(
    request: &EncodeRequest<'_>,
    exif: Option<&[u8]>,
    target: &mut dyn Target,
    crew: &Crew<'_>,
) -> Result<Vec<Note>, CodecError> {
    if request.image.n_bytes() > MAX_CLASSIC_BYTES {
        return Err(CodecError::unsupported(
            "a TIFF of more than 3 GiB of samples is not supported; choose PNG",
        ));
    }
    let mut notes = Vec::new();
    let mut out = Stoppable::new(target, crew.watch, 0);
    if !write(&mut out, request, exif, crew)? {
        notes.push(Note::MetadataDropped {
            what: MetadataKind::Exif,
            why: "some of its fields have no place in a TIFF".to_owned(),
        });
    }
    crew.watch.step(1.0)?;
    out.flush().map_err(CodecError::Write)?;
    Ok(notes)
}

fn failed(error: TiffError, crew: &Crew<'_>) -> CodecError {
    match error {
        _ if crew.watch.is_cancelled() => CodecError::Cancelled,
        TiffError::IoError(error) => CodecError::Write(error),
        error => CodecError::Encode {
            format: Format::Tiff,
            source: Box::new(error),
        },
    }
}

/// Answers whether the EXIF block could be carried over whole.
fn write(
    out: &mut Stoppable<'_>,
    request: &EncodeRequest<'_>,
    exif: Option<&[u8]>,
    crew: &Crew<'_>,
) -> Result<bool, CodecError> {
    let told = |error| failed(error, crew);
    let mut encoder = TiffEncoder::new(out).map_err(told)?;
    let carried = tiff_exif::write_sub_directory(&mut encoder, exif).map_err(told)?;
    let mut directory = encoder.image_directory().map_err(told)?;
    let strips = Strips::new(request.image);
    let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
    crew.in_order(
        strips.bands.count(),
        |strip_idx| strips.strip(strip_idx).map_err(CodecError::Write),
        |_, strip| {
            let at = directory.write_data(&strip[..]).map_err(told)?;
            offsets.push(u32::try_from(at).map_err(|error| told(error.into()))?);
            lengths.push(strip.len() as u32);
            Ok(())
        },
    )?;
    strips
        .write_fields(&mut directory, request.icc)
        .and_then(|()| directory.write_tag(Tag::StripOffsets, &offsets[..]))
        .and_then(|()| directory.write_tag(Tag::StripByteCounts, &lengths[..]))
        .map_err(told)?;
    let is_whole = tiff_exif::write_main_fields(&mut directory, &carried).map_err(told)?;
    directory.finish().map_err(told)?;
    Ok(is_whole)
}

/// The picture as it is cut.
struct Strips<'a> {
    image: &'a Image,
    row_samples: usize,
    bands: Bands,
}

impl<'a> Strips<'a> {
    fn new(image: &'a Image) -> Self {
        let row_samples = image.size.width as usize * image.layout.channels();
        let row_bytes = row_samples * image.depth().bytes();
        Self {
            image,
            row_samples,
            bands: Bands::cut(image.size.height as usize, row_bytes, STRIP_BYTES, 1),
        }
    }

    /// What describes the pixels.
    fn write_fields<W: std::io::Write + std::io::Seek>(
        &self,
        directory: &mut DirectoryEncoder<'_, W, TiffKindStandard>,
        icc: Option<&[u8]>,
    ) -> Result<(), TiffError> {
        const STRAIGHT_ALPHA: u16 = 2;
        let (size, layout) = (self.image.size, self.image.layout);
        let n_channels = layout.channels();
        let photometric = if layout.is_gray() {
            PhotometricInterpretation::BlackIsZero
        } else {
            PhotometricInterpretation::RGB
        };
        let bits = self.image.depth().bits() as u16;
        let kinds = [SampleFormat::Uint.to_u16(); 4];
        directory.write_tag(Tag::ImageWidth, size.width)?;
        directory.write_tag(Tag::ImageLength, size.height)?;
        directory.write_tag(Tag::BitsPerSample, &[bits; 4][..n_channels])?;
        directory.write_tag(Tag::SampleFormat, &kinds[..n_channels])?;
        directory.write_tag(Tag::SamplesPerPixel, n_channels as u16)?;
        directory.write_tag(Tag::Compression, CompressionMethod::Deflate.to_u16())?;
        directory.write_tag(Tag::Predictor, Predictor::Horizontal.to_u16())?;
        directory.write_tag(Tag::PhotometricInterpretation, photometric.to_u16())?;
        directory.write_tag(Tag::RowsPerStrip, self.bands.rows_a_band() as u32)?;
        directory.write_tag(Tag::XResolution, Rational { n: 1, d: 1 })?;
        directory.write_tag(Tag::YResolution, Rational { n: 1, d: 1 })?;
        directory.write_tag(Tag::ResolutionUnit, ResolutionUnit::None.to_u16())?;
        if layout.has_alpha() {
            directory.write_tag(Tag::ExtraSamples, &[STRAIGHT_ALPHA][..])?;
        }
        if let Some(icc) = icc {
            directory.write_tag(Tag::IccProfile, icc)?;
        }
        Ok(())
    }

    fn strip(&self, strip_idx: usize) -> std::io::Result<Vec<u8>> {
        let rows = self.bands.rows(strip_idx);
        let range = rows.start * self.row_samples..rows.end * self.row_samples;
        let n_channels = self.image.layout.channels();
        match self.image.samples.as_ref() {
            SamplesRef::U8(samples) => {
                let less = |now: u8, before| now.wrapping_sub(before);
                let steps = predicted(&samples[range], self.row_samples, n_channels, less);
                photo_deflate(&steps)
            }
            SamplesRef::U16(samples) => {
                let less = |now: u16, before| now.wrapping_sub(before);
                let steps = predicted(&samples[range], self.row_samples, n_channels, less);
                let bytes = bytemuck::cast_slice(&steps);
                let out = Vec::with_capacity(bytes.len());
                let mut zlib = ZlibEncoder::new(out, Level::fast());
                zlib.write_all(bytes)?;
                zlib.finish()
            }
        }
    }
}

/// A zlib stream by the code for photos; stored, where that would be larger.
fn photo_deflate(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let out = Vec::with_capacity(bytes.len() / 2);
    let mut zlib = fdeflate::Compressor::new(out)?;
    zlib.write_data(bytes)?;
    let out = zlib.finish()?;
    if out.len() <= fdeflate::StoredOnlyCompressor::<()>::compressed_size(bytes.len()) {
        return Ok(out);
    }
    let mut stored = ZlibEncoder::new(Vec::with_capacity(bytes.len() + 64), Level::none());
    stored.write_all(bytes)?;
    stored.finish()
}

/// Each sample less the one before it in its channel; a row's first pixel as it is.
fn predicted<S: Copy>(
    samples: &[S],
    row_samples: usize,
    n_channels: usize,
    less: impl Fn(S, S) -> S,
) -> Vec<S> {
    let mut out = samples.to_vec();
    for (out, row) in out
        .chunks_exact_mut(row_samples.max(1))
        .zip(samples.chunks_exact(row_samples.max(1)))
    {
        for ((out, now), before) in out[n_channels..]
            .iter_mut()
            .zip(&row[n_channels..])
            .zip(row)
        {
            *out = less(*now, *before);
        }
    }
    out
}
