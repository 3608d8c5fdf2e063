//! Runs as lanes: one a worker, below them one a core, drawn from their tiles; one run alone or the last
//! ones below each other on one scale; and the way of the last slider drag to the screen.
//!
//! `prepared` makes a run ready once (`track` holds the sums, `classes` the colours), `paint` turns a
//! lane into triangles, `group` paints the lanes of a run, `lanes` lays them out, `hand` zooms and pans, `pointed` says what lies under the
//! pointer.

mod axis;
mod classes;
mod drag_row;
mod group;
mod hand;
mod lanes;
mod legend;
mod paint;
mod pointed;
mod prepared;
mod span;
mod tip;
mod track;

pub(super) use lanes::{RunLanes, TimelineState, TimelineView, timeline_ui};

#[cfg(test)]
mod tests;
