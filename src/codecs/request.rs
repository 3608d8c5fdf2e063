//! Decoding as one value in and one value out, plain data, so that it can cross to another process.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::format::Format;
use super::limits::Limits;
use super::metadata::Metadata;
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Image, Layout};

/// A file to decode.
#[derive(Debug, Clone)]
pub struct DecodeRequest {
    pub bytes: Arc<Vec<u8>>,
    pub limits: Limits,
}

/// A decoded file.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// Upright: the orientation the file asked for is applied.
    pub image: Image,
    pub header: PhotoInfo,
    /// As the file had it, orientation included; encoders correct it when they carry it over.
    pub metadata: Metadata,
    /// What was done differently than the file asked, or could not be read.
    pub notes: Vec<Note>,
}

/// Channels as the file stores them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Channels {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
    Palette,
    Cmyk,
}

impl fmt::Display for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gray => "grey",
            Self::GrayAlpha => "grey with alpha",
            Self::Rgb => "RGB",
            Self::Rgba => "RGB with alpha",
            Self::Palette => "palette",
            Self::Cmyk => "CMYK",
        })
    }
}

/// What a header says, without decoding pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoInfo {
    pub format: Format,
    /// As a person sees it, after the orientation is applied.
    pub size: Size,
    pub channels: Channels,
    /// Bits a sample in the file: 1…64.
    pub bits: u8,
    /// EXIF orientation, 1…8; 1 where the file has none or an invalid one.
    pub orientation: u16,
    /// The embedded profile's own name.
    pub profile: Option<String>,
    pub opening: Opening,
    pub camera: Camera,
}

impl PhotoInfo {
    /// Memory the samples take once they are decoded.
    #[must_use]
    pub const fn n_bytes(&self) -> u64 {
        let Opening { layout, depth, .. } = &self.opening;
        let pixel_bytes = (layout.channels() * depth.bytes()) as u64;
        self.size.area().saturating_mul(pixel_bytes)
    }
}

/// How the file is (or would be) held after opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub layout: Layout,
    pub depth: Depth,
    /// Name of the colour space.
    pub color: String,
    /// What had to be converted, such as `CMYK`; `None` where samples stay as they are.
    pub converted_from: Option<String>,
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { color, depth, .. } = self;
        let bits = depth.bits();
        match &self.converted_from {
            Some(from) => write!(f, "converted: {from} → {color} {bits} bit"),
            None => write!(f, "as it is: {color} {bits} bit"),
        }
    }
}

/// What the camera wrote about the exposure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    pub make: Option<String>,
    pub model: Option<String>,
    pub lens: Option<String>,
    pub iso: Option<u32>,
    pub focal_length_mm: Option<f64>,
    pub f_number: Option<f64>,
    pub exposure_s: Option<f64>,
    /// As EXIF has it: `2024-05-31 18:03:11`, local time of the camera.
    pub taken: Option<String>,
}

/// Which metadata a note speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MetadataKind {
    Exif,
    Xmp,
    Icc,
}

impl fmt::Display for MetadataKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exif => "EXIF",
            Self::Xmp => "XMP",
            Self::Icc => "ICC profile",
        })
    }
}

/// Something a person should know about how a file was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// Part of the file could not be read. The missing rows are one colour: mid-grey in JPEG,
    /// black (transparent where there is alpha) elsewhere. `None` where every row is there, but coarse.
    Damaged { percent_read: Option<u8> },
    /// Metadata that was broken or too large; the picture opened without it.
    MetadataDropped { what: MetadataKind, why: String },
    /// A profile that curves and a matrix cannot express: samples were converted once.
    Converted { from: String },
    /// CMYK without a usable profile, by `R = (1 − C)(1 − K)` in sRGB.
    CmykByFormula,
    /// Floating point or wide integer samples brought to 16 bit; those beyond 0…1 were cut.
    DepthReduced { bits: u8 },
    /// Premultiplied alpha was divided out.
    AlphaUnmultiplied,
    /// JPEG holds no transparency: the picture was laid over white.
    AlphaFlattened,
    /// Only the first of several pictures or frames was opened.
    FirstFrameOnly,
    /// A colour description we do not follow, such as PQ; sRGB was assumed.
    ColorIgnored { what: String },
}

impl Note {
    /// Whether part of the picture is not what the file should have held.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged {
                percent_read: Some(0),
            } => f.write_str("damaged: next to nothing of it could be read"),
            Self::Damaged {
                percent_read: Some(percent),
            } => write!(f, "damaged: {percent} % read"),
            Self::Damaged { percent_read: None } => {
                f.write_str("damaged: the file ends early, fine detail is missing")
            }
            Self::MetadataDropped {
                what: MetadataKind::Icc,
                why,
            } => write!(f, "ICC profile ignored ({why}); sRGB assumed"),
            Self::MetadataDropped { what, why } => write!(f, "{what} dropped: {why}"),
            Self::Converted { from } => write!(f, "converted: {from} → Rec. 2020 16 bit"),
            Self::CmykByFormula => {
                f.write_str("CMYK without a usable profile: converted by formula to sRGB")
            }
            Self::DepthReduced { bits } => {
                write!(
                    f,
                    "{bits}-bit samples converted to 16 bit, values beyond 0…1 cut"
                )
            }
            Self::AlphaUnmultiplied => f.write_str("premultiplied alpha divided out"),
            Self::AlphaFlattened => f.write_str("transparency laid over white"),
            Self::FirstFrameOnly => f.write_str("only the first picture of the file was opened"),
            Self::ColorIgnored { what } => write!(f, "{what} is not supported; sRGB assumed"),
        }
    }
}
