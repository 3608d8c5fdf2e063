//! What can go wrong with a file, by kind. The file's name is the caller's to add, except where
//! reading the file itself failed.

use std::borrow::Cow;
use std::error::Error;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::format::Format;
use crate::pixels::geometry::Size;

/// Why a file could not be decoded, or a picture not encoded.
#[derive(Debug, Error)]
pub enum CodecError {
    #[error("not a picture in a format Parallax knows")]
    Unrecognised,
    /// The file is sound, but asks for something that is not built.
    #[error("{0}")]
    Unsupported(String),
    #[error("the {format} data is damaged")]
    Malformed {
        format: Format,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    #[error(transparent)]
    OverLimits(#[from] LimitError),
    #[error("no such file: {}", .0.display())]
    NotFound(PathBuf),
    #[error("no permission to read: {}", .0.display())]
    NotPermitted(PathBuf),
    #[error("a folder, not a file: {}", .0.display())]
    IsFolder(PathBuf),
    #[error("cannot be read: {}", .path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// The target of an encoder refused bytes.
    #[error("cannot be written")]
    Write(#[source] io::Error),
    #[error("the {format} encoder failed")]
    Encode {
        format: Format,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    #[error("stopped")]
    Cancelled,
    /// This process has decoded files elsewhere since its start: somebody forgot to.
    #[error("files are decoded by worker processes alone")]
    LeftToOthers,
}

impl CodecError {
    pub(super) fn malformed(
        format: Format,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Malformed {
            format,
            source: source.into(),
        }
    }

    pub(super) fn unsupported(words: impl Into<String>) -> Self {
        Self::Unsupported(words.into())
    }
}

/// Which limit a file exceeds; the message gives the figure, the limit and what raises it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Error)]
pub enum LimitError {
    #[error(
        "{} x {} is {:.1} megapixels, the limit is {limit_mp}; raise it with --max-megapixels {}",
        .size.width, .size.height, .size.megapixels(), .size.megapixels().ceil()
    )]
    Megapixels { size: Size, limit_mp: u32 },
    #[error("{} x {}: a side may have at most {limit_px} pixels", .size.width, .size.height)]
    Side { size: Size, limit_px: u32 },
    #[error("{} x {} would take {bytes} bytes in memory, the limit is {limit}", .size.width, .size.height)]
    DecodedBytes { size: Size, bytes: u64, limit: u64 },
    #[error("the file has {bytes} bytes, the limit is {limit}")]
    FileBytes { bytes: u64, limit: u64 },
    #[error("the file has {count} {what}, the limit is {limit}")]
    Count {
        what: Cow<'static, str>,
        count: u64,
        limit: u64,
    },
}
