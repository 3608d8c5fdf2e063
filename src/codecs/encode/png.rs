//! PNG by the png crate: 8 and 16 bit, all four layouts, light compression, row by row.

use std::borrow::Cow;
use std::io::Write as _;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Info};

use super::request::EncodeRequest;
use super::target::{Stoppable, Target, failed};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::request::Note;
use crate::codecs::watch::Watch;
use crate::pixels::image::{Layout, SamplesRef};

const IDAT_BYTES: usize = 256 << 10;

pub(super) fn encode(
    request: &EncodeRequest<'_>,
    exif: Option<Vec<u8>>,
    target: &mut dyn Target,
    watch: &Watch<'_>,
) -> Result<Vec<Note>, CodecError> {
    let image = request.image;
    let mut info = Info::with_size(image.size.width, image.size.height);
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
    info.icc_profile = request.icc.map(Cow::Borrowed);
    info.exif_metadata = exif.map(Cow::Owned);
    let mut out = Stoppable::new(target, *watch, 0);
    write(&mut out, info, request, watch).map_err(|error| match error {
        EncodingError::IoError(error) if !watch.is_cancelled() => CodecError::Write(error),
        error => failed(Format::Png, watch, error, || None),
    })?;
    watch.step(1.0)?;
    out.flush().map_err(CodecError::Write)?;
    Ok(Vec::new())
}

fn write(
    out: &mut Stoppable<'_>,
    info: Info<'_>,
    request: &EncodeRequest<'_>,
    watch: &Watch<'_>,
) -> Result<(), EncodingError> {
    let image = request.image;
    let mut encoder = Encoder::with_info(out, info)?;
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header()?;
    let mut writer = writer.stream_writer_with_size(IDAT_BYTES)?;
    let row_samples = image.size.width as usize * image.layout.channels();
    let n_rows = image.size.height as f32;
    let mut big_endian = Vec::with_capacity(row_samples * 2);
    for y in 0..image.size.height as usize {
        let row = y * row_samples..(y + 1) * row_samples;
        match image.samples.as_ref() {
            SamplesRef::U8(samples) => writer.write_all(&samples[row])?,
            SamplesRef::U16(samples) => {
                big_endian.clear();
                big_endian.extend(samples[row].iter().flat_map(|s| s.to_be_bytes()));
                writer.write_all(&big_endian)?;
            }
        }
        if y % 32 == 0 {
            watch.report(y as f32 / n_rows);
            if watch.is_cancelled() {
                return Err(std::io::Error::other("stopped").into());
            }
        }
    }
    writer.finish()
}
