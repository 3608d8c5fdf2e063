//! Measuring: the same job by every contender in turn, and the memory each of them takes.
//!
//! A [`Job`] is a name and a [`Work`]; a [`Contender`] is who does it; a [`Scene`] is what it is done
//! on. Everything within the clock happens in memory: no disk, and no codec unless it is the work.

mod contender;
mod hand;
mod job;
mod lane;
mod measured;
mod memory;
mod overhead;
mod rounds;
mod task;

#[cfg(test)]
mod tests;

pub use contender::Contender;
pub use job::{Job, Scene, Work};
pub use measured::{Lap, Measured, Standing};
pub use memory::peak_memory_bytes;
pub use overhead::Overhead;
pub use rounds::{Bench, NextRun};
