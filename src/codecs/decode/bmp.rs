//! BMP through the image crate: palettes expanded, run lengths undone, bit masks applied.

use super::super::error::CodecError;
use super::super::format::Format;
use super::super::limits::Limits;
use super::{Opened, through_image};

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    through_image::open(Format::Bmp, bytes, limits, |source| {
        Ok(Box::new(image::codecs::bmp::BmpDecoder::new(source)?))
    })
}
