//! Sheets over the window: export, shortcuts, and the two that ask for a path. One is open at a time;
//! Esc and a click beside it close it. They send commands and read the session, like panels.

mod dialog;
mod export_form;
mod export_sheet;
mod path_dialog;
mod sheet;
mod shortcuts;
mod typed_path;

pub use dialog::{Dialog, DialogState, dialogs_ui};
pub use shortcuts::{Shortcut, ShortcutGroup};

#[cfg(test)]
mod tests;
