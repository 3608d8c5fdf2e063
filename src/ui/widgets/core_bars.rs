//! How busy each core is: this program's share in the backend's colour, the rest in grey.

use egui::accesskit::Role;
use egui::{Color32, Painter, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{Theme, WELL, font};

use super::text;

/// Shares of one core's time, 0…1 each; together at most 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CoreLoad {
    pub ours: f32,
    pub rest: f32,
}

impl CoreLoad {
    #[must_use]
    pub fn total(self) -> f32 {
        (self.ours + self.rest).clamp(0.0, 1.0)
    }
}

const MICRO_BAR: f32 = 4.0;
const MICRO_GAP: f32 = 2.0;
const MICRO_HEIGHT: f32 = 18.0;
const HISTORY_BAR: f32 = 2.0;
const HISTORY_STEP: f32 = 3.0;
const LABEL: f32 = 28.0;
const PERCENT: f32 = 44.0;

/// One narrow bar a core, for the folded panel.
pub fn core_micro_bars(ui: &mut Ui, loads: &[CoreLoad], ours: Color32) {
    let width = loads.len() as f32 * (MICRO_BAR + MICRO_GAP) + MICRO_GAP;
    let (rect, response) = ui.allocate_exact_size(vec2(width, MICRO_HEIGHT + 4.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(loads)));
    ui.painter().rect_filled(rect, 3.0, WELL.ground);
    for (core_idx, load) in loads.iter().enumerate() {
        let left = rect.left() + MICRO_GAP + core_idx as f32 * (MICRO_BAR + MICRO_GAP);
        let bar = Rect::from_min_size(pos2(left, rect.top() + 2.0), vec2(MICRO_BAR, MICRO_HEIGHT));
        ui.painter().rect_filled(bar, 0.0, WELL.trough);
        load_bar(ui.painter(), bar, *load, ours);
    }
}

/// A core's recent past as thin bars, newest at the right, with its number and its load now.
/// `height` lets a few cores fill the panel.
pub fn core_history_row(
    ui: &mut Ui,
    core_idx: usize,
    history: &[CoreLoad],
    ours: Color32,
    height: f32,
) {
    let wanted = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let now = history.last().copied();
    let percent = now.map_or("–".to_owned(), |load| {
        format!("{:.0} %", load.total() * 100.0)
    });
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Image, true, format!("core {core_idx}: {percent}"))
    });
    let label = rect.with_max_x(rect.left() + LABEL);
    let theme = Theme::of(ui);
    let number = core_idx.to_string();
    text::left(ui, label, &number, font::caption(), theme.faint);
    text::right(ui, rect, &percent, font::caption(), theme.text);
    let plot = Rect::from_min_max(
        pos2(rect.left() + LABEL, rect.top() + 2.0),
        pos2(rect.right() - PERCENT, rect.bottom() - 2.0),
    );
    let n_bars = (plot.width() / HISTORY_STEP).max(0.0) as usize;
    ui.painter().rect_filled(plot, 3.0, WELL.ground);
    for (age, load) in history.iter().rev().take(n_bars).enumerate() {
        let right = plot.right() - age as f32 * HISTORY_STEP;
        let bar = Rect::from_min_max(
            pos2(right - HISTORY_BAR, plot.top()),
            pos2(right, plot.bottom()),
        );
        load_bar(ui.painter(), bar, *load, ours);
    }
}

/// Cores as a field of squares, for machines with more than rows can show.
pub fn core_heat(ui: &mut Ui, loads: &[CoreLoad], ours: Color32) {
    let cell = 18.0;
    let gap = 2.0;
    let n_columns = ((ui.available_width() / (cell + gap)) as usize).max(1);
    let n_rows = loads.len().div_ceil(n_columns);
    let wanted = vec2(ui.available_width(), n_rows as f32 * (cell + gap));
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(loads)));
    for (core_idx, load) in loads.iter().enumerate() {
        let at = vec2(
            (core_idx % n_columns) as f32 * (cell + gap),
            (core_idx / n_columns) as f32 * (cell + gap),
        );
        let square = Rect::from_min_size(rect.min + at, vec2(cell, cell));
        ui.painter().rect_filled(square, 2.0, WELL.trough);
        load_bar(ui.painter(), square, *load, ours);
    }
}

/// Ours from the bottom, the rest on top of it.
fn load_bar(painter: &Painter, bar: Rect, load: CoreLoad, ours: Color32) {
    let own = load.ours.clamp(0.0, 1.0);
    let top_of_ours = bar.bottom() - bar.height() * own;
    let top = bar.bottom() - bar.height() * load.total();
    painter.rect_filled(bar.with_min_y(top).with_max_y(top_of_ours), 0.0, WELL.rest);
    painter.rect_filled(bar.with_min_y(top_of_ours), 0.0, ours);
}

fn spoken(loads: &[CoreLoad]) -> String {
    let busy = loads.iter().filter(|load| load.total() > 0.5).count();
    format!("{busy} of {} cores busy", loads.len())
}
