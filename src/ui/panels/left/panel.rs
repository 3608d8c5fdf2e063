//! The panel's two lists, beside each other's heads or behind the rail's icons.

use egui::Ui;

use crate::recipe::Recipe;
use crate::studio::session::Session;
use crate::ui::command::Outbox;
use crate::ui::theme::size;
use crate::ui::widgets::Icon;

use super::history_list::{HistoryView, history_list_ui};
use super::measured::Measured;
use super::preset_list::{NewPreset, preset_list_ui};
use super::presets::{self, Preset};
use super::rail::rail_ui;

/// A window narrower than this, in points, has the rail.
const RAIL_BELOW: f32 = 1440.0;

/// Width of the panel in a window of this width.
#[must_use]
pub const fn left_width(window_width: f32) -> f32 {
    if window_width < RAIL_BELOW {
        size::LEFT_RAIL
    } else {
        size::LEFT_PANEL
    }
}

/// What the panel remembers between frames.
#[derive(Debug, Default)]
pub struct LeftState {
    /// Read when first shown.
    presets: Option<Vec<Preset>>,
    new_preset: NewPreset,
    measured: Measured,
}

impl LeftState {
    #[cfg(test)]
    pub(super) fn with_presets(folders: &crate::system::folders::Folders) -> Self {
        Self {
            presets: Some(presets::load(folders)),
            ..Self::default()
        }
    }

    /// After a preset was saved: the list is read again.
    pub fn reload_presets(&mut self) {
        self.presets = None;
    }
}

/// What the panel shows; without a photo only what could be applied to one.
#[derive(Debug, Clone, Copy)]
pub struct LeftView<'a> {
    pub recipe: Option<&'a Recipe>,
    pub history: Option<HistoryView<'a>>,
    pub is_rail: bool,
}

/// The left panel of the window.
pub fn left_ui(ui: &mut Ui, session: &Session, state: &mut LeftState, outbox: &mut Outbox) {
    if state.presets.is_none() {
        state.presets = Some(presets::load(session.folders()));
    }
    let open = session.photo();
    if let Some(open) = open {
        state.measured.take(&open.history, session.preview());
    }
    let view = LeftView {
        recipe: open.map(|open| open.history.current()),
        history: open.map(|open| HistoryView {
            history: &open.history,
            open_ns: open.open_ns,
        }),
        is_rail: ui.ctx().content_rect().width() < RAIL_BELOW,
    };
    left_panel(ui, view, state, outbox);
}

/// The panel from plain data.
pub fn left_panel(ui: &mut Ui, view: LeftView<'_>, state: &mut LeftState, outbox: &mut Outbox) {
    let LeftState {
        presets,
        new_preset,
        measured,
    } = state;
    let presets = presets.as_deref().unwrap_or_default();
    ui.add_space(size::GAP_S);
    if view.is_rail {
        rail_ui(ui, Icon::Presets, "Presets", |ui| {
            preset_list_ui(ui, presets, view.recipe, new_preset, outbox);
        });
        rail_ui(ui, Icon::History, "History", |ui| {
            history_list_ui(ui, view.history, measured, false, outbox);
        });
        return;
    }
    preset_list_ui(ui, presets, view.recipe, new_preset, outbox);
    ui.add_space(size::GAP_S);
    history_list_ui(ui, view.history, measured, true, outbox);
}
