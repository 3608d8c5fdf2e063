//! One edit: a filter with its values, or what a newer Parallax wrote and this one cannot do.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::filters::Filter;
use crate::filters::registry;
use crate::filters::spec::Spec;
use crate::filters::value::Values;

use super::bounds;

/// Names an edit for as long as its photo is open. Never given twice in one history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EditId(pub u64);

/// One step of a recipe.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    pub id: EditId,
    pub what: What,
    pub enabled: bool,
    /// 0…1; always 1 for geometry.
    pub opacity: f64,
}

/// What an edit does.
#[derive(Clone)]
pub enum What {
    /// `values` lie in the spec's ranges.
    Known {
        spec: &'static Spec,
        values: Values,
        /// The formula the edit was made with; never newer than the spec's.
        formula: u32,
    },
    /// Kept as it was found, never run.
    Unavailable(Unavailable),
}

/// An edit of which this Parallax does not understand everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Unavailable {
    /// What the file calls the filter.
    pub filter_id: String,
    /// Every field but `filter`, `enabled` and `opacity`.
    pub fields: toml::Table,
    pub why: Why,
}

/// Why an edit cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    UnknownFilter,
    /// The edit was made with a later version of the filter.
    NewerFormula(u32),
    /// The filter is known, this field of it is not.
    UnknownField(String),
    /// A file it needs is missing, changed or of no use: in words.
    File(String),
}

impl Edit {
    /// An edit that is switched on, at full opacity and made with today's formula. Values outside
    /// their ranges are clamped.
    #[must_use]
    pub fn new(id: EditId, spec: &'static Spec, values: &Values) -> Self {
        let what = What::Known {
            spec,
            values: bounds::clamp_all(spec, values),
            formula: spec.formula,
        };
        Self {
            id,
            what,
            enabled: true,
            opacity: 1.0,
        }
    }

    /// `None` when the edit is unavailable.
    #[must_use]
    pub const fn spec(&self) -> Option<&'static Spec> {
        match &self.what {
            What::Known { spec, .. } => Some(spec),
            What::Unavailable(_) => None,
        }
    }

    /// `None` when the edit is unavailable.
    #[must_use]
    pub const fn values(&self) -> Option<&Values> {
        match &self.what {
            What::Known { values, .. } => Some(values),
            What::Unavailable(_) => None,
        }
    }

    /// The filter that does it; `None` when the edit is unavailable.
    #[must_use]
    pub fn filter(&self) -> Option<&'static dyn Filter> {
        registry::find(self.spec()?.id)
    }

    /// What recipes call the filter, known or not.
    #[must_use]
    pub fn filter_id(&self) -> &str {
        match &self.what {
            What::Known { spec, .. } => spec.id,
            What::Unavailable(unavailable) => &unavailable.filter_id,
        }
    }

    /// What people call the filter; its id where it is not known.
    #[must_use]
    pub fn label(&self) -> &str {
        self.spec().map_or(self.filter_id(), |spec| spec.label)
    }

    /// Whether it changes the picture: known, switched on, visible and not at its identity.
    #[must_use]
    pub fn is_active(&self) -> bool {
        match &self.what {
            What::Known { spec, values, .. } => {
                self.enabled && self.opacity > 0.0 && !values.is_identity(spec)
            }
            What::Unavailable(_) => false,
        }
    }

    /// Whether the picture cannot be made as the recipe asks until this edit is switched off.
    #[must_use]
    pub const fn stops_export(&self) -> bool {
        self.enabled && matches!(self.what, What::Unavailable(_))
    }

    /// Whether it has an opacity at all. An unavailable one keeps what its file said.
    #[must_use]
    pub fn has_opacity(&self) -> bool {
        self.spec().is_some_and(|spec| !spec.is_geometry())
    }

    /// Whether both ask for the same thing, whatever their ids.
    #[must_use]
    pub fn says_same(&self, other: &Self) -> bool {
        self.what == other.what && self.enabled == other.enabled && self.opacity == other.opacity
    }
}

impl PartialEq for What {
    /// Filters are the same when their ids are.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Known {
                    spec,
                    values,
                    formula,
                },
                Self::Known {
                    spec: other_spec,
                    values: other_values,
                    formula: other_formula,
                },
            ) => spec.id == other_spec.id && values == other_values && formula == other_formula,
            (Self::Unavailable(one), Self::Unavailable(other)) => one == other,
            (Self::Known { .. }, Self::Unavailable(_))
            | (Self::Unavailable(_), Self::Known { .. }) => false,
        }
    }
}

impl fmt::Debug for What {
    /// A spec is a page of text; its id says as much.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known {
                spec,
                values,
                formula,
            } => f
                .debug_struct("Known")
                .field("filter", &spec.id)
                .field("values", &values.as_slice())
                .field("formula", formula)
                .finish(),
            Self::Unavailable(unavailable) => unavailable.fmt(f),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownFilter => write!(f, "this Parallax has no such filter"),
            Self::NewerFormula(formula) => {
                write!(
                    f,
                    "made with formula {formula}, newer than this Parallax knows"
                )
            }
            Self::File(words) => f.write_str(words),
            Self::UnknownField(field) => write!(f, "this Parallax does not know its field {field}"),
        }
    }
}
