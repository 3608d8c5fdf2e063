//! JPEG through zune-jpeg: grey and RGB as the library gives them, CMYK and YCCK as amounts of ink.
//!
//! A file that was cut short, or is damaged inside, gives the rows that could be read; the rest is
//! mid-grey, and a note says how much that is. CMYK is stored inverted, as Adobe began it and every
//! reader expects.

use std::borrow::Cow;
use std::cell::Cell;

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::colorspace::ColorSpace as Coded;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::jpeg_source::JpegSource;
use super::jpeg_structure::{Frame, Structure};
use super::{Header, Opened, Pixels, Room};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;
use crate::codecs::request::{Channels, Note};
use crate::codecs::watch::Watch;
use crate::pixels::image::{Depth, Layout, Samples};

/// What the library fills missing rows with.
const MISSING: u8 = 128;

/// A JPEG whose header is read.
struct Jpeg<'a> {
    bytes: Cow<'a, [u8]>,
    header: Header,
    frame: Frame,
    coded: Coded,
    end: Option<usize>,
    max_scans: usize,
}

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    let structure = Structure::read(bytes, limits)?;
    let frame = structure
        .frame
        .ok_or_else(|| CodecError::malformed(Format::Jpeg, "there is no frame header"))?;
    // A progressive file's coefficients are held whole, two bytes each.
    let held = if frame.is_progressive { 3 } else { 1 };
    limits.check(frame.size, u64::from(frame.n_components) * held)?;
    Limits::check_count("scans", u64::from(structure.n_scans), limits.max_jpeg_scans)?;
    let (channels, layout) = match frame.n_components {
        1 => (Channels::Gray, Layout::Gray),
        3 => (Channels::Rgb, Layout::Rgb),
        _ => (Channels::Cmyk, Layout::Rgb),
    };
    let (bytes, coded) = coded_colors(bytes, &structure, frame);
    Ok(Box::new(Jpeg {
        bytes,
        frame,
        coded,
        end: structure.end,
        max_scans: limits.max_jpeg_scans as usize,
        header: Header {
            format: Format::Jpeg,
            size: frame.size,
            channels,
            bits: frame.bits,
            layout,
            depth: Depth::Eight,
            metadata: structure.metadata,
            space: None,
            orientation: None,
            notes: structure.notes,
        },
    }))
}

/// What the decoder shall give. Its reading of the Adobe segment fits four channels only, so that
/// with other transforms than it expects, the byte is changed in a copy, and samples taken raw.
fn coded_colors<'a>(
    bytes: &'a [u8],
    structure: &Structure,
    frame: Frame,
) -> (Cow<'a, [u8]>, Coded) {
    let transform = structure
        .adobe_transform_at
        .and_then(|at| Some((at, *bytes.get(at)?)));
    let changed = |at: usize, to: u8| {
        let mut copy = bytes.to_vec();
        copy[at] = to;
        Cow::Owned(copy)
    };
    match (frame.n_components, transform) {
        (1, _) => (bytes.into(), Coded::Luma),
        (3, Some((at, 0))) if !frame.is_named_rgb => (changed(at, 1), Coded::YCbCr),
        (3, Some((at, 0 | 2..))) => (changed(at, 1), Coded::RGB),
        (3, _) => (bytes.into(), Coded::RGB),
        (_, Some((_, 2))) => (bytes.into(), Coded::YCCK),
        (_, Some((at, 1 | 3..))) => (changed(at, 0), Coded::CMYK),
        _ => (bytes.into(), Coded::CMYK),
    }
}

impl Opened for Jpeg<'_> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn pixels(
        self: Box<Self>,
        room: Room<'_>,
        watch: &Watch<'_>,
    ) -> Result<(Pixels, Vec<Note>), CodecError> {
        let n_channels = usize::from(self.frame.n_components);
        let mut samples = room.bytes(self.frame.size.area() as usize * n_channels);
        let reached = self.decode_into(&mut samples, watch)?;
        let damage = self.damage(&mut samples, reached);
        let pixels = match self.coded {
            Coded::YCCK => {
                let mut ink = samples.into_vec();
                ycck_to_ink(&mut ink);
                Pixels::Ink(Samples::U8(ink))
            }
            Coded::CMYK => {
                let mut ink = samples.into_vec();
                for sample in &mut ink {
                    *sample = 255 - *sample;
                }
                Pixels::Ink(Samples::U8(ink))
            }
            _ => samples.into_pixels(self.header.layout, Depth::Eight),
        };
        Ok((pixels, damage.into_iter().collect()))
    }
}

impl Jpeg<'_> {
    /// Decodes; answers how far into the file the decoder read.
    fn decode_into(&self, samples: &mut [u8], watch: &Watch<'_>) -> Result<usize, CodecError> {
        let options = DecoderOptions::default()
            .set_max_width(self.frame.size.width as usize)
            .set_max_height(self.frame.size.height as usize)
            .jpeg_set_max_scans(self.max_scans)
            .jpeg_set_out_colorspace(self.coded);
        let reached = Cell::new(0);
        let source = JpegSource::new(&self.bytes, &reached, *watch);
        let mut decoder = JpegDecoder::new_with_options(source, options);
        let outcome = decoder.decode_into(samples);
        drop(decoder);
        watch.step(0.9)?;
        match outcome {
            Ok(()) => Ok(reached.get()),
            Err(DecodeErrors::Unsupported(what)) => Err(CodecError::unsupported(format!(
                "this kind of JPEG is not supported: {what:?}"
            ))),
            Err(error) => Err(CodecError::malformed(Format::Jpeg, error.to_string())),
        }
    }

    /// Finds out whether rows are missing, greys the row of units the data broke off in, and tells.
    fn damage(&self, samples: &mut [u8], reached: usize) -> Option<Note> {
        /// The decoder reads a little ahead, and need not read padding.
        const SLACK_BYTES: usize = 64;
        let is_whole = self
            .end
            .is_some_and(|end| self.frame.is_progressive || reached + SLACK_BYTES >= end);
        if is_whole {
            return None;
        }
        let Frame { size, .. } = self.frame;
        let row = size.width as usize * usize::from(self.frame.n_components);
        let missing = samples
            .chunks_exact(row)
            .rev()
            .take_while(|row| row.iter().all(|&s| s == MISSING))
            .count();
        let mut n_read = size.height - missing as u32;
        if self.frame.is_progressive {
            let percent_read = (missing > 0).then(|| percent(n_read, size.height));
            return Some(Note::Damaged { percent_read });
        }
        // The unit row in which the data ends is decoded from nothing towards its end.
        n_read = n_read.saturating_sub(1) / self.frame.mcu_rows * self.frame.mcu_rows;
        if missing > 0 {
            samples[n_read as usize * row..].fill(MISSING);
        }
        Some(Note::Damaged {
            percent_read: Some(percent(n_read, size.height)),
        })
    }
}

fn percent(n_read: u32, height: u32) -> u8 {
    (u64::from(n_read) * 100 / u64::from(height.max(1))).min(99) as u8
}

/// YCCK is YCbCr of the inverted ink complement, and inverted black (Adobe technical note 5116).
/// The transformation is JFIF's, rounded.
fn ycck_to_ink(samples: &mut [u8]) {
    for px in samples.chunks_exact_mut(4) {
        let y = f32::from(px[0]);
        let cb = f32::from(px[1]) - 128.0;
        let cr = f32::from(px[2]) - 128.0;
        let level = |value: f32| (value + 0.5).clamp(0.0, 255.0) as u8;
        px[0] = level(y + 1.402 * cr);
        px[1] = level(y - 0.344_136 * cb - 0.714_136 * cr);
        px[2] = level(y + 1.772 * cb);
        px[3] = 255 - px[3];
    }
}
