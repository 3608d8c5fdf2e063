//! The performance panel: what the cores do now, how the current run goes, every full run in a table,
//! and one of them as lanes. Folded it is a strip.
//!
//! `model` turns runs into rows and words; the other files draw them. Nothing here measures.

mod cores;
mod live;
mod marks;
mod model;
mod panel;
mod picture;
mod progress;
mod runs;
mod state;
mod strip;
mod timeline;
mod workers;

pub use panel::{performance_height, performance_ui, performance_window_ui};
pub use picture::panel_picture;
pub use state::PerformanceState;

#[cfg(test)]
mod tests;
