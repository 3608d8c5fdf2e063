//! The parts of the window. Each draws the session as it is and sends commands; none changes it.

pub mod canvas;
pub mod status_bar;
pub mod toolbar;
