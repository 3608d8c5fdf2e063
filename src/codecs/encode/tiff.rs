//! TIFF by the tiff crate: 8 and 16 bit, all four layouts, deflate with a horizontal predictor.

use std::io::Write as _;

use tiff::TiffError;
use tiff::encoder::colortype::ColorType;
use tiff::encoder::{Compression, DeflateLevel, Predictor, TiffEncoder, TiffValue};
use tiff::tags::{PhotometricInterpretation, SampleFormat, Tag};

use super::request::EncodeRequest;
use super::target::{Stoppable, Target};
use super::tiff_exif;
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::request::{MetadataKind, Note};
use crate::codecs::watch::Watch;
use crate::pixels::geometry::Size;
use crate::pixels::image::{Layout, SamplesRef};

/// Classic TIFF counts bytes in 32 bits, and deflate may enlarge noise a little.
const MAX_CLASSIC_BYTES: u64 = 3 << 30;

pub(super) fn encode(
    request: &EncodeRequest<'_>,
    exif: Option<&[u8]>,
    target: &mut dyn Target,
    watch: &Watch<'_>,
) -> Result<Vec<Note>, CodecError> {
    let image = request.image;
    if image.n_bytes() > MAX_CLASSIC_BYTES {
        return Err(CodecError::unsupported(
            "a TIFF of more than 3 GiB of samples is not supported; choose PNG",
        ));
    }
    let mut notes = Vec::new();
    let mut out = Stoppable::new(target, *watch, image.n_bytes());
    let write = match (image.samples.as_ref(), image.layout) {
        (SamplesRef::U8(s), Layout::Gray) => write::<Kind<u8, 1>>(&mut out, request, s, exif),
        (SamplesRef::U8(s), Layout::GrayAlpha) => write::<Kind<u8, 2>>(&mut out, request, s, exif),
        (SamplesRef::U8(s), Layout::Rgb) => write::<Kind<u8, 3>>(&mut out, request, s, exif),
        (SamplesRef::U8(s), Layout::Rgba) => write::<Kind<u8, 4>>(&mut out, request, s, exif),
        (SamplesRef::U16(s), Layout::Gray) => write::<Kind<u16, 1>>(&mut out, request, s, exif),
        (SamplesRef::U16(s), Layout::GrayAlpha) => {
            write::<Kind<u16, 2>>(&mut out, request, s, exif)
        }
        (SamplesRef::U16(s), Layout::Rgb) => write::<Kind<u16, 3>>(&mut out, request, s, exif),
        (SamplesRef::U16(s), Layout::Rgba) => write::<Kind<u16, 4>>(&mut out, request, s, exif),
    };
    let is_exif_whole = write.map_err(|error| failed(error, watch))?;
    if !is_exif_whole {
        notes.push(Note::MetadataDropped {
            what: MetadataKind::Exif,
            why: "some of its fields have no place in a TIFF".to_owned(),
        });
    }
    watch.step(1.0)?;
    out.flush().map_err(CodecError::Write)?;
    Ok(notes)
}

fn failed(error: TiffError, watch: &Watch<'_>) -> CodecError {
    match error {
        _ if watch.is_cancelled() => CodecError::Cancelled,
        TiffError::IoError(error) => CodecError::Write(error),
        error => CodecError::Encode {
            format: Format::Tiff,
            source: Box::new(error),
        },
    }
}

/// Answers whether the EXIF block could be carried over whole.
fn write<K: ColorType>(
    out: &mut Stoppable<'_>,
    request: &EncodeRequest<'_>,
    samples: &[K::Inner],
    exif: Option<&[u8]>,
) -> Result<bool, TiffError>
where
    [K::Inner]: TiffValue,
{
    const STRAIGHT_ALPHA: u16 = 2;
    let Size { width, height } = request.image.size;
    let mut encoder = TiffEncoder::new(out)?
        .with_compression(Compression::Deflate(DeflateLevel::Fast))
        .with_predictor(Predictor::Horizontal);
    let carried = tiff_exif::write_sub_directory(&mut encoder, exif)?;
    let mut image = encoder.new_image::<K>(width, height)?;
    let directory = image.encoder();
    if request.image.layout.has_alpha() {
        directory.write_tag(Tag::ExtraSamples, &[STRAIGHT_ALPHA][..])?;
    }
    if let Some(icc) = request.icc {
        directory.write_tag(Tag::IccProfile, icc)?;
    }
    let is_whole = tiff_exif::write_main_fields(directory, &carried)?;
    image.write_data(samples)?;
    Ok(is_whole)
}

/// `N` interleaved channels of `S`; the last of two or four is alpha. The library's own kinds lack
/// grey with alpha.
struct Kind<S, const N: usize>(std::marker::PhantomData<S>);

type Bits = [u16; 4];

const EIGHT: Bits = [8; 4];
const SIXTEEN: Bits = [16; 4];

/// A sample of 8 or 16 bit.
trait Sample: TiffValue + Copy {
    /// Bits, for each of up to four channels.
    const BITS: &'static Bits;
    fn less(self, before: Self) -> Self;
}

impl Sample for u8 {
    const BITS: &'static Bits = &EIGHT;
    fn less(self, before: Self) -> Self {
        self.wrapping_sub(before)
    }
}

impl Sample for u16 {
    const BITS: &'static Bits = &SIXTEEN;
    fn less(self, before: Self) -> Self {
        self.wrapping_sub(before)
    }
}

impl<S: Sample, const N: usize> ColorType for Kind<S, N> {
    type Inner = S;
    const TIFF_VALUE: PhotometricInterpretation = if N < 3 {
        PhotometricInterpretation::BlackIsZero
    } else {
        PhotometricInterpretation::RGB
    };
    const BITS_PER_SAMPLE: &'static [u16] = S::BITS.split_at(N).0;
    const SAMPLE_FORMAT: &'static [SampleFormat] = [SampleFormat::Uint; 4].split_at(N).0;

    fn horizontal_predict(row: &[S], result: &mut Vec<S>) {
        result.extend_from_slice(&row[..N.min(row.len())]);
        result.extend(
            row.iter()
                .skip(N)
                .zip(row)
                .map(|(now, before)| now.less(*before)),
        );
    }
}
