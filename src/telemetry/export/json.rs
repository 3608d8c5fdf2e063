//! The whole log as JSON, the only form that can be read back.

use std::io::{self, Read, Write};

use serde::Deserialize;

use super::format::ExportError;
use crate::telemetry::log::{LOG_VERSION, Log};

pub(super) fn write(log: &Log, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, log)?;
    out.write_all(b"\n")
}

/// Reads a log that [`super::write`] wrote as JSON; equal to what was written.
///
/// # Errors
/// [`ExportError::Version`] for a log of another version, [`ExportError::Read`] for anything else.
pub fn read(from: &mut dyn Read) -> Result<Log, ExportError> {
    /// The part that every version has.
    #[derive(Deserialize)]
    struct Versioned {
        version: u64,
    }

    let mut text = String::new();
    from.read_to_string(&mut text)
        .map_err(|source| ExportError::Read(serde_json::Error::io(source)))?;
    let Versioned { version } = serde_json::from_str(&text).map_err(ExportError::Read)?;
    if version != u64::from(LOG_VERSION) {
        return Err(ExportError::Version {
            found: version,
            expected: LOG_VERSION,
        });
    }
    serde_json::from_str(&text).map_err(ExportError::Read)
}
