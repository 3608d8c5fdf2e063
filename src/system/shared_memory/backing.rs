//! What lies under shared memory: an open file, and the file's path where it has one.

use std::fs::File;
use std::path::Path;

use tempfile::TempPath;

/// Dropped with the last of this process's maps; a name goes with it.
#[derive(Debug)]
pub(super) struct Backing {
    pub(super) file: File,
    pub(super) path: Option<TempPath>,
}

impl Backing {
    /// A file without a name, or one that is somebody else's to remove.
    pub(super) const fn unnamed(file: File) -> Self {
        Self { file, path: None }
    }

    pub(super) fn handed(&self) -> Handed<'_> {
        Handed {
            file: &self.file,
            path: self.path.as_deref(),
        }
    }
}

/// Memory as it is handed to another process.
#[derive(Debug, Clone, Copy)]
pub struct Handed<'a> {
    pub(in crate::system) file: &'a File,
    /// Only where systems cannot hand over an open file.
    #[cfg_attr(unix, expect(dead_code, reason = "descriptors travel"))]
    pub(in crate::system) path: Option<&'a Path>,
}
