//! What can go wrong between a file and its pixels: with the file, or with the process that decodes.

use std::fmt;
use std::io;

use crate::codecs::CodecError;
use crate::system::sandbox::SandboxState;

/// Why a file was not decoded.
#[derive(Debug, thiserror::Error)]
pub enum DecoderError {
    /// What the decoder says of the file.
    #[error(transparent)]
    Codec(#[from] CodecError),
    #[error("the decoder process cannot be started")]
    Start(#[source] io::Error),
    /// It ended without a word. `how` has its signal or code, and its last words.
    #[error("the decoder crashed ({stage}; worker {pid}, {how})")]
    Crashed { stage: Stage, pid: u32, how: String },
    #[error(
        "the decoder ran out of memory ({stage}; worker {pid}; it may hold {} MiB)",
        .limit_bytes >> 20
    )]
    OutOfMemory {
        stage: Stage,
        pid: u32,
        limit_bytes: u64,
    },
    #[error("the decoder did not come to an end within {seconds} s ({stage}; worker {pid})")]
    TooSlow {
        stage: Stage,
        pid: u32,
        seconds: u64,
    },
    /// A decoder of ours does not say such things: it was taken over, or it is another program.
    #[error("the decoder's answer makes no sense ({stage}; worker {pid}): {what}")]
    Nonsense {
        stage: Stage,
        pid: u32,
        what: String,
    },
    #[error("the sandbox is not complete: {0}")]
    NotHeld(SandboxState),
    #[error("there is no memory for the picture")]
    Memory(#[source] io::Error),
}

/// How far a file had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Starting,
    Header,
    Pixels,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::Header => "reading the header",
            Self::Pixels => "decoding",
        })
    }
}
