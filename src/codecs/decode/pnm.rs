//! PBM, PGM, PPM and PAM through the image crate, 8 and 16 bit.

use super::super::error::CodecError;
use super::super::format::Format;
use super::super::limits::Limits;
use super::{Opened, through_image};

pub(super) fn open<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    through_image::open(Format::Pnm, bytes, limits, |source| {
        Ok(Box::new(image::codecs::pnm::PnmDecoder::new(source)?))
    })
}
