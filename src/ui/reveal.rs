//! Showing a file where it lies, in the system's own file manager.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Starts the file manager and waits for it on a thread of its own; where there is none, nothing
/// happens.
pub(super) fn reveal(path: PathBuf) {
    let work = move || {
        let mut command = opener(&path);
        let quiet = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Err(error) = quiet.status() {
            tracing::warn!("no file manager: {error}");
        }
    };
    let spawned = std::thread::Builder::new()
        .name("reveal".into())
        .spawn(work);
    if let Err(error) = spawned {
        tracing::error!("no thread to show a file: {error}");
    }
}

#[cfg(target_os = "macos")]
fn opener(path: &std::path::Path) -> Command {
    let mut command = Command::new("open");
    command.arg("-R").arg(path);
    command
}

#[cfg(windows)]
fn opener(path: &std::path::Path) -> Command {
    let mut command = Command::new("explorer");
    command.arg("/select,").arg(path);
    command
}

#[cfg(not(any(target_os = "macos", windows)))]
fn opener(path: &std::path::Path) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(path.parent().unwrap_or(path));
    command
}
