//! Time: one monotonic clock a process, its anchor on the wall, and the offset of another process's.
//!
//! CPU time is not time that passes; it lives in `usage`.

mod monotonic;
mod offset;
mod wall;

pub use monotonic::now_ns;
pub use offset::ClockOffset;
pub use wall::{rfc3339_utc, wall_at};
