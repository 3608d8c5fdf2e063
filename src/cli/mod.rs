//! The roof, script side: one file a command. Words for people go to stderr, results to stdout.
//!
//! [`run`] reads top-down: parse, choose the command, run it, turn what went wrong into one line and
//! an exit code. Opening the window is not done here: it is handed back to `main` as [`Next::Window`],
//! for the two doors of the program do not know each other.

mod apply;
mod args;
mod bench;
mod completions;
mod exit;
mod filters;
mod history;
mod info;
mod options;
mod panics;
mod print;
mod progress;
mod recipes;
mod start;
mod stop;
mod timings;
mod version;
mod window;
mod worker;

pub use start::{Next, no_window, run};
pub use window::{ScreenshotOptions, Theme, WindowOptions, Zoom};
