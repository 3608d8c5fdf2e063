//! Results on stdout. A reader that has seen enough (`| head`) ends the program quietly.

use std::io::{self, Write as _};

use super::exit::{self, Failure};

/// Writes text as it is.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| {
            if error.kind() == io::ErrorKind::BrokenPipe {
                Failure::quiet(exit::DONE)
            } else {
                Failure::new(exit::OUTPUT, format!("cannot write the result: {error}"))
            }
        })
}

/// Writes a value as indented JSON and a line feed.
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(exit::OTHER, format!("cannot write JSON: {error}")))?;
    print(&format!("{text}\n"))
}

/// One line on stderr: what went wrong, or a note.
#[expect(clippy::print_stderr, reason = "words for people go to stderr")]
pub(super) fn say(line: &str) {
    eprintln!("parallax: {line}");
}
