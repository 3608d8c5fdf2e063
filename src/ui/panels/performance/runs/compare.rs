//! Two runs side by side, phase by phase, with the difference in per cent, and what was changed
//! between their jobs.

use egui::{Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::studio::run_history::RunLine;
use crate::studio::run_pair::{FigurePair, RunPair, Unit};
use crate::telemetry::event::Phase;
use crate::telemetry::record::RunRecord;
use crate::ui::panels::figures;
use crate::ui::theme::mark::BackendMark;
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::{Icon, text};

use super::super::marks;
use super::columns::UNKNOWN;

const NAME: f32 = 170.0;
const FIGURE: f32 = 108.0;
const DIFFERENCE: f32 = 84.0;
const CHANGES_WIDTH: f32 = 260.0;
const BAR: f32 = 14.0;

/// Over the whole room there is.
pub(super) fn compare_ui(ui: &mut Ui, pair: &RunPair, runs: [&RunLine; 2]) {
    let records = runs.map(|run| &run.record);
    let names = runs.map(name);
    let names = [names[0].as_str(), names[1].as_str()];
    let room = ui.available_rect_before_wrap();
    let split = (room.right() - CHANGES_WIDTH).max(room.center().x);
    let (figures, changed) = room.split_left_right_at_x(split);
    ui.scope_builder(UiBuilder::new().max_rect(figures), |ui| {
        let list = ScrollArea::vertical()
            .id_salt("compared")
            .auto_shrink(false);
        list.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            head_ui(ui, records, names);
            shares_ui(ui, records, names);
            for figure in &pair.figures {
                line_ui(ui, figure, figure.label, names);
            }
            for phase in &pair.phases {
                let label = format!("{}, all workers", phase.label);
                line_ui(ui, phase, &label, names);
            }
        });
    });
    let changed = changed.with_min_x(changed.left() + size::GAP_L);
    ui.scope_builder(UiBuilder::new().max_rect(changed), |ui| {
        changes_ui(ui, pair);
    });
}

/// `threads 4`, or the person's own name for the run.
fn name(run: &RunLine) -> String {
    if run.name.is_empty() {
        format!("{} {}", run.record.backend, run.record.n_workers)
    } else {
        run.name.clone()
    }
}

fn changes_ui(ui: &mut Ui, pair: &RunPair) {
    text::section(ui, "What changed");
    let list = ScrollArea::vertical().id_salt("changed").auto_shrink(false);
    list.show(ui, |ui| {
        if !pair.is_same_job {
            sign_ui(
                ui,
                Icon::Info,
                "Two different jobs: their times do not compare",
            );
        }
        match pair.is_identical {
            Some(true) => sign_ui(ui, Icon::Ok, "The same pixels, bit for bit"),
            Some(false) => sign_ui(ui, Icon::Error, "Different pixels"),
            None => {}
        }
        let changes = pair.other_changes.iter().chain(&pair.recipe_changes);
        if changes.clone().next().is_none() {
            text::caption(ui, "Nothing: the same job, done the same way twice.");
        }
        for line in changes {
            text::caption(ui, line);
        }
    });
}

fn sign_ui(ui: &mut Ui, icon: Icon, words: &str) {
    let theme = Theme::of(ui);
    let ink = match icon {
        Icon::Ok => theme.ok,
        Icon::Error => theme.error,
        _ => theme.soft,
    };
    ui.horizontal(|ui| {
        let (_, square) = ui.allocate_space(vec2(16.0, 16.0));
        icon.paint_sized(ui.painter(), square.center(), 14.0, ink);
        text::caption(ui, words);
    });
}

/// Where the columns of a row lie: name, first, second, difference.
fn cells(row: Rect) -> [Rect; 4] {
    let at = |left: f32, width: f32| {
        let left = row.left() + left;
        Rect::from_min_max(pos2(left, row.top()), pos2(left + width, row.bottom()))
    };
    [
        at(0.0, NAME),
        at(NAME, FIGURE),
        at(NAME + FIGURE, FIGURE),
        at(NAME + 2.0 * FIGURE, DIFFERENCE),
    ]
}

fn head_ui(ui: &mut Ui, runs: [&RunRecord; 2], names: [&str; 2]) {
    let theme = Theme::of(ui);
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), size::ROW));
    let [_, first, second, difference] = cells(row);
    for ((cell, name), run) in [first, second].into_iter().zip(names).zip(runs) {
        let written = text::right(ui, cell, name, font::caption(), theme.text);
        if let Some(mark) = marks::of_name(&run.backend) {
            let at = pos2(written.left() - size::GAP_S, cell.center().y);
            mark.paint(ui.painter(), theme, at, size::DOT);
        }
    }
    text::right(ui, difference, "difference", font::caption(), theme.faint);
}

/// Each run's wall time as a bar, on one scale, parted by what its workers did.
fn shares_ui(ui: &mut Ui, runs: [&RunRecord; 2], names: [&str; 2]) {
    let longest_ns = runs.map(|run| run.wall_ns).into_iter().max().unwrap_or(1);
    for (run, name) in runs.into_iter().zip(names) {
        let wanted = vec2(ui.available_width(), BAR + 4.0);
        let (row, response) = ui.allocate_exact_size(wanted, Sense::hover());
        let words = format!("{name}: {}", figures::duration(run.wall_ns));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
        text::left(ui, row, name, font::caption(), Theme::of(ui).soft);
        let track = row
            .with_min_x(row.left() + NAME)
            .with_max_x(row.right() - size::GAP_M)
            .shrink2(vec2(0.0, 2.0));
        ui.painter().rect_filled(track, 0.0, WELL.trough);
        let length = track.width() * run.wall_ns as f32 / longest_ns.max(1) as f32;
        let backend = marks::of_name(&run.backend).unwrap_or(BackendMark::Threads);
        let Some(phases) = run.phases else {
            let bar = track.with_max_x(track.left() + length);
            ui.painter().rect_filled(bar, 0.0, backend.color());
            continue;
        };
        let mut left = track.left();
        for phase in in_order() {
            let width = length * phases.share(phase) as f32;
            let part = track.with_min_x(left).with_max_x(left + width);
            marks::of_phase(phase, backend).paint(ui.painter(), part);
            left += width;
        }
    }
    ui.add_space(size::GAP_XS);
}

/// What the time was for stands first, waiting last.
fn in_order() -> Vec<Phase> {
    let mut phases = Phase::ALL.to_vec();
    phases.sort_by_key(|phase| match phase {
        Phase::Computing => 0,
        Phase::Waiting => 2,
        _ => 1,
    });
    phases
}

fn line_ui(ui: &mut Ui, figure: &FigurePair, label: &str, names: [&str; 2]) {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), 20.0);
    let (row, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let [one, other] = [figure.first, figure.second].map(|value| written(figure.unit, value));
    let change = figure
        .change_percent()
        .map_or_else(|| "–".to_owned(), signed_percent);
    response.widget_info(|| {
        let words = format!(
            "{label}: {} {one}, {} {other}, difference {change}",
            names[0], names[1]
        );
        WidgetInfo::labeled(Role::Row, true, words)
    });
    let [name, first, second, difference] = cells(row);
    text::left(ui, name, label, font::caption(), theme.soft);
    for (cell, words) in [(first, &one), (second, &other), (difference, &change)] {
        let ink = if words == UNKNOWN {
            theme.faint
        } else {
            theme.text
        };
        text::right(ui, cell, words, font::caption(), ink);
    }
}

fn written(unit: Unit, value: Option<f64>) -> String {
    let Some(value) = value else {
        return UNKNOWN.to_owned();
    };
    match unit {
        Unit::Nanoseconds => figures::duration(value as u64),
        Unit::Bytes if value == 0.0 => "0".to_owned(),
        Unit::Bytes => figures::bytes(value as u64),
        Unit::Count => format!("{value:.0}"),
        Unit::MegapixelsPerSecond => format!("{value:.1} MP/s"),
    }
}

pub(super) fn signed_percent(percent: f64) -> String {
    let percent = percent.round();
    if percent == 0.0 {
        "0 %".to_owned()
    } else if percent < 0.0 {
        format!("\u{2212}{:.0} %", -percent)
    } else {
        format!("+{percent:.0} %")
    }
}
