//! Systems without files in memory: a temporary file, which has no seals. Nothing keeps the other
//! process from changing its size; it is one of ours, and a reader that is hit by it ends.

use std::fs::File;
use std::io;

use super::backing::Backing;

/// An empty file.
pub(super) fn create() -> io::Result<Backing> {
    let (file, path) = tempfile::NamedTempFile::new()?.into_parts();
    Ok(Backing {
        file,
        path: Some(path),
    })
}

/// The system says so itself.
#[expect(clippy::unnecessary_wraps, reason = "its twin may fail")]
pub(super) const fn check_size(_n_bytes: u64) -> io::Result<()> {
    Ok(())
}

/// Its path, as long as this process has it.
pub(super) fn name(backing: &Backing) -> io::Result<String> {
    let path = backing.path.as_deref().and_then(|path| path.to_str());
    path.map(str::to_owned)
        .ok_or_else(|| io::Error::other("it has no name"))
}

/// The system frees what it needs.
pub(super) const fn clear(_file: &File, _n_bytes: usize) {}

#[expect(clippy::unnecessary_wraps, reason = "its twin may fail")]
/// Other systems do not tell; nothing is put in place there ahead of its use.
pub(super) const fn held_bytes(_file: &File) -> io::Result<u64> {
    Ok(0)
}

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
