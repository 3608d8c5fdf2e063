//! The command line from outside: commands, exit codes, messages, files. Each test has a fresh room.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

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
#[path = "../support/mod.rs"]
mod support;
mod timing_logs;
