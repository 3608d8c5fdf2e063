//! Every colour, size and typeface of the window, in one table for each theme.
//!
//! The room is neutral grey without a tint, so that the photo is the only colour. No other file of
//! the window makes a colour of its own: it asks [`Theme::of`].

pub mod font;
pub mod mark;
pub mod size;

mod apply;
mod palette;
mod surround;

pub use apply::ThemeChoice;
pub use palette::{CLEAR, HUE_CIRCLE, SERIES, Theme, WELL, Well, rgb};
pub use surround::Surround;

#[cfg(test)]
mod tests;
