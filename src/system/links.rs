//! Symbolic links at the end of a path, followed by hand because what they lead to may not exist yet.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Follows a link at the path's end, also one that leads to nothing yet.
pub(super) fn follow_links(path: &Path) -> io::Result<PathBuf> {
    // As many as Linux follows.
    const N_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..N_LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            // Not a link, or not there.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}
