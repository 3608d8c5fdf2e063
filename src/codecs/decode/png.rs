//! PNG through the png crate: palettes and transparent colours expanded, low depths brought to 8
//! bit, 16 bit kept.
//!
//! What samples mean is taken from the first of these that is there and usable: the embedded
//! profile, `cICP`, `sRGB`, `gAMA` with `cHRM`; else sRGB (PNG third edition, 4.3). A gamma of
//! 0.45455 is what that standard tells writers of sRGB to state beside it, so it is read as sRGB.
//! A file cut short gives the rows that could be read; the rest is black, or transparent.

use std::borrow::Cow;
use std::io::{BufRead, Seek};

use png::{BitDepth, ColorType, Decoder, DecodingError, Info, Reader, Transformations};

use super::png_chunks::{Chunks, without_large_exif};
use super::source::Source;
use super::{Header, Opened, Pixels, Room};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;
use crate::codecs::request::{Channels, MetadataKind, Note};
use crate::codecs::watch::Watch;
use crate::pixels::color::{ColorSpace, Curve, Primaries};
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Layout};

/// A PNG whose header is read.
struct Png<'a> {
    bytes: Cow<'a, [u8]>,
    header: Header,
    library_limits: png::Limits,
}

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    let size = {
        let mut first = decoder(bytes, Watch::NONE, png::Limits::default());
        let info = first.read_header_info().map_err(failed)?;
        Size::new(info.width, info.height)
    };
    let chunks = Chunks::read(bytes, limits);
    let bytes = without_large_exif(bytes, limits);
    limits.check(size, 8)?;
    let library_limits = png::Limits {
        // Rows are counted too, so that the largest allowed picture still fits.
        bytes: limits.max_png_inflated_bytes + 32 * size.width as usize,
    };
    let reader = decoder(&bytes, Watch::NONE, library_limits)
        .read_info()
        .map_err(failed)?;
    let header = header(&reader, chunks, limits)?;
    drop(reader);
    Ok(Box::new(Png {
        bytes,
        header,
        library_limits,
    }))
}

fn decoder<'a>(bytes: &'a [u8], watch: Watch<'a>, limits: png::Limits) -> Decoder<Source<'a>> {
    let mut decoder = Decoder::new_with_limits(Source::new(bytes, watch), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    decoder
}

fn failed(error: DecodingError) -> CodecError {
    CodecError::malformed(Format::Png, error)
}

fn header<R: BufRead + Seek>(
    reader: &Reader<R>,
    chunks: Chunks,
    limits: &Limits,
) -> Result<Header, CodecError> {
    let info = reader.info();
    let (layout, depth) = output_of(reader)?;
    let Chunks {
        mut metadata,
        mut notes,
        has_icc,
        is_animated,
    } = chunks;
    match &info.icc_profile {
        Some(profile) if profile.len() <= limits.max_icc_bytes => {
            metadata.icc = Some(profile.as_ref().into());
        }
        None if !has_icc => {}
        dropped => notes.push(Note::MetadataDropped {
            what: MetadataKind::Icc,
            why: match dropped {
                Some(_) => "it is too large".to_owned(),
                None => "it cannot be unpacked".to_owned(),
            },
        }),
    }
    if is_animated {
        notes.push(Note::FirstFrameOnly);
    }
    let space = if metadata.icc.is_none() {
        stated_space(info, &mut notes)
    } else {
        None
    };
    Ok(Header {
        format: Format::Png,
        size: Size::new(info.width, info.height),
        channels: channels_of(info),
        bits: info.bit_depth as u8,
        layout,
        depth,
        metadata,
        space,
        orientation: None,
        notes,
    })
}

fn channels_of(info: &Info<'_>) -> Channels {
    match info.color_type {
        ColorType::Grayscale => Channels::Gray,
        ColorType::GrayscaleAlpha => Channels::GrayAlpha,
        ColorType::Rgb => Channels::Rgb,
        ColorType::Rgba => Channels::Rgba,
        ColorType::Indexed => Channels::Palette,
    }
}

fn output_of<R: BufRead + Seek>(reader: &Reader<R>) -> Result<(Layout, Depth), CodecError> {
    let (color, bits) = reader.output_color_type();
    let layout = match color {
        ColorType::Grayscale => Layout::Gray,
        ColorType::GrayscaleAlpha => Layout::GrayAlpha,
        ColorType::Rgb => Layout::Rgb,
        ColorType::Rgba => Layout::Rgba,
        ColorType::Indexed => return Err(unexpanded()),
    };
    let depth = match bits {
        BitDepth::Eight => Depth::Eight,
        BitDepth::Sixteen => Depth::Sixteen,
        BitDepth::One | BitDepth::Two | BitDepth::Four => return Err(unexpanded()),
    };
    Ok((layout, depth))
}

fn unexpanded() -> CodecError {
    CodecError::malformed(Format::Png, "the palette could not be expanded")
}

/// The colour space `cICP`, `sRGB`, `gAMA` and `cHRM` state.
fn stated_space(info: &Info<'_>, notes: &mut Vec<Note>) -> Option<ColorSpace> {
    if let Some(points) = &info.coding_independent_code_points {
        match coded_space(points.color_primaries, points.transfer_function) {
            Some(space) if points.is_video_full_range_image => return Some(space),
            _ => notes.push(Note::ColorIgnored {
                what: "the colour coding in its cICP chunk".to_owned(),
            }),
        }
    }
    if info.srgb.is_some() {
        return Some(ColorSpace::srgb());
    }
    let gamma = f64::from(info.gama_chunk?.into_value());
    let curve = if (gamma - 0.45455).abs() < 0.0005 || !(0.05..=20.0).contains(&gamma) {
        Curve::SRGB
    } else if (gamma - 1.0).abs() < 1e-4 {
        Curve::Linear
    } else {
        Curve::gamma(1.0 / gamma)
    };
    let primaries = info.chrm_chunk.map_or(Primaries::REC709, |c| {
        let point = |(x, y): (png::ScaledFloat, png::ScaledFloat)| {
            [f64::from(x.into_value()), f64::from(y.into_value())]
        };
        Primaries {
            red: point(c.red),
            green: point(c.green),
            blue: point(c.blue),
            white: point(c.white),
        }
    });
    let is_near = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]) < 0.001;
    let s = Primaries::REC709;
    let is_srgb_gamut = is_near(primaries.red, s.red)
        && is_near(primaries.green, s.green)
        && is_near(primaries.blue, s.blue)
        && is_near(primaries.white, s.white);
    if is_srgb_gamut {
        let name = if curve == Curve::SRGB {
            "sRGB"
        } else {
            "sRGB primaries, PNG gamma"
        };
        return Some(ColorSpace::from_primaries(name, &curve, &s));
    }
    let space = ColorSpace::from_primaries("PNG primaries and gamma", &curve, &primaries);
    let mut rows = space.to_working.iter().flatten();
    // Chromaticities of another white are taken as relative to it only when white stays near white.
    let is_usable = rows.all(|n| n.is_finite() && n.abs() < 100.0);
    if !is_usable {
        notes.push(Note::ColorIgnored {
            what: "the chromaticities in its cHRM chunk".to_owned(),
        });
    }
    is_usable.then_some(space)
}

/// Code points of ITU-T H.273, tables 2 and 3, that curves and a matrix can say.
fn coded_space(primaries: u8, transfer: u8) -> Option<ColorSpace> {
    let (name, primaries) = match primaries {
        1 => ("BT.709 primaries", Primaries::REC709),
        9 => ("BT.2020 primaries", Primaries::REC2020),
        12 => ("Display P3", Primaries::DISPLAY_P3),
        _ => return None,
    };
    let rec709 = crate::pixels::color::Parametric {
        g: 1.0 / 0.45,
        a: 1.0 / 1.099,
        b: 0.099 / 1.099,
        c: 1.0 / 4.5,
        d: 0.081,
        e: 0.0,
        f: 0.0,
    };
    let curve = match transfer {
        1 | 6 | 14 | 15 => Curve::Parametric(rec709),
        4 => Curve::gamma(2.2),
        5 => Curve::gamma(2.8),
        8 => Curve::Linear,
        13 => Curve::SRGB,
        _ => return None,
    };
    Some(ColorSpace::from_primaries(name, &curve, &primaries))
}

impl Opened for Png<'_> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn pixels(
        self: Box<Self>,
        room: Room<'_>,
        watch: &Watch<'_>,
    ) -> Result<(Pixels, Vec<Note>), CodecError> {
        let mut reader = decoder(&self.bytes, *watch, self.library_limits)
            .read_info()
            .map_err(failed)?;
        let n_bytes = reader.output_buffer_size().ok_or_else(unexpanded)?;
        let mut bytes = room.bytes(n_bytes);
        let damage = read_rows(&mut reader, &mut bytes, watch)?;
        if self.header.depth == Depth::Sixteen {
            for pair in bytes.chunks_exact_mut(2) {
                let sample = u16::from_be_bytes([pair[0], pair[1]]);
                pair.copy_from_slice(&sample.to_ne_bytes());
            }
        }
        let pixels = bytes.into_pixels(self.header.layout, self.header.depth);
        Ok((pixels, damage.into_iter().collect()))
    }
}

/// Fills `bytes` from the top; answers what is missing, if at least one row was read.
fn read_rows<R: BufRead + Seek>(
    reader: &mut Reader<R>,
    bytes: &mut [u8],
    watch: &Watch<'_>,
) -> Result<Option<Note>, CodecError> {
    let height = reader.info().height as usize;
    let outcome = if reader.info().interlaced {
        reader
            .next_frame(bytes)
            .map(|_| ())
            .map_err(|error| (0, error))
    } else {
        let row_bytes = bytes.len() / height.max(1);
        bytes
            .chunks_exact_mut(row_bytes.max(1))
            .enumerate()
            .try_for_each(|(y, row)| reader.read_row(row).map(|_| ()).map_err(|error| (y, error)))
    };
    watch.step(0.9)?;
    match outcome {
        Ok(()) => Ok(None),
        Err((0, error)) => Err(failed(error)),
        Err((n_read, _)) => {
            let row_bytes = bytes.len() / height;
            // Rows behind the one it broke off in were never written: they are zero, and stay untouched
            // memory.
            bytes[n_read * row_bytes..(n_read + 1) * row_bytes].fill(0);
            Ok(Some(Note::Damaged {
                percent_read: Some((n_read * 100 / height) as u8),
            }))
        }
    }
}
