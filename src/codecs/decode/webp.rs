//! WebP through the image crate: lossy and lossless; of animations the first frame.

use super::{Opened, through_image};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    through_image::open(Format::WebP, bytes, limits, |source| {
        Ok(Box::new(image::codecs::webp::WebPDecoder::new(source)?))
    })
}
