//! From the text of a file to a recipe, with the line of whatever is wrong.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::filters::spec::Spec;
use crate::recipe::catalogue::Catalogue;
use crate::recipe::draft::{Draft, Raw, read_opacity, read_switch};
use crate::recipe::edit::{Edit, EditId, Unavailable, What, Why};
use crate::recipe::error::{Line, Quoted, RecipeError};
use crate::recipe::stack::Recipe;

use super::{MAX_DEPTH, PhotoStamp, RecipeFile, Sha256Hex, VERSION, check_n_edits, check_size};

type Entry<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// Relative paths of files count from `folder`, or from where the program runs.
pub(super) fn parse(
    text: &str,
    catalogue: &Catalogue,
    folder: Option<&Path>,
) -> Result<RecipeFile, RecipeError> {
    check_size(text.len())?;
    let newlines = text.match_indices('\n').map(|(byte_idx, _)| byte_idx);
    let parser = Parser {
        text,
        newlines: newlines.collect(),
        catalogue,
        folder,
    };
    parser.file()
}

struct Parser<'t> {
    text: &'t str,
    /// Where they stand: a hostile file has a value a line, and each wants to know its own.
    newlines: Vec<usize>,
    catalogue: &'t Catalogue,
    folder: Option<&'t Path>,
}

impl Parser<'_> {
    fn file(&self) -> Result<RecipeFile, RecipeError> {
        let document = DeTable::parse(self.text).map_err(|error| RecipeError::Syntax {
            message: error.message().to_owned(),
            line: Line(error.span().map(|span| self.line_at(span.start))),
        })?;
        let document = document.get_ref();
        // Before anything else: a newer file may look different altogether.
        self.check_version(document)?;
        let mut edits = Vec::new();
        let mut name = None;
        let mut photo = None;
        let mut extra = toml::Table::new();
        for (key, value) in document {
            match &**key.get_ref() {
                "version" => {}
                "name" => name = Some(self.text_of("name", value)?),
                "edit" => edits = self.edits(value)?,
                "photo" => photo = Some(self.photo(value)?),
                unknown => {
                    extra.insert(unknown.to_owned(), self.kept(unknown, value, 1)?);
                }
            }
        }
        let recipe = Recipe::of_edits(edits).with_name(name).with_extra(extra);
        Ok(RecipeFile { recipe, photo })
    }

    fn check_version(&self, document: &DeTable<'_>) -> Result<(), RecipeError> {
        let value = document.get("version").ok_or(RecipeError::NoVersion)?;
        match integer(value.get_ref()) {
            Some(VERSION) => Ok(()),
            Some(version) if version > VERSION => Err(RecipeError::NewerVersion {
                version,
                newest: VERSION,
                line: self.line(value),
            }),
            Some(_) | None => Err(RecipeError::NoVersion),
        }
    }

    fn edits(&self, value: Entry<'_, '_>) -> Result<Vec<Edit>, RecipeError> {
        let list: Option<&DeArray<'_>> = value.get_ref().as_array();
        let list = list.ok_or_else(|| self.wrong_type("edit", "a list of tables", value))?;
        check_n_edits(list.len())?;
        list.iter().map(|entry| self.edit(entry)).collect()
    }

    fn edit(&self, entry: Entry<'_, '_>) -> Result<Edit, RecipeError> {
        let fields = self.table_of("edit", entry)?;
        let filter = fields.get("filter").ok_or_else(|| RecipeError::Missing {
            name: "edit.filter".to_owned(),
            line: self.line(entry),
        })?;
        let filter_id = self.text_of("edit.filter", filter)?;
        let Some(spec) = self.catalogue.find(filter_id) else {
            return self.unavailable(filter_id, fields, Why::UnknownFilter);
        };
        let formula = self.formula(spec, fields)?;
        if formula > spec.formula {
            return self.unavailable(filter_id, fields, Why::NewerFormula(formula));
        }
        let is_known = |field: &str| is_common(field) || spec.param_idx(field).is_some();
        if let Some((field, _)) = fields.iter().find(|(field, _)| !is_known(field.get_ref())) {
            let field = Quoted::new(field.get_ref());
            return self.unavailable(filter_id, fields, Why::UnknownField(field.0));
        }
        let mut draft = Draft::new(spec, self.folder);
        for (field, value) in fields {
            let field = &**field.get_ref();
            if matches!(field, "filter" | "formula") {
                continue;
            }
            match draft.set(field, raw(value.get_ref()), self.line(value)) {
                // The file may come back: what the edit says of it is kept.
                Err(RecipeError::BadFile { source, .. }) => {
                    return self.unavailable(filter_id, fields, Why::File(source.to_string()));
                }
                set => set?,
            }
        }
        Ok(draft.finish(formula))
    }

    /// The formula the edit was made with: today's where the file does not say.
    fn formula(&self, spec: &Spec, fields: &DeTable<'_>) -> Result<u32, RecipeError> {
        let Some(value) = fields.get("formula") else {
            return Ok(spec.formula);
        };
        integer(value.get_ref())
            .and_then(|formula| u32::try_from(formula).ok())
            .filter(|&formula| formula >= 1)
            .ok_or_else(|| {
                let name = format!("{}.formula", spec.id);
                self.wrong_type(&name, "a whole number from 1", value)
            })
    }

    /// Keeps an edit as it is; only what all edits have in common must be right.
    fn unavailable(
        &self,
        filter_id: &str,
        fields: &DeTable<'_>,
        why: Why,
    ) -> Result<Edit, RecipeError> {
        let shown_id = Quoted::new(filter_id).0;
        let mut enabled = true;
        let mut opacity = 1.0;
        let mut kept = toml::Table::new();
        for (field, value) in fields {
            let field = &**field.get_ref();
            let name = format!("{shown_id}.{}", Quoted::new(field).0);
            let (line, raw) = (self.line(value), raw(value.get_ref()));
            match field {
                "filter" => {}
                "enabled" => enabled = read_switch(name, &raw, line)?,
                "opacity" => opacity = read_opacity(name, &raw, line)?,
                _ => {
                    kept.insert(field.to_owned(), self.kept(&name, value, 2)?);
                }
            }
        }
        Ok(Edit {
            id: EditId(0),
            what: What::Unavailable(Unavailable {
                filter_id: filter_id.to_owned(),
                fields: kept,
                why,
            }),
            enabled,
            opacity,
        })
    }

    fn photo(&self, entry: Entry<'_, '_>) -> Result<PhotoStamp, RecipeError> {
        let fields = self.table_of("photo", entry)?;
        let mut extra = toml::Table::new();
        for (field, value) in fields {
            let field = &**field.get_ref();
            if !matches!(field, "size_bytes" | "width" | "height" | "sha256") {
                extra.insert(field.to_owned(), self.kept(field, value, 2)?);
            }
        }
        let get = |field: &str| {
            fields.get(field).ok_or_else(|| RecipeError::Missing {
                name: format!("photo.{field}"),
                line: self.line(entry),
            })
        };
        let count = |field: &str, max: u64| {
            let value = get(field)?;
            integer(value.get_ref())
                .and_then(|number| u64::try_from(number).ok())
                .filter(|&number| number <= max)
                .ok_or_else(|| self.wrong_type(&format!("photo.{field}"), "a whole number", value))
        };
        let side_px = |field: &str| Ok(count(field, u64::from(u32::MAX))? as u32);
        let hash = get("sha256")?;
        let digits = self.text_of("photo.sha256", hash)?;
        Ok(PhotoStamp {
            size_bytes: count("size_bytes", u64::MAX)?,
            width_px: side_px("width")?,
            height_px: side_px("height")?,
            sha256: Sha256Hex::parse(digits)
                .ok_or_else(|| self.wrong_type("photo.sha256", "64 hexadecimal digits", hash))?,
            extra,
        })
    }

    /// A value nobody here understands, `depth` levels deep, as it will be written again.
    fn kept(
        &self,
        name: &str,
        value: Entry<'_, '_>,
        depth: usize,
    ) -> Result<toml::Value, RecipeError> {
        let line = self.line(value);
        if depth > MAX_DEPTH {
            let max_depth = MAX_DEPTH;
            return Err(RecipeError::TooDeep { max_depth, line });
        }
        Ok(match value.get_ref() {
            DeValue::String(text) => toml::Value::String(text.to_string()),
            DeValue::Boolean(switch) => toml::Value::Boolean(*switch),
            DeValue::Datetime(when) => toml::Value::Datetime(*when),
            number @ DeValue::Integer(_) => {
                let expected = "a whole number of at most 64 bits";
                let kept = integer(number);
                toml::Value::Integer(kept.ok_or_else(|| self.wrong_type(name, expected, value))?)
            }
            DeValue::Float(digits) => {
                let kept = digits
                    .as_str()
                    .parse()
                    .ok()
                    .filter(|kept: &f64| kept.is_finite());
                let name = Quoted::new(name).0;
                toml::Value::Float(kept.ok_or(RecipeError::NotFinite { name, line })?)
            }
            DeValue::Array(list) => {
                let list = list.iter().map(|value| self.kept(name, value, depth + 1));
                toml::Value::Array(list.collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => {
                let fields = table.iter().map(|(key, value)| {
                    Ok((
                        key.get_ref().to_string(),
                        self.kept(name, value, depth + 1)?,
                    ))
                });
                toml::Value::Table(fields.collect::<Result<_, RecipeError>>()?)
            }
        })
    }

    fn text_of<'a>(
        &self,
        name: &str,
        value: &'a Spanned<DeValue<'_>>,
    ) -> Result<&'a str, RecipeError> {
        let text = value.get_ref().as_str();
        text.ok_or_else(|| self.wrong_type(name, "text", value))
    }

    fn table_of<'a, 'i>(
        &self,
        name: &str,
        value: &'a Spanned<DeValue<'i>>,
    ) -> Result<&'a DeTable<'i>, RecipeError> {
        let table = value.get_ref().as_table();
        table.ok_or_else(|| self.wrong_type(name, "a table", value))
    }

    fn wrong_type(&self, name: &str, expected: &'static str, value: Entry<'_, '_>) -> RecipeError {
        RecipeError::WrongType {
            name: Quoted::new(name).0,
            expected,
            line: self.line(value),
        }
    }

    fn line(&self, value: Entry<'_, '_>) -> Line {
        Line(Some(self.line_at(value.span().start)))
    }

    /// Counted from 1.
    fn line_at(&self, byte_idx: usize) -> usize {
        1 + self.newlines.partition_point(|&newline| newline < byte_idx)
    }
}

/// Fields that every edit has, whatever its filter.
fn is_common(field: &str) -> bool {
    matches!(field, "filter" | "formula" | "enabled" | "opacity")
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let digits = value.as_integer()?;
    i64::from_str_radix(digits.as_str(), digits.radix()).ok()
}

/// A number too large for its type is infinite, and refused as such.
fn raw<'a>(value: &'a DeValue<'_>) -> Raw<'a> {
    match value {
        DeValue::String(text) => Raw::Text(text),
        DeValue::Boolean(switch) => Raw::Bool(*switch),
        DeValue::Float(digits) => Raw::Number(digits.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Integer(_) => Raw::Number(integer(value).map_or(f64::INFINITY, |n| n as f64)),
        DeValue::Array(list) => points(list).map_or(Raw::Other, Raw::Points),
        DeValue::Table(table) => file_of(table).unwrap_or(Raw::Other),
        DeValue::Datetime(_) => Raw::Other,
    }
}

/// A list of pairs of numbers, and of nothing else.
fn points(list: &DeArray<'_>) -> Option<Vec<[f64; 2]>> {
    let number = |value: &Spanned<DeValue<'_>>| match raw(value.get_ref()) {
        Raw::Number(number) => Some(number),
        _ => None,
    };
    let point = |pair: &Spanned<DeValue<'_>>| match pair.get_ref().as_array()?.as_ref() {
        [x, y] => Some([number(x)?, number(y)?]),
        _ => None,
    };
    list.iter().map(point).collect()
}

/// `{ path = "…", sha256 = "…" }`, and nothing else.
fn file_of<'a>(table: &'a DeTable<'_>) -> Option<Raw<'a>> {
    let text = |field: &str| table.get(field)?.get_ref().as_str();
    (table.len() == 2).then_some(())?;
    Some(Raw::File {
        path: text("path")?,
        sha256: Sha256Hex::parse(text("sha256")?)?,
    })
}
