//! What shows on resting the pointer: one line that says what the thing does, with its shortcut
//! behind it in the quiet grey.

use egui::{Response, RichText};

use crate::ui::theme::{Theme, font};

/// Adds a tooltip; `shortcut` is the key's text ("Ctrl+E"), empty where there is none.
pub fn tip(response: Response, text: &str, shortcut: &str) -> Response {
    if text.is_empty() {
        return response;
    }
    response.on_hover_ui(|ui| {
        let theme = Theme::of(ui);
        ui.horizontal(|ui| {
            ui.label(RichText::new(text).font(font::caption()).color(theme.text));
            if !shortcut.is_empty() {
                let quiet = RichText::new(shortcut).font(font::caption());
                ui.label(quiet.color(theme.faint));
            }
        });
    })
}
