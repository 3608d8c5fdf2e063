//! Floor 0: what is asked of the operating system beyond the standard library.
//!
//! Knows nothing of pictures, edits or measurements.

pub mod atomic_save;
pub mod folders;
pub mod handover;
pub mod large_pages;
pub mod lifetime;
mod links;
pub mod offered_memory;
pub mod pipes;
pub mod prefetch;
pub mod same_file;
pub mod sandbox;
pub mod shared_memory;
pub mod spare_memory;
