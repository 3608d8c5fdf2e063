//! GIF through the image crate: the first frame on its canvas, with transparency.

use super::{Opened, through_image};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    through_image::open(Format::Gif, bytes, limits, |source| {
        Ok(Box::new(image::codecs::gif::GifDecoder::new(source)?))
    })
}
