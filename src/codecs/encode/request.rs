//! What to encode and how, as one value; the encoder is chosen by it.

use std::path::Path;

use super::bands::Crew;
use super::target::Target;
use super::{jpeg, png, tiff};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::guard::guarded;
use crate::codecs::metadata::Metadata;
use crate::codecs::metadata::orientation::make_upright;
use crate::codecs::request::Note;
use crate::codecs::watch::Watch;
use crate::pixels::image::Image;

/// How finely a JPEG keeps colour differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subsampling {
    /// At every pixel.
    S444,
    /// Halved across.
    S422,
    /// Halved across and down.
    S420,
}

/// A format Parallax writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncodeFormat {
    Jpeg {
        /// 1…100.
        quality: u8,
        subsampling: Subsampling,
    },
    Png,
    Tiff,
}

impl EncodeFormat {
    /// What an ending alone stands for: quality 92, colour at every pixel.
    pub const JPEG: Self = Self::Jpeg {
        quality: 92,
        subsampling: Subsampling::S444,
    };

    /// By the ending of a file's name; `None` where we do not write what it stands for.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        match Format::from_path(path)? {
            Format::Jpeg => Some(Self::JPEG),
            Format::Png => Some(Self::Png),
            Format::Tiff => Some(Self::Tiff),
            Format::WebP | Format::Bmp | Format::Gif | Format::Pnm => None,
        }
    }

    #[must_use]
    pub const fn format(self) -> Format {
        match self {
            Self::Jpeg { .. } => Format::Jpeg,
            Self::Png => Format::Png,
            Self::Tiff => Format::Tiff,
        }
    }

    /// The most bits a sample may have.
    #[must_use]
    pub const fn max_bits(self) -> u32 {
        match self {
            Self::Jpeg { .. } => 8,
            Self::Png | Self::Tiff => 16,
        }
    }
}

/// A picture to write.
#[derive(Debug, Clone, Copy)]
pub struct EncodeRequest<'a> {
    pub format: EncodeFormat,
    pub image: &'a Image,
    /// As the source file had it; its profile is not used.
    pub metadata: &'a Metadata,
    /// The profile to embed, which must be that of the image's samples.
    pub icc: Option<&'a [u8]>,
}

/// Writes a picture on the calling thread alone; answers what could not be carried over.
///
/// # Errors
/// The target's own; what the format cannot hold; cancelled.
pub fn encode(
    request: &EncodeRequest<'_>,
    target: &mut dyn Target,
    watch: &Watch<'_>,
) -> Result<Vec<Note>, CodecError> {
    encode_on(1, request, target, watch)
}

/// Writes a picture with `n_workers` threads of its own; the bytes are the same for any number.
/// Answers what could not be carried over.
///
/// # Errors
/// As for [`encode`].
pub fn encode_on(
    n_workers: usize,
    request: &EncodeRequest<'_>,
    target: &mut dyn Target,
    watch: &Watch<'_>,
) -> Result<Vec<Note>, CodecError> {
    watch.step(0.0)?;
    let exif = request.metadata.exif.as_deref().map(|block| {
        let mut block = block.to_vec();
        make_upright(&mut block);
        block
    });
    let format = request.format.format();
    let crew = Crew {
        n_workers,
        format,
        watch: *watch,
    };
    let notes = guarded(format, || match request.format {
        EncodeFormat::Jpeg {
            quality,
            subsampling,
        } => jpeg::encode(
            request,
            (quality, subsampling),
            exif.as_deref(),
            target,
            &crew,
        ),
        EncodeFormat::Png => png::encode(request, exif, target, &crew),
        EncodeFormat::Tiff => tiff::encode(request, exif.as_deref(), target, &crew),
    })?;
    watch.report(1.0);
    Ok(notes)
}
