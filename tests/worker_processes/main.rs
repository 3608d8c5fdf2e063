//! The processes backend from outside: real workers of the real binary, stopped and killed at will.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[cfg(target_os = "linux")]
mod deaths;
mod kept;
mod programs;
mod runs;
mod scene;
mod shared_memory;
#[expect(dead_code, reason = "these tests need no photos")]
#[path = "../support/mod.rs"]
mod support;
