//! Measuring: the same job on every backend in turn, and the memory each of them takes.
//!
//! Decoded pixels in memory to output pixels in memory; no disk and no codec is within the clock.

mod memory;
mod rounds;

pub use memory::peak_memory_bytes;
pub use rounds::{Bench, Measured};
