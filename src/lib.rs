//! Parallax: a desktop photo editor that shows its own parallelism.

pub mod filters;
pub mod pixels;
pub mod ui;
