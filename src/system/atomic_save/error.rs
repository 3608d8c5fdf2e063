//! Why a file could not be saved, in kinds a person can act on.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A save that did not happen; the target is as it was before.
#[derive(Debug, Error)]
#[error("{kind}: {}", path.display())]
pub struct SaveError {
    pub kind: SaveErrorKind,
    /// The target.
    pub path: PathBuf,
    #[source]
    pub source: io::Error,
}

/// What stood in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum SaveErrorKind {
    #[error("no space is left on the disk")]
    NoSpace,
    #[error("the file would be larger than the disk allows")]
    TooLarge,
    #[error("the disk is read-only")]
    ReadOnly,
    #[error("writing there is not permitted")]
    NotPermitted,
    #[error("the folder does not exist")]
    FolderMissing,
    #[error("a folder stands in the file's place")]
    IsDirectory,
    #[error("a device or pipe stands in the file's place")]
    NotAFile,
    #[error("the file already exists")]
    Exists,
    #[error("the file's name is not possible there")]
    BadName,
    #[error("the file could not be written")]
    Other,
}

impl SaveError {
    /// The error of one step of a save, its kind by what the system said.
    pub(super) fn from_io(path: &Path, source: io::Error) -> Self {
        Self::new(SaveErrorKind::of(&source), path, source)
    }

    pub(super) fn new(kind: SaveErrorKind, path: &Path, source: impl Into<io::Error>) -> Self {
        Self {
            kind,
            path: path.to_owned(),
            source: source.into(),
        }
    }
}

impl SaveErrorKind {
    /// The kind of an error that the system gave while writing.
    #[must_use]
    pub fn of(error: &io::Error) -> Self {
        use io::ErrorKind as Io;
        match error.kind() {
            Io::StorageFull | Io::QuotaExceeded => Self::NoSpace,
            Io::FileTooLarge => Self::TooLarge,
            Io::ReadOnlyFilesystem => Self::ReadOnly,
            Io::PermissionDenied => Self::NotPermitted,
            Io::NotFound | Io::NotADirectory => Self::FolderMissing,
            Io::IsADirectory => Self::IsDirectory,
            Io::AlreadyExists => Self::Exists,
            Io::InvalidFilename => Self::BadName,
            _ => Self::Other,
        }
    }
}
