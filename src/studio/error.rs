//! What can go wrong between a file and a finished picture, as the doors show it.

use std::path::PathBuf;

use crate::backend::BackendError;
use crate::backend::decoder::DecoderError;
use crate::codecs::CodecError;
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
