//! Every run of this and earlier days: a line each, kept in the user's data folder, bounded, one JSON
//! line a run.
//!
//! Tiles are not kept; a line holds the whole recipe, so that a run can be made again and two runs
//! can be told apart. Lines of logs that were opened for comparison stand among the others and are
//! not written down. Nothing here waits: a thread of its own reads and writes the file.

mod book;
mod file;
mod line;
mod order;

#[cfg(test)]
mod tests;

pub use book::{Outdated, RunHistory, Standing};
pub use file::{Keeping, keep_line};
pub use line::{LineKey, RunLine, Source};
pub use order::{LineFilter, LineOrder, SortKey};
