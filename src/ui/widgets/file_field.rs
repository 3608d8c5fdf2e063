//! A parameter that is a file: what was chosen, and a field and a button to choose another.

use egui::Ui;

use crate::filters::asset::Asset;
use crate::ui::theme::size;

use super::path_field::path_field;
use super::text;

/// What the person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileAsk {
    /// The file with this path.
    Path(String),
    /// The desktop's dialog.
    Dialog,
}

/// What the field answers.
#[derive(Debug, Default)]
pub struct FileOutcome {
    pub ask: Option<FileAsk>,
    /// Of the field, to give it the keyboard.
    pub field: Option<egui::Id>,
}

/// Over the whole width there is. `what` names such files: "a .cube file".
pub fn param_file(
    ui: &mut Ui,
    name: &str,
    id_salt: impl std::hash::Hash + std::fmt::Debug,
    asset: Option<&Asset>,
    what: &str,
) -> FileOutcome {
    let id = ui.make_persistent_id(("file", id_salt));
    let chosen = asset
        .map(|asset| asset.path().to_owned())
        .unwrap_or_default();
    // What is typed lives until another file was chosen.
    let (of, mut typed) = ui
        .data(|data| data.get_temp::<(String, String)>(id))
        .filter(|(of, _)| *of == chosen)
        .unwrap_or_else(|| (chosen.clone(), chosen.clone()));
    let says = asset.map_or_else(
        || format!("Choose {what}."),
        |asset| format!("{} · {:?}", asset.file_name(), asset.cube()),
    );
    text::caption(ui, &says);
    ui.add_space(size::GAP_XS);
    let shown = ui.push_id(id, |ui| path_field(ui, name, &mut typed, None));
    ui.add_space(size::GAP_S);
    let answer = shown.inner;
    let path = typed.trim().to_owned();
    let ask = if answer.wants_dialog {
        Some(FileAsk::Dialog)
    } else if answer.is_submitted && !path.is_empty() && path != chosen {
        Some(FileAsk::Path(path))
    } else {
        None
    };
    ui.data_mut(|data| data.insert_temp(id, (of, typed)));
    FileOutcome {
        ask,
        field: answer.field,
    }
}
