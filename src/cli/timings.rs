//! `--timings FILE`: the timing log beside the picture, its form by the file's ending.

use std::path::{Path, PathBuf};

use super::exit::{self, Failure};
use super::print::say;
use crate::system::atomic_save::{Existing, SaveError, SaveErrorKind, save};
use crate::system::same_file::same_file;
use crate::telemetry::export::{ExportError, Format};
use crate::telemetry::log::Log;

/// Refuses before any work is done what could never be written: an unknown ending, or a log that
/// would replace the photo or the picture.
pub(super) fn check(files: &[PathBuf], not_these: &[&Path]) -> Result<(), Failure> {
    for file in files {
        if Format::of_path(file).is_err() {
            return Err(Failure::new(
                exit::USAGE,
                "the name's ending says no form of a timing log",
            )
            .about(file)
            .advise("let it end in .csv, .tiles.csv, .json or .trace.json"));
        }
        if not_these.iter().any(|other| same_file(file, other)) {
            return Err(
                Failure::new(exit::USAGE, "the timing log would replace the picture")
                    .about(file)
                    .advise("choose another name"),
            );
        }
    }
    Ok(())
}

/// Writes every file; a log that cannot be written is a warning, for the work itself is done.
pub(super) fn write(files: &[PathBuf], log: &Log) {
    for file in files {
        if let Err(error) = write_one(file, log) {
            let line = Failure::new(
                exit::OUTPUT,
                format!("warning: no timing log: {}", why(&error)),
            );
            say(&line.about(file).to_string());
        }
    }
}

fn write_one(file: &Path, log: &Log) -> Result<(), LogError> {
    let format = Format::of_path(file)?;
    save(file, Existing::Replace, |target| {
        let mut buffered = std::io::BufWriter::new(target);
        Ok(format.write(log, &mut buffered)?)
    })
}

#[derive(Debug, thiserror::Error)]
enum LogError {
    #[error(transparent)]
    Save(#[from] SaveError),
    #[error(transparent)]
    Export(#[from] ExportError),
}

/// Without the path, which stands before it.
fn why(error: &LogError) -> String {
    match error {
        LogError::Save(error) if error.kind != SaveErrorKind::Other => error.kind.to_string(),
        LogError::Save(error) => error.source.to_string(),
        LogError::Export(error) => error.to_string(),
    }
}
