//! The performance panel: what the cores do now, how the current run goes, every run in a table, one of
//! them as lanes, the scaling lab and the guided tour. Folded it is a strip.
//!
//! `model` turns runs into rows and words; the other files draw them. Nothing here measures.

mod cores;
mod live;
mod marks;
mod model;
mod panel;
mod picture;
mod progress;
mod run_strip;
mod run_view;
mod runs;
mod scaling;
mod state;
mod strip;
mod timeline;
mod tour;
mod workers;

pub use panel::{performance_height, performance_ui, performance_window_ui};
pub use picture::panel_picture;
pub use state::PerformanceState;

#[cfg(test)]
mod tests;
