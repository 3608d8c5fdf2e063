//! A person's own presets: recipes in a folder of their own.

use std::path::{Path, PathBuf};

use crate::recipe::{Recipe, RecipeFile};
use crate::system::atomic_save::{Existing, SaveError, SaveErrorKind, save_bytes};
use crate::system::folders::Folders;

use super::StudioError;

/// Inside the folder for data.
const FOLDER: &str = "presets";

/// Letters of a preset's name that its file's name takes.
const MAX_LETTERS: usize = 60;

/// Where a person's own presets lie; `None` where nothing can be kept.
#[must_use]
pub fn folder(folders: &Folders) -> Option<PathBuf> {
    folders.data.as_ref().map(|data| data.join(FOLDER))
}

/// Writes the look of `recipe` under `name`, in the place of an earlier one of that name; waits for
/// the disk.
///
/// # Errors
/// When the folder cannot be written.
pub fn save(folders: &Folders, name: &str, recipe: &Recipe) -> Result<PathBuf, StudioError> {
    let folder = folder(folders).ok_or(StudioError::NoFolder)?;
    let path = folder.join(format!("{}.toml", file_stem(name)));
    make(&folder, &path)?;
    let text = RecipeFile::preset(look_of(recipe).with_name(Some(name))).to_text()?;
    save_bytes(&path, Existing::Replace, text.as_bytes())?;
    Ok(path)
}

fn make(folder: &Path, path: &Path) -> Result<(), SaveError> {
    std::fs::create_dir_all(folder).map_err(|source| SaveError {
        kind: SaveErrorKind::of(&source),
        path: path.to_owned(),
        source,
    })
}

/// Crop, rotation and flip belong to one photo, not to a look.
fn look_of(recipe: &Recipe) -> Recipe {
    let geometry = recipe.edits().iter().filter(|edit| {
        edit.spec()
            .is_some_and(crate::filters::spec::Spec::is_geometry)
    });
    geometry.fold(recipe.clone(), |kept, edit| kept.without(edit.id))
}

/// What every file system takes: letters, digits and dashes.
fn file_stem(name: &str) -> String {
    let letters = name.chars().take(MAX_LETTERS);
    let kept: String = letters
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let kept = kept.trim_matches('-').to_lowercase();
    if kept.is_empty() {
        "preset".to_owned()
    } else {
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Catalogue, set};

    #[test]
    fn a_saved_preset_is_the_look_without_the_crop() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::under(root.path());
        let recipe = set::from_flags(&["crop.left=0.1", "exposure.ev=0.7"], &Catalogue::all());
        let path = save(&folders, "Evening / sea", &recipe.unwrap()).unwrap();
        assert_eq!(path.file_name().unwrap(), "evening---sea.toml");
        let read = RecipeFile::read(&path, &Catalogue::all()).unwrap().recipe;
        assert_eq!(read.name(), Some("Evening / sea"));
        let ids: Vec<&str> = read
            .edits()
            .iter()
            .map(crate::recipe::Edit::filter_id)
            .collect();
        assert_eq!(ids, ["exposure"]);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for name in ["../../x", "/etc/passwd", "a\0b", "", "..."] {
            let stem = file_stem(name);
            assert!(
                !stem.is_empty() && !stem.contains(['/', '.', '\0']),
                "{stem}"
            );
        }
    }
}
