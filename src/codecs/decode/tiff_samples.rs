//! Brings what a TIFF holds to what a picture holds: planes interleaved, bits unpacked, palettes
//! looked up, wide samples narrowed, YCbCr made RGB, premultiplied alpha divided out.

use tiff::ColorType;
use tiff::decoder::DecodingResult;

use super::Pixels;
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::request::{Channels, Note};
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Layout, Samples, SamplesMut};

/// Colours by index, as the file's map has them: all reds, then all greens, then all blues.
pub(super) struct Palette {
    map: Vec<u16>,
    /// Whether eight bits say as much: maps are of 16 bit, mostly filled from 8.
    is_eight_bit: bool,
}

impl Palette {
    pub(super) fn new(map: &[u16]) -> Self {
        Self {
            map: map.to_vec(),
            is_eight_bit: map
                .iter()
                .all(|&n| n.trailing_zeros() >= 8 || n & 255 == n >> 8),
        }
    }

    fn color(&self, index: u8) -> [u16; 3] {
        let n = self.map.len() / 3;
        [0, 1, 2].map(|c| {
            let at = usize::from(index) + c * n;
            self.map.get(at).copied().unwrap_or(0)
        })
    }
}

/// What the samples are and what they become.
pub(super) struct Shape {
    pub(super) channels: Channels,
    pub(super) layout: Layout,
    pub(super) depth: Depth,
    bits: u8,
    /// Channels as read, extra ones included.
    n_read: usize,
    is_ycbcr: bool,
    is_premultiplied: bool,
    palette: Option<Palette>,
}

impl Shape {
    /// `extra` is the file's first extra sample: 1 premultiplied alpha, 2 straight alpha.
    pub(super) fn of(
        color: ColorType,
        palette: Option<Palette>,
        extra: Option<u16>,
    ) -> Result<Self, CodecError> {
        let unsupported = || {
            CodecError::unsupported(format!(
                "TIFF with samples of {color:?} is not supported; convert it to 8 or 16 bit RGB first"
            ))
        };
        let bits = color.bit_depth();
        let (channels, layout, n_read) = match color {
            ColorType::Gray(_) if palette.is_some() => (Channels::Palette, Layout::Rgb, 1),
            ColorType::Gray(_) => (Channels::Gray, Layout::Gray, 1),
            ColorType::Multiband { num_samples: 2, .. } => match extra {
                Some(1 | 2) => (Channels::GrayAlpha, Layout::GrayAlpha, 2),
                _ => (Channels::Gray, Layout::Gray, 2),
            },
            ColorType::RGB(_) | ColorType::YCbCr(8) => (Channels::Rgb, Layout::Rgb, 3),
            ColorType::RGBA(_) => (Channels::Rgba, Layout::Rgba, 4),
            ColorType::CMYK(_) => (Channels::Cmyk, Layout::Rgb, 4),
            ColorType::CMYKA(_) => (Channels::Cmyk, Layout::Rgb, 5),
            _ => return Err(unsupported()),
        };
        let is_low = matches!(bits, 1 | 2 | 4);
        if (is_low && n_read != 1) || !(is_low || matches!(bits, 8 | 16 | 32 | 64)) {
            return Err(unsupported());
        }
        let eight = bits <= 8 && palette.as_ref().is_none_or(|p| p.is_eight_bit);
        Ok(Self {
            channels,
            layout,
            depth: if eight { Depth::Eight } else { Depth::Sixteen },
            bits,
            n_read,
            is_ycbcr: matches!(color, ColorType::YCbCr(_)),
            is_premultiplied: layout.has_alpha() && extra == Some(1),
            palette,
        })
    }
}

/// Makes one plane a channel of many.
pub(super) fn interleave(read: DecodingResult, n_planes: usize) -> DecodingResult {
    fn woven<T: Copy>(planes: &[T], n_planes: usize) -> Vec<T> {
        let n = planes.len() / n_planes;
        (0..n)
            .flat_map(|i| (0..n_planes).map(move |p| planes[p * n + i]))
            .collect()
    }
    if n_planes <= 1 {
        return read;
    }
    match read {
        DecodingResult::U8(s) => DecodingResult::U8(woven(&s, n_planes)),
        DecodingResult::U16(s) => DecodingResult::U16(woven(&s, n_planes)),
        DecodingResult::U32(s) => DecodingResult::U32(woven(&s, n_planes)),
        DecodingResult::F32(s) => DecodingResult::F32(woven(&s, n_planes)),
        other => other,
    }
}

/// # Errors
/// Signed samples; fewer samples than the size needs.
pub(super) fn shaped(
    read: DecodingResult,
    shape: &Shape,
    size: Size,
    notes: &mut Vec<Note>,
) -> Result<Pixels, CodecError> {
    let samples = plain(read, shape, size, notes)?;
    let n_expected = size.area() as usize * shape.n_read;
    if samples.len() < n_expected {
        return Err(CodecError::malformed(
            Format::Tiff,
            "there are fewer samples than pixels",
        ));
    }
    if let Some(palette) = &shape.palette {
        return Ok(looked_up(&samples, palette, shape, n_expected));
    }
    let n_kept = match shape.channels {
        Channels::Cmyk => 4,
        _ => shape.layout.channels(),
    };
    let mut samples = without_extra(samples, n_expected, shape.n_read, n_kept);
    if shape.is_ycbcr {
        ycbcr_to_rgb(&mut samples);
    }
    if shape.is_premultiplied {
        divide_alpha(&mut samples, n_kept);
        notes.push(Note::AlphaUnmultiplied);
    }
    Ok(match shape.channels {
        Channels::Cmyk => Pixels::Ink(samples),
        _ => Pixels::Plain {
            layout: shape.layout,
            samples,
        },
    })
}

/// Whole samples of 8 or 16 bit.
fn plain(
    read: DecodingResult,
    shape: &Shape,
    size: Size,
    notes: &mut Vec<Note>,
) -> Result<Samples, CodecError> {
    let mut reduced = |samples: Vec<u16>| {
        notes.push(Note::DepthReduced { bits: shape.bits });
        Ok(Samples::U16(samples))
    };
    // NaN becomes 0.
    let from_float = |s: f64| (s * 65535.0 + 0.5).clamp(0.0, 65535.0) as u16;
    match read {
        DecodingResult::U8(bytes) if shape.bits < 8 => {
            Ok(Samples::U8(unpacked(&bytes, shape, size.width as usize)))
        }
        DecodingResult::U8(samples) => Ok(Samples::U8(samples)),
        DecodingResult::U16(samples) => Ok(Samples::U16(samples)),
        DecodingResult::U32(s) => reduced(s.iter().map(|s| (s >> 16) as u16).collect()),
        DecodingResult::U64(s) => reduced(s.iter().map(|s| (s >> 48) as u16).collect()),
        DecodingResult::F16(s) => reduced(
            s.iter()
                .map(|s| from_float(f64::from(s.to_f32())))
                .collect(),
        ),
        DecodingResult::F32(s) => reduced(s.iter().map(|&s| from_float(f64::from(s))).collect()),
        DecodingResult::F64(s) => reduced(s.iter().map(|&s| from_float(s)).collect()),
        DecodingResult::I8(_)
        | DecodingResult::I16(_)
        | DecodingResult::I32(_)
        | DecodingResult::I64(_) => Err(CodecError::unsupported(
            "TIFF with signed samples is not supported; convert it to 8 or 16 bit RGB first",
        )),
    }
}

/// One byte a sample from rows padded to bytes; grey is spread over 0…255, indices stay.
fn unpacked(bytes: &[u8], shape: &Shape, width: usize) -> Vec<u8> {
    let bits = usize::from(shape.bits);
    let highest = (1_u8 << bits) - 1;
    let factor = if shape.palette.is_some() {
        1
    } else {
        255 / highest
    };
    let row_bytes = (width * bits).div_ceil(8).max(1);
    bytes
        .chunks_exact(row_bytes)
        .flat_map(|row| {
            (0..width).map(move |x| {
                let bit = x * bits;
                let shift = 8 - bits - bit % 8;
                ((row[bit / 8] >> shift) & highest) * factor
            })
        })
        .collect()
}

fn looked_up(samples: &Samples, palette: &Palette, shape: &Shape, n: usize) -> Pixels {
    let Samples::U8(indices) = samples else {
        return Pixels::Plain {
            layout: shape.layout,
            samples: Samples::zeroed(shape.depth, n * 3),
        };
    };
    let colors = indices[..n].iter().flat_map(|&index| palette.color(index));
    let samples = match shape.depth {
        Depth::Eight => Samples::U8(colors.map(|c| (c >> 8) as u8).collect()),
        Depth::Sixteen => Samples::U16(colors.collect()),
    };
    Pixels::Plain {
        layout: shape.layout,
        samples,
    }
}

/// The first `n_kept` channels of `n_read`; free when that is all.
fn without_extra(samples: Samples, n: usize, n_read: usize, n_kept: usize) -> Samples {
    fn kept<T: Copy>(mut samples: Vec<T>, n: usize, n_read: usize, n_kept: usize) -> Vec<T> {
        samples.truncate(n);
        if n_read == n_kept {
            return samples;
        }
        samples
            .chunks_exact(n_read)
            .flat_map(|px| px[..n_kept].iter().copied())
            .collect()
    }
    match samples {
        Samples::U8(s) => Samples::U8(kept(s, n, n_read, n_kept)),
        Samples::U16(s) => Samples::U16(kept(s, n, n_read, n_kept)),
        shared @ Samples::Shared(_) => shared,
    }
}

/// JFIF's transformation (ITU-R BT.601 at full range), which TIFF's defaults are too.
fn ycbcr_to_rgb(samples: &mut Samples) {
    let Samples::U8(samples) = samples else {
        return;
    };
    for px in samples.chunks_exact_mut(3) {
        let (y, cb, cr) = (
            f32::from(px[0]),
            f32::from(px[1]) - 128.0,
            f32::from(px[2]) - 128.0,
        );
        let level = |value: f32| (value + 0.5).clamp(0.0, 255.0) as u8;
        px[0] = level(y + 1.402 * cr);
        px[1] = level(y - 0.344_136 * cb - 0.714_136 * cr);
        px[2] = level(y + 1.772 * cb);
    }
}

fn divide_alpha(samples: &mut Samples, n_channels: usize) {
    match samples.as_mut() {
        SamplesMut::U8(s) => s.chunks_exact_mut(n_channels).for_each(|px| {
            if let Some((&mut alpha @ 1.., colors)) = px.split_last_mut() {
                let a = u32::from(alpha);
                for c in colors {
                    *c = ((u32::from(*c) * 255 + a / 2) / a).min(255) as u8;
                }
            }
        }),
        SamplesMut::U16(s) => s.chunks_exact_mut(n_channels).for_each(|px| {
            if let Some((&mut alpha @ 1.., colors)) = px.split_last_mut() {
                let a = u64::from(alpha);
                for c in colors {
                    *c = ((u64::from(*c) * 65535 + a / 2) / a).min(65535) as u16;
                }
            }
        }),
    }
}
