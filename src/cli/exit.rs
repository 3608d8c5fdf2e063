//! Exit codes, a contract that scripts rely on, and how every error becomes one line and a code.

use std::error::Error;
use std::fmt;
use std::path::Path;

use crate::backend::BackendError;
use crate::backend::decoder::DecoderError;
use crate::codecs::CodecError;
use crate::plan::PlanError;
use crate::recipe::RecipeError;
use crate::studio::StudioError;
use crate::system::atomic_save::{SaveError, SaveErrorKind};

pub(super) const DONE: u8 = 0;
/// Anything not listed, such as no display.
pub(super) const OTHER: u8 = 1;
/// Wrong usage.
pub(super) const USAGE: u8 = 2;
/// The photo or recipe is unreadable, unsupported or over limits.
pub(super) const INPUT: u8 = 3;
/// The output cannot be written.
pub(super) const OUTPUT: u8 = 4;
/// The backend was lost or would not start.
pub(super) const BACKEND_LOST: u8 = 5;
/// Stopped by a signal.
pub(super) const INTERRUPTED: u8 = 130;

/// Why the program ends: `FILE: what happened; what you can do`, and a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: u8,
    /// The file it is about.
    subject: Option<String>,
    /// Empty: nothing is said.
    what: String,
    advice: Option<String>,
}

impl Failure {
    pub(super) fn new(code: u8, what: impl Into<String>) -> Self {
        Self {
            code,
            subject: None,
            what: what.into(),
            advice: None,
        }
    }

    /// Nobody needs to be told.
    pub(super) fn quiet(code: u8) -> Self {
        Self::new(code, "")
    }

    pub(super) fn about(mut self, path: &Path) -> Self {
        self.subject = Some(path.display().to_string());
        self
    }

    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.what.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            self.subject.as_deref().map(|path| format!("{path}: ")),
            Some(self.what.clone()),
        ];
        let mut line: String = parts.into_iter().flatten().collect();
        if let Some(advice) = &self.advice {
            line.push_str("; ");
            line.push_str(advice);
        }
        f.write_str(&one_line(&line))
    }
}

/// File names and libraries may bring line feeds and control characters along.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r', '\t'])
        .map(|part| part.chars().filter(|c| !c.is_control()).collect::<String>())
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// An error and its causes, each once, joined by colons.
fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !words.ends_with(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        next = cause.source();
    }
    words
}

impl From<StudioError> for Failure {
    fn from(error: StudioError) -> Self {
        if error.is_stop() {
            return Self::new(INTERRUPTED, "stopped; nothing was saved");
        }
        match error {
            StudioError::Open { path, source } => of_input(&source).about(&path),
            StudioError::Damaged { path, note } => Self::new(INPUT, note.to_string())
                .about(&path)
                .advise("leave --strict out to edit what could be read"),
            StudioError::Decoder { path, source } => of_decoder(&source).about(&path),
            StudioError::Recipe(error) => of_recipe(&error),
            StudioError::Plan(error) => of_plan(&error),
            StudioError::Run(error) => of_backend(&error),
            StudioError::Encode { path, source } => Self::new(
                OUTPUT,
                format!("cannot encode the picture: {}", chain(&source)),
            )
            .about(&path)
            .advise("another format or folder may do"),
            StudioError::Save(error) => of_save(&error),
            StudioError::UnknownEnding(path) => unknown_ending(&path),
            StudioError::TargetIsSource(path) => target_is_source(&path),
            error @ StudioError::NoFolder => Self::new(OTHER, error.to_string()),
            StudioError::Stopped => Self::new(INTERRUPTED, "stopped"),
        }
    }
}

pub(super) fn unknown_ending(path: &Path) -> Failure {
    Failure::new(USAGE, "the name's ending says no format Parallax writes")
        .about(path)
        .advise("let it end in .jpg, .png or .tif")
}

pub(super) fn target_is_source(path: &Path) -> Failure {
    Failure::new(
        OUTPUT,
        "this is the photo itself, which is never overwritten",
    )
    .about(path)
    .advise("choose another name")
}

/// Why a photo cannot be opened.
pub(super) fn of_input(error: &CodecError) -> Failure {
    let (what, advice) = match error {
        CodecError::NotFound(_) => ("no such file".to_owned(), "check the name"),
        CodecError::NotPermitted(_) => (
            "no permission to read it".to_owned(),
            "change its mode or copy it",
        ),
        CodecError::IsFolder(_) => (
            "a folder, not a photo".to_owned(),
            "name one of the photos in it",
        ),
        CodecError::Read { source, .. } => (
            format!("cannot be read: {source}"),
            "check the disk it is on",
        ),
        CodecError::Unrecognised => (
            error.to_string(),
            "JPEG, PNG, TIFF, WebP, BMP, GIF and PNM can be opened",
        ),
        CodecError::Malformed { .. } => (chain(error), "open another copy of the file"),
        CodecError::Unsupported(_) => (error.to_string(), "another program may convert it to PNG"),
        CodecError::OverLimits(_)
        | CodecError::Write(_)
        | CodecError::Encode { .. }
        | CodecError::Cancelled
        | CodecError::LeftToOthers => return Failure::new(INPUT, chain(error)),
    };
    let failure = Failure::new(INPUT, what);
    // Some refusals already say what can be done.
    if failure.what.contains(';') {
        failure
    } else {
        failure.advise(advice)
    }
}

/// Why a photo was not decoded: the file's fault by code 3, this system's by code 5.
pub(super) fn of_decoder(error: &DecoderError) -> Failure {
    let (code, advice) = match error {
        DecoderError::Codec(error) => return of_input(error),
        DecoderError::Crashed { .. } | DecoderError::TooSlow { .. } => {
            (INPUT, "nothing was lost; open another copy of the file")
        }
        DecoderError::OutOfMemory { .. } => (INPUT, "nothing was lost; the file asks for too much"),
        DecoderError::Nonsense { .. } => (INPUT, "nothing was lost; do not trust the file"),
        DecoderError::Memory(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            (INPUT, "raise that limit, or open a smaller photo")
        }
        DecoderError::Memory(_) => (INPUT, "close other programs or open a smaller photo"),
        DecoderError::Start(_) => (BACKEND_LOST, "install the program again"),
        DecoderError::NotHeld(_) => (
            BACKEND_LOST,
            "leave --require-sandbox out, or use a system that has what is missing",
        ),
    };
    Failure::new(code, chain(error)).advise(advice)
}

/// Why a recipe or an edit was refused: its file by code 3, what it asks for by code 2.
pub(super) fn of_recipe(error: &RecipeError) -> Failure {
    let is_file_at_fault = matches!(
        error,
        RecipeError::Read { .. }
            | RecipeError::TooLarge { .. }
            | RecipeError::NotText(_)
            | RecipeError::Syntax { .. }
            | RecipeError::NoVersion
            | RecipeError::NewerVersion { .. }
            | RecipeError::TooDeep { .. }
            | RecipeError::TooManyEdits { .. }
            | RecipeError::BadFile { .. }
    );
    match error {
        RecipeError::Read { source, .. } => {
            Failure::new(INPUT, format!("cannot read the recipe: {source}"))
                .advise("check the name")
        }
        _ if is_file_at_fault => Failure::new(INPUT, chain(error)),
        _ => Failure::new(USAGE, chain(error)),
    }
}

fn of_plan(error: &PlanError) -> Failure {
    let code = match error {
        PlanError::Unavailable(_) | PlanError::UnknownFilter(_) => USAGE,
        PlanError::NeedsFile { .. } => INPUT,
        PlanError::Malformed(_) => OTHER,
    };
    Failure::new(code, chain(error))
}

fn of_backend(error: &BackendError) -> Failure {
    match error {
        BackendError::Stopped => Failure::new(INTERRUPTED, "stopped"),
        BackendError::Plan(error) => of_plan(error),
        BackendError::FilterPanicked { .. } => {
            Failure::new(OTHER, chain(error)).advise("please report it")
        }
        BackendError::Start { .. }
        | BackendError::PoisonTile { .. }
        | BackendError::PoolLost { .. } => {
            Failure::new(BACKEND_LOST, chain(error)).advise("try --backend threads")
        }
    }
}

fn of_save(error: &SaveError) -> Failure {
    let advice = match error.kind {
        SaveErrorKind::NoSpace | SaveErrorKind::TooLarge => {
            "make room or choose another disk; nothing was lost"
        }
        SaveErrorKind::ReadOnly | SaveErrorKind::NotPermitted | SaveErrorKind::Other => {
            "choose another folder"
        }
        SaveErrorKind::FolderMissing => "make the folder first or choose another",
        SaveErrorKind::Exists => "choose another name or allow it with --overwrite",
        SaveErrorKind::IsDirectory | SaveErrorKind::NotAFile | SaveErrorKind::BadName => {
            "choose another name"
        }
    };
    let what = match error.kind {
        SaveErrorKind::Other => format!("{}: {}", error.kind, error.source),
        kind => kind.to_string(),
    };
    Failure::new(OUTPUT, what).about(&error.path).advise(advice)
}

/// A refusal to save that is known before any work is done.
pub(super) fn cannot_save(path: &Path, kind: SaveErrorKind, source: std::io::ErrorKind) -> Failure {
    of_save(&SaveError {
        kind,
        path: path.to_owned(),
        source: source.into(),
    })
}

/// What clap found wrong, in one line.
pub(super) fn of_usage(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n");
    let first = paragraphs.next().unwrap_or_default();
    let what = one_line(first.strip_prefix("error: ").unwrap_or(first));
    let tip = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("tip: "));
    let advice = tip.map_or_else(|| "see `parallax --help`".to_owned(), one_line);
    Failure::new(USAGE, what).advise(advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn a_line_stays_one_line_whatever_the_file_is_called() {
        let failure = Failure::new(INPUT, "no such file").about(Path::new("a\nb\x1b[31m.jpg"));
        assert_eq!(
            failure.advise("check\tthe name").to_string(),
            "a b[31m.jpg: no such file; check the name"
        );
    }

    #[test]
    fn causes_are_told_once() {
        let source = io::Error::other("device is gone");
        let error = BackendError::Start {
            what: "a worker".to_owned(),
            source,
        };
        assert_eq!(chain(&error), "cannot start a worker: device is gone");
        let failure = Failure::from(StudioError::Run(error));
        assert_eq!(failure.code, BACKEND_LOST);
    }

    #[test]
    fn a_stop_is_an_interruption_wherever_it_happened() {
        let path = || "x.jpg".into();
        for error in [
            StudioError::Stopped,
            StudioError::Run(BackendError::Stopped),
            StudioError::Open {
                path: path(),
                source: CodecError::Cancelled,
            },
        ] {
            assert_eq!(Failure::from(error).code, INTERRUPTED);
        }
    }
}
