//! A run as lanes of bars: one lane a worker, whose time its phases partition, and one a core.
//!
//! Pure: the same events give the same lanes. Drawing them is a matter of the window and the trace.

mod lanes;
mod sweep;

pub use lanes::{Bar, CoreLane, PhaseTimes, Timeline, WorkerLane};

#[cfg(test)]
mod tests;
