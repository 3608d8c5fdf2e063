//! The scaling lab: one edit at one, two, … workers on every backend, in rounds, beside what so many
//! cores can do at best; and what follows from it.
//!
//! [`Lab`] measures, [`Scaling`] holds the points, [`fit`] and [`advice`] read them, [`chart`] draws
//! them as SVG and PNG. All but the measuring is pure.

pub mod advice;
pub mod chart;
pub mod fit;
mod measure;
mod points;

#[cfg(test)]
mod tests;

pub use measure::{Lab, worker_counts};
pub use points::{Point, Scaling, Series};
