//! Floor 3: from what a person wants (a recipe) to what must be computed (a plan of passes).
//!
//! Pure: no threads, no clock, no files. The same recipe, photo size and scale always give the same
//! plan, and nothing chosen here for speed changes a byte of the picture. `README.md` beside this
//! file tells how a plan is made and where the time goes.

pub mod build;
pub mod cost;
pub mod explain;
pub mod graph;
pub mod program;
pub mod tiling;

pub use build::{PhotoForm, build, photo_scale};
pub use graph::Plan;

/// Why a recipe cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("the filter {0} is not available in this version; switch the edit off or remove it")]
    Unavailable(String),
    /// A file that an edit needs is missing or of no use.
    #[error("{filter}: {why}; switch the edit off or choose another file")]
    NeedsFile { filter: String, why: String },
    #[error("the plan names an unknown filter {0}")]
    UnknownFilter(String),
    #[error("the plan is malformed: {0}")]
    Malformed(&'static str),
}
