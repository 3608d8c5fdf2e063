//! Opens what `export` wrote, in any of its forms, for comparison with other runs.
//!
//! JSON comes back as the value that was written. A trace comes back with its runs and tiles, a table
//! of runs with its runs, a table of tiles with lanes of runs whose facts stood elsewhere.

mod read;
mod runs_csv;
mod tiles_csv;
mod trace;

pub use read::{ImportError, open};

#[cfg(test)]
mod tests;
