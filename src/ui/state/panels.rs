//! What the panels around the photo and the dialogs over them remember, each its own.

use std::path::Path;

use crate::ui::dialogs::{Dialog, DialogState};
use crate::ui::keys;
use crate::ui::panels::left::LeftState;
use crate::ui::panels::performance::PerformanceState;
use crate::ui::panels::right::RightState;
use crate::ui::picker::Question;

/// See the module's own words.
pub struct Panels {
    pub left: LeftState,
    pub right: RightState,
    pub performance: PerformanceState,
    pub dialogs: DialogState,
}

impl Default for Panels {
    fn default() -> Self {
        let mut dialogs = DialogState::default();
        dialogs.shortcuts = keys::sheet();
        Self {
            left: LeftState::default(),
            right: RightState::default(),
            performance: PerformanceState::default(),
            dialogs,
        }
    }
}

impl Panels {
    /// The desktop named a file for something a dialog asked for.
    pub fn take_path(&mut self, question: &Question, path: &Path) {
        if matches!(question, Question::Target(_)) {
            self.dialogs.set_export_target(path);
        }
    }

    /// The desktop has no file dialog: a field for the path does it.
    pub fn ask_for_path(&mut self, question: &Question) {
        match question {
            Question::Photo => self.dialogs.show(Dialog::OpenPhoto),
            Question::Log => self.dialogs.show(Dialog::SaveLog),
            Question::Chart => self.dialogs.show(Dialog::SaveChart),
            // The export's sheet and the edit's card have their fields already.
            Question::Target(_) | Question::EditFile(_) => {}
        }
        if self.dialogs.open().is_some() {
            let words = "This desktop shows no file dialog; type the path";
            self.dialogs.set_path_problem(words);
        }
    }

    /// Closes what lies on top; whether there was anything.
    pub fn dismiss(&mut self) -> bool {
        let was_open = self.dialogs.open().is_some();
        self.dialogs.close();
        was_open
    }
}
