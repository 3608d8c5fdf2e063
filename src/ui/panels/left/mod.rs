//! The left panel: presets and the history of the open photo; a rail of two icons where the window is
//! narrow.

mod history_list;
mod measured;
mod panel;
mod preset_list;
mod presets;
mod rail;

pub use history_list::HistoryView;
pub use panel::{LeftState, LeftView, left_panel, left_ui, left_width};

#[cfg(test)]
mod tests;
