//! The list of presets, and the field that names a new one.

use egui::{RichText, ScrollArea, Ui};

use crate::recipe::Recipe;
use crate::ui::command::{Command, EditCommand, Outbox};
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Icon, IconButton, ListRow, search_field};

use super::presets::{Preset, applied, contents};

/// The name being typed for a new preset; `None` while nobody saves one.
#[derive(Debug, Default)]
pub(super) struct NewPreset(Option<String>);

/// A head with the button that saves the edits, and a row each.
pub(super) fn preset_list_ui(
    ui: &mut Ui,
    presets: &[Preset],
    recipe: Option<&Recipe>,
    new: &mut NewPreset,
    outbox: &mut Outbox,
) {
    let can_save = recipe.is_some_and(|recipe| !recipe.is_empty());
    head_ui(ui, can_save, new);
    if new.0.is_some() {
        naming_ui(ui, new, outbox);
    }
    let list = ScrollArea::vertical()
        .id_salt("presets")
        .max_height(LIST_HEIGHT);
    list.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (idx, preset) in presets.iter().enumerate() {
            let row = ui.push_id(idx, |ui| {
                let row = ui.add_enabled(recipe.is_some(), ListRow::new(&preset.name));
                row.on_hover_ui(|ui| contents_ui(ui, preset))
            });
            let chosen = row.inner.clicked().then_some(recipe).flatten();
            if let Some(recipe) = chosen {
                outbox.edit(EditCommand::Step {
                    after: applied(recipe, &preset.recipe),
                    label: preset.name.clone(),
                });
            }
        }
    });
}

const LIST_HEIGHT: f32 = 260.0;

fn head_ui(ui: &mut Ui, can_save: bool, new: &mut NewPreset) {
    ui.horizontal(|ui| {
        ui.add_space(size::GAP_M);
        crate::ui::widgets::text::section(ui, "Presets");
        if can_save {
            let right = egui::Layout::right_to_left(egui::Align::Center);
            ui.with_layout(right, |ui| {
                ui.add_space(size::GAP_XS);
                let button = IconButton::new(Icon::Plus, "Save the edits as a preset").small();
                if ui.add(button).clicked() {
                    new.0 = match new.0.take() {
                        None => Some(String::new()),
                        Some(_) => None,
                    };
                }
            });
        }
    });
}

fn naming_ui(ui: &mut Ui, new: &mut NewPreset, outbox: &mut Outbox) {
    let Some(name) = &mut new.0 else { return };
    let mut is_over = false;
    let margin = egui::Margin::symmetric(size::GAP_M as i8, size::GAP_XS as i8);
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        let outcome = search_field(ui, "Name of the preset", name);
        if ui.memory(|memory| memory.focused().is_none()) && name.is_empty() {
            outcome.response.request_focus();
        }
        if outcome.is_submitted && !name.trim().is_empty() {
            outbox.send(Command::SavePreset(name.trim().to_owned()));
            is_over = true;
        }
        is_over |= outcome.is_cleared;
    });
    if is_over {
        new.0 = None;
    }
}

fn contents_ui(ui: &mut Ui, preset: &Preset) {
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.label(
        RichText::new(&preset.name)
            .font(font::title())
            .color(theme.text),
    );
    for line in contents(&preset.recipe) {
        ui.label(RichText::new(line).font(font::caption()).color(theme.soft));
    }
}
