//! Floor 0: what is asked of the operating system beyond the standard library.
//!
//! Knows nothing of pictures, edits or measurements.

pub mod lifetime;
pub mod pipes;
