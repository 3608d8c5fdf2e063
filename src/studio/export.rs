//! The finished picture as a file: rendered, encoded, saved whole or not at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::backend::Backend;
use crate::backend::cancel::Cancel;
use crate::backend::spare_memory::SpareMemory;
use crate::codecs::metadata::icc_write;
use crate::codecs::{CodecError, EncodeFormat, EncodeRequest, Note, Watch, encode_on};
use crate::pixels::image::{Depth, Image};
use crate::recipe::Recipe;
use crate::system::atomic_save::{Existing, SaveError, SaveErrorKind, remove_leftovers, save};
use crate::system::same_file::same_file;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::record::RunKind;
use crate::telemetry::sink::Sink;

use super::full_run::{FullRun, OutputChoice, OutputProfile, Unfinished};
use super::{Photo, StudioError};

/// What to do when the target exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IfExists {
    #[default]
    Refuse,
    /// Take the next free name: `name-2.jpg`.
    KeepBoth,
    Replace,
}

/// One picture to export.
pub struct Export<'a> {
    pub photo: &'a Photo,
    pub recipe: &'a Recipe,
    /// Its ending says the format.
    pub target: &'a Path,
    /// Of the target's format: quality and subsampling matter for JPEG alone.
    pub format: EncodeFormat,
    pub output: OutputChoice,
    pub if_exists: IfExists,
    pub tile_px: Option<u32>,
    pub cancel: &'a Cancel,
    pub listener: Option<Arc<dyn Sink>>,
    /// Hears the share of the encoding done, 0…1, on the thread that writes.
    pub on_encoded: &'a (dyn Fn(f32) + Sync),
}

/// A file that was written.
#[derive(Debug)]
pub struct Exported {
    pub path: PathBuf,
    pub n_bytes: u64,
    /// What could not be carried over.
    pub notes: Vec<Note>,
    pub run: RunWithEvents,
}

impl Export<'_> {
    /// Renders on `backend` and writes the file; takes as long as that takes.
    ///
    /// # Errors
    /// Anything between the recipe and the disk; the target is then what it was before.
    pub fn run(&self, backend: &dyn Backend) -> Result<Exported, StudioError> {
        self.try_run(backend).map_err(|unfinished| unfinished.error)
    }

    /// As [`Self::run`]; an export that fails leaves what was measured until then.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn try_run(&self, backend: &dyn Backend) -> Result<Exported, Box<Unfinished>> {
        if same_file(self.target, &self.photo.path) {
            return Err(StudioError::TargetIsSource(self.target.to_owned()).into());
        }
        if self.if_exists == IfExists::Refuse && self.target.symlink_metadata().is_ok() {
            return Err(StudioError::from(exists(self.target)).into());
        }
        let full_run = FullRun {
            photo: self.photo,
            recipe: self.recipe,
            output: self.output_within_format(),
            kind: RunKind::Export,
            tile_px: self.tile_px,
            hashes_output: false,
            cancel: self.cancel,
            listener: self.listener.clone(),
        };
        let finished = full_run.try_run_into(backend, &SpareMemory::none())?;
        let written = self.write(&finished.image, backend.n_workers());
        let (path, notes) = match written {
            Ok(written) => written,
            Err(error) => return Err(Unfinished::new(error, finished.run)),
        };
        let n_bytes = path.metadata().map_or(0, |file| file.len());
        Ok(Exported {
            path,
            n_bytes,
            notes,
            run: finished.run,
        })
    }

    /// JPEG has eight bits, whatever was asked for.
    fn output_within_format(&self) -> OutputChoice {
        let mut output = self.output;
        if self.format.max_bits() < Depth::Sixteen.bits() {
            output.depth = Some(Depth::Eight);
        }
        output
    }

    fn write(&self, image: &Image, n_workers: usize) -> Result<(PathBuf, Vec<Note>), StudioError> {
        clear_leftovers(self.target);
        let mut n = 1;
        loop {
            let path = numbered(self.target, n);
            let existing = match self.if_exists {
                IfExists::Replace => Existing::Replace,
                IfExists::Refuse | IfExists::KeepBoth => Existing::Refuse,
            };
            match self.write_to(&path, existing, (image, n_workers)) {
                Err(StudioError::Save(error))
                    if error.kind == SaveErrorKind::Exists
                        && self.if_exists == IfExists::KeepBoth =>
                {
                    n += 1;
                }
                Err(error) => return Err(error),
                Ok(notes) => return Ok((path, notes)),
            }
        }
    }

    fn write_to(
        &self,
        path: &Path,
        existing: Existing,
        (image, n_workers): (&Image, usize),
    ) -> Result<Vec<Note>, StudioError> {
        if existing == Existing::Refuse && path.symlink_metadata().is_ok() {
            return Err(exists(path).into());
        }
        let failed = |source| match source {
            CodecError::Cancelled => StudioError::Stopped,
            source => StudioError::Encode {
                path: path.to_owned(),
                source,
            },
        };
        let icc = self.profile_of(image).map_err(failed)?;
        let request = EncodeRequest {
            format: self.format,
            image,
            metadata: &self.photo.metadata,
            icc: icc.as_deref(),
        };
        let watch = Watch::new(self.cancel.flag(), self.on_encoded);
        let mut notes = Vec::new();
        save(path, existing, |file| {
            notes = encode_on(n_workers, &request, file, &watch).map_err(failed)?;
            if self.cancel.is_stopped() {
                Err(StudioError::Stopped)
            } else {
                Ok(())
            }
        })?;
        Ok(notes)
    }

    /// The profile to embed: sRGB's, or what the photo came with.
    fn profile_of(&self, image: &Image) -> Result<Option<Arc<[u8]>>, CodecError> {
        match self.output.profile {
            OutputProfile::Input if image.color.icc.is_some() => Ok(image.color.icc.clone()),
            OutputProfile::Input | OutputProfile::Srgb if image.layout.is_gray() => Ok(None),
            OutputProfile::Input | OutputProfile::Srgb => {
                let bytes =
                    icc_write::encode(&image.color).map_err(|source| CodecError::Encode {
                        format: self.format.format(),
                        source: Box::new(source),
                    })?;
                Ok(Some(bytes.into()))
            }
        }
    }
}

/// Takes away what killed programs left half-written where a file is going to be, as far as it can.
pub fn clear_leftovers(target: &Path) {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match remove_leftovers(folder) {
        Ok(0) => {}
        Ok(n_removed) => tracing::info!("{n_removed} unfinished files removed"),
        Err(error) => tracing::debug!("no look for unfinished files: {error}"),
    }
}

fn exists(path: &Path) -> SaveError {
    SaveError {
        kind: SaveErrorKind::Exists,
        path: path.to_owned(),
        source: std::io::ErrorKind::AlreadyExists.into(),
    }
}

/// `name.jpg`, `name-2.jpg`, `name-3.jpg` …
fn numbered(target: &Path, n: u32) -> PathBuf {
    if n <= 1 {
        return target.to_owned();
    }
    let mut name = target.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{n}"));
    if let Some(ending) = target.extension() {
        name.push(".");
        name.push(ending);
    }
    target.with_file_name(name)
}

/// `IMG_1234-edited.jpg` beside the photo; photos in formats we do not write become JPEG.
#[must_use]
pub fn suggested_target(photo: &Path) -> PathBuf {
    let mut name = photo.file_stem().unwrap_or_default().to_owned();
    name.push("-edited.");
    let ending = photo
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or("jpg");
    let is_ours = EncodeFormat::from_path(photo).is_some();
    name.push(if is_ours { ending } else { "jpg" });
    photo.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_before_the_ending_and_suggested_beside_the_photo() {
        assert_eq!(
            numbered(Path::new("a/b.tar.jpg"), 3),
            Path::new("a/b.tar-3.jpg")
        );
        assert_eq!(numbered(Path::new("b"), 2), Path::new("b-2"));
        assert_eq!(
            suggested_target(Path::new("x/IMG.PNG")),
            Path::new("x/IMG-edited.PNG")
        );
        assert_eq!(
            suggested_target(Path::new("x/IMG.webp")),
            Path::new("x/IMG-edited.jpg")
        );
    }
}
