//! The recipe a command works with: a file's edits, then those of `--set`.

use std::io::Write as _;
use std::path::Path;

use super::exit::{self, Failure};
use crate::recipe::{Catalogue, Recipe, RecipeFile, set};

/// Edits of a recipe file.
pub(super) fn of_file(path: &Path) -> Result<Recipe, Failure> {
    let read = RecipeFile::read(path, &Catalogue::default());
    let file = read.map_err(|error| exit::of_recipe(&error).about(path))?;
    Ok(file.recipe)
}

/// Edits of `--set` flags, in the order given.
pub(super) fn of_sets(sets: &[String]) -> Result<Recipe, Failure> {
    let edits = set::from_flags(sets, &Catalogue::default());
    edits.map_err(|error| exit::of_recipe(&error))
}

/// One edit from `NAME[,PARAM=VALUE…]`.
pub(super) fn of_filter(text: &str) -> Result<Recipe, Failure> {
    let edit = set::from_list(text, &Catalogue::default());
    edit.map_err(|error| exit::of_recipe(&error))
}

/// The file's edits with those of the flags after them.
pub(super) fn joined(file: Option<&Path>, sets: &[String]) -> Result<Recipe, Failure> {
    let base = file.map_or_else(|| Ok(Recipe::empty()), of_file)?;
    Ok(base.appended(&of_sets(sets)?))
}

/// Recipes that come with Parallax, each by its own name.
pub(super) fn of_texts(texts: &[&str]) -> Result<Vec<(String, Recipe)>, Failure> {
    let catalogue = Catalogue::default();
    let named = texts.iter().map(|text| {
        let file = RecipeFile::parse(text, &catalogue).map_err(|error| exit::of_recipe(&error))?;
        Ok((
            file.recipe.name().unwrap_or("recipe").to_owned(),
            file.recipe,
        ))
    });
    named.collect()
}

/// The recipe as a file for another process of ours; gone when dropped.
pub(super) fn as_temporary_file(file: &RecipeFile) -> Option<tempfile::NamedTempFile> {
    let mut temporary = tempfile::Builder::new().suffix(".toml").tempfile().ok()?;
    temporary.write_all(file.to_text().ok()?.as_bytes()).ok()?;
    Some(temporary)
}
