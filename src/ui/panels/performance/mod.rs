//! The performance panel: what the cores do now, how the current run goes, every full run in a table,
//! and one of them as lanes. Folded it is a strip.
//!
//! `model` turns runs into rows and words; the other files draw them. Nothing here measures.

mod cores;
mod lane_tip;
mod lanes;
mod live;
mod marks;
mod model;
mod panel;
mod progress;
mod runs;
mod strip;
mod workers;

pub use panel::{PerformanceState, performance_height, performance_ui};

#[cfg(test)]
mod tests;
