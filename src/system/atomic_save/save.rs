//! The save itself.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::{SaveError, SaveErrorKind};
#[cfg(not(unix))]
use super::other as platform;
use super::temporary;
#[cfg(unix)]
use super::unix as platform;
use super::writer::TempWriter;
use crate::system::links::follow_links;

/// What to do when the target exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Existing {
    /// The save fails with [`SaveErrorKind::Exists`], also when the file appears meanwhile.
    Refuse,
    Replace,
}

/// Writes a file by a closure; whole or not at all. See the room's notes for links and modes.
///
/// # Errors
/// What the system said, as `E` by `From<SaveError>`, also where the closure's own error only
/// followed from it; otherwise the closure's error. In every case the target is what it was and
/// the temporary file is gone, except where the folder could not be synced after the rename.
pub fn save<E: From<SaveError>>(
    target: &Path,
    existing: Existing,
    write: impl FnOnce(&mut TempWriter<File>) -> Result<(), E>,
) -> Result<(), E> {
    let Place { path, folder, old } = Place::find(target, existing)?;
    let in_target = |source| SaveError::from_io(target, source);
    let temp = temporary::create(&folder, old.is_some()).map_err(in_target)?;
    let handle = temp.as_file().try_clone().map_err(in_target)?;
    fill(target, handle, write)?;
    if let Some(old) = &old {
        platform::keep_mode(old, temp.as_file()).map_err(in_target)?;
    }
    temp.as_file().sync_all().map_err(in_target)?;
    rename(temp, &path, existing).map_err(in_target)?;
    platform::sync_folder(&folder).map_err(in_target)?;
    Ok(())
}

/// Saves bytes that are already in memory.
///
/// # Errors
/// As [`save`].
pub fn save_bytes(target: &Path, existing: Existing, bytes: &[u8]) -> Result<(), SaveError> {
    save(target, existing, |file| {
        io::Write::write_all(file, bytes).map_err(|source| SaveError::from_io(target, source))
    })
}

/// Runs the closure; what the disk said outranks what the closure made of it.
pub(super) fn fill<W: io::Write + io::Seek, E: From<SaveError>>(
    target: &Path,
    file: W,
    write: impl FnOnce(&mut TempWriter<W>) -> Result<(), E>,
) -> Result<(), E> {
    let mut writer = TempWriter::new(file);
    let written = write(&mut writer);
    match (writer.finish(), written) {
        (Some(source), _) => Err(SaveError::from_io(target, source).into()),
        (None, written) => written,
    }
}

fn rename(temp: NamedTempFile, path: &Path, existing: Existing) -> io::Result<()> {
    // On failure the file comes back inside the error and is removed with it.
    let renamed = match existing {
        Existing::Replace => temp.persist(path),
        Existing::Refuse => temp.persist_noclobber(path),
    };
    renamed.map(drop).map_err(|failed| failed.error)
}

/// Where a save goes in the end.
struct Place {
    /// The target with links followed.
    path: PathBuf,
    folder: PathBuf,
    /// Facts of the file that is replaced.
    old: Option<Metadata>,
}

impl Place {
    fn find(target: &Path, existing: Existing) -> Result<Self, SaveError> {
        let refuse = |kind: SaveErrorKind, why: io::ErrorKind| SaveError::new(kind, target, why);
        let in_target = |source| SaveError::from_io(target, source);
        if target.file_name().is_none() {
            return Err(refuse(
                SaveErrorKind::IsDirectory,
                io::ErrorKind::IsADirectory,
            ));
        }
        if existing == Existing::Refuse && target.symlink_metadata().is_ok() {
            return Err(refuse(SaveErrorKind::Exists, io::ErrorKind::AlreadyExists));
        }
        let path = follow_links(target).map_err(in_target)?;
        let old = match fs::symlink_metadata(&path) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(in_target(error)),
        };
        if let Some(old) = &old {
            if old.is_dir() {
                return Err(refuse(
                    SaveErrorKind::IsDirectory,
                    io::ErrorKind::IsADirectory,
                ));
            }
            if !old.is_file() {
                return Err(refuse(SaveErrorKind::NotAFile, io::ErrorKind::InvalidInput));
            }
        }
        let folder = match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        Ok(Self { path, folder, old })
    }
}
