//! Parallax: a desktop photo editor that shows its own parallelism.

pub mod pixels;
pub mod system;
pub mod telemetry;
