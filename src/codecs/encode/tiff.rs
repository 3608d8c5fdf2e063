//! stub
use super::super::error::CodecError;
use super::super::request::Note;
use super::super::watch::Watch;
use super::EncodeRequest;
use super::target::Target;
pub(super) fn encode(
    _request: &EncodeRequest<'_>,
    _exif: Option<&[u8]>,
    _target: &mut dyn Target,
    _watch: &Watch<'_>,
) -> Result<Vec<Note>, CodecError> {
    Err(CodecError::unsupported("not yet"))
}
