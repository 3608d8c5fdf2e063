//! A path as people type or paste it.

use std::path::{Path, PathBuf};

/// Without quotes and spaces around it, `~` being the home folder; what is not absolute lies in
/// `folder`. `None` for nothing.
#[must_use]
pub(super) fn typed_path(text: &str, folder: Option<&Path>) -> Option<PathBuf> {
    let text = text.trim();
    let unquoted = ['"', '\''].iter().find_map(|quote| {
        let inside = text.strip_prefix(*quote)?.strip_suffix(*quote)?;
        Some(inside)
    });
    let text = unquoted.unwrap_or(text);
    if text.is_empty() {
        return None;
    }
    let below_home = text.strip_prefix('~').filter(|rest| {
        let first = rest.chars().next();
        first.is_none_or(std::path::is_separator)
    });
    if let (Some(rest), Some(home)) = (below_home, std::env::home_dir()) {
        let rest = rest.trim_start_matches(std::path::is_separator);
        return Some(home.join(rest));
    }
    let path = PathBuf::from(text);
    Some(match folder {
        Some(folder) if path.is_relative() => folder.join(path),
        Some(_) | None => path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_becomes_a_path() {
        let folder = Some(Path::new("/photos"));
        assert_eq!(typed_path("  ", folder), None);
        let named = Some(PathBuf::from("/photos/a b.jpg"));
        assert_eq!(typed_path(" 'a b.jpg' ", folder), named);
        assert_eq!(typed_path("\"/photos/a b.jpg\"", None), named);
        assert_eq!(typed_path("a.jpg", None), Some(PathBuf::from("a.jpg")));
        assert_eq!(typed_path("~x.jpg", None), Some(PathBuf::from("~x.jpg")));
        if let Some(home) = std::env::home_dir() {
            assert_eq!(typed_path("~/a.jpg", folder), Some(home.join("a.jpg")));
        }
    }
}
