//! The parts of the window, one folder each. A panel reads the session and sends commands; it never
//! changes anything itself.

pub mod canvas;
pub mod figures;
pub mod left;
pub mod performance;
pub mod right;
pub mod status_bar;
pub mod terms;
pub mod toolbar;
