//! The photo that comes with the program, for whoever has none at hand.

use std::path::{Path, PathBuf};

use crate::system::atomic_save::{Existing, save_bytes};
use crate::system::folders::Folders;

/// `assets/photos/README.md` says who took it.
static PHOTO: &[u8] = include_bytes!("../../assets/photos/dandelion.jpg");

const NAME: &str = "dandelion.jpg";

/// Where it lies; put there if it is not there yet, which waits for the disk. `None` where nothing
/// can be kept.
#[must_use]
pub fn sample_photo(folders: &Folders) -> Option<PathBuf> {
    let folder = folder(folders)?;
    let path = folder.join(NAME);
    let is_there = path
        .metadata()
        .is_ok_and(|file| file.len() == PHOTO.len() as u64);
    if !is_there {
        std::fs::create_dir_all(&folder).ok()?;
        save_bytes(&path, Existing::Replace, PHOTO).ok()?;
    }
    Some(path)
}

/// Whether a photo is the one that comes with the program: nobody looks for files beside it.
#[must_use]
pub fn is_sample(photo: &Path, folders: &Folders) -> bool {
    folder(folders).is_some_and(|folder| photo.starts_with(folder))
}

fn folder(folders: &Folders) -> Option<PathBuf> {
    folders.data.as_ref().map(|data| data.join("sample"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_put_there_once_and_known_again() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::under(root.path());
        let path = sample_photo(&folders).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), PHOTO);
        let written = path.metadata().unwrap().modified().unwrap();
        assert_eq!(sample_photo(&folders), Some(path.clone()));
        assert_eq!(path.metadata().unwrap().modified().unwrap(), written);
        assert!(is_sample(&path, &folders));
        assert!(!is_sample(root.path(), &folders));
        assert_eq!(sample_photo(&Folders::default()), None);
    }
}
