//! JPEG: baseline, 8 bit, grey or YCbCr, in bands of MCU rows that are coded side by side.
//!
//! The header with its tables is jpeg-encoder's; the scan is ours, for it is what a person waits for.
//! Its arithmetic is libjpeg's, so a picture of one band is byte for byte what the library writes.
//! Bands are joined by restart markers, at which a decoder starts anew just as each band did: the
//! pixels are those of a file coded in one piece, and no thread changes a byte.

use std::borrow::Cow;
use std::io::Write as _;
use std::ops::Range;

use jpeg_encoder::SamplingFactor;

use super::bands::{Bands, Crew};
use super::request::{EncodeRequest, Subsampling};
use super::target::{Stoppable, Target};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::request::{MetadataKind, Note};
use crate::pixels::image::{Image, Layout, SamplesRef};
use crate::pixels::simd;

mod entropy;
mod header;
mod planes;
mod transform;

use entropy::{Bits, Tables};
use header::{Announced, Header};
use planes::{Planes, Source, WIDTH};
use transform::Coefficients;

/// An APP1 segment's room for a block: 65535 less its own length field and the prefix.
const MAX_EXIF_BYTES: usize = 65_535 - 2 - 6;
/// Some milliseconds of work. A band's MCUs are counted in 16 bits: this makes 4096 at most, or one
/// row of at most 8192.
const BAND_PX: usize = 1 << 18;

/// The first restart marker, and the end of the file.
const RST0: u8 = 0xD0;
const EOI: [u8; 2] = [0xFF, 0xD9];

pub(super) fn encode(
    request: &EncodeRequest<'_>,
    (quality, subsampling): (u8, Subsampling),
    exif: Option<&[u8]>,
    target: &mut dyn Target,
    crew: &Crew<'_>,
) -> Result<Vec<Note>, CodecError> {
    let mut notes = Vec::new();
    if request.image.layout.has_alpha() {
        notes.push(Note::AlphaFlattened);
    }
    let exif = exif.filter(|exif| {
        let fits = exif.len() <= MAX_EXIF_BYTES;
        if !fits {
            notes.push(Note::MetadataDropped {
                what: MetadataKind::Exif,
                why: "it is too large for JPEG".to_owned(),
            });
        }
        fits
    });
    let scan = Scan::new(request, (quality.clamp(1, 100), subsampling), exif)?;
    let mut out = Stoppable::new(target, crew.watch, 0);
    crew.in_order(
        scan.bands.count(),
        |band_idx| Ok(scan.band(band_idx)),
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

/// Samples and sides, where JPEG can hold them.
fn checked(image: &Image) -> Result<(&[u8], u16, u16), CodecError> {
    let SamplesRef::U8(samples) = image.samples.as_ref() else {
        return Err(CodecError::unsupported(
            "JPEG holds 8 bits a sample; choose PNG or TIFF for 16",
        ));
    };
    let side = |px: u32| {
        u16::try_from(px).map_err(|_| {
            CodecError::unsupported("JPEG holds at most 65535 pixels a side; choose PNG or TIFF")
        })
    };
    Ok((samples, side(image.size.width)?, side(image.size.height)?))
}

/// The picture as it is cut, and the tables it is coded with.
struct Scan<'a> {
    samples: &'a [u8],
    layout: Layout,
    width: usize,
    /// Pixels that share one colour, across and down.
    subsampling: (usize, usize),
    n_mcus_across: usize,
    bands: Bands,
    header: Header,
}

impl<'a> Scan<'a> {
    fn new(
        request: &EncodeRequest<'a>,
        (quality, subsampling): (u8, Subsampling),
        exif: Option<&[u8]>,
    ) -> Result<Self, CodecError> {
        let image = request.image;
        let (samples, width, height) = checked(image)?;
        let (sampling, across, down) = match subsampling {
            _ if image.layout.is_gray() => (SamplingFactor::R_4_4_4, 1, 1),
            Subsampling::S444 => (SamplingFactor::R_4_4_4, 1, 1),
            Subsampling::S422 => (SamplingFactor::R_4_2_2, 2, 1),
            Subsampling::S420 => (SamplingFactor::R_4_2_0, 2, 2),
        };
        let n_mcus_across = usize::from(width).div_ceil(8 * across);
        let row_px = n_mcus_across * 8 * across;
        let bands = Bands::cut(usize::from(height), row_px, BAND_PX, 8 * down);
        let n_mcus_a_band = n_mcus_across * (bands.rows_a_band() / (8 * down));
        let header = Header::write(&Announced {
            width,
            height,
            is_gray: image.layout.is_gray(),
            quality,
            sampling,
            restart_interval: if bands.count() > 1 {
                n_mcus_a_band as u16
            } else {
                0
            },
            exif,
            icc: request.icc,
        });
        Ok(Self {
            samples,
            layout: image.layout,
            width: usize::from(width),
            subsampling: (across, down),
            n_mcus_across,
            bands,
            header: header
                .map_err(failed)?
                .ok_or_else(|| failed("a header without tables"))?,
        })
    }

    /// The bytes a band adds to the file: the first begins with the header, the others with a restart
    /// marker, and the last one ends the file.
    fn band(&self, band_idx: usize) -> Vec<u8> {
        let samples = self.without_alpha(self.bands.rows(band_idx));
        let source = Source {
            samples: &samples,
            width: self.width,
            n_channels: if self.layout.is_gray() { 1 } else { 3 },
        };
        let mut file = Vec::with_capacity(samples.len() / 3 + self.header.bytes.len());
        if band_idx == 0 {
            file.extend_from_slice(&self.header.bytes);
        } else {
            file.extend_from_slice(&[0xFF, RST0 | ((band_idx - 1) % 8) as u8]);
        }
        let mut pass = Pass {
            scan: self,
            bits: Bits::after(file),
            before: [0; 3],
            planes: Planes::new(),
            luma: [Coefficients::new(), Coefficients::new()],
            chroma: [Coefficients::new(), Coefficients::new()],
        };
        let (across, down) = self.subsampling;
        for top in (0..self.bands.rows(band_idx).len()).step_by(8 * down) {
            for left in (0..self.n_mcus_across * 8 * across).step_by(WIDTH) {
                pass.code(&source, (left, top));
            }
        }
        let mut file = pass.bits.finish();
        if band_idx + 1 == self.bands.count() {
            file.extend_from_slice(&EOI);
        }
        file
    }

    fn without_alpha(&self, rows: Range<usize>) -> Cow<'a, [u8]> {
        let n = self.width * self.layout.channels();
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

/// A band on its way.
struct Pass<'a> {
    scan: &'a Scan<'a>,
    bits: Bits,
    /// The last first coefficient of each component.
    before: [i16; 3],
    planes: Planes,
    luma: [Coefficients; 2],
    chroma: [Coefficients; 2],
}

impl Pass<'_> {
    /// As many MCUs as a stripe holds, or are left in the row.
    fn code(&mut self, source: &Source<'_>, (left, top): (usize, usize)) {
        let (across, down) = self.scan.subsampling;
        let first = left / (8 * across);
        let n_mcus = (WIDTH / (8 * across)).min(self.scan.n_mcus_across - first);
        let level = simd::level();
        self.planes.read(level, source, (left, top), (across, down));
        let n_components = source.n_channels;
        let quantizers = &self.scan.header.quantizers;
        let luma = self.luma.iter_mut().zip(&self.planes.luma);
        for (coefficients, stripe) in luma.take(down) {
            coefficients.transform(level, stripe, &quantizers[0], n_mcus * across);
        }
        let chroma = self.chroma.iter_mut().zip(&self.planes.chroma);
        for (coefficients, stripe) in chroma.take(n_components - 1) {
            coefficients.transform(level, stripe, &quantizers[1], n_mcus);
        }
        let tables = |table_idx: usize| Tables {
            dc: &self.scan.header.dc[table_idx],
            ac: &self.scan.header.ac[table_idx],
        };
        let [before_luma, before_chroma @ ..] = &mut self.before;
        for mcu_idx in 0..n_mcus {
            for luma in &self.luma[..down] {
                for block_idx in mcu_idx * across..(mcu_idx + 1) * across {
                    self.bits.put_block(luma, block_idx, before_luma, tables(0));
                }
            }
            let chroma = self.chroma.iter().zip(before_chroma.iter_mut());
            for (chroma, before) in chroma.take(n_components - 1) {
                self.bits.put_block(chroma, mcu_idx, before, tables(1));
            }
        }
    }
}

#[cfg(test)]
mod tests;
