//! What the window remembers between frames and the session does not: looks, notices, timing, and
//! work that waits for the right moment.

mod edit_gesture;
mod errands;
mod file_loads;
mod look;
mod notices;
mod panels;
mod pointed_tile;
mod run_soon;
mod timing;
mod work;

pub use edit_gesture::EditGesture;
pub use errands::Errands;
pub use file_loads::FileLoads;
pub use look::Look;
pub(super) use notices::sentence;
pub use notices::{Notice, Notices};
pub use panels::Panels;
pub use pointed_tile::PointedTile;
pub use run_soon::RunSoon;
pub use timing::{ReportSlot, Timing};
pub use work::Work;
