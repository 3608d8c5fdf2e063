//! The short table of runs beside the lanes, and the line that sums up the previews.

use egui::{ScrollArea, Ui};

use crate::studio::run_history::LineKey;
use crate::ui::command::{Command, Outbox};
use crate::ui::panels::figures;
use crate::ui::theme::size;
use crate::ui::widgets::{Cell, Column, TableAnswer, TableRow, table, text};

use super::super::marks;
use super::super::model::{AgainstSingle, ShortLine};

const MEASURE_TIP: &str = "Run this job once on a single core, to compare with";

fn columns() -> [Column<'static>; 8] {
    [
        Column::words("backend", 120.0),
        Column::figures("workers", 60.0),
        Column::figures("transport", 76.0),
        Column::figures("ms", 56.0),
        Column::figures("of", 34.0),
        Column::figures("MP/s", 52.0),
        Column::figures("speed-up", 74.0),
        Column::figures("efficiency", 78.0),
    ]
}

/// Least width, in points, at which the table is worth showing.
pub(in super::super) fn table_width() -> f32 {
    columns().iter().map(|column| column.width).sum()
}

/// The previews' line and the table. A click on a row chooses its run.
pub(in super::super) fn runs_ui(
    ui: &mut Ui,
    lines: &[ShortLine],
    previews: &str,
    chosen: &mut Option<LineKey>,
    outbox: &mut Outbox,
) {
    ui.spacing_mut().item_spacing.y = size::GAP_XS;
    text::caption(ui, previews);
    if lines.is_empty() {
        text::caption(
            ui,
            "No full run yet. Run computes the whole photo on the chosen backend; Compare takes all \
             of them in turn.",
        );
        return;
    }
    let rows: Vec<TableRow> = lines
        .iter()
        .map(|line| row_of(line, chosen.as_ref() == Some(&line.key)))
        .collect();
    let list = ScrollArea::vertical().id_salt("runs").auto_shrink(false);
    let answer = list
        .show(ui, |ui| table(ui, "Run", &columns(), &rows))
        .inner;
    match answer {
        Some(TableAnswer::Row(row_idx)) => {
            *chosen = lines.get(row_idx).map(|line| line.key.clone());
        }
        Some(TableAnswer::Action(..)) => outbox.send(Command::MeasureSingle),
        None => {}
    }
}

pub(in super::super) fn row_of(line: &ShortLine, is_chosen: bool) -> TableRow {
    let name = if line.what.is_empty() {
        line.backend.clone()
    } else {
        format!("{}, {}", line.backend, line.what)
    };
    let backend = match marks::of_name(&line.backend) {
        Some(mark) => Cell::marked(name, mark),
        None => Cell::new(name),
    };
    let (speedup, efficiency) = match line.against_single {
        AgainstSingle::Known {
            speedup,
            efficiency,
            is_outdated,
        } => (
            Cell::new(if is_outdated {
                format!("{speedup:.2}× old")
            } else {
                format!("{speedup:.2}×")
            }),
            Cell::new(format!("{:.0} %", efficiency * 100.0)),
        ),
        AgainstSingle::CanMeasure => (Cell::action("measure", MEASURE_TIP), Cell::default()),
        AgainstSingle::Unknown => (Cell::default(), Cell::default()),
    };
    TableRow {
        cells: vec![
            backend,
            Cell::new(line.n_workers.to_string()),
            Cell::new(line.transport.clone().unwrap_or_default()),
            Cell::new(line.wall_ns.map_or_else(String::new, figures::milliseconds)),
            Cell::new(line.n_runs.to_string()),
            Cell::new(
                line.megapixels_per_s
                    .map_or_else(String::new, |speed| format!("{speed:.1}")),
            ),
            speedup,
            efficiency,
        ],
        is_chosen,
    }
}
