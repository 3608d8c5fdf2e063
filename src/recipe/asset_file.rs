//! Reads the files that edits name: no more of them than they may have, and only plain files.
//!
//! What the content means is `filters::asset`'s affair.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::filters::asset::{Asset, AssetError};

use super::file::Sha256Hex;

/// Larger files are not read: a table of 65³ colours with many digits has about 10 MB.
pub const MAX_BYTES: u64 = 32 << 20;

/// Why an edit's file is of no use. The path comes last.
#[derive(Debug, thiserror::Error)]
pub enum AssetFileError {
    #[error("there is no file {}", path.display())]
    Missing { path: PathBuf },
    #[error("cannot read the file {}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("this is no plain file: {}", path.display())]
    NoFile { path: PathBuf },
    #[error("the file is larger than {MAX_BYTES} bytes: {}", path.display())]
    TooLarge { path: PathBuf },
    #[error("the file's path is not text: {}", path.display())]
    OddPath { path: PathBuf },
    #[error("{source}: {}", path.display())]
    Content { path: PathBuf, source: AssetError },
    #[error("the file has changed since the edit was made: {}", path.display())]
    Changed { path: PathBuf },
}

/// Reads and checks a file. A relative path counts from `folder`, or from where the program runs.
///
/// # Errors
/// What is wrong with the file.
pub fn load(given: &Path, folder: Option<&Path>) -> Result<Asset, AssetFileError> {
    let path = folder.map_or_else(|| given.to_owned(), |folder| folder.join(given));
    let path = std::path::absolute(&path).unwrap_or(path);
    let Some(name) = path.to_str() else {
        return Err(AssetFileError::OddPath { path });
    };
    let bytes = read(&path)?;
    Asset::of_bytes(name, &bytes).map_err(|source| AssetFileError::Content {
        path: path.clone(),
        source,
    })
}

/// As [`load`], for a file that must still say what it said.
///
/// # Errors
/// As [`load`], and [`AssetFileError::Changed`].
pub fn load_same(
    given: &Path,
    folder: Option<&Path>,
    sha256: &Sha256Hex,
) -> Result<Asset, AssetFileError> {
    let asset = load(given, folder)?;
    if Sha256Hex::of_hash(asset.sha256()) == *sha256 {
        Ok(asset)
    } else {
        let path = asset.path().into();
        Err(AssetFileError::Changed { path })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, AssetFileError> {
    let fault = |source: io::Error| {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => AssetFileError::Missing { path },
            _ => AssetFileError::Read { path, source },
        }
    };
    // Looked at before it is opened: opening a pipe would wait for its writer.
    if !std::fs::metadata(path).map_err(fault)?.is_file() {
        let path = path.to_owned();
        return Err(AssetFileError::NoFile { path });
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(fault)?;
    if bytes.len() as u64 > MAX_BYTES {
        let path = path.to_owned();
        return Err(AssetFileError::TooLarge { path });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
