//! The controls every panel is composed of, one file each.
//!
//! Each can be worked by mouse and by keyboard, has a name for screen readers, takes its colours and
//! sizes from the theme, and hands back what the person did. Their state between frames is only what
//! belongs to the gesture (a drag in progress, a half-typed number); values belong to the caller.

pub mod focus;
pub mod icon;
pub mod tooltip;

mod button;
mod icon_button;

pub use button::Button;
pub use icon::Icon;
pub use icon_button::IconButton;
