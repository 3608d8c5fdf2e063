//! Panics and logs: a panic is a bug of ours, told in one plain line; `--verbose` adds the way there.

use std::backtrace::Backtrace;
use std::io;
use std::panic::{self, PanicHookInfo};

use tracing::{debug, error};
use tracing_subscriber::EnvFilter;

use crate::codecs::inside_decoder;

/// Sends words for people to stderr, as many as `RUST_LOG` or `--verbose` ask for.
pub(super) fn log_to_stderr(verbose: bool) {
    let otherwise = if verbose {
        "parallax=debug"
    } else {
        "parallax=warn"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(otherwise));
    let logger = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_target(false)
        .without_time()
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()));
    if logger.try_init().is_err() {
        debug!("somebody else logs already");
    }
}

/// Replaces the standard library's report of a panic.
pub(super) fn tell_plainly(verbose: bool) {
    panic::set_hook(Box::new(move |info| tell(info, verbose)));
}

fn tell(info: &PanicHookInfo<'_>, verbose: bool) {
    let words = info
        .payload_as_str()
        .unwrap_or("no reason given")
        .replace('\n', " ");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    // A decoder's panic is caught and told as a damaged file.
    if inside_decoder() {
        debug!("a decoder gave up: {words} ({place})");
        return;
    }
    error!("internal error: {words} ({place}); please report it");
    if verbose {
        error!("{}", Backtrace::force_capture());
    }
}
