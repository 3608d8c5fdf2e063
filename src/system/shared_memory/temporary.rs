//! Systems without files in memory: a temporary file, which has no seals. Nothing keeps the other
//! process from changing its size; it is one of ours, and a reader that is hit by it ends.

use std::fs::File;
use std::io;

use super::backing::Backing;

/// An empty file, with a name only where open files cannot be handed over.
pub(super) fn create() -> io::Result<Backing> {
    if cfg!(unix) {
        return tempfile::tempfile().map(Backing::unnamed);
    }
    let (file, path) = tempfile::NamedTempFile::new()?.into_parts();
    Ok(Backing {
        file,
        path: Some(path),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "its twin may fail")]
pub(super) const fn fix_size(_file: &File) -> io::Result<()> {
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "its twin may fail")]
pub(super) const fn fix_content(_file: &File) -> io::Result<()> {
    Ok(())
}

pub(super) const fn is_size_fixed(_file: &File) -> bool {
    true
}

pub(super) const fn is_content_fixed(_file: &File) -> bool {
    true
}
