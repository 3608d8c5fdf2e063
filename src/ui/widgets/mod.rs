//! The controls every panel is composed of, one file each.
//!
//! Each can be worked by mouse and by keyboard, has a name for screen readers, takes its colours and
//! sizes from the theme, and hands back what the person did. Their state between frames is only what
//! belongs to the gesture (a drag in progress, a half-typed number); values belong to the caller.

pub mod focus;
pub mod icon;
pub mod notice;
pub mod spoken;
pub mod text;
pub mod tooltip;

mod button;
mod card;
mod choice;
mod core_bars;
mod curve;
mod file_field;
mod histogram;
mod icon_button;
mod kbd;
mod list_row;
mod menu;
mod path_field;
mod progress_line;
mod search_field;
mod segmented;
mod slider;
mod stepper;
mod table;
mod wipe_handle;

pub use button::Button;
pub use card::{CardAction, CardOutcome, CardView, EditCard};
pub use choice::{drop_down, param_choice, titled_choice};
pub use core_bars::{
    CoreInks, CoreLoad, CoreRow, core_heat, core_history_row, core_legend, core_micro_bars,
    core_plot_width,
};
pub use curve::{CurveOutcome, param_curve};
pub use file_field::{FileAsk, FileOutcome, param_file};
pub use histogram::{HISTOGRAM_HEIGHT, HistogramBins, histogram};
pub use icon::Icon;
pub use icon_button::IconButton;
pub use kbd::kbd;
pub use list_row::ListRow;
pub use menu::{MENU_WIDTH, MenuItem, menu};
pub use notice::{NoticeAnswer, NoticeView, notices};
pub use path_field::{PathOutcome, path_field};
pub use progress_line::progress_line;
pub use search_field::{SearchOutcome, search_field};
pub use segmented::{Segment, Segmented};
pub use slider::{Change, ParamSlider, SliderOutcome, Stage, format_value};
pub use stepper::Stepper;
pub use table::{Cell, Column, TableAnswer, TableRow, table};
pub use wipe_handle::{photo_badge, tile_outline, wipe_handle};

#[cfg(test)]
mod tests;
