//! Reads a photo's file, with the kinds of failure a person can act on told apart.
//!
//! Files are read whole and never mapped: a mapped file that shrinks would kill the process.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use super::decode::{decode, inspect};
use super::error::{CodecError, LimitError};
use super::limits::Limits;
use super::request::{DecodeRequest, Decoded, PhotoInfo};
use super::watch::Watch;

/// Opens a file, and tells how long it says it is: a pipe or a growing file says nothing true.
///
/// # Errors
/// Not found, not permitted, a folder, over the limit, or another failure.
pub fn open_file(path: &Path, limits: &Limits) -> Result<(File, u64), CodecError> {
    let failed = |error| failed(path, error);
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(CodecError::IsFolder(path.to_owned()));
    }
    check_length(about.len(), limits)?;
    Ok((file, about.len()))
}

/// The whole file.
///
/// # Errors
/// As [`open_file`], or a failure of reading.
pub fn read_file(path: &Path, limits: &Limits) -> Result<Arc<Vec<u8>>, CodecError> {
    let (file, n_bytes) = open_file(path, limits)?;
    let mut bytes = Vec::with_capacity(usize::try_from(n_bytes).unwrap_or(0));
    // The length may not be true, so the reading itself is bounded.
    let mut bounded = file.take(limits.max_file_bytes + 1);
    let read = bounded.read_to_end(&mut bytes);
    read.map_err(|error| failed(path, error))?;
    check_length(bytes.len() as u64, limits)?;
    Ok(Arc::new(bytes))
}

fn check_length(bytes: u64, limits: &Limits) -> Result<(), LimitError> {
    let limit = limits.max_file_bytes;
    if bytes > limit {
        return Err(LimitError::FileBytes { bytes, limit });
    }
    Ok(())
}

fn failed(path: &Path, error: io::Error) -> CodecError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => CodecError::NotFound(path),
        io::ErrorKind::PermissionDenied => CodecError::NotPermitted(path),
        io::ErrorKind::IsADirectory => CodecError::IsFolder(path),
        _ => CodecError::Read {
            path,
            source: error,
        },
    }
}

/// Reads and decodes a file.
///
/// # Errors
/// As [`read_file`] and [`decode`].
pub fn decode_file(path: &Path, limits: &Limits, watch: &Watch<'_>) -> Result<Decoded, CodecError> {
    let request = DecodeRequest {
        bytes: read_file(path, limits)?,
        limits: *limits,
    };
    decode(&request, watch)
}

/// Reads a file and tells what its header says.
///
/// # Errors
/// As [`read_file`] and [`inspect`].
pub fn inspect_file(path: &Path, limits: &Limits) -> Result<PhotoInfo, CodecError> {
    inspect(&read_file(path, limits)?, limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_read_say_why() {
        let limits = Limits::default();
        let missing = read_file(Path::new("no/such/photo.jpg"), &limits);
        assert!(matches!(missing, Err(CodecError::NotFound(_))));
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(matches!(
            read_file(here, &limits),
            Err(CodecError::IsFolder(_))
        ));
        let small = Limits {
            max_file_bytes: 10,
            ..limits
        };
        assert!(matches!(
            read_file(&here.join("Cargo.toml"), &small),
            Err(CodecError::OverLimits(LimitError::FileBytes {
                limit: 10,
                ..
            }))
        ));
    }
}
