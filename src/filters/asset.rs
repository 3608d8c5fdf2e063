//! A file that belongs to an edit: where it lay, the hash of what it said, and what it said.
//!
//! Reading files is done above; once an edit has its asset, nobody reads the file again: the content
//! travels with the values, to worker processes as well.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::cube::{Cube, CubeError};

/// A `.cube` file's content with its origin.
#[derive(Clone, Serialize, Deserialize)]
pub struct Asset {
    path: Arc<str>,
    sha256: [u8; 32],
    cube: Cube,
}

/// Why a file's content is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    #[error("it is not text")]
    NotText,
    #[error(transparent)]
    Cube(#[from] CubeError),
}

impl Asset {
    /// # Errors
    /// What is wrong with the content.
    pub fn of_bytes(path: &str, bytes: &[u8]) -> Result<Self, AssetError> {
        let text = std::str::from_utf8(bytes).map_err(|_| AssetError::NotText)?;
        Ok(Self {
            path: path.into(),
            sha256: Sha256::digest(bytes).into(),
            cube: Cube::parse(text)?,
        })
    }

    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path's last part, for people.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }

    /// SHA-256 of the file's bytes.
    #[must_use]
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    #[must_use]
    pub const fn cube(&self) -> &Cube {
        &self.cube
    }
}

impl PartialEq for Asset {
    /// The hash stands for the content.
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256 && self.path == other.path
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({:?})", self.path, self.cube)
    }
}
