//! Files of edits, there and missing, in flags and in recipe files.

use std::fs;

use crate::filters::value::Value;
use crate::recipe::specimens::catalogue;
use crate::recipe::{Edit, Recipe, RecipeFile, set};

const TABLE: &str = "LUT_3D_SIZE 2\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n";

fn file_of(recipe: &Recipe) -> Option<String> {
    match recipe.edits()[0].values()?.get(0) {
        Value::Asset(Some(asset)) => Some(asset.path().to_owned()),
        _ => None,
    }
}

fn stops(recipe: &Recipe) -> bool {
    recipe.edits().iter().any(Edit::stops_export)
}

#[test]
fn a_file_is_kept_by_path_and_hash_and_missed_when_gone() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("look.cube");
    fs::write(&table, TABLE).unwrap();
    let flag = format!("lut.file={}", table.display());
    let recipe = set::from_flags(&[flag.as_str()], &catalogue()).unwrap();
    assert_eq!(file_of(&recipe).as_deref(), table.to_str());
    let toml = recipe.to_toml();
    assert!(
        toml.contains("file = { path = ") && toml.contains("sha256 = "),
        "{toml}"
    );
    let parsed = || RecipeFile::parse(&toml, &catalogue()).unwrap().recipe;
    assert!(parsed().says_same(&recipe));

    fs::write(&table, TABLE.replace("1 1 1", "1 1 0.9")).unwrap();
    let changed = parsed();
    assert!(stops(&changed) && file_of(&changed).is_none());
    fs::remove_file(&table).unwrap();
    let missing = parsed();
    assert!(stops(&missing));
    assert_eq!(
        missing.to_toml().matches("sha256").count(),
        1,
        "kept as it was"
    );
    let refusal = set::from_flags(&[flag.as_str()], &catalogue()).unwrap_err();
    assert!(
        refusal
            .to_string()
            .starts_with("lut.file: there is no file "),
        "{refusal}"
    );

    fs::write(&table, TABLE).unwrap();
    assert!(parsed().says_same(&recipe), "it came back");
}

#[test]
fn a_recipe_finds_files_beside_itself() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("look.cube"), TABLE).unwrap();
    let toml = "version = 1\n[[edit]]\nfilter = \"lut\"\nfile = \"look.cube\"\nintensity = 50\n";
    let path = folder.path().join("recipe.toml");
    fs::write(&path, toml).unwrap();
    let recipe = RecipeFile::read(&path, &catalogue()).unwrap().recipe;
    assert!(file_of(&recipe).is_some_and(|path| std::path::Path::new(&path).is_absolute()));
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        super::load(&path, None).unwrap_err().to_string()
    };
    assert!(refusal("a", b"\xff\xfe").starts_with("it is not text: "));
    assert!(refusal("b", b"hello").contains("LUT_3D_SIZE"));
    let folder_itself = super::load(folder.path(), None).unwrap_err();
    assert!(
        folder_itself
            .to_string()
            .starts_with("this is no plain file")
    );
}
