//! Decoder processes from outside: real ones, of the real binary, with files of every make, and taken
//! over in every way the feature `fault-injection` knows.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[expect(dead_code, reason = "made for another test program too")]
mod bomb_files;
mod bombs;
mod corpus;
#[cfg(all(feature = "fault-injection", target_os = "linux"))]
mod faults;
mod mutations;
mod program;
mod scene;
#[path = "../support/mod.rs"]
mod support;
#[cfg(all(feature = "fault-injection", target_os = "linux"))]
mod walls;
