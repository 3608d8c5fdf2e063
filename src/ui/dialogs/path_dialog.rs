//! Dialogs that ask for a path: the photo to open, and where the timing log and the lab's chart go.

use std::path::PathBuf;

use egui::{Context, ScrollArea, Ui};

use crate::ui::command::{Command, Outbox};
use crate::ui::widgets::{Button, ListRow, path_field, text};

use super::sheet::{buttons_row, sheet};
use super::typed_path::typed_path;

const WIDTH: f32 = 520.0;
const RECENT_HEIGHT: f32 = 208.0;

/// A path that is being typed.
#[derive(Debug, Clone, Default)]
pub(super) struct PathForm {
    pub(super) text: String,
    /// Said below the field until something else is typed.
    pub(super) problem: Option<String>,
}

/// Asks for a photo; `recent` are offered below the field. True when the dialog shall close.
pub(super) fn open_dialog(
    ctx: &Context,
    form: &mut PathForm,
    recent: &[PathBuf],
    is_new: bool,
    outbox: &mut Outbox,
) -> bool {
    let (done, closed) = sheet(ctx, "Open a photo", WIDTH, |ui| {
        let asked = ask(ui, form, ("Path of the photo", "Open"), is_new);
        if asked.wants_dialog {
            outbox.send(Command::ChoosePhoto);
        }
        let recent = recent_ui(ui, recent);
        let asked_for = asked.path.filter(|path| {
            let is_file = path.is_file();
            if !is_file {
                form.problem = Some("There is no file of that name".to_owned());
            }
            is_file
        });
        let chosen = asked_for.or(recent);
        let is_done = chosen.is_some();
        outbox_open(chosen, outbox);
        is_done || asked.is_cancelled
    });
    done || closed
}

fn outbox_open(chosen: Option<PathBuf>, outbox: &mut Outbox) {
    if let Some(path) = chosen {
        outbox.send(Command::Open(path));
    }
}

/// Asks where the log goes. True when the dialog shall close.
pub(super) fn log_dialog(
    ctx: &Context,
    form: &mut PathForm,
    is_new: bool,
    outbox: &mut Outbox,
) -> bool {
    let (done, closed) = sheet(ctx, "Save the timing log", WIDTH, |ui| {
        text::caption(
            ui,
            "The ending says the form: .csv a row a run, .tiles.csv a row a tile, .json everything, \
             .trace.json for Perfetto, .png what the panel shows.",
        );
        let asked = ask(ui, form, ("Path of the log", "Save"), is_new);
        if asked.wants_dialog {
            outbox.send(Command::ChooseLog);
        }
        let Some(path) = asked.path else {
            return asked.is_cancelled;
        };
        if path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("png"))
        {
            outbox.send(Command::SavePanel(path));
            return true;
        }
        if has_log_ending(&path) {
            outbox.send(Command::SaveLog(path));
            return true;
        }
        form.problem =
            Some("End the name in .csv, .tiles.csv, .json, .trace.json or .png".to_owned());
        false
    });
    done || closed
}

/// Asks where the lab's chart goes. True when the dialog shall close.
pub(super) fn chart_dialog(
    ctx: &Context,
    form: &mut PathForm,
    is_new: bool,
    outbox: &mut Outbox,
) -> bool {
    let (done, closed) = sheet(ctx, "Save the chart", WIDTH, |ui| {
        text::caption(ui, "The ending says the form: .svg or .png.");
        let asked = ask(ui, form, ("Path of the chart", "Save"), is_new);
        if asked.wants_dialog {
            outbox.send(Command::ChooseChart);
        }
        let Some(path) = asked.path else {
            return asked.is_cancelled;
        };
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        if ending == "svg" || ending == "png" {
            outbox.send(Command::SaveChart(path));
            return true;
        }
        form.problem = Some("End the name in .svg or .png".to_owned());
        false
    });
    done || closed
}

fn has_log_ending(path: &std::path::Path) -> bool {
    crate::telemetry::export::Format::of_path(path).is_ok()
}

/// What the field and its buttons answer.
struct Asked {
    path: Option<PathBuf>,
    wants_dialog: bool,
    is_cancelled: bool,
}

fn ask(ui: &mut Ui, form: &mut PathForm, (name, verb): (&str, &str), is_new: bool) -> Asked {
    let problem = form.problem.clone();
    let field = path_field(ui, name, &mut form.text, problem.as_deref());
    if field.is_changed {
        form.problem = None;
    }
    if let (Some(field), true) = (field.field, is_new) {
        ui.memory_mut(|memory| memory.request_focus(field));
    }
    let path = typed_path(&form.text, None);
    buttons_row(ui, |ui| {
        let main = Button::main(verb).enabled(path.is_some()).min_width(96.0);
        let is_asked = ui.add(main).clicked() || field.is_submitted;
        let is_cancelled = ui.add(Button::quiet("Cancel")).clicked();
        Asked {
            path: path.filter(|_| is_asked),
            wants_dialog: field.wants_dialog,
            is_cancelled,
        }
    })
}

/// Photos opened lately, by name, their folder behind it.
fn recent_ui(ui: &mut Ui, recent: &[PathBuf]) -> Option<PathBuf> {
    if recent.is_empty() {
        return None;
    }
    text::section(ui, "Recent");
    let list = ScrollArea::vertical()
        .max_height(RECENT_HEIGHT)
        .min_scrolled_height(RECENT_HEIGHT);
    list.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut chosen = None;
        for (idx, path) in recent.iter().enumerate() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let folder = path.parent().map(|folder| folder.display().to_string());
            let folder = folder.unwrap_or_default();
            let row = ListRow::new(&name).figure(&folder);
            if ui.push_id(idx, |ui| ui.add(row)).inner.clicked() {
                chosen = Some(path.clone());
            }
        }
        chosen
    })
    .inner
}
