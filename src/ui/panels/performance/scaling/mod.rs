//! The scaling lab: one click measures the edit in hand at every number of workers on every backend;
//! the chart shows it beside the ideal and beside what this machine can do at best.
//!
//! `figures` turns points into curves, `plot` draws them, `view` puts chart and words together.

mod figures;
mod plot;
mod view;

pub(super) use view::{ScalingState, scaling_ui};

#[cfg(test)]
mod tests;
