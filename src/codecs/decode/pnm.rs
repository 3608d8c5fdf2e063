//! PBM, PGM, PPM and PAM through the image crate, 8 and 16 bit.

use super::{Opened, through_image};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    through_image::open(Format::Pnm, bytes, limits, |source| {
        Ok(Box::new(image::codecs::pnm::PnmDecoder::new(source)?))
    })
}
