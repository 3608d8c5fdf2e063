//! Decoding: one file a format, behind one trait; `open` chooses the format and finishes the picture.

mod bmp;
mod color;
mod gif;
mod jpeg;
mod jpeg_source;
mod jpeg_structure;
mod open;
mod png;
mod png_chunks;
mod pnm;
mod room;
mod source;
mod through_image;
mod tiff;
mod tiff_samples;
mod webp;

pub use open::{Reading, decode, inspect};
pub(crate) use room::Room;

use super::error::CodecError;
use super::format::Format;
use super::metadata::Metadata;
use super::request::{Channels, Note};
use super::watch::Watch;
use crate::pixels::color::ColorSpace;
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Layout, Samples};

/// What a format's header says.
pub(crate) struct Header {
    pub(crate) format: Format,
    /// As stored, before the orientation is applied.
    pub(crate) size: Size,
    pub(crate) channels: Channels,
    /// Bits a sample in the file.
    pub(crate) bits: u8,
    /// How samples come out of [`Opened::pixels`]; for CMYK, what they are converted to.
    pub(crate) layout: Layout,
    pub(crate) depth: Depth,
    pub(crate) metadata: Metadata,
    /// A colour space stated other than by an ICC profile; used where there is none.
    pub(crate) space: Option<ColorSpace>,
    /// Stated by the container itself; else the EXIF block's counts.
    pub(crate) orientation: Option<u16>,
    pub(crate) notes: Vec<Note>,
}

/// Samples as they leave a decoder.
pub(crate) enum Pixels {
    Plain {
        layout: Layout,
        samples: Samples,
    },
    /// Four amounts of ink a pixel: 0 is none, the highest value is full.
    Ink(Samples),
    /// They are in the room that was given.
    Written,
}

/// A file whose header is read and within limits.
pub(crate) trait Opened {
    fn header(&self) -> &Header;

    /// Decodes the pixels, into the room if the format's decoder can. What is found out only now is
    /// told in notes.
    fn pixels(
        self: Box<Self>,
        room: Room<'_>,
        watch: &Watch<'_>,
    ) -> Result<(Pixels, Vec<Note>), CodecError>;
}
