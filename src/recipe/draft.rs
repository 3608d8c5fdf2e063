//! An edit while its fields are being read, one by one, from a file or from flags.

use std::path::Path;

use crate::filters::curve_points::CurvePoints;
use crate::filters::spec::{ParamKind, ParamSpec, Spec, Unit};
use crate::filters::value::{Value, Values};

use super::asset_file;
use super::bounds;
use super::edit::{Edit, EditId, What};
use super::error::{Line, Names, Quoted, RecipeError};
use super::file::Sha256Hex;

/// A known filter's edit with the fields given so far.
///
/// Parameters that are not given are at their identity (or start value, where they have none); if
/// none is given, all are at their start values, as when the filter is added from the menu.
#[derive(Debug, Clone)]
pub(super) struct Draft<'a> {
    pub(super) spec: &'static Spec,
    /// Whether the filter was named alone, which asks for its start values.
    pub(super) is_bare: bool,
    given: Vec<Option<Value>>,
    /// Where relative paths of files begin; without one, where the program runs.
    folder: Option<&'a Path>,
    pub(super) enabled: Option<bool>,
    opacity: Option<f64>,
}

/// A field's value before anybody knows what it should be.
#[derive(Debug, Clone)]
pub(super) enum Raw<'a> {
    Number(f64),
    Text(&'a str),
    Bool(bool),
    /// A list of pairs of numbers.
    Points(Vec<[f64; 2]>),
    /// A table with a path, and the hash of what stood there.
    File {
        path: &'a str,
        sha256: Sha256Hex,
    },
    /// A date, another list or another table.
    Other,
}

impl<'a> Draft<'a> {
    pub(super) fn new(spec: &'static Spec, folder: Option<&'a Path>) -> Self {
        Self {
            spec,
            is_bare: false,
            given: vec![None; spec.params.len()],
            folder,
            enabled: None,
            opacity: None,
        }
    }

    /// Whether the field has its value already.
    pub(super) fn has(&self, field: &str) -> bool {
        match field {
            "enabled" => self.enabled.is_some(),
            "opacity" => self.opacity.is_some(),
            param_id => (self.spec.param_idx(param_id))
                .is_some_and(|param_idx| self.given[param_idx].is_some()),
        }
    }

    /// Takes a field's value; the field is `enabled`, `opacity` or a parameter's id.
    pub(super) fn set(&mut self, field: &str, raw: Raw<'_>, line: Line) -> Result<(), RecipeError> {
        let name = format!("{}.{field}", self.spec.id);
        match field {
            "enabled" => self.enabled = Some(read_switch(name, &raw, line)?),
            "opacity" => {
                let opacity = read_opacity(name, &raw, line)?;
                if self.spec.is_geometry() && opacity != 1.0 {
                    let filter = self.spec.id;
                    return Err(RecipeError::NoOpacity { filter, line });
                }
                self.opacity = Some(opacity);
            }
            param_id => {
                let Some(param_idx) = self.spec.param_idx(param_id) else {
                    return Err(self.unknown_param(param_id));
                };
                let param = &self.spec.params[param_idx];
                self.given[param_idx] = Some(self.read_param(name, param, raw, line)?);
            }
        }
        Ok(())
    }

    fn unknown_param(&self, given: &str) -> RecipeError {
        let mut names: Vec<_> = self.spec.params.iter().map(|param| param.id).collect();
        if !self.spec.is_geometry() {
            names.push("opacity");
        }
        names.push("enabled");
        RecipeError::UnknownParam {
            filter: self.spec.id,
            given: Quoted::new(given),
            allowed: Names {
                names,
                last_word: "and",
            },
        }
    }

    /// The edit, under an id that whoever keeps it replaces.
    pub(super) fn finish(&self, formula: u32) -> Edit {
        let any_given = self.given.iter().any(Option::is_some);
        let start = if self.is_bare || !any_given {
            Values::on_add(self.spec)
        } else {
            Values::identity(self.spec)
        };
        let given = self.given.iter().enumerate();
        let values = given.fold(start, |values, (param_idx, value)| match value {
            Some(value) => values.with(param_idx, value.clone()),
            None => values,
        });
        Edit {
            id: EditId(0),
            what: What::Known {
                spec: self.spec,
                values,
                formula,
            },
            enabled: self.enabled.unwrap_or(true),
            opacity: self.opacity.unwrap_or(1.0),
        }
    }
}

pub(super) fn read_switch(name: String, raw: &Raw<'_>, line: Line) -> Result<bool, RecipeError> {
    match raw {
        Raw::Bool(switch) => Ok(*switch),
        _ => Err(RecipeError::WrongType {
            name,
            expected: "true or false",
            line,
        }),
    }
}

pub(super) fn read_opacity(name: String, raw: &Raw<'_>, line: Line) -> Result<f64, RecipeError> {
    let &Raw::Number(opacity) = raw else {
        let expected = "a number from 0 to 1";
        return Err(RecipeError::WrongType {
            name,
            expected,
            line,
        });
    };
    in_range(name, opacity, (0.0, 1.0), "", line)
}

impl Draft<'_> {
    fn read_param(
        &self,
        name: String,
        param: &ParamSpec,
        raw: Raw<'_>,
        line: Line,
    ) -> Result<Value, RecipeError> {
        match (&param.kind, raw) {
            (ParamKind::Curve(_), raw) => read_curve(name, &raw, line),
            (ParamKind::Asset(_), Raw::Text(path)) => {
                let asset = asset_file::load(Path::new(path), self.folder);
                let asset = asset.map_err(|source| RecipeError::BadFile { name, source })?;
                Ok(Value::Asset(Some(asset)))
            }
            (ParamKind::Asset(_), Raw::File { path, sha256 }) => {
                let asset = asset_file::load_same(Path::new(path), self.folder, &sha256);
                let asset = asset.map_err(|source| RecipeError::BadFile { name, source })?;
                Ok(Value::Asset(Some(asset)))
            }
            (_, raw) => read_param(name, param, &raw, line),
        }
    }
}

/// `[[0, 0], [1, 1]]`, or the same as text: `0,0;1,1`.
fn read_curve(name: String, raw: &Raw<'_>, line: Line) -> Result<Value, RecipeError> {
    let curve = match raw {
        Raw::Points(points) => Some(CurvePoints::new(points)),
        Raw::Text(text) => CurvePoints::parse(text),
        _ => None,
    };
    match curve {
        Some(Ok(curve)) => Ok(Value::Curve(curve)),
        Some(Err(source)) => Err(RecipeError::BadCurve { name, source, line }),
        None => Err(RecipeError::WrongType {
            name,
            expected: "points such as 0,0;0.25,0.2;1,1",
            line,
        }),
    }
}

fn read_param(
    name: String,
    param: &ParamSpec,
    raw: &Raw<'_>,
    line: Line,
) -> Result<Value, RecipeError> {
    match (&param.kind, raw) {
        (ParamKind::Number(number), &Raw::Number(given)) => {
            let range = (number.min, number.max);
            let value = in_range(name.clone(), given, range, "", line)?;
            if bounds::is_whole(number) && value.fract() != 0.0 {
                let (min, max) = range;
                return Err(RecipeError::NotWhole {
                    name,
                    value,
                    min,
                    max,
                    line,
                });
            }
            Ok(Value::Number(value))
        }
        (ParamKind::Number(number), Raw::Text(text)) if number.unit == Unit::Fraction => {
            let Some(pixels) = read_pixels(text) else {
                let expected = "a fraction such as 0.5, or pixels such as \"800px\"";
                return Err(RecipeError::WrongType {
                    name,
                    expected,
                    line,
                });
            };
            let range = bounds::pixels_range(number);
            in_range(name, pixels, range, " px", line).map(Value::Pixels)
        }
        (ParamKind::Choice(choice), Raw::Text(text)) => {
            let ids = || choice.options.iter().map(|option| option.id);
            match ids().position(|id| id == *text) {
                Some(option_idx) => Ok(Value::Choice(option_idx as u16)),
                None => Err(RecipeError::UnknownOption {
                    name,
                    given: Quoted::new(text),
                    allowed: Names {
                        names: ids().collect(),
                        last_word: "and",
                    },
                    line,
                }),
            }
        }
        (kind, _) => Err(RecipeError::WrongType {
            name,
            expected: match kind {
                ParamKind::Number(_) => "a number",
                ParamKind::Choice(_) => "the name of an option",
                ParamKind::Curve(_) => "points",
                ParamKind::Asset(asset) => asset.what,
            },
            line,
        }),
    }
}

fn read_pixels(text: &str) -> Option<f64> {
    read_number(text.trim_end().strip_suffix("px")?.trim_end())
}

/// A number as people write it: either minus. Not finite where it says so.
pub(super) fn read_number(text: &str) -> Option<f64> {
    text.trim().replace(super::label::MINUS, "-").parse().ok()
}

fn in_range(
    name: String,
    value: f64,
    (min, max): (f64, f64),
    unit: &'static str,
    line: Line,
) -> Result<f64, RecipeError> {
    if !value.is_finite() {
        Err(RecipeError::NotFinite { name, line })
    } else if value < min || value > max {
        Err(RecipeError::OutOfRange {
            name,
            value,
            min,
            max,
            unit,
            line,
        })
    } else {
        Ok(value + 0.0)
    }
}
