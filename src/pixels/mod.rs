//! Floor 0: geometry, pictures as files had them, planes of f32, colour spaces, and our own arithmetic.
//!
//! Knows nothing of files, filters or threads.

pub mod color;
pub mod convert;
pub mod geometry;
pub mod image;
pub mod math;
pub mod patterns;
pub mod resample;
pub mod scratch;
pub mod simd;
pub mod tile;
