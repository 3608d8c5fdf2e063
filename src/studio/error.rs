//! What can go wrong between a file and a finished picture, as the doors show it.

use std::path::PathBuf;

use crate::backend::BackendError;
use crate::backend::decoder::DecoderError;
use crate::codecs::{CodecError, Note};
use crate::plan::PlanError;
use crate::recipe::RecipeError;
use crate::system::atomic_save::SaveError;

/// One enum for the floor; the cause is kept whole.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    #[error("cannot open the photo")]
    Open {
        path: PathBuf,
        #[source]
        source: CodecError,
    },
    /// Part of it could not be read, and nobody wants to edit the rest.
    #[error("the photo is damaged")]
    Damaged { path: PathBuf, note: Note },
    /// The process that decodes failed, whatever the file.
    #[error("cannot open the photo")]
    Decoder {
        path: PathBuf,
        #[source]
        source: DecoderError,
    },
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Run(#[from] BackendError),
    #[error("cannot encode the picture")]
    Encode {
        path: PathBuf,
        #[source]
        source: CodecError,
    },
    #[error(transparent)]
    Save(#[from] SaveError),
    #[error("the ending of the name says no format Parallax writes (jpg, png or tif)")]
    UnknownEnding(PathBuf),
    #[error("the photo itself is never overwritten; choose another name")]
    TargetIsSource(PathBuf),
    #[error("the system names no folder to keep things in")]
    NoFolder,
    #[error("stopped")]
    Stopped,
}

impl StudioError {
    /// What happened and why, each once, in one line.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            let text = cause.to_string();
            if !words.ends_with(&text) {
                words.push_str(": ");
                words.push_str(&text);
            }
            next = cause.source();
        }
        words
    }

    /// Whether somebody asked for it; then nobody needs to be told.
    #[must_use]
    pub const fn is_stop(&self) -> bool {
        matches!(
            self,
            Self::Stopped
                | Self::Run(BackendError::Stopped)
                | Self::Open {
                    source: CodecError::Cancelled,
                    ..
                }
                | Self::Encode {
                    source: CodecError::Cancelled,
                    ..
                }
        )
    }
}
