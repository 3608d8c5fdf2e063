//! What the window remembers between frames and the session does not: looks, notices, timing, and
//! work that waits for the right moment.

mod drag_path;
mod edit_gesture;
mod errands;
mod file_loads;
mod look;
mod notices;
mod panels;
mod pointed_photo;
mod pointed_tile;
mod run_soon;
mod sides_look;
mod timing;
mod work;

pub use drag_path::DragPath;
pub use edit_gesture::EditGesture;
pub use errands::Errands;
pub use file_loads::FileLoads;
pub use look::Look;
pub(super) use notices::sentence;
pub use notices::{Notice, Notices};
pub use panels::Panels;
pub use pointed_photo::PointedPhoto;
pub use pointed_tile::PointedTile;
pub use run_soon::RunSoon;
pub use sides_look::SidesLook;
pub use timing::{Painting, ReportSlot, Timing};
pub use work::Work;
