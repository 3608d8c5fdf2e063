//! BMP through the image crate: palettes expanded, run lengths undone, bit masks applied.

use super::{Opened, through_image};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    through_image::open(Format::Bmp, bytes, limits, |source| {
        Ok(Box::new(image::codecs::bmp::BmpDecoder::new(source)?))
    })
}
