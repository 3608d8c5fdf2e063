//! Which form a file's ending asks for, and the one function that writes any of them.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{chrome_trace, csv, json};
use crate::telemetry::log::Log;

/// What can go wrong when a log is written or read.
#[derive(Debug, Error)]
pub enum ExportError {
    #[error("a timing log ends in {}, not as {}", Format::endings(), path.display())]
    UnknownEnding { path: PathBuf },
    #[error("the timing log could not be written")]
    Write(#[source] io::Error),
    #[error("the timing log could not be read")]
    Read(#[source] serde_json::Error),
    #[error("the timing log has version {found}, this program reads {expected}")]
    Version { found: u64, expected: u32 },
}

/// Forms of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A row a run.
    RunsCsv,
    /// A row a tile.
    TilesCsv,
    /// Everything; can be read back.
    Json,
    /// For Perfetto and `chrome://tracing`.
    Trace,
}

impl Format {
    /// Longer endings before those they end in.
    pub const ALL: [Self; 4] = [Self::TilesCsv, Self::Trace, Self::RunsCsv, Self::Json];

    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::RunsCsv => ".csv",
            Self::TilesCsv => ".tiles.csv",
            Self::Json => ".json",
            Self::Trace => ".trace.json",
        }
    }

    /// By the ending of the path's last part, in whatever case.
    ///
    /// # Errors
    /// [`ExportError::UnknownEnding`], whose text names the endings there are.
    pub fn of_path(path: &Path) -> Result<Self, ExportError> {
        let name = path.file_name().unwrap_or(OsStr::new("")).to_string_lossy();
        let name = name.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|format| name.ends_with(format.ending()))
            .ok_or_else(|| ExportError::UnknownEnding {
                path: path.to_owned(),
            })
    }

    fn endings() -> String {
        Self::ALL.map(Self::ending).join(", ")
    }

    /// Writes a log in this form.
    ///
    /// # Errors
    /// [`ExportError::Write`] when `out` takes no more.
    pub fn write(self, log: &Log, out: &mut dyn Write) -> Result<(), ExportError> {
        let written = match self {
            Self::RunsCsv => csv::write_runs(log, out),
            Self::TilesCsv => csv::write_tiles(log, out),
            Self::Json => json::write(log, out),
            Self::Trace => chrome_trace::write(log, out),
        };
        written
            .and_then(|()| out.flush())
            .map_err(ExportError::Write)
    }
}

/// Writes a log to `out` in the form that the ending of `path` asks for; opening and saving the
/// file is the caller's matter.
///
/// # Errors
/// [`ExportError::UnknownEnding`] before anything is written, [`ExportError::Write`] after.
pub fn write(path: &Path, log: &Log, out: &mut dyn Write) -> Result<(), ExportError> {
    Format::of_path(path)?.write(log, out)
}
