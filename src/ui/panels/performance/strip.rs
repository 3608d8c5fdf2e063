//! The folded panel: a bar a core, the last run's sentence, and the way to unfold it.

use egui::{Align, Layout, RichText, Ui, vec2};

use crate::ui::command::{Outbox, ShowCommand};
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{CoreInks, CoreLoad, Icon, IconButton, core_micro_bars};

/// More cores than this would make the strip all bars.
const MOST_BARS: usize = 64;

/// What the strip shows.
pub(super) struct StripView<'a> {
    pub(super) loads: &'a [CoreLoad],
    pub(super) inks: CoreInks,
    pub(super) sentence: &'a str,
    /// The panel is in a window of its own.
    pub(super) is_detached: bool,
}

pub(super) fn strip_ui(ui: &mut Ui, view: &StripView<'_>, outbox: &mut Outbox) {
    let StripView { loads, inks, .. } = *view;
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), size::PERFORMANCE_STRIP);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::GAP_M);
        if loads.len() <= MOST_BARS {
            core_micro_bars(ui, loads, inks);
        } else {
            core_micro_bars(ui, &means(loads), inks);
        }
        ui.add_space(size::GAP_XS);
        let words = RichText::new(view.sentence).font(font::caption());
        ui.label(words.color(theme.soft));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::GAP_XS);
            if view.is_detached {
                let attach = IconButton::new(Icon::FoldPanel, "Back into the main window");
                if ui.add(attach.small()).clicked() {
                    outbox.show(ShowCommand::DetachPerformance);
                }
                return;
            }
            let unfold = IconButton::new(Icon::ChevronUp, "Unfold the performance panel");
            if ui.add(unfold.shortcut("P").small()).clicked() {
                outbox.show(ShowCommand::TogglePerformance);
            }
        });
    });
}

/// As many bars as there is room for, each the mean of as many neighbours.
fn means(loads: &[CoreLoad]) -> Vec<CoreLoad> {
    let size = loads.len().div_ceil(MOST_BARS);
    let mean = |some: &[CoreLoad]| {
        let of = |part: fn(&CoreLoad) -> f32| {
            some.iter().map(part).sum::<f32>() / some.len().max(1) as f32
        };
        CoreLoad {
            ours: of(|load| load.ours),
            workers: of(|load| load.workers),
            rest: of(|load| load.rest),
        }
    };
    loads.chunks(size).map(mean).collect()
}
