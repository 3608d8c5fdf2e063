//! The end of the tour: five bars from its runs, which backend to use, and the log to keep.

use egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::studio::BackendKind;
use crate::studio::session::Tour;
use crate::studio::tour::{TourStep, WHICH_TO_USE};
use crate::ui::command::{Command, Outbox};
use crate::ui::panels::figures;
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::{Button, text};

use super::super::marks;

const NAME: f32 = 190.0;
const FIGURE: f32 = 64.0;
const BAR_ROW: f32 = 22.0;
const WHICH: f32 = 420.0;

/// Bars that are shorter than this tell nothing.
const BAR_MIN: f32 = 120.0;

/// Whose colour a step's bar has.
const fn kind_of(step: TourStep) -> BackendKind {
    match step {
        TourStep::OneWorker => BackendKind::Single,
        TourStep::Threads => BackendKind::Threads,
        TourStep::Processes => BackendKind::Processes,
        TourStep::GlobalLock | TourStep::WorkThatWaits => BackendKind::GlobalLock,
    }
}

pub(super) fn end_card_ui(ui: &mut Ui, tour: &Tour, outbox: &mut Outbox) {
    let bars = tour.bars();
    if bars.is_empty() {
        text::caption(
            ui,
            "The bars of the five steps stand here once they were run.",
        );
        return;
    }
    let wanted = vec2(ui.available_width(), size::BUTTON);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        let missing = TourStep::ALL.len() - bars.len();
        let words = match missing {
            0 => "The same edit, five ways".to_owned(),
            n => figures::counted(n, "step is still to be run", "steps are still to be run"),
        };
        text::caption(ui, &words);
        if ui.add(Button::quiet("Save the log…")).clicked() {
            outbox.send(Command::ChooseLog);
        }
        if ui.add(Button::text("Begin again")).clicked() {
            outbox.send(Command::RestartTour);
        }
    });
    let room = ui.available_rect_before_wrap();
    if room.width() * 0.5 < NAME + BAR_MIN + FIGURE {
        // Side by side neither would have room for its words.
        bars_ui(ui, &bars);
        ui.add_space(size::GAP_S);
        which_ui(ui);
        return;
    }
    let split = (room.right() - WHICH).max(room.left() + room.width() * 0.5);
    let (left, right) = room.split_left_right_at_x(split);
    ui.scope_builder(UiBuilder::new().max_rect(left), |ui| bars_ui(ui, &bars));
    let right = right.with_min_x(right.left() + size::GAP_L);
    ui.scope_builder(UiBuilder::new().max_rect(right), which_ui);
}

fn bars_ui(ui: &mut Ui, bars: &[(TourStep, &'static str, u64)]) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let longest_ns = bars.iter().map(|(_, _, ns)| *ns).max().unwrap_or(1).max(1);
    for (step, label, ns) in bars {
        let wanted = vec2(ui.available_width(), BAR_ROW);
        let (row, response) = ui.allocate_exact_size(wanted, Sense::hover());
        let time = figures::duration(*ns);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{label}: {time}")));
        let theme = Theme::of(ui);
        let mark = marks::of_kind(kind_of(*step));
        let at = pos2(row.left() + size::DOT / 2.0, row.center().y);
        mark.paint(ui.painter(), theme, at, size::DOT);
        let words = row.with_min_x(row.left() + size::DOT + size::GAP_S);
        text::left(ui, words, label, font::caption(), theme.soft);
        text::right(ui, row, &time, font::caption(), theme.text);
        let track = Rect::from_min_max(
            pos2(row.left() + NAME, row.top() + 3.0),
            pos2(row.right() - FIGURE, row.bottom() - 3.0),
        );
        ui.painter().rect_filled(track, 2.0, WELL.trough);
        let length = track.width() * *ns as f32 / longest_ns as f32;
        let bar = track.with_max_x(track.left() + length.max(1.0));
        ui.painter().rect_filled(bar, 2.0, mark.color());
    }
}

fn which_ui(ui: &mut Ui) {
    ui.spacing_mut().item_spacing.y = 2.0;
    text::section(ui, "Which should I use?");
    for (name, when) in WHICH_TO_USE {
        let words = egui::RichText::new(format!("{name} {when}")).font(font::caption());
        ui.add(egui::Label::new(words.color(Theme::of(ui).soft)).wrap());
    }
}
