//! The folded panel: a bar a core, the last run's sentence, and the way to unfold it.

use egui::{Align, Color32, Layout, RichText, Ui, vec2};

use crate::ui::command::{Outbox, ShowCommand};
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{CoreLoad, Icon, IconButton, core_heat, core_micro_bars};

/// More cores than this would make the strip all bars.
const MOST_BARS: usize = 64;

pub(super) fn strip_ui(
    ui: &mut Ui,
    loads: &[CoreLoad],
    ours: Color32,
    sentence: &str,
    outbox: &mut Outbox,
) {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), size::PERFORMANCE_STRIP);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::GAP_M);
        if loads.len() <= MOST_BARS {
            core_micro_bars(ui, loads, ours);
        } else {
            core_heat(ui, loads, ours);
        }
        ui.add_space(size::GAP_XS);
        let words = RichText::new(sentence).font(font::caption());
        ui.label(words.color(theme.soft));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::GAP_XS);
            let unfold = IconButton::new(Icon::ChevronUp, "Unfold the performance panel");
            if ui.add(unfold.shortcut("P").small()).clicked() {
                outbox.show(ShowCommand::TogglePerformance);
            }
        });
    });
}
