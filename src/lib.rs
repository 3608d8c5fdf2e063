//! Parallax: a desktop photo editor that shows its own parallelism.

pub mod backend;
pub mod cli;
pub mod codecs;
pub mod filters;
pub mod pixels;
pub mod plan;
pub mod recipe;
pub mod studio;
pub mod system;
pub mod telemetry;
pub mod ui;
