//! stub
use super::super::error::CodecError;
use super::super::limits::Limits;
use super::Opened;
pub(super) fn open<'a>(
    _bytes: &'a [u8],
    _limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    Err(CodecError::unsupported("not yet"))
}
