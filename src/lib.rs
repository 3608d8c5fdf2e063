//! Parallax: a desktop photo editor that shows its own parallelism.

pub mod codecs;
pub mod pixels;
