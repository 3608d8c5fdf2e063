//! Floor 2: what a person wants done to a photo, as a value: edits, recipes, undo, the file form.
//!
//! Nothing here computes a pixel, keeps a clock or starts a thread. Every change yields a new
//! [`Recipe`] that shares what did not change, so that holding on to an old one costs nothing.

pub mod bounds;
pub mod edit;
mod stack;

pub use edit::{Edit, EditId, Unavailable, What, Why};
pub use stack::Recipe;
