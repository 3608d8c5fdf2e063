//! Why a recipe, or an edit on the command line, was refused: in words that name filter, parameter
//! and range. Which file it was is added by whoever opened it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::filters::curve_points::CurveFault;

use super::asset_file::AssetFileError;
use super::label::plain;

/// Every refusal of this floor.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    #[error("cannot read the recipe {}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the recipe is larger than {max_bytes} bytes")]
    TooLarge { max_bytes: usize },
    #[error("the recipe is not UTF-8 text")]
    NotText(#[source] std::str::Utf8Error),
    /// The parser's own words, without its picture of the line.
    #[error("the recipe is not valid TOML: {message}{line}")]
    Syntax { message: String, line: Line },
    #[error("this is no recipe: it does not say `version = 1`")]
    NoVersion,
    #[error(
        "the recipe's version is {version}, this Parallax reads up to {newest}; a newer one wrote it{line}"
    )]
    NewerVersion {
        version: i64,
        newest: i64,
        line: Line,
    },
    #[error("the recipe nests deeper than {max_depth} levels{line}")]
    TooDeep { max_depth: usize, line: Line },
    #[error("the recipe has {n_edits} edits, allowed are {max_edits}")]
    TooManyEdits { n_edits: usize, max_edits: usize },
    #[error("{name} is missing{line}")]
    Missing { name: String, line: Line },
    #[error("{name} should be {expected}{line}")]
    WrongType {
        name: String,
        expected: &'static str,
        line: Line,
    },
    #[error("{name} is no finite number{line}")]
    NotFinite { name: String, line: Line },
    #[error("{name} is {}{unit}, allowed are {} to {}{line}", plain(*value), plain(*min), plain(*max))]
    OutOfRange {
        name: String,
        value: f64,
        min: f64,
        max: f64,
        /// With a space before it, where it is not the parameter's own.
        unit: &'static str,
        line: Line,
    },
    #[error("{name} is {}, allowed are whole numbers from {} to {}{line}", plain(*value), plain(*min), plain(*max))]
    NotWhole {
        name: String,
        value: f64,
        min: f64,
        max: f64,
        line: Line,
    },
    #[error("{name}: {source}{line}")]
    BadCurve {
        name: String,
        source: CurveFault,
        line: Line,
    },
    #[error("{name}: {source}")]
    BadFile {
        name: String,
        source: AssetFileError,
    },
    #[error("{name} is {given}, allowed are {allowed}{line}")]
    UnknownOption {
        name: String,
        given: Quoted,
        allowed: Names,
        line: Line,
    },
    #[error("{filter} has no opacity{line}")]
    NoOpacity { filter: &'static str, line: Line },
    #[error("there is no filter {given}{}", Suggestion(nearest))]
    UnknownFilter { given: Quoted, nearest: Names },
    #[error("{filter} has no parameter {given}; it has {allowed}")]
    UnknownParam {
        filter: &'static str,
        given: Quoted,
        allowed: Names,
    },
    #[error("{name} is given twice")]
    GivenTwice { name: String },
    #[error("{given} is no edit; write FILTER.PARAM=VALUE, such as {example}, or FILTER alone")]
    NotAnEdit { given: Quoted, example: String },
}

impl RecipeError {
    /// A newer Parallax understands the file; it must not be overwritten.
    #[must_use]
    pub const fn is_newer_file(&self) -> bool {
        matches!(self, Self::NewerVersion { .. })
    }
}

/// A line of the file, from 1; nothing where there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line(pub Option<usize>);

impl Line {
    pub const NONE: Self = Self(None);
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, " (line {line})"))
    }
}

/// What somebody else wrote, fit for a message: short, quoted, without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted(pub String);

impl Quoted {
    const MAX_CHARS: usize = 40;

    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut short: String = text.chars().take(Self::MAX_CHARS).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        Self(short.escape_debug().to_string())
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// A list such as `left, top and width`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    pub names: Vec<&'static str>,
    pub last_word: &'static str,
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.names.split_last() {
            None => Ok(()),
            Some((only, [])) => f.write_str(only),
            Some((last, rest)) => write!(f, "{} {} {last}", rest.join(", "), self.last_word),
        }
    }
}

struct Suggestion<'a>(&'a Names);

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.names.is_empty() {
            write!(f, "; `parallax filters` lists them all")
        } else {
            write!(f, "; did you mean {}?", self.0)
        }
    }
}
