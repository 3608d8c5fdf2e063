//! Edits on the command line: `--set FILTER.PARAM=VALUE`, `--set FILTER`, and
//! `FILTER[,PARAM=VALUE…]`. Flags themselves are the command line's.

use super::catalogue::Catalogue;
use super::draft::{Draft, Raw, read_number};
use super::error::{Line, Quoted, RecipeError};
use super::stack::Recipe;

/// Edits from `--set` flags, in the order given.
///
/// A flag for the same filter as the one before it, with a parameter not yet given, continues that
/// edit; any other begins a new one. A filter named alone has its start values; parameters that are
/// not given are otherwise at their identity. `opacity` and `enabled` are set like parameters.
///
/// # Errors
/// The first flag that names no filter or parameter, or a value that is not allowed.
pub fn from_flags<S: AsRef<str>>(
    flags: &[S],
    catalogue: &Catalogue,
) -> Result<Recipe, RecipeError> {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    for flag in flags {
        let flag = Flag::parse(flag.as_ref())?;
        let spec = catalogue.get(flag.filter_id)?;
        let continues = drafts.last().is_some_and(|last| {
            last.spec.id == spec.id && flag.field.is_some_and(|(field, _)| !last.has(field))
        });
        if !continues {
            drafts.push(Draft::new(spec, None));
        }
        let Some(draft) = drafts.last_mut() else {
            continue;
        };
        match flag.field {
            Some((field, value)) => draft.set(field, raw(field, value), Line::NONE)?,
            None => draft.is_bare = true,
        }
    }
    Ok(recipe_of(&drafts))
}

/// One edit from `FILTER[,PARAM=VALUE…]`, such as `blur,radius=4,opacity=0.5`.
///
/// # Errors
/// As [`from_flags`]; also a parameter given twice.
pub fn from_list(text: &str, catalogue: &Catalogue) -> Result<Recipe, RecipeError> {
    let mut parts = text.split(',').map(str::trim);
    let filter_id = parts.next().unwrap_or_default();
    let mut draft = Draft::new(catalogue.get(filter_id)?, None);
    for part in joined(parts) {
        let Some((field, value)) = part.split_once('=').map(trimmed) else {
            return Err(not_an_edit(text, filter_id));
        };
        if draft.has(field) {
            let name = format!("{filter_id}.{field}");
            return Err(RecipeError::GivenTwice { name });
        }
        draft.set(field, raw(field, value), Line::NONE)?;
    }
    Ok(recipe_of(&[draft]))
}

/// The fields, with commas inside a curve's points (`luma=0,0;0.5,0.6;1,1`) put back: a part after the
/// first field that begins with a digit and names no field goes on with the one before.
fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for part in parts {
        let goes_on = part.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        match fields.last_mut() {
            Some(field) if goes_on && !part.contains('=') => {
                field.push(',');
                field.push_str(part);
            }
            _ => fields.push(part.to_owned()),
        }
    }
    fields
}

/// `FILTER` or `FILTER.PARAM=VALUE`, taken apart.
struct Flag<'a> {
    filter_id: &'a str,
    /// The field's id and what it is set to.
    field: Option<(&'a str, &'a str)>,
}

impl<'a> Flag<'a> {
    fn parse(text: &'a str) -> Result<Self, RecipeError> {
        let (place, value) = match text.split_once('=').map(trimmed) {
            Some((place, value)) => (place, Some(value)),
            None => (text.trim(), None),
        };
        let (filter_id, field) = match place.split_once('.') {
            Some((filter_id, field)) => (filter_id, Some(field)),
            None => (place, None),
        };
        match (field, value) {
            (Some(field), Some(value)) if !field.is_empty() && !value.is_empty() => Ok(Self {
                filter_id,
                field: Some((field, value)),
            }),
            (None, None) if !filter_id.is_empty() => Ok(Self {
                filter_id,
                field: None,
            }),
            (Some(_) | None, _) => Err(not_an_edit(text, filter_id)),
        }
    }
}

fn trimmed<'a>((one, other): (&'a str, &'a str)) -> (&'a str, &'a str) {
    (one.trim(), other.trim())
}

fn recipe_of(drafts: &[Draft<'_>]) -> Recipe {
    let finish = |draft: &Draft<'_>| draft.finish(draft.spec.formula);
    Recipe::of_edits(drafts.iter().map(finish).collect())
}

/// What the text can be taken for; the parameter decides whether that will do.
fn raw<'a>(field: &str, text: &'a str) -> Raw<'a> {
    match (text, read_number(text)) {
        ("true", _) if field == "enabled" => Raw::Bool(true),
        ("false", _) if field == "enabled" => Raw::Bool(false),
        (_, Some(number)) => Raw::Number(number),
        (_, None) => Raw::Text(text),
    }
}

fn not_an_edit(given: &str, filter_id: &str) -> RecipeError {
    let spec = Catalogue::all().find(filter_id);
    let param = spec.and_then(|spec| spec.params.first());
    RecipeError::NotAnEdit {
        given: Quoted::new(given),
        example: match (spec, param) {
            (Some(spec), Some(param)) => format!("{}.{}=VALUE", spec.id, param.id),
            (_, None) | (None, _) => "exposure.ev=0.7".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests;
