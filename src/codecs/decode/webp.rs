//! WebP through the image crate: lossy and lossless; of animations the first frame.

use super::super::error::CodecError;
use super::super::format::Format;
use super::super::limits::Limits;
use super::{Opened, through_image};

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    through_image::open(Format::WebP, bytes, limits, |source| {
        Ok(Box::new(image::codecs::webp::WebPDecoder::new(source)?))
    })
}
