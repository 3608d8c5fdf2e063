//! Whether two paths lead to one file, so that a save never goes onto the original.

mod compare;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

pub use compare::same_file;
