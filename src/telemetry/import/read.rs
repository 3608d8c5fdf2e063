//! Which form it is, and what can be wrong with it.

use std::path::Path;

use thiserror::Error;

use super::{runs_csv, tiles_csv, trace};
use crate::telemetry::export;
use crate::telemetry::log::{LOG_VERSION, Log};

/// Why a log could not be opened.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error("this is no timing log of Parallax: {0}")]
    NotOurs(&'static str),
    #[error("the timing log has version {found}, this program reads {LOG_VERSION}")]
    Version { found: u64 },
    #[error("the timing log is broken")]
    Json(#[source] serde_json::Error),
    #[error("the timing log is broken")]
    Csv(#[source] csv::Error),
    #[error("the column {0} is missing or makes no sense")]
    Column(&'static str),
    #[error("a timing log is text")]
    NotText,
}

/// Opens a log from its bytes. The form is known by the content; `path` is where it lay, and decides
/// nothing.
///
/// # Errors
/// Whatever is not a log of ours, or one of another version.
pub fn open(_path: &Path, bytes: &[u8]) -> Result<Log, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImportError::NotText)?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        return of_json(text);
    }
    let header = text.lines().next().unwrap_or_default();
    let has = |name: &str| header.split(',').any(|column| column == name);
    if has("version") && has("wall_ns") {
        runs_csv::read(text)
    } else if has("version") && has("computing_ns") {
        tiles_csv::read(text)
    } else {
        Err(ImportError::NotOurs(
            "its first line names no columns of ours",
        ))
    }
}

fn of_json(text: &str) -> Result<Log, ImportError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(ImportError::Json)?;
    if value.get("traceEvents").is_some() {
        return trace::read(&value);
    }
    check_version(value.get("version").and_then(serde_json::Value::as_u64))?;
    match export::read(&mut text.as_bytes()) {
        Ok(log) => Ok(log),
        Err(export::ExportError::Version { found, .. }) => Err(ImportError::Version { found }),
        Err(export::ExportError::Read(source)) => Err(ImportError::Json(source)),
        Err(_) => Err(ImportError::NotOurs("it has no runs")),
    }
}

/// # Errors
/// Where there is none, or another one.
pub(super) const fn check_version(version: Option<u64>) -> Result<(), ImportError> {
    match version {
        Some(found) if found == LOG_VERSION as u64 => Ok(()),
        Some(found) => Err(ImportError::Version { found }),
        None => Err(ImportError::NotOurs("it has no version")),
    }
}
