//! What the window remembers between frames and the session does not: looks, notices, timing, and
//! work that waits for the right moment.

mod edit_gesture;
mod look;
mod notices;
mod run_soon;
mod timing;

pub use edit_gesture::EditGesture;
pub use look::Look;
pub use notices::{Notice, Notices};
pub use run_soon::RunSoon;
pub use timing::Timing;
