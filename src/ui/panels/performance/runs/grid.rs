//! The whole table drawn: heads that sort, rows that are chosen and marked for comparison. Only rows in
//! sight are laid out, so that a table of any length costs the same.

use egui::{
    Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::studio::run_history::{LineKey, LineOrder, RunHistory, RunLine, SortKey};
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Icon, focus, text, tooltip};

use super::super::marks;
use super::columns::{COLUMNS, RunColumn, UNKNOWN, cell};

const ROW: f32 = 24.0;
/// Of the box that marks a run for comparison.
const CHECK: f32 = 28.0;

/// What is shown of the history.
pub(super) struct GridView<'a> {
    pub(super) history: &'a RunHistory,
    /// Indices of lines, in the order they are shown.
    pub(super) shown: &'a [usize],
    pub(super) chosen: Option<&'a LineKey>,
    pub(super) marked: &'a [LineKey],
    pub(super) order: LineOrder,
}

/// What the person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GridAnswer {
    Choose(LineKey),
    /// Show its lanes.
    Open(LineKey),
    Mark(LineKey),
    Sort(SortKey),
}

/// Over the whole room there is; scrolls both ways.
pub(super) fn grid_ui(ui: &mut Ui, view: &GridView<'_>, scroll_x: &mut f32) -> Option<GridAnswer> {
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut answer = head_ui(ui, view.order, *scroll_x);
    let width = CHECK + COLUMNS.iter().map(|column| column.width).sum::<f32>();
    let list = ScrollArea::both().id_salt("whole table").auto_shrink(false);
    let shown = list.show_rows(ui, ROW, view.shown.len(), |ui, rows| {
        ui.set_min_width(width);
        for idx in &view.shown[rows] {
            if let Some(line) = view.history.lines().get(*idx) {
                let answered = row_ui(ui, view, line, width);
                answer = answer.take().or(answered);
            }
        }
    });
    *scroll_x = shown.state.clamped_offset().x;
    answer
}

/// Each column and where it lies in a row that begins at `left`.
fn cells(row: Rect, left: f32) -> impl Iterator<Item = (&'static RunColumn, Rect)> {
    let mut left = left + CHECK;
    COLUMNS.iter().map(move |column| {
        let right = left + column.width;
        let cell = Rect::from_min_max(pos2(left, row.top()), pos2(right, row.bottom()));
        left = right;
        (column, cell.shrink2(vec2(6.0, 0.0)))
    })
}

/// Stays where it is while rows scroll, and goes along sideways.
fn head_ui(ui: &mut Ui, order: LineOrder, scroll_x: f32) -> Option<GridAnswer> {
    let (id, row) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let mut inside = ui.new_child(UiBuilder::new().max_rect(row));
    inside.set_clip_rect(row.intersect(ui.clip_rect()));
    let mut answer = None;
    for (column, cell) in cells(row, row.left() - scroll_x) {
        if row.intersects(cell) && head_cell_ui(&inside, (column, cell), id, order) {
            answer = Some(GridAnswer::Sort(column.key));
        }
    }
    answer
}

/// True when it was clicked.
fn head_cell_ui(
    ui: &Ui,
    (column, cell): (&RunColumn, Rect),
    id: egui::Id,
    order: LineOrder,
) -> bool {
    let theme = Theme::of(ui);
    let is_sorted = order.key == column.key;
    let response = ui.interact(cell, id.with(column.head), Sense::click());
    response.widget_info(|| {
        let order = match (is_sorted, order.is_descending) {
            (false, _) => "",
            (true, true) => ", sorted downward",
            (true, false) => ", sorted upward",
        };
        let words = format!("Sort by {}{order}", column.head);
        WidgetInfo::labeled(Role::ColumnHeader, true, words)
    });
    let is_clicked = response.clicked();
    let ink = if is_sorted || response.hovered() {
        theme.text
    } else {
        theme.faint
    };
    let write = if column.is_figure {
        text::right
    } else {
        text::left
    };
    let written = write(ui, cell, column.head, font::caption(), ink);
    if is_sorted {
        let beside = if column.is_figure {
            written.left() - 7.0
        } else {
            written.right() + 7.0
        };
        let icon = if order.is_descending {
            Icon::ChevronDown
        } else {
            Icon::ChevronUp
        };
        icon.paint_sized(ui.painter(), pos2(beside, cell.center().y), 11.0, ink);
    }
    focus::ring(ui, &response);
    tooltip::tip(response, column.tip, "");
    is_clicked
}

fn row_ui(ui: &mut Ui, view: &GridView<'_>, line: &RunLine, width: f32) -> Option<GridAnswer> {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width().max(width), ROW);
    let (row, _) = ui.allocate_exact_size(wanted, Sense::hover());
    let id = egui::Id::unique(("run", &line.key));
    let is_chosen = view.chosen == Some(&line.key);
    let standing = view.history.standing(line);
    let texts: Vec<String> = COLUMNS
        .iter()
        .map(|column| cell(line, &standing, column.key))
        .collect();
    let response = ui.interact(row, id, Sense::click());
    response.widget_info(|| {
        let words = format!("Run: {}", spoken(&texts));
        WidgetInfo::selected(Role::Row, true, is_chosen, words)
    });
    let ground = if is_chosen {
        Some(theme.control)
    } else {
        response.hovered().then_some(theme.card)
    };
    if let Some(ground) = ground {
        ui.painter().rect_filled(row, 3.0, ground);
    }
    let rule = Stroke::new(1.0, theme.line_inner);
    ui.painter().hline(row.x_range(), row.bottom(), rule);
    focus::ring_around(ui, &response, row.shrink(3.0), 3);
    let check = check_ui(ui, row, line, view.marked.contains(&line.key));
    for ((column, rect), shown) in cells(row, row.left()).zip(&texts) {
        if ui.is_rect_visible(rect) {
            cell_ui(ui, rect, line, (column, shown));
        }
    }
    let key = || line.key.clone();
    if check.clicked() {
        Some(GridAnswer::Mark(key()))
    } else if response.double_clicked() {
        Some(GridAnswer::Open(key()))
    } else {
        response.clicked().then(|| GridAnswer::Choose(key()))
    }
}

/// Marks a run for comparison.
fn check_ui(ui: &Ui, row: Rect, line: &RunLine, is_marked: bool) -> Response {
    let theme = Theme::of(ui);
    let hit = row.with_max_x(row.left() + CHECK);
    let id = egui::Id::unique(("mark run", &line.key));
    let response = ui.interact(hit, id, Sense::click());
    response.widget_info(|| {
        let record = &line.record;
        let words = format!(
            "Compare the run of {} on {}",
            record.started_at, record.backend
        );
        WidgetInfo::selected(Role::CheckBox, true, is_marked, words)
    });
    let square = Rect::from_center_size(hit.center(), vec2(13.0, 13.0));
    let edge = if response.hovered() {
        theme.text
    } else {
        theme.off
    };
    if is_marked {
        ui.painter().rect_filled(square, 3.0, theme.accent);
        Icon::Ok.paint_sized(ui.painter(), square.center(), 12.0, theme.on_accent);
    } else {
        let stroke = Stroke::new(1.0, edge);
        ui.painter()
            .rect_stroke(square, 3.0, stroke, egui::StrokeKind::Inside);
    }
    focus::ring_around(ui, &response, square.expand(2.0), 3);
    tooltip::tip(response, "Mark two runs to compare them", "")
}

fn cell_ui(ui: &Ui, cell: Rect, line: &RunLine, (column, shown): (&RunColumn, &str)) {
    let theme = Theme::of(ui);
    let mut words = cell;
    let mark = marks::of_name(&line.record.backend);
    if let (SortKey::Backend, Some(mark)) = (column.key, mark) {
        let at = pos2(cell.left() + size::DOT / 2.0, cell.center().y);
        mark.paint(ui.painter(), theme, at, size::DOT);
        words.min.x += size::DOT + size::GAP_S;
    }
    let (shown, ink) = match shown {
        "" => ("–", theme.faint),
        UNKNOWN => (UNKNOWN, theme.faint),
        shown => (shown, theme.text),
    };
    let write = if column.is_figure {
        text::right
    } else {
        text::left
    };
    write(ui, words, shown, font::caption(), ink);
}

/// The row as a sentence.
fn spoken(texts: &[String]) -> String {
    let known = COLUMNS
        .iter()
        .zip(texts)
        .filter(|(_, text)| !text.is_empty());
    let parts = known.map(|(column, text)| format!("{} {text}", column.head));
    parts.collect::<Vec<_>>().join(", ")
}
