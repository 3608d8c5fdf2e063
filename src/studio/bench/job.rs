//! What is measured, and on what.

use crate::backend::cancel::Cancel;
use crate::backend::decoder::Decoder;
use crate::codecs::{EncodeFormat, Limits};
use crate::recipe::Recipe;
use crate::studio::Photo;
use crate::studio::engines::BackendKind;
use crate::studio::full_run::{FullRun, OutputChoice};
use crate::telemetry::record::RunKind;

/// A work under the name reports call it by.
#[derive(Debug, Clone)]
pub struct Job {
    pub what: String,
    pub work: Work,
}

/// Something to do with a photo.
#[derive(Debug, Clone)]
pub enum Work {
    /// From decoded pixels to output pixels.
    Edit(Recipe),
    /// The decoded photo copied once into memory in use: what no edit can go below.
    Copy,
    /// A JPEG in memory to pixels: the photo's own file, or what [`Self::Encode`] makes of it.
    Decode,
    /// Pixels of 8 bits to a file in memory, without metadata.
    Encode(EncodeFormat),
}

impl Work {
    /// Whether the workers of a backend can do it together: files are written by threads.
    #[must_use]
    pub const fn is_shared_by(&self, backend: BackendKind) -> bool {
        match self {
            Self::Edit(_) => true,
            Self::Encode(_) => matches!(backend, BackendKind::Threads),
            Self::Copy | Self::Decode => false,
        }
    }

    /// The recipe, where that is the work.
    #[must_use]
    pub const fn recipe(&self) -> Option<&Recipe> {
        match self {
            Self::Edit(recipe) => Some(recipe),
            Self::Copy | Self::Decode | Self::Encode(_) => None,
        }
    }
}

/// The photo and the terms under which it is worked on.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub photo: &'a Photo,
    /// For decoding.
    pub limits: &'a Limits,
    /// Who decodes; `None`: this process.
    pub decoder: Option<&'a Decoder>,
    /// `None`: planned.
    pub tile_px: Option<u32>,
    pub cancel: &'a Cancel,
}

impl<'a> Scene<'a> {
    /// A run of `recipe` that nobody listens to.
    #[must_use]
    pub fn full_run(&self, recipe: &'a Recipe) -> FullRun<'a> {
        FullRun {
            photo: self.photo,
            recipe,
            output: OutputChoice::default(),
            kind: RunKind::Bench,
            tile_px: self.tile_px,
            hashes_output: false,
            cancel: self.cancel,
            listener: None,
        }
    }
}
