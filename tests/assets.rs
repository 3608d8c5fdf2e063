//! What ships beside the program: presets that every Parallax can apply, small fonts, a sample photo.

use std::fs;
use std::path::{Path, PathBuf};

use parallax::recipe::catalogue::Catalogue;
use parallax::recipe::file::RecipeFile;

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets")
}

#[expect(
    clippy::expect_used,
    reason = "without its assets the test can only fail"
)]
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(assets().join(folder)).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    paths.sort();
    paths
}

#[test]
fn every_preset_can_be_applied_and_has_a_name() {
    let presets = files("recipes", "toml");
    assert!(presets.len() >= 4, "{presets:?}");
    let mut names = Vec::new();
    for path in presets {
        let text = fs::read_to_string(&path).expect("readable");
        assert!(
            text.starts_with("# "),
            "{}: a line of use first",
            path.display()
        );
        let preset = RecipeFile::parse(&text, &Catalogue::all())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let recipe = preset.recipe;
        assert!(!recipe.is_empty(), "{}", path.display());
        assert!(recipe.extra().is_empty(), "{}", path.display());
        assert_eq!(recipe.stopping_export().count(), 0, "{}", path.display());
        assert_eq!(recipe.active().count(), recipe.edits().len());
        let name = recipe.name().expect("a name for the window").to_owned();
        assert!(
            text.starts_with(&format!("# {name}: ")),
            "{}",
            path.display()
        );
        names.push(name);
    }
    names.sort();
    let n_names = names.len();
    names.dedup();
    assert_eq!(names.len(), n_names, "each name once");
}

#[test]
fn fonts_are_small_and_carry_their_licence() {
    let fonts = files("fonts", "otf");
    assert_eq!(fonts.len(), 3);
    for path in fonts {
        let n_bytes = fs::metadata(&path).expect("readable").len();
        assert!(n_bytes <= 150_000, "{}: {n_bytes} bytes", path.display());
    }
    let licence = fs::read_to_string(assets().join("fonts/OFL.txt")).expect("readable");
    assert!(licence.contains("SIL OPEN FONT LICENSE"));
}
