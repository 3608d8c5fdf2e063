//! What several test programs need: the photo corpus, and a word about what is left out without it.
//!
//! The harness keeps what a passing test prints, so the word goes straight to the process's stderr:
//! nobody shall take a skipped test for a passed one.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A folder of the photo corpus, which is at `PARALLAX_CORPUS` or else at `../shared/corpus`; or a
/// loud word and `None`.
pub(crate) fn corpus(folder: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let root = std::env::var_os("PARALLAX_CORPUS").map_or_else(beside, PathBuf::from);
    let folder = root.join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    skipped(&format!(
        "no photo corpus at {} (PARALLAX_CORPUS names another)",
        folder.display()
    ));
    None
}

/// Says that the running test leaves its work undone, and why.
pub(crate) fn skipped(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let line = format!("\nSKIPPED: {test}: {why}\n");
    // One call, on a line of its own among those of other tests; without a stderr nobody reads it.
    drop(std::io::stderr().write_all(line.as_bytes()));
}
