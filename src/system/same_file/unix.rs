//! Unix: a file is its device and inode.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// `None` for what does not exist or cannot be looked at.
pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}
