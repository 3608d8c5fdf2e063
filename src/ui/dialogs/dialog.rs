//! Which dialog is open, and showing it.

use std::path::Path;

use egui::Context;

use crate::studio::session::Session;
use crate::ui::command::Outbox;

use super::export_form::ExportForm;
use super::export_sheet::export_sheet;
use super::path_dialog::{PathForm, chart_dialog, log_dialog, open_dialog};
use super::shortcuts::{ShortcutGroup, shortcuts_sheet};

/// A sheet that can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    Export,
    Shortcuts,
    OpenPhoto,
    SaveLog,
    SaveChart,
}

/// What the dialogs remember between frames.
#[derive(Debug, Default)]
pub struct DialogState {
    /// The table of the sheet of shortcuts; whoever has the keys sets it.
    pub shortcuts: Vec<ShortcutGroup>,
    open: Option<Dialog>,
    /// The first frame of the open dialog: its field gets the keyboard.
    is_new: bool,
    export: Option<ExportForm>,
    path: PathForm,
}

impl DialogState {
    /// Opens a dialog in place of the one that is open, if any.
    pub fn show(&mut self, dialog: Dialog) {
        if self.open != Some(dialog) {
            self.open = Some(dialog);
            self.is_new = true;
            self.export = None;
            self.path = PathForm::default();
        }
    }

    /// Opens it, or closes it where it is open.
    pub fn toggle(&mut self, dialog: Dialog) {
        if self.open == Some(dialog) {
            self.close();
        } else {
            self.show(dialog);
        }
    }

    pub fn close(&mut self) {
        self.open = None;
        self.export = None;
    }

    /// The dialog that has the keyboard now.
    #[must_use]
    pub const fn open(&self) -> Option<Dialog> {
        self.open
    }

    /// What the desktop's dialog answered: the export's target.
    pub fn set_export_target(&mut self, target: &Path) {
        if let Some(form) = &mut self.export {
            form.path_text = target.display().to_string();
            form.path_changed();
        }
    }

    /// Says something below the path that is being asked for, such as why the last one failed.
    pub fn set_path_problem(&mut self, problem: impl Into<String>) {
        self.path.problem = Some(problem.into());
    }
}

/// Shows the dialog that is open, if any.
pub fn dialogs_ui(ctx: &Context, session: &Session, state: &mut DialogState, outbox: &mut Outbox) {
    let Some(dialog) = state.open else { return };
    let is_new = std::mem::take(&mut state.is_new);
    let closes = match dialog {
        Dialog::Shortcuts => shortcuts_sheet(ctx, &state.shortcuts),
        Dialog::OpenPhoto => {
            let recent = &session.settings.recent;
            open_dialog(ctx, &mut state.path, recent, is_new, outbox)
        }
        Dialog::SaveLog => {
            if is_new {
                state.path.text = suggested(session, "timing.csv");
            }
            log_dialog(ctx, &mut state.path, is_new, outbox)
        }
        Dialog::SaveChart => {
            if is_new {
                state.path.text = suggested(session, "scaling.svg");
            }
            chart_dialog(ctx, &mut state.path, is_new, outbox)
        }
        Dialog::Export => {
            if state.export.is_none() {
                state.export = ExportForm::of(session);
            }
            match &mut state.export {
                Some(form) => export_sheet(ctx, form, is_new, outbox),
                // Without a photo there is nothing to export.
                None => true,
            }
        }
    };
    // A frame's answer may have opened another one meanwhile.
    if closes && state.open == Some(dialog) {
        state.close();
    }
}

/// Such as `IMG-timing.csv` in the folder for pictures, or beside the photo where there is none.
fn suggested(session: &Session, ending: &str) -> String {
    let photo = session.photo().map(|open| &open.photo.path);
    let stem = photo.and_then(|path| path.file_stem()).map_or_else(
        || "parallax".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    );
    let beside = photo.and_then(|path| path.parent().map(Path::to_owned));
    let folder = session.folders().pictures.clone().or(beside);
    let name = format!("{stem}-{ending}");
    folder
        .map_or_else(|| name.clone().into(), |folder| folder.join(&name))
        .display()
        .to_string()
}
