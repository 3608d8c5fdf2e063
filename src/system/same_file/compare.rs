//! The comparison, for files that exist and for those that are yet to be.

use std::path::{Path, PathBuf};

#[cfg(not(unix))]
use super::other as platform;
#[cfg(unix)]
use super::unix as platform;
use crate::system::links::follow_links;

/// Whether writing to one path would change what the other reads: through links, other spellings
/// of a folder, and hard links. Two paths that do not exist yet are one when a file made at either
/// would be at both. Where a folder cannot be looked into, the paths are compared as text.
#[must_use]
pub fn same_file(a: &Path, b: &Path) -> bool {
    match (platform::identity(a), platform::identity(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => place(a) == place(b),
        _ => false,
    }
}

/// Where a file would be: its folder as the system spells it, and its name.
fn place(path: &Path) -> PathBuf {
    let path = follow_links(path).unwrap_or_else(|_| path.to_owned());
    let Some(name) = path.file_name() else {
        return path;
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    match folder.canonicalize() {
        Ok(folder) => folder.join(name),
        Err(_) => std::path::absolute(&path).unwrap_or(path),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn spellings_of_one_path_are_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        let other = folder.path().join("b.png");
        fs::create_dir(folder.path().join("sub")).unwrap();
        let detour = folder.path().join("sub/.././a.png");
        // Before either exists, and after.
        for _ in 0..2 {
            assert!(same_file(&file, &detour));
            assert!(same_file(&file, &file));
            assert!(!same_file(&file, &other));
            assert!(!same_file(&file, &folder.path().join("sub/a.png")));
            fs::write(&file, "x").unwrap();
        }
        fs::write(&other, "x").unwrap();
        assert!(!same_file(&file, &other));
    }

    #[test]
    fn hard_links_are_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&file, "x").unwrap();
        assert!(!same_file(&file, &link));
        fs::hard_link(&file, &link).unwrap();
        // Only Unix tells; elsewhere a save by rename leaves the other name alone anyway.
        assert_eq!(same_file(&file, &link), cfg!(unix));
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_are_followed_also_to_what_is_not_there_yet() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        let folder_link = folder.path().join("here");
        symlink("a", &link).unwrap();
        symlink(".", &folder_link).unwrap();
        for _ in 0..2 {
            assert!(same_file(&file, &link));
            assert!(same_file(&folder_link.join("b"), &file));
            fs::write(&file, "x").unwrap();
        }
        let ring = folder.path().join("ring");
        symlink("ring", &ring).unwrap();
        assert!(!same_file(&ring, &file));
    }

    #[test]
    fn a_bare_name_lies_in_the_working_folder() {
        let name = Path::new("no-such-file-7c1e.png");
        assert!(same_file(name, &Path::new(".").join(name)));
        assert!(same_file(
            name,
            &std::env::current_dir().unwrap().join(name)
        ));
        assert!(!same_file(name, Path::new("no-such-folder-7c1e/x.png")));
    }
}
