//! Temporary files of programs that were killed while they saved.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::temporary::is_temporary_name;

/// Removes the temporary files in a folder that no living save holds; how many those were. What
/// cannot be read, locked or removed stays where it is.
///
/// # Errors
/// The folder cannot be listed.
pub fn remove_leftovers(folder: &Path) -> io::Result<usize> {
    let mut n_removed = 0;
    for entry in fs::read_dir(folder)? {
        let Ok(entry) = entry else {
            continue;
        };
        let is_ours = is_temporary_name(&entry.file_name())
            && entry.file_type().is_ok_and(|file_type| file_type.is_file());
        if is_ours && remove_if_abandoned(&entry.path()).unwrap_or(false) {
            n_removed += 1;
        }
    }
    Ok(n_removed)
}

/// A save holds the lock of its file until the rename; the system lets it go with the process. Our
/// own lock is held until the file is gone, so that a save that just made it notices.
fn remove_if_abandoned(path: &Path) -> io::Result<bool> {
    let file = File::open(path)?;
    if file.try_lock().is_err() {
        return Ok(false);
    }
    fs::remove_file(path)?;
    Ok(true)
}
