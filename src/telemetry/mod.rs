//! Floor 0: what was measured, as plain data with integer ids, and how it is written to a file.
//!
//! Backends record [`event::Event`]s into a [`sink::Sink`]; a run ends as a [`record::RunRecord`];
//! both together are a [`log::Log`], which `export` writes. Nothing here computes a pixel, starts
//! a thread or decides what to measure. Words for people go through `tracing`, never through here.

pub mod clock;
pub mod event;
pub mod export;
pub mod ids;
pub mod import;
pub mod log;
pub mod machine;
pub mod record;
pub mod sampler;
pub mod sink;
pub mod summary;
pub mod timeline;
pub mod usage;
pub mod worker;

#[cfg(test)]
pub(crate) mod samples;
