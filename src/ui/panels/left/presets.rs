//! Presets: those that come with the program and a person's own, and what applying one does.

use std::path::{Path, PathBuf};

use crate::recipe::label::{format_opacity, format_param};
use crate::recipe::shipped::SHIPPED;
use crate::recipe::{Catalogue, Edit, EditId, Recipe, RecipeFile};
use crate::system::folders::Folders;

/// The folder of a person's own presets, inside the one for data.
const OWN_FOLDER: &str = "presets";

/// Presets of one's own that are read; a folder with more is not a folder of presets.
const MAX_OWN: usize = 200;

/// One preset.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Preset {
    pub(super) name: String,
    pub(super) recipe: Recipe,
    pub(super) is_own: bool,
}

/// Where a person's own presets lie.
#[must_use]
pub(super) fn own_folder(folders: &Folders) -> Option<PathBuf> {
    folders.data.as_ref().map(|data| data.join(OWN_FOLDER))
}

/// All presets, those of the program first. Reads a small folder.
pub(super) fn load(folders: &Folders) -> Vec<Preset> {
    let catalogue = Catalogue::default();
    let shipped = SHIPPED.iter().filter_map(|text| {
        let recipe = RecipeFile::parse(text, &catalogue).ok()?.recipe;
        Some(Preset {
            name: recipe.name().unwrap_or_default().to_owned(),
            recipe,
            is_own: false,
        })
    });
    let mut presets: Vec<Preset> = shipped.collect();
    if let Some(folder) = own_folder(folders) {
        presets.extend(own(&folder, &catalogue));
    }
    presets
}

/// By name; files that are no recipes are left out.
fn own(folder: &Path, catalogue: &Catalogue) -> Vec<Preset> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_toml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "toml");
    let read = |path: PathBuf| {
        let recipe = RecipeFile::read(&path, catalogue).ok()?.recipe;
        let stem = path.file_stem()?.to_string_lossy().into_owned();
        Some(Preset {
            name: recipe.name().map_or(stem, str::to_owned),
            recipe,
            is_own: true,
        })
    };
    let mut presets: Vec<Preset> = paths
        .filter(is_toml)
        .take(MAX_OWN)
        .filter_map(read)
        .collect();
    presets.sort_by_key(|preset| preset.name.to_lowercase());
    presets
}

/// The recipe with the preset's edits in place of all that make the look: crop, rotation and flip
/// stay, and so does what this Parallax does not know.
pub(super) fn applied(recipe: &Recipe, preset: &Recipe) -> Recipe {
    let is_look = |edit: &&Edit| edit.spec().is_some_and(|spec| !spec.is_geometry());
    let look: Vec<EditId> = recipe
        .edits()
        .iter()
        .filter(is_look)
        .map(|edit| edit.id)
        .collect();
    let kept = look
        .iter()
        .fold(recipe.clone(), |kept, id| kept.without(*id));
    kept.appended(preset)
}

/// What a preset holds, an edit a line: "Exposure +0.70 EV".
pub(super) fn contents(recipe: &Recipe) -> Vec<String> {
    recipe.edits().iter().map(edit_line).collect()
}

fn edit_line(edit: &Edit) -> String {
    let mut line = edit.label().to_owned();
    if let (Some(spec), Some(values)) = (edit.spec(), edit.values()) {
        let shown: Vec<String> = spec
            .params
            .iter()
            .zip(values.as_slice())
            .map(|(param, value)| format_param(param, value))
            .collect();
        if !shown.is_empty() {
            line = format!("{line} {}", shown.join(" · "));
        }
    }
    if edit.opacity < 1.0 {
        line = format!("{line}, opacity {}", format_opacity(edit.opacity));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::registry;
    use crate::filters::value::Values;

    #[test]
    fn every_shipped_preset_is_known_in_full_and_does_something() {
        let folder = tempfile::tempdir().unwrap();
        let presets = load(&Folders::under(folder.path()));
        assert_eq!(presets.len(), SHIPPED.len());
        for preset in &presets {
            assert!(!preset.name.is_empty());
            let edits = preset.recipe.edits();
            assert!(edits.iter().all(Edit::is_active), "{}", preset.name);
            assert_eq!(contents(&preset.recipe).len(), edits.len());
        }
    }

    #[test]
    fn ones_own_presets_follow_by_name_and_rubbish_is_left_out() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::under(root.path());
        let folder = own_folder(&folders).unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        let text = "version = 1\n[[edit]]\nfilter = \"exposure\"\nev = 0.7\n";
        std::fs::write(folder.join("zebra.toml"), text).unwrap();
        std::fs::write(folder.join("evening.toml"), text).unwrap();
        std::fs::write(folder.join("broken.toml"), "]").unwrap();
        let own: Vec<Preset> = load(&folders)
            .into_iter()
            .filter(|preset| preset.is_own)
            .collect();
        let names: Vec<&str> = own.iter().map(|preset| &*preset.name).collect();
        assert_eq!(names, ["evening", "zebra"]);
        assert_eq!(contents(&own[0].recipe), ["Exposure +0.70 EV"]);
    }

    #[test]
    fn applying_a_preset_keeps_the_crop_and_replaces_the_look() {
        let spec = |id: &str| registry::find(id).unwrap().spec();
        let on_add = |id: &str| Values::on_add(spec(id));
        let (recipe, _) = Recipe::empty().inserted(spec("crop"), &on_add("crop"));
        let (recipe, _) = recipe.inserted(spec("contrast"), &on_add("contrast"));
        let (preset, _) = Recipe::empty().inserted(spec("blur"), &on_add("blur"));
        let after = applied(&recipe, &preset);
        let ids: Vec<&str> = after.edits().iter().map(Edit::filter_id).collect();
        assert_eq!(ids, ["crop", "blur"]);
    }
}
