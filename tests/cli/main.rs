//! The command line from outside: commands, exit codes, messages, files. Each test has a fresh room.

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
