//! Faults and attacks on workers, their protocol and their end: one test a row, and what must hold
//! after every one of them (`invariants`).
//!
//! Faults come from outside where they can (signals, limits, closed streams) and by order where they
//! cannot (`--features fault-injection`). `PARALLAX_LONG_TESTS=1` adds the long forms.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod answers;
mod both_ways;
mod cli;
mod computing;
mod environment;
mod invariants;
mod kills;
mod matrix;
mod parent;
#[expect(dead_code, reason = "made for another test program too")]
#[path = "../worker_processes/scene.rs"]
mod scene;
mod starts;
mod stops;
mod storm;
#[expect(dead_code, reason = "these tests need no photos")]
#[path = "../support/mod.rs"]
mod support;
mod upkeep;

/// A figure for whoever reads the log of a long form.
pub(crate) fn tell(figure: &str) {
    use std::io::Write as _;
    // Without a stderr nobody reads it.
    drop(writeln!(std::io::stderr(), "{figure}"));
}

/// Whether the long forms are wanted.
pub(crate) fn is_long() -> bool {
    std::env::var_os("PARALLAX_LONG_TESTS").is_some_and(|value| value != "0")
}
