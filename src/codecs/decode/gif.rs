//! GIF through the image crate: the first frame on its canvas, with transparency.

use super::super::error::CodecError;
use super::super::format::Format;
use super::super::limits::Limits;
use super::{Opened, through_image};

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    through_image::open(Format::Gif, bytes, limits, |source| {
        Ok(Box::new(image::codecs::gif::GifDecoder::new(source)?))
    })
}
