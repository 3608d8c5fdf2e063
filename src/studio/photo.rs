//! A photo as it was opened: its pixels, what its file said, and a name that survives renaming.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::backend::decoder::{Decoder, DecoderError};
use crate::codecs::{
    DecodeRequest, Decoded, Limits, Metadata, Note, PhotoInfo, Watch, decode, read_file,
};
use crate::pixels::image::Image;
use crate::system::sandbox::SandboxState;
use crate::telemetry::record::{FileName, PhotoFacts};

use super::StudioError;

/// A decoded photo. The file it came from is never written to.
#[derive(Debug, Clone)]
pub struct Photo {
    pub path: PathBuf,
    pub image: Arc<Image>,
    pub info: PhotoInfo,
    pub metadata: Metadata,
    /// What was done differently than the file asked.
    pub notes: Vec<Note>,
    /// Lower-case hexadecimal SHA-256 of the file.
    pub sha256: String,
    pub n_file_bytes: u64,
    /// What held the process it was decoded in; `None` where that was this one.
    pub sandbox: Option<SandboxState>,
}

impl Photo {
    /// Reads a file and has it decoded by a process of its own; takes as long as that takes.
    ///
    /// # Errors
    /// [`StudioError::Open`] with the codec's reason, [`StudioError::Decoder`] with the process's.
    pub fn load(
        decoder: &Decoder,
        path: &Path,
        limits: &Limits,
        watch: &Watch<'_>,
    ) -> Result<Self, StudioError> {
        let facts = |bytes: &[u8]| (hex(&Sha256::digest(bytes)), bytes.len() as u64);
        let opened = decoder.open(path, limits, watch, facts);
        let (photo, facts) = opened.map_err(|error| not_opened(path, error))?;
        let sandbox = Some(photo.sandbox);
        Ok(Self::new(path, photo.decoded, facts, sandbox))
    }

    /// As [`Self::load`], decoded in this process: for tests, and for programs that know their files.
    ///
    /// # Errors
    /// [`StudioError::Open`] with the codec's reason.
    pub fn load_here(path: &Path, limits: &Limits, watch: &Watch<'_>) -> Result<Self, StudioError> {
        let failed = |source| StudioError::Open {
            path: path.to_owned(),
            source,
        };
        let bytes = read_file(path, limits).map_err(failed)?;
        let sha256 = hex(&Sha256::digest(bytes.as_slice()));
        let n_file_bytes = bytes.len() as u64;
        let request = DecodeRequest {
            bytes,
            limits: *limits,
        };
        let decoded = decode(&request, watch).map_err(failed)?;
        Ok(Self::new(path, decoded, (sha256, n_file_bytes), None))
    }

    fn new(
        path: &Path,
        decoded: Decoded,
        (sha256, n_file_bytes): (String, u64),
        sandbox: Option<SandboxState>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            image: Arc::new(decoded.image),
            info: decoded.header,
            metadata: decoded.metadata,
            notes: decoded.notes,
            sha256,
            n_file_bytes,
            sandbox,
        }
    }

    /// The file's name, for people.
    #[must_use]
    pub fn name(&self) -> String {
        FileName::of(&self.path).as_str().to_owned()
    }

    /// What a log may say of it: never where it lies.
    #[must_use]
    pub fn facts(&self) -> PhotoFacts {
        PhotoFacts {
            file_name: FileName::of(&self.path),
            size: self.image.size,
            depth_bits: self.image.depth().bits() as u8,
            profile: self.image.color.name.clone(),
            sha256: self.sha256.clone(),
            sandbox: self.sandbox.as_ref().map(ToString::to_string),
        }
    }
}

/// Tells the file's faults from those of the process that decoded it.
pub(super) fn not_opened(path: &Path, error: DecoderError) -> StudioError {
    let path = path.to_owned();
    match error {
        DecoderError::Codec(source) => StudioError::Open { path, source },
        source => StudioError::Decoder { path, source },
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
