//! The file form of recipes: preset, sidecar and `--recipe` alike. Where sidecars lie, and how they
//! are saved without loss, is decided above.

mod parse;
mod write;

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::catalogue::Catalogue;
use super::error::RecipeError;
use super::stack::Recipe;

/// The newest form this Parallax reads, and the one it writes.
pub const VERSION: i64 = 1;

/// Larger files are not read.
pub const MAX_BYTES: usize = 1 << 20;

/// Tables and lists within each other.
pub const MAX_DEPTH: usize = 64;

/// Edits in one file.
pub const MAX_EDITS: usize = 1000;

/// A recipe as it stands in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct RecipeFile {
    pub recipe: Recipe,
    /// The photo a sidecar belongs to; presets have none.
    pub photo: Option<PhotoStamp>,
}

/// By what a sidecar knows its photo again.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoStamp {
    pub size_bytes: u64,
    pub width_px: u32,
    pub height_px: u32,
    pub sha256: Sha256Hex,
    /// Fields that this Parallax does not know.
    pub extra: toml::Table,
}

/// A hash as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sha256Hex(String);

impl Sha256Hex {
    #[must_use]
    pub fn of_hash(hash: &[u8; 32]) -> Self {
        use fmt::Write as _;
        let mut digits = String::with_capacity(64);
        for byte in hash {
            // Writing to a string cannot fail.
            let _infallible = write!(digits, "{byte:02x}");
        }
        Self(digits)
    }

    /// `None` where it is not 64 hexadecimal digits.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Self> {
        let is_hash = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self(digits.to_ascii_lowercase()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RecipeFile {
    /// A preset.
    #[must_use]
    pub const fn preset(recipe: Recipe) -> Self {
        Self {
            recipe,
            photo: None,
        }
    }

    /// Takes a file's text.
    ///
    /// Filters and fields that this Parallax does not know are kept; an edit that has them is
    /// unavailable. So is one that names a file which is missing or has changed. Relative paths count
    /// from where the program runs.
    ///
    /// # Errors
    /// What is wrong, with the line where there is one.
    pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Self, RecipeError> {
        parse::parse(text, catalogue, None)
    }

    /// As [`Self::parse`], for bytes that may not be text.
    ///
    /// # Errors
    /// [`RecipeError::NotText`], and as [`Self::parse`].
    pub fn parse_bytes(bytes: &[u8], catalogue: &Catalogue) -> Result<Self, RecipeError> {
        Self::parse_bytes_in(bytes, catalogue, None)
    }

    fn parse_bytes_in(
        bytes: &[u8],
        catalogue: &Catalogue,
        folder: Option<&Path>,
    ) -> Result<Self, RecipeError> {
        check_size(bytes.len())?;
        let text = std::str::from_utf8(bytes).map_err(RecipeError::NotText)?;
        parse::parse(text, catalogue, folder)
    }

    /// Reads a file, and no more of it than a recipe may have. Relative paths in it count from its own
    /// folder.
    ///
    /// # Errors
    /// [`RecipeError::Read`], and as [`Self::parse_bytes`].
    pub fn read(path: &Path, catalogue: &Catalogue) -> Result<Self, RecipeError> {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
            .map_err(|source| RecipeError::Read {
                path: path.to_owned(),
                source,
            })?;
        Self::parse_bytes_in(&bytes, catalogue, path.parent())
    }

    /// The text of the file, in a fixed order: what [`Self::parse`] takes for the same recipe.
    ///
    /// # Errors
    /// [`RecipeError::TooManyEdits`] and [`RecipeError::TooLarge`]: it could not be read again.
    pub fn to_text(&self) -> Result<String, RecipeError> {
        check_n_edits(self.recipe.edits().len())?;
        let text = write::write(self);
        check_size(text.len())?;
        Ok(text)
    }
}

impl Recipe {
    /// The recipe as its file reads, however long: for logs and for people to copy.
    #[must_use]
    pub fn to_toml(&self) -> String {
        write::write(&RecipeFile::preset(self.clone()))
    }
}

const fn check_size(n_bytes: usize) -> Result<(), RecipeError> {
    if n_bytes > MAX_BYTES {
        let max_bytes = MAX_BYTES;
        return Err(RecipeError::TooLarge { max_bytes });
    }
    Ok(())
}

const fn check_n_edits(n_edits: usize) -> Result<(), RecipeError> {
    if n_edits > MAX_EDITS {
        let max_edits = MAX_EDITS;
        return Err(RecipeError::TooManyEdits { n_edits, max_edits });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
