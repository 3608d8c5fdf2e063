//! Not Unix: no modes worth keeping but the read-only flag, and folders cannot be synced.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

use tempfile::Builder;

pub(super) fn leave_mode_to_umask(_builder: &mut Builder<'_, '_>) {}

/// A read-only file cannot be replaced here, so there is nothing to keep.
pub(super) fn keep_mode(_old: &Metadata, _file: &File) -> io::Result<()> {
    Ok(())
}

/// The file system's journal orders the rename.
pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
