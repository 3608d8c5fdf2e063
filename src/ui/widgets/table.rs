//! A small table of figures: heads in the quiet grey, figures right-aligned with tabular digits, a
//! dash where there is none. A cell may offer to measure what it lacks.

use egui::accesskit::Role;
use egui::{Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::mark::BackendMark;
use crate::ui::theme::{Theme, font, size};

use super::{focus, text};

#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    pub head: &'a str,
    /// Share of the width that is left over after the others; 0 keeps `width`.
    pub grows: f32,
    /// In points, at least.
    pub width: f32,
    /// Figures stand at the right, words at the left.
    pub is_figure: bool,
}

impl<'a> Column<'a> {
    #[must_use]
    pub const fn words(head: &'a str, width: f32) -> Self {
        Self {
            head,
            grows: 1.0,
            width,
            is_figure: false,
        }
    }

    #[must_use]
    pub const fn figures(head: &'a str, width: f32) -> Self {
        Self {
            head,
            grows: 0.25,
            width,
            is_figure: true,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// Empty shows a dash.
    pub text: String,
    pub mark: Option<BackendMark>,
    /// A link that does something, such as "measure"; its tooltip.
    pub action_tip: Option<&'static str>,
}

impl Cell {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn marked(text: impl Into<String>, mark: BackendMark) -> Self {
        Self {
            mark: Some(mark),
            ..Self::new(text)
        }
    }

    #[must_use]
    pub fn action(text: impl Into<String>, tip: &'static str) -> Self {
        Self {
            action_tip: Some(tip),
            ..Self::new(text)
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct TableRow {
    pub cells: Vec<Cell>,
    pub is_chosen: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableAnswer {
    /// This row was chosen.
    Row(usize),
    /// The action of this row's and column's cell.
    Action(usize, usize),
}

/// Over the whole width there is; put it into a scroll area where rows are many.
pub fn table(
    ui: &mut Ui,
    name: &str,
    columns: &[Column<'_>],
    rows: &[TableRow],
) -> Option<TableAnswer> {
    let widths = widths(columns, ui.available_width());
    ui.spacing_mut().item_spacing.y = 0.0;
    head(ui, columns, &widths);
    let mut answer = None;
    for (row_idx, row) in rows.iter().enumerate() {
        let wanted = vec2(ui.available_width(), size::ROW);
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
        response.widget_info(|| {
            let spoken = spoken(columns, row);
            WidgetInfo::selected(Role::Row, true, row.is_chosen, format!("{name}: {spoken}"))
        });
        row_ground(ui, rect, row, &response);
        if response.clicked() {
            answer = Some(TableAnswer::Row(row_idx));
        }
        for (column_idx, cell_rect) in cell_rects(rect, &widths).enumerate() {
            let Some(cell) = row.cells.get(column_idx) else {
                continue;
            };
            if cell_ui(ui, cell_rect, cell, columns[column_idx].is_figure) {
                answer = Some(TableAnswer::Action(row_idx, column_idx));
            }
        }
    }
    answer
}

fn widths(columns: &[Column<'_>], available: f32) -> Vec<f32> {
    let least: f32 = columns.iter().map(|column| column.width).sum();
    let shares: f32 = columns.iter().map(|column| column.grows).sum();
    let spare = (available - least).max(0.0);
    let width = |column: &Column<'_>| column.width + spare * column.grows / shares.max(1e-6);
    columns.iter().map(width).collect()
}

fn cell_rects(row: Rect, widths: &[f32]) -> impl Iterator<Item = Rect> {
    let mut left = row.left();
    widths.iter().map(move |width| {
        let rect = Rect::from_min_max(pos2(left, row.top()), pos2(left + width, row.bottom()));
        left += width;
        rect.shrink2(vec2(size::GAP_S, 0.0))
    })
}

fn head(ui: &mut Ui, columns: &[Column<'_>], widths: &[f32]) {
    let theme = Theme::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::ROW));
    for (column, cell) in columns.iter().zip(cell_rects(rect, widths)) {
        let write = if column.is_figure {
            text::right
        } else {
            text::left
        };
        write(ui, cell, column.head, font::caption(), theme.faint);
    }
}

fn row_ground(ui: &Ui, rect: Rect, row: &TableRow, response: &Response) {
    let theme = Theme::of(ui);
    let painter = ui.painter();
    if row.is_chosen || response.hovered() {
        let ground = if row.is_chosen {
            theme.control
        } else {
            theme.card
        };
        painter.rect_filled(rect, 3.0, ground);
    }
    let line = Stroke::new(1.0, theme.line_inner);
    painter.hline(rect.x_range(), rect.bottom(), line);
    focus::ring_around(ui, response, rect.shrink(3.0), 3);
}

/// True when its action was clicked.
fn cell_ui(ui: &mut Ui, rect: Rect, cell: &Cell, is_figure: bool) -> bool {
    let theme = Theme::of(ui);
    if let Some(tip) = cell.action_tip {
        let button = super::button::Button::text(&cell.text)
            .tip(tip, "")
            .figure();
        return ui
            .put(rect.expand2(vec2(size::GAP_S, 0.0)), button)
            .clicked();
    }
    let mut words = rect;
    if let Some(mark) = cell.mark {
        let at = pos2(rect.left() + size::DOT / 2.0, rect.center().y);
        mark.paint(ui.painter(), theme, at, size::DOT);
        words.min.x += size::DOT + size::GAP_S;
    }
    let (shown, ink) = if cell.text.is_empty() {
        ("–", theme.faint)
    } else {
        (cell.text.as_str(), theme.text)
    };
    let write = if is_figure { text::right } else { text::left };
    write(ui, words, shown, font::caption(), ink);
    false
}

/// The row as a sentence.
fn spoken(columns: &[Column<'_>], row: &TableRow) -> String {
    let parts = columns.iter().zip(&row.cells).map(|(column, cell)| {
        let text = if cell.text.is_empty() {
            "none"
        } else {
            &cell.text
        };
        format!("{} {text}", column.head)
    });
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_and_never_shrink_below_theirs() {
        let columns = [Column::words("backend", 100.0), Column::figures("ms", 60.0)];
        let wide = widths(&columns, 300.0);
        assert!((wide.iter().sum::<f32>() - 300.0).abs() < 1e-3);
        assert!(wide[0] > wide[1]);
        assert_eq!(widths(&columns, 20.0), [100.0, 60.0]);
    }
}
