//! JPEG by jpeg-encoder: baseline, 8 bit, grey or YCbCr.
//!
//! The library encodes each band of MCU rows as a file of its own, with the same tables; the scans
//! are joined behind the first one's header by restart markers, at which a decoder starts anew just
//! as each band did. So the pixels are those of a file encoded in one piece. A picture of one band
//! has no restart markers.

use std::borrow::Cow;
use std::io::Write as _;
use std::ops::Range;

use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, EncodingError, SamplingFactor};

use super::bands::{Bands, Crew};
use super::request::{EncodeRequest, Subsampling};
use super::target::{Stoppable, Target};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::request::{MetadataKind, Note};
use crate::pixels::image::{Image, Layout, SamplesRef};

/// An APP1 segment's room for a block: 65535 less its own length field and the prefix.
const MAX_EXIF_BYTES: usize = 65_535 - 2 - 6;
/// Some milliseconds of work. A band's MCUs are counted in 16 bits: this makes 4096 at most, or one
/// row of at most 8192.
const BAND_PX: usize = 1 << 18;

/// Start of a baseline frame, of the first restart marker, of a scan; end of the file.
const SOF0: u8 = 0xC0;
const RST0: u8 = 0xD0;
const SOS: u8 = 0xDA;
const EOI_LEN: usize = 2;

pub(super) fn encode(
    request: &EncodeRequest<'_>,
    (quality, subsampling): (u8, Subsampling),
    exif: Option<&[u8]>,
    target: &mut dyn Target,
    crew: &Crew<'_>,
) -> Result<Vec<Note>, CodecError> {
    let mut notes = Vec::new();
    let mut scan = Scan::new(request.image, quality.clamp(1, 100), subsampling)?;
    scan.icc = request.icc;
    if request.image.layout.has_alpha() {
        notes.push(Note::AlphaFlattened);
    }
    if let Some(exif) = exif {
        if exif.len() <= MAX_EXIF_BYTES {
            scan.exif = Some(exif);
        } else {
            notes.push(Note::MetadataDropped {
                what: MetadataKind::Exif,
                why: "it is too large for JPEG".to_owned(),
            });
        }
    }
    let mut out = Stoppable::new(target, crew.watch, 0);
    crew.in_order(
        scan.bands.count(),
        |band_idx| scan.band(band_idx),
        |_, bytes| out.write_all(&bytes).map_err(|e| refused(e, crew)),
    )?;
    out.flush().map_err(CodecError::Write)?;
    Ok(notes)
}

fn refused(error: std::io::Error, crew: &Crew<'_>) -> CodecError {
    if crew.watch.is_cancelled() {
        CodecError::Cancelled
    } else {
        CodecError::Write(error)
    }
}

fn failed(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> CodecError {
    CodecError::Encode {
        format: Format::Jpeg,
        source: source.into(),
    }
}

/// The picture as it is cut, and what its header shall say.
struct Scan<'a> {
    samples: &'a [u8],
    layout: Layout,
    width: u16,
    height: u16,
    quality: u8,
    sampling: SamplingFactor,
    bands: Bands,
    /// MCUs a band; 0 where there is one band.
    restart_interval: u16,
    exif: Option<&'a [u8]>,
    icc: Option<&'a [u8]>,
}

impl<'a> Scan<'a> {
    fn new(image: &'a Image, quality: u8, subsampling: Subsampling) -> Result<Self, CodecError> {
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
        let (width, height) = (side(image.size.width)?, side(image.size.height)?);
        let (sampling, mcu_width, mcu_height) = match subsampling {
            _ if image.layout.is_gray() => (SamplingFactor::R_4_4_4, 8, 8),
            Subsampling::S444 => (SamplingFactor::R_4_4_4, 8, 8),
            Subsampling::S422 => (SamplingFactor::R_4_2_2, 16, 8),
            Subsampling::S420 => (SamplingFactor::R_4_2_0, 16, 16),
        };
        let n_mcus_across = usize::from(width).div_ceil(mcu_width);
        let row_px = n_mcus_across * mcu_width;
        let bands = Bands::cut(usize::from(height), row_px, BAND_PX, mcu_height);
        let n_mcus_a_band = n_mcus_across * (bands.rows_a_band() / mcu_height);
        Ok(Self {
            samples,
            layout: image.layout,
            width,
            height,
            quality,
            sampling,
            restart_interval: if bands.count() > 1 {
                n_mcus_a_band as u16
            } else {
                0
            },
            bands,
            exif: None,
            icc: None,
        })
    }

    /// The bytes a band adds to the file: the first begins with the header, the others with a restart
    /// marker, and the last one ends the file.
    fn band(&self, band_idx: usize) -> Result<Vec<u8>, CodecError> {
        let mut file = self.file_of(band_idx).map_err(failed)?;
        let header = Header::find(&file).ok_or_else(|| failed("a band without a scan"))?;
        if band_idx + 1 < self.bands.count() {
            file.truncate(file.len() - EOI_LEN);
        }
        if band_idx == 0 {
            file[header.height_at..][..2].copy_from_slice(&self.height.to_be_bytes());
        } else {
            let start = header.len - 2;
            file[start..][..2].copy_from_slice(&[0xFF, RST0 | ((band_idx - 1) % 8) as u8]);
            file.drain(..start);
        }
        Ok(file)
    }

    /// A band as a file of its own.
    fn file_of(&self, band_idx: usize) -> Result<Vec<u8>, EncodingError> {
        let rows = self.bands.rows(band_idx);
        let height = rows.len() as u16;
        let samples = self.without_alpha(rows);
        let mut file = Vec::with_capacity(samples.len() / 4);
        let mut encoder = Encoder::new(&mut file, self.quality);
        encoder.set_sampling_factor(self.sampling);
        encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
        encoder.set_restart_interval(self.restart_interval);
        if band_idx == 0 {
            if let Some(exif) = self.exif {
                encoder.add_exif_metadata(exif)?;
            }
            if let Some(icc) = self.icc {
                encoder.add_icc_profile(icc)?;
            }
        }
        let color = if self.layout.is_gray() {
            ColorType::Luma
        } else {
            ColorType::Rgb
        };
        encoder.encode(&samples, self.width, height, color)?;
        Ok(file)
    }

    fn without_alpha(&self, rows: Range<usize>) -> Cow<'a, [u8]> {
        let n = usize::from(self.width) * self.layout.channels();
        let samples = &self.samples[rows.start * n..rows.end * n];
        match self.layout {
            Layout::Gray | Layout::Rgb => samples.into(),
            Layout::GrayAlpha => over_white::<2, 1>(samples).into(),
            Layout::Rgba => over_white::<4, 3>(samples).into(),
        }
    }
}

/// `c·a + 255·(1 − a)`, rounded, of pixels of `N` samples, the last of which is alpha.
fn over_white<const N: usize, const COLORS: usize>(samples: &[u8]) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut out = vec![0; pixels.len() * COLORS];
    let (flat, _) = out.as_chunks_mut::<COLORS>();
    for (flat, px) in flat.iter_mut().zip(pixels) {
        let alpha = u32::from(px[N - 1]);
        for (flat, c) in flat.iter_mut().zip(px) {
            *flat = ((u32::from(*c) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        }
    }
    out
}

/// Where things stand in what the library wrote before the scan's own bits.
struct Header {
    height_at: usize,
    len: usize,
}

impl Header {
    fn find(file: &[u8]) -> Option<Self> {
        let mut at = 2;
        let mut height_at = None;
        loop {
            let segment = file.get(at..)?;
            let (&[0xFF, kind, high, low], _) = segment.split_first_chunk()? else {
                return None;
            };
            let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
            match kind {
                SOF0 => height_at = Some(at + 5),
                SOS => {
                    return Some(Self {
                        height_at: height_at?,
                        len: end,
                    });
                }
                _ => {}
            }
            at = end;
        }
    }
}
