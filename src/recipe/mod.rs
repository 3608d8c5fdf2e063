//! Floor 2: what a person wants done to a photo, as a value: edits, recipes, undo, the file form.
//!
//! Nothing here computes a pixel, keeps a clock or starts a thread. Every change yields a new
//! [`Recipe`] that shares what did not change, so that holding on to an old one costs nothing.

pub mod action;
pub mod asset_file;
pub mod bounds;
pub mod catalogue;
mod draft;
pub mod edit;
pub mod error;
pub mod file;
pub mod fingerprint;
pub mod history;
pub mod label;
pub mod set;
pub mod shipped;
mod stack;

pub use catalogue::Catalogue;
pub use edit::{Edit, EditId, Unavailable, What, Why};
pub use error::RecipeError;
pub use file::{PhotoStamp, RecipeFile, Sha256Hex};
pub use fingerprint::Fingerprint;
pub use history::History;
pub use stack::Recipe;

#[cfg(test)]
mod specimens;
#[cfg(test)]
mod tests;
