//! The clock all events of a process are stamped with.

use std::sync::OnceLock;
use std::time::{Instant, SystemTime};

/// One moment on both clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    pub(super) instant: Instant,
    pub(super) wall: SystemTime,
}

/// Taken at the first use in a process.
pub(super) fn anchor() -> Anchor {
    static ANCHOR: OnceLock<Anchor> = OnceLock::new();
    *ANCHOR.get_or_init(|| Anchor {
        instant: Instant::now(),
        wall: SystemTime::now(),
    })
}

/// Nanoseconds since this process first asked; never goes back. `main` asks first thing.
#[must_use]
pub fn now_ns() -> u64 {
    anchor().instant.elapsed().as_nanos() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_goes_back_and_does_pass() {
        let first = now_ns();
        let mut last = first;
        while last < first + 1_000_000 {
            let next = now_ns();
            assert!(next >= last);
            last = next;
        }
    }
}
