//! The right panel: histogram, what the camera wrote, "add a filter", and the stack of edits.
//!
//! `panel` puts it together from plain data, so that it can be shown without a session. A card is made
//! from its filter's spec; what is done to it becomes a new recipe, sent as a command.

mod add_filter;
mod camera_line;
mod card;
mod panel;
mod params;
mod reorder;
mod slot;
mod stack;

pub use camera_line::CameraFacts;
pub use panel::{RightState, RightView, right_panel, right_ui};

#[cfg(test)]
mod tests;
