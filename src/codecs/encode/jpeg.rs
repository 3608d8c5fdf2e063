//! JPEG by jpeg-encoder: baseline, 8 bit, grey or YCbCr.

use std::io::Write as _;

use jpeg_encoder::{
    Encoder, EncodingError, ImageBuffer, JpegColorType, SamplingFactor, rgb_to_ycbcr,
};

use super::request::{EncodeRequest, Subsampling};
use super::target::{Stoppable, Target};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::request::{MetadataKind, Note};
use crate::codecs::watch::Watch;
use crate::pixels::image::{Image, Layout, SamplesRef};

/// An APP1 segment's room for a block: 65535 less its own length field and the prefix.
const MAX_EXIF_BYTES: usize = 65_535 - 2 - 6;

pub(super) fn encode(
    request: &EncodeRequest<'_>,
    (quality, subsampling): (u8, Subsampling),
    exif: Option<Vec<u8>>,
    target: &mut dyn Target,
    watch: &Watch<'_>,
) -> Result<Vec<Note>, CodecError> {
    let mut notes = Vec::new();
    let rows = Rows::new(request.image, watch)?;
    if request.image.layout.has_alpha() {
        notes.push(Note::AlphaFlattened);
    }
    let mut out = Stoppable::new(target, *watch, 0);
    let mut encoder = Encoder::new(&mut out, quality.clamp(1, 100));
    encoder.set_sampling_factor(match subsampling {
        Subsampling::S444 => SamplingFactor::R_4_4_4,
        Subsampling::S422 => SamplingFactor::R_4_2_2,
        Subsampling::S420 => SamplingFactor::R_4_2_0,
    });
    if let Some(exif) = exif {
        if exif.len() <= MAX_EXIF_BYTES {
            encoder
                .add_exif_metadata(&exif)
                .map_err(|error| failed(error, watch))?;
        } else {
            notes.push(Note::MetadataDropped {
                what: MetadataKind::Exif,
                why: "it is too large for JPEG".to_owned(),
            });
        }
    }
    if let Some(icc) = request.icc {
        encoder
            .add_icc_profile(icc)
            .map_err(|error| failed(error, watch))?;
    }
    encoder
        .encode_image(rows)
        .map_err(|error| failed(error, watch))?;
    out.flush().map_err(CodecError::Write)?;
    Ok(notes)
}

fn failed(error: EncodingError, watch: &Watch<'_>) -> CodecError {
    match error {
        _ if watch.is_cancelled() => CodecError::Cancelled,
        EncodingError::IoError(error) => CodecError::Write(error),
        error => CodecError::Encode {
            format: Format::Jpeg,
            source: Box::new(error),
        },
    }
}

/// The picture as the encoder asks for it: rows of YCbCr.
struct Rows<'a> {
    samples: &'a [u8],
    layout: Layout,
    width: u16,
    height: u16,
    watch: Watch<'a>,
}

impl<'a> Rows<'a> {
    fn new(image: &'a Image, watch: &Watch<'a>) -> Result<Self, CodecError> {
        let SamplesRef::U8(samples) = image.samples.as_ref() else {
            return Err(CodecError::unsupported(
                "JPEG holds 8 bits a sample; choose PNG or TIFF for 16",
            ));
        };
        let side = |px: u32| {
            u16::try_from(px).map_err(|_| {
                CodecError::unsupported(
                    "JPEG holds at most 65535 pixels a side; choose PNG or TIFF",
                )
            })
        };
        Ok(Self {
            samples,
            layout: image.layout,
            width: side(image.size.width)?,
            height: side(image.size.height)?,
            watch: *watch,
        })
    }
}

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        if self.layout.is_gray() {
            JpegColorType::Luma
        } else {
            JpegColorType::Ycbcr
        }
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        if y.is_multiple_of(32) {
            self.watch.report(f32::from(y) / f32::from(self.height));
        }
        let n = usize::from(self.width) * self.layout.channels();
        let row = &self.samples[usize::from(y) * n..][..n];
        match self.layout {
            Layout::Gray => buffers[0].extend_from_slice(row),
            Layout::GrayAlpha => {
                buffers[0].extend(row.chunks_exact(2).map(|px| over_white(px[0], px[1])));
            }
            Layout::Rgb => {
                push_colors(row.chunks_exact(3).map(|px| [px[0], px[1], px[2]]), buffers);
            }
            Layout::Rgba => push_colors(
                row.chunks_exact(4)
                    .map(|px| [px[0], px[1], px[2]].map(|c| over_white(c, px[3]))),
                buffers,
            ),
        }
    }
}

fn push_colors(row: impl ExactSizeIterator<Item = [u8; 3]>, buffers: &mut [Vec<u8>; 4]) {
    let [ys, cbs, crs, _] = buffers;
    let start = ys.len();
    let end = start + row.len();
    ys.resize(end, 0);
    cbs.resize(end, 0);
    crs.resize(end, 0);
    let planes = ys[start..]
        .iter_mut()
        .zip(&mut cbs[start..])
        .zip(&mut crs[start..]);
    for (((y, cb), cr), [r, g, b]) in planes.zip(row) {
        (*y, *cb, *cr) = rgb_to_ycbcr(r, g, b);
    }
}

/// `c·a + 255·(1 − a)`, rounded.
fn over_white(c: u8, alpha: u8) -> u8 {
    let (c, alpha) = (u32::from(c), u32::from(alpha));
    ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}
