//! The photo that comes with the program, laid out as a file so that it opens like any other.

use std::path::PathBuf;

use crate::system::atomic_save::{Existing, save_bytes};
use crate::system::folders::Folders;

/// Credit and licence: `assets/README.md`.
static DANDELION: &[u8] = include_bytes!("../../assets/photos/dandelion.jpg");

const FILE_NAME: &str = "dandelion.jpg";

/// The sample as a file in the data folder; made when it is not there. `None` where there is no
/// folder to keep it in.
#[must_use]
pub fn sample_photo(folders: &Folders) -> Option<PathBuf> {
    let folder = folders.data.as_ref()?.join("sample");
    let path = folder.join(FILE_NAME);
    let is_there = path
        .metadata()
        .is_ok_and(|facts| facts.len() == DANDELION.len() as u64);
    if !is_there {
        std::fs::create_dir_all(&folder).ok()?;
        save_bytes(&path, Existing::Replace, DANDELION).ok()?;
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_made_once_and_mended() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        let path = sample_photo(&folders).unwrap();
        std::fs::write(&path, b"cut short").unwrap();
        assert_eq!(sample_photo(&folders).as_ref(), Some(&path));
        assert_eq!(std::fs::read(path).unwrap(), DANDELION);
        assert_eq!(sample_photo(&Folders::default()), None);
    }
}
