//! The roof, window side: what a person sees and touches.
//!
//! Panels draw the session and send [`command::Command`]s; `dispatch` alone carries them out; `app`
//! composes the panels once a frame. [`theme`] holds every colour and size, [`widgets`] the controls
//! that every panel is composed of. A widget paints itself, answers mouse, keyboard and screen
//! reader, and hands back what the person did; it never changes an edit, starts a job or reads a
//! file.

pub mod app;
pub mod command;
pub mod dialogs;
pub mod keys;
pub mod panels;
pub mod picker;
pub mod state;
pub mod theme;
pub mod widgets;

mod at_once;
mod dispatch;
mod dispatch_runs;
mod missing;
mod news;
mod reveal;
mod run;
mod screenshot;
mod updates;

pub use app::App;
pub use missing::WindowError;
pub use run::{WindowOptions, run};
pub use screenshot::{Scene, ScreenshotOptions};
