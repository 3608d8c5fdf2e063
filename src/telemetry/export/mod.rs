//! A log as a file: CSV with a row a run or a row a tile, JSON, or a Chrome trace for Perfetto.
//!
//! Every form carries [`super::log::LOG_VERSION`]. No form holds the path of a photo.

mod chrome_trace;
mod columns;
mod csv;
mod format;
mod json;
mod trace_counters;
mod trace_event;
mod trace_pipes;

pub use columns::{Column, RUN_COLUMNS, RunRow, Runs, TILE_COLUMNS, Table, TileRow, Tiles};
pub use format::{ExportError, Format, write};
pub use json::read;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod trace_tests;
