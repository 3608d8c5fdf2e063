//! The one place where a decoder's panic is caught, and where decoding is kept out of processes that
//! leave it to others.
//!
//! The libraries warn that they may panic on hostile files. A panic inside [`guarded`] becomes an
//! ordinary error. Its text would still be printed by the process's panic hook, which is global, so
//! the hook is left alone: whoever installs one asks [`inside_decoder`] and stays silent.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;

use super::error::CodecError;
use super::format::Format;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Set once, at a program's start.
static IS_LEFT_TO_OTHERS: AtomicBool = AtomicBool::new(false);

/// From now on every attempt to decode in this process fails: it has worker processes for that, and
/// a file that somebody was given must not meet a decoder here by an oversight.
pub fn leave_decoding_to_others() {
    IS_LEFT_TO_OTHERS.store(true, Ordering::Relaxed);
}

pub(super) fn check_permitted() -> Result<(), CodecError> {
    if IS_LEFT_TO_OTHERS.load(Ordering::Relaxed) {
        return Err(CodecError::LeftToOthers);
    }
    Ok(())
}

/// Whether this thread is inside a library's decoder, so that a panic will be caught and told as an error.
#[must_use]
pub fn inside_decoder() -> bool {
    DEPTH.with(Cell::get) > 0
}

#[derive(Debug, Error)]
#[error("the decoder gave up: {0}")]
struct Panicked(String);

/// Runs a library's decoder. Everything it could leave half-done is dropped with it.
pub(super) fn guarded<T>(
    format: Format,
    work: impl FnOnce() -> Result<T, CodecError>,
) -> Result<T, CodecError> {
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    let outcome = catch_unwind(AssertUnwindSafe(work));
    DEPTH.with(|depth| depth.set(depth.get() - 1));
    outcome.unwrap_or_else(|payload| {
        Err(CodecError::malformed(
            format,
            Panicked(panic_text(payload.as_ref())),
        ))
    })
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let outcome = guarded(Format::Gif, || -> Result<(), CodecError> {
            assert!(inside_decoder());
            let nothing: &[u8] = &[];
            Err(CodecError::malformed(
                Format::Gif,
                format!("{}", nothing[0]),
            ))
        });
        assert!(matches!(outcome, Err(CodecError::Malformed { .. })));
        assert!(!inside_decoder());
    }
}
