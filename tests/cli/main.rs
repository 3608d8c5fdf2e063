//! The command line from outside: commands, exit codes, messages, files. Each test has a fresh room.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail, and says loudly what it skips"
)]

mod agreement;
mod bench;
mod commands;
mod corpus;
mod identity;
mod interruption;
mod pictures;
mod refusals;
mod room;
mod saving;
mod timing_logs;
