//! The pictures folder, which desktops let people rename (xdg-user-dirs).

use std::fs;
use std::path::{Path, PathBuf};

/// As `user-dirs.dirs` says, else `Pictures` in the home folder if it exists, else the home folder.
pub(super) fn pictures_of(home: &Path, config: &Path) -> PathBuf {
    let text = fs::read_to_string(config.join("user-dirs.dirs")).unwrap_or_default();
    let custom = home.join("Pictures");
    pictures_line(&text, home)
        .filter(|folder| folder.is_dir())
        .or_else(|| custom.is_dir().then_some(custom))
        .unwrap_or_else(|| home.to_owned())
}

/// The folder of a line `XDG_PICTURES_DIR="$HOME/…"` or `="/…"`, as the file's own head explains.
fn pictures_line(text: &str, home: &Path) -> Option<PathBuf> {
    let value = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("XDG_PICTURES_DIR="))?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    match value.strip_prefix("$HOME") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            Some(home.join(rest.trim_start_matches('/')))
        }
        _ => Some(PathBuf::from(value)).filter(|folder| folder.is_absolute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_read_as_desktops_write_it() {
        let home = Path::new("/h");
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                pictures_line(text, home),
                expected.map(PathBuf::from),
                "{text}"
            );
        };
        check(
            "# a\nXDG_PICTURES_DIR=\"$HOME/Bilder\"\n",
            Some("/h/Bilder"),
        );
        check(
            "XDG_MUSIC_DIR=\"/m\"\nXDG_PICTURES_DIR=\"/data/p\"",
            Some("/data/p"),
        );
        check("XDG_PICTURES_DIR=\"$HOME\"", Some("/h"));
        check("XDG_PICTURES_DIR=\"$HOMELY/x\"", None);
        check("XDG_PICTURES_DIR=\"pictures\"", None);
        check("#XDG_PICTURES_DIR=\"/x\"", None);
        check("XDG_PICTURES_DIR=", None);
    }

    #[test]
    fn a_folder_that_is_gone_gives_way_to_one_that_is_there() {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join(".config");
        assert_eq!(pictures_of(home.path(), &config), home.path());
        fs::create_dir(home.path().join("Pictures")).unwrap();
        fs::create_dir(&config).unwrap();
        fs::write(
            config.join("user-dirs.dirs"),
            "XDG_PICTURES_DIR=\"$HOME/Bilder\"",
        )
        .unwrap();
        assert_eq!(
            pictures_of(home.path(), &config),
            home.path().join("Pictures")
        );
        fs::create_dir(home.path().join("Bilder")).unwrap();
        assert_eq!(
            pictures_of(home.path(), &config),
            home.path().join("Bilder")
        );
    }
}
