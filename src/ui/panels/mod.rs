//! The parts of the window around the photo, one folder each. A panel reads the session and sends
//! commands; it never changes anything itself.

pub mod figures;
pub mod left;
pub mod performance;
pub mod right;
