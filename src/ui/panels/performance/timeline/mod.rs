//! A run as lanes: one a worker, below them one a core, drawn from its tiles; and the way of the last
//! slider drag to the screen.
//!
//! `prepared` makes a run ready once (`track` holds the sums, `classes` the colours), `paint` turns a
//! lane into triangles, `lanes` lays them out, `hand` zooms and pans, `pointed` says what lies under the
//! pointer.

mod axis;
mod classes;
mod drag_row;
mod hand;
mod lanes;
mod legend;
mod paint;
mod pointed;
mod prepared;
mod span;
mod tip;
mod track;

pub(super) use lanes::{TimelineState, timeline_ui};

#[cfg(test)]
mod tests;
