//! From a recipe to the text of a file a person can read: known fields in a fixed order, each edit a
//! table of its own, unknown fields after the known ones.

use std::fmt::Write as _;

use toml::Value as Toml;

use crate::filters::asset::Asset;
use crate::filters::curve_points::CurvePoints;
use crate::filters::spec::{NumberSpec, ParamKind, Spec, Unit};
use crate::filters::value::{Value, Values};
use crate::recipe::edit::{Edit, Unavailable, What};

use super::{PhotoStamp, RecipeFile, Sha256Hex, VERSION};

pub(super) fn write(file: &RecipeFile) -> String {
    let mut text = Text(String::new());
    let recipe = &file.recipe;
    text.field("version", &VERSION.to_string());
    if let Some(name) = recipe.name() {
        text.field("name", &quoted(name));
    }
    // Tables of their own would swallow what follows them, so they come last.
    let (tables, fields): (Vec<_>, Vec<_>) = recipe
        .extra()
        .iter()
        .partition(|(_, value)| matches!(value, Toml::Table(_)));
    for (key, value) in fields {
        text.field(key, &inline(value));
    }
    for edit in recipe.edits() {
        text.header("[[edit]]");
        text.edit(edit);
    }
    if let Some(photo) = &file.photo {
        text.header("[photo]");
        text.photo(photo);
    }
    for (key, value) in tables {
        text.header(&format!("[{}]", quoted_key(key)));
        if let Toml::Table(fields) = value {
            text.fields(fields);
        }
    }
    text.0
}

struct Text(String);

impl Text {
    fn header(&mut self, header: &str) {
        self.0.push('\n');
        self.0.push_str(header);
        self.0.push('\n');
    }

    fn field(&mut self, key: &str, value: &str) {
        // Writing to a string cannot fail.
        let _infallible = writeln!(self.0, "{} = {value}", quoted_key(key));
    }

    fn fields(&mut self, fields: &toml::Table) {
        for (key, value) in fields {
            self.field(key, &inline(value));
        }
    }

    fn edit(&mut self, edit: &Edit) {
        self.field("filter", &quoted(edit.filter_id()));
        match &edit.what {
            What::Known {
                spec,
                values,
                formula,
            } => {
                self.field("formula", &formula.to_string());
                self.values(spec, values);
            }
            What::Unavailable(Unavailable { fields, .. }) => self.fields(fields),
        }
        if !edit.enabled {
            self.field("enabled", "false");
        }
        if edit.opacity != 1.0 {
            self.field("opacity", &float(edit.opacity));
        }
    }

    fn values(&mut self, spec: &Spec, values: &Values) {
        for (param, value) in spec.params.iter().zip(values.as_slice()) {
            let text = match (&param.kind, value) {
                (ParamKind::Number(number), Value::Number(value)) => number_text(number, *value),
                (_, Value::Number(value)) => float(*value),
                (_, Value::Pixels(pixels)) => format!("\"{}px\"", pixels + 0.0),
                (ParamKind::Choice(choice), Value::Choice(option_idx)) => {
                    let option = choice.options.get(usize::from(*option_idx));
                    quoted(option.map_or("", |option| option.id))
                }
                (_, Value::Curve(curve)) => curve_text(curve),
                (_, Value::Asset(Some(asset))) => asset_text(asset),
                (_, Value::Choice(_) | Value::Asset(None)) => continue,
            };
            self.field(param.id, &text);
        }
    }

    fn photo(&mut self, photo: &PhotoStamp) {
        self.field("size_bytes", &photo.size_bytes.to_string());
        self.field("width", &photo.width_px.to_string());
        self.field("height", &photo.height_px.to_string());
        self.field("sha256", &quoted(photo.sha256.as_str()));
        self.fields(&photo.extra);
    }
}

/// Whole where people see no digits after the point.
fn number_text(number: &NumberSpec, value: f64) -> String {
    let is_counted = number.decimals == 0 && number.unit != Unit::Px;
    if is_counted && value.fract() == 0.0 {
        format!("{}", value + 0.0)
    } else {
        float(value)
    }
}

/// `[[0, 0], [0.25, 0.2], [1, 1]]`.
fn curve_text(curve: &CurvePoints) -> String {
    let points: Vec<String> = curve
        .points()
        .iter()
        .map(|[x, y]| format!("[{x}, {y}]"))
        .collect();
    format!("[{}]", points.join(", "))
}

/// Path and hash, so that a changed file is noticed.
fn asset_text(asset: &Asset) -> String {
    let sha256 = Sha256Hex::of_hash(asset.sha256());
    format!(
        "{{ path = {}, sha256 = {} }}",
        quoted(asset.path()),
        quoted(sha256.as_str())
    )
}

/// As short as it can be and still be the same number; always with a point or an exponent.
fn float(value: f64) -> String {
    format!("{:?}", value + 0.0)
}

fn inline(value: &Toml) -> String {
    match value {
        Toml::String(text) => quoted(text),
        Toml::Float(value) => float_kept(*value),
        Toml::Integer(_) | Toml::Boolean(_) | Toml::Datetime(_) => value.to_string(),
        Toml::Array(list) => {
            let list: Vec<_> = list.iter().map(inline).collect();
            format!("[{}]", list.join(", "))
        }
        Toml::Table(fields) if fields.is_empty() => "{}".to_owned(),
        Toml::Table(fields) => {
            let field =
                |(key, value): (&String, &Toml)| format!("{} = {}", quoted_key(key), inline(value));
            let fields: Vec<_> = fields.iter().map(field).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

/// An unknown number keeps even the sign of its zero.
fn float_kept(value: f64) -> String {
    format!("{value:?}")
}

fn quoted_key(key: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !key.is_empty() && key.bytes().all(is_bare) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

/// A basic string on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                // Writing to a string cannot fail.
                let _infallible = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
