//! PNG by the png crate: 8 and 16 bit, all four layouts, light compression.
//!
//! The library encodes each band of rows as a file of its own; the deflate streams are joined into
//! one, an IDAT chunk a band, byte-aligned by an empty stored block as a sync flush does it. A band's
//! first row is filtered without the row above it, which its maker does not see.

use std::borrow::Cow;
use std::io::Write as _;
use std::ops::Range;

use png::{
    BitDepth, ColorType, Compression, Encoder, EncodingError, Filter, Info, StreamWriter, chunk,
};

use super::bands::{Bands, Crew};
use super::request::EncodeRequest;
use super::target::{Stoppable, Target, failed};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::request::Note;
use crate::pixels::image::{Image, Layout, SamplesRef};

const BAND_BYTES: usize = 1 << 20;
const SIGNATURE_LEN: usize = 8;
const ZLIB_HEADER_LEN: usize = 2;
const ADLER_LEN: usize = 4;
/// A first deflate block's header bits: the last block, with a code table of its own.
const LAST_DYNAMIC: u8 = 0b101;

pub(super) fn encode(
    request: &EncodeRequest<'_>,
    exif: Option<Vec<u8>>,
    target: &mut dyn Target,
    crew: &Crew<'_>,
) -> Result<Vec<Note>, CodecError> {
    let image = request.image;
    let mut info = info(image, image.size.height);
    info.icc_profile = request.icc.map(Cow::Borrowed);
    info.exif_metadata = exif.map(Cow::Owned);
    let told = |error| match error {
        EncodingError::IoError(error) if !crew.watch.is_cancelled() => CodecError::Write(error),
        error => failed(Format::Png, &crew.watch, error, || None),
    };
    let mut out = Stoppable::new(target, crew.watch, 0);
    let mut writer = Encoder::with_info(&mut out, info)
        .and_then(Encoder::write_header)
        .map_err(told)?;
    let rows = Rows::new(image);
    let last_idx = rows.bands.count().saturating_sub(1);
    let mut sum = Adler::EMPTY;
    crew.in_order(
        rows.bands.count(),
        |band_idx| rows.band(band_idx),
        |band_idx, mut band| {
            sum = sum.then(band.sum);
            if band_idx == last_idx {
                band.deflate.extend_from_slice(&sum.value.to_be_bytes());
            }
            writer.write_chunk(chunk::IDAT, &band.deflate).map_err(told)
        },
    )?;
    writer.finish().map_err(told)?;
    crew.watch.step(1.0)?;
    out.flush().map_err(CodecError::Write)?;
    Ok(Vec::new())
}

fn info(image: &Image, height: u32) -> Info<'static> {
    let mut info = Info::with_size(image.size.width, height);
    info.color_type = match image.layout {
        Layout::Gray => ColorType::Grayscale,
        Layout::GrayAlpha => ColorType::GrayscaleAlpha,
        Layout::Rgb => ColorType::Rgb,
        Layout::Rgba => ColorType::Rgba,
    };
    info.bit_depth = match image.samples.as_ref() {
        SamplesRef::U8(_) => BitDepth::Eight,
        SamplesRef::U16(_) => BitDepth::Sixteen,
    };
    info
}

/// The picture as it is cut.
struct Rows<'a> {
    image: &'a Image,
    row_samples: usize,
    row_bytes: usize,
    bands: Bands,
}

/// A band's part of the deflate stream; the first has the zlib header before it.
struct Band {
    deflate: Vec<u8>,
    sum: Adler,
}

impl<'a> Rows<'a> {
    fn new(image: &'a Image) -> Self {
        let row_samples = image.size.width as usize * image.layout.channels();
        let row_bytes = row_samples * image.depth().bytes();
        Self {
            image,
            row_samples,
            row_bytes,
            bands: Bands::cut(image.size.height as usize, row_bytes, BAND_BYTES, 1),
        }
    }

    fn band(&self, band_idx: usize) -> Result<Band, CodecError> {
        let broken = |source| CodecError::Encode {
            format: Format::Png,
            source,
        };
        let file = self
            .file_of(band_idx)
            .map_err(|error| broken(error.into()))?;
        let mut deflate = data_of(&file).ok_or_else(|| broken("a band without data".into()))?;
        let value = take_adler(&mut deflate)
            .filter(|_| deflate.get(ZLIB_HEADER_LEN).map(|bits| bits & 0b111) == Some(LAST_DYNAMIC))
            .ok_or_else(|| broken("a band is not one block".into()))?;
        if band_idx + 1 < self.bands.count() {
            deflate[ZLIB_HEADER_LEN] &= !1;
            align(&mut deflate);
        }
        if band_idx > 0 {
            deflate.drain(..ZLIB_HEADER_LEN);
        }
        let n_rows = self.bands.rows(band_idx).len();
        Ok(Band {
            deflate,
            sum: Adler {
                value,
                n_bytes: n_rows as u64 * (1 + self.row_bytes as u64),
            },
        })
    }

    /// A band as a file of its own.
    fn file_of(&self, band_idx: usize) -> Result<Vec<u8>, EncodingError> {
        let rows = self.bands.rows(band_idx);
        let n_bytes = rows.len() * (1 + self.row_bytes);
        let mut file = Vec::with_capacity(n_bytes / 2);
        let mut encoder = Encoder::with_info(&mut file, info(self.image, rows.len() as u32))?;
        encoder.set_compression(Compression::Fast);
        let mut writer = encoder.write_header()?;
        self.write_rows(rows, writer.stream_writer_with_size(n_bytes)?)?;
        drop(writer);
        Ok(file)
    }

    fn write_rows(
        &self,
        rows: Range<usize>,
        mut writer: StreamWriter<'_, &mut Vec<u8>>,
    ) -> Result<(), EncodingError> {
        let mut big_endian = Vec::new();
        // In the whole picture there is a row above a band's first, but Sub does not look at it.
        writer.set_filter(Filter::Sub);
        for y in rows {
            let row = y * self.row_samples..(y + 1) * self.row_samples;
            match self.image.samples.as_ref() {
                SamplesRef::U8(samples) => writer.write_all(&samples[row])?,
                SamplesRef::U16(samples) => {
                    big_endian.clear();
                    big_endian.extend(samples[row].iter().flat_map(|s| s.to_be_bytes()));
                    writer.write_all(&big_endian)?;
                }
            }
            writer.set_filter(Filter::Adaptive);
        }
        writer.finish()
    }
}

/// What the IDAT chunks of a file hold.
fn data_of(file: &[u8]) -> Option<Vec<u8>> {
    let mut data = Vec::with_capacity(file.len());
    let mut rest = file.get(SIGNATURE_LEN..)?;
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let (len, kind) = head.split_at(4);
        let len = u32::from_be_bytes(len.try_into().ok()?) as usize;
        if kind == chunk::IDAT.0 {
            data.extend_from_slice(after.get(..len)?);
        }
        rest = after.get(len + 4..)?;
    }
    Some(data)
}

/// The checksum a zlib stream ends with, cut off.
fn take_adler(stream: &mut Vec<u8>) -> Option<u32> {
    let value = u32::from_be_bytes(*stream.last_chunk()?);
    stream.truncate(stream.len() - ADLER_LEN);
    Some(value)
}

/// Ends a stream's last block on a byte, by an empty stored block.
///
/// The library's code for "end of block" ends with a one, so that the zero bits after the last one
/// are padding. The stored block's header is three zero bits, then zeros up to the next byte.
fn align(deflate: &mut Vec<u8>) {
    let n_padding = deflate.last().map_or(0, |byte| byte.leading_zeros());
    if n_padding < 3 {
        deflate.push(0);
    }
    deflate.extend_from_slice(&[0, 0, 0xFF, 0xFF]);
}

/// Adler-32 of some bytes, which can be joined with that of the bytes that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Adler {
    value: u32,
    n_bytes: u64,
}

impl Adler {
    const BASE: u64 = 65_521;
    const EMPTY: Self = Self {
        value: 1,
        n_bytes: 0,
    };

    /// The low half is one and the sum of all bytes, the high half the sum of the low halves after
    /// each byte: so the second part's high half lacks the first part's sum once a byte.
    const fn then(self, next: Self) -> Self {
        let (low, high) = (self.value as u64 & 0xFFFF, self.value as u64 >> 16);
        let (next_low, next_high) = (next.value as u64 & 0xFFFF, next.value as u64 >> 16);
        let before = low + Self::BASE - 1;
        let new_low = (before + next_low) % Self::BASE;
        let new_high =
            (high + next_high + before % Self::BASE * (next.n_bytes % Self::BASE)) % Self::BASE;
        Self {
            value: (new_high << 16 | new_low) as u32,
            n_bytes: self.n_bytes + next.n_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::sync::Arc;

    use super::*;
    use crate::pixels::color::ColorSpace;
    use crate::pixels::geometry::Size;
    use crate::pixels::image::Samples;

    /// Bands of one row each, so that every way a block can end is met.
    #[test]
    fn joined_bands_are_one_zlib_stream() -> Result<(), CodecError> {
        let size = Size::new(5, 400);
        let mut state = 1_u32;
        let samples = (0..size.area() as u32 * 3)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8 / 16
            })
            .collect();
        let space = Arc::new(ColorSpace::srgb());
        let image = Image::new(size, Layout::Rgb, Samples::U8(samples), space);
        let mut rows = Rows::new(&image);
        rows.bands = Bands::cut(400, 1, 1, 1);
        let (mut stream, mut sum, mut n_extra) = (Vec::new(), Adler::EMPTY, 0);
        for band_idx in 0..400 {
            let band = rows.band(band_idx)?;
            n_extra += u32::from(band.deflate.ends_with(&[0, 0, 0, 0xFF, 0xFF]));
            stream.extend_from_slice(&band.deflate);
            sum = sum.then(band.sum);
        }
        assert!(n_extra > 20 && n_extra < 380, "{n_extra}");
        stream.extend_from_slice(&sum.value.to_be_bytes());
        let mut filtered = Vec::new();
        flate2::read::ZlibDecoder::new(&stream[..])
            .read_to_end(&mut filtered)
            .map_err(CodecError::Write)?;
        assert_eq!(filtered.len() as u64, sum.n_bytes);
        let SamplesRef::U8(samples) = image.samples.as_ref() else {
            return Err(CodecError::Unrecognised);
        };
        for (row, px) in filtered.chunks_exact(16).zip(samples.chunks_exact(15)) {
            assert_eq!(row[0], Filter::Sub as u8);
            assert_eq!(row[1..4], px[..3]);
            assert!((3..15).all(|i| row[i + 1] == px[i].wrapping_sub(px[i - 3])));
        }
        Ok(())
    }

    #[test]
    fn sums_join() {
        let whole = |bytes: &[u8]| Adler {
            value: {
                let (mut low, mut high) = (1_u32, 0_u32);
                for byte in bytes {
                    low = (low + u32::from(*byte)) % 65_521;
                    high = (high + low) % 65_521;
                }
                high << 16 | low
            },
            n_bytes: bytes.len() as u64,
        };
        let bytes: Vec<u8> = (0..200_000_u32)
            .map(|i| (i.wrapping_mul(i) >> 7) as u8 | 0xC0)
            .collect();
        for at in [0, 1, 77, 65_521, 131_042, 199_999, 200_000] {
            let (a, b) = bytes.split_at(at);
            assert_eq!(whole(a).then(whole(b)), whole(&bytes), "{at}");
        }
    }
}
