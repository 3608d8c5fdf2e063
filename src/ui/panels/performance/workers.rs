//! The worker processes: who they are, what they do and hold, and a button that kills one.

use egui::{ScrollArea, Ui};

use crate::studio::workers::{Bench, BenchWorker, WorkerState};
use crate::ui::command::{Command, Outbox};
use crate::ui::panels::figures;
use crate::ui::theme::mark::BackendMark;
use crate::ui::theme::size;
use crate::ui::widgets::{Cell, Column, TableAnswer, TableRow, table, text};

const KILL_TIP: &str = "Kills this process as a crash would. Its tile is done again by another, and a \
                        new process takes its place.";

fn columns() -> [Column<'static>; 7] {
    [
        Column::words("worker", 124.0),
        Column::figures("process", 64.0),
        Column::words("state", 104.0),
        Column::figures("memory", 64.0),
        Column::figures("tiles", 52.0),
        Column::figures("restarts", 62.0),
        Column::figures("", 44.0),
    ]
}

/// A row a worker; what a click asks for goes to the outbox.
pub(super) fn workers_ui(ui: &mut Ui, workers: &[BenchWorker], outbox: &mut Outbox) {
    ui.spacing_mut().item_spacing.y = size::GAP_XS;
    if workers.is_empty() {
        text::caption(
            ui,
            "No worker processes. Choose Processes in the toolbar; they start with the first tile.",
        );
        return;
    }
    let rows: Vec<TableRow> = workers.iter().map(row_of).collect();
    let list = ScrollArea::vertical().id_salt("workers").auto_shrink(false);
    let answer = list
        .show(ui, |ui| table(ui, "Worker", &columns(), &rows))
        .inner;
    if let Some(TableAnswer::Action(row_idx, _)) = answer
        && let Some(pid) = workers.get(row_idx).and_then(|worker| worker.view.pid)
    {
        outbox.send(Command::KillWorker(pid));
    }
}

fn row_of(worker: &BenchWorker) -> TableRow {
    let view = &worker.view;
    let name = match worker.bench {
        Bench::Runs => format!("worker {}", view.worker),
        Bench::Previews => format!("worker {}, previews", view.worker),
    };
    let kill = match view.pid {
        Some(_) => Cell::action("kill", KILL_TIP),
        None => Cell::default(),
    };
    TableRow {
        cells: vec![
            Cell::marked(name, BackendMark::Processes),
            Cell::new(view.pid.map_or_else(String::new, |pid| pid.to_string())),
            Cell::new(state_of(worker)),
            Cell::new(view.rss_bytes.map_or_else(String::new, figures::bytes)),
            Cell::new(view.n_tiles.to_string()),
            Cell::new(view.n_restarts.to_string()),
            kill,
        ],
        is_chosen: false,
    }
}

/// `busy`; of nobody the cause, or that a rest is taken.
fn state_of(worker: &BenchWorker) -> String {
    let view = &worker.view;
    match (view.state, view.last_death) {
        (WorkerState::Dead, Some(cause)) => cause.to_string(),
        (WorkerState::Dead, None) => "at rest".to_owned(),
        (state, _) => state.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use egui::vec2;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::studio::workers::{DeathCause, WorkerView};
    use crate::telemetry::ids::WorkerIdx;
    use crate::ui::theme::{Theme, ThemeChoice};

    fn worker(idx: u16, pid: Option<u32>, state: WorkerState) -> BenchWorker {
        BenchWorker {
            bench: Bench::Runs,
            view: WorkerView {
                worker: WorkerIdx(idx),
                pid,
                state,
                n_tiles: 12,
                n_restarts: 1,
                last_death: Some(DeathCause::Signal(9)),
                rss_bytes: Some(64_000_000),
            },
        }
    }

    #[test]
    fn a_row_says_all_of_a_worker() {
        let texts = |worker| {
            let cells = row_of(&worker).cells;
            cells.into_iter().map(|cell| cell.text).collect::<Vec<_>>()
        };
        assert_eq!(
            texts(worker(2, Some(4711), WorkerState::Busy)),
            ["worker 2", "4711", "busy", "64.0 MB", "12", "1", "kill"]
        );
        assert_eq!(texts(worker(0, None, WorkerState::Dead))[2], "signal 9");
    }

    #[test]
    fn the_button_asks_for_this_process() {
        let workers = [
            worker(0, Some(41), WorkerState::Idle),
            worker(1, Some(42), WorkerState::Busy),
        ];
        let mut harness = Harness::builder()
            .with_size(vec2(640.0, 200.0))
            .with_max_steps(20)
            .build_ui_state(
                |ui, outbox: &mut Outbox| {
                    Theme::apply(ui.ctx(), ThemeChoice::Dark);
                    workers_ui(ui, &workers, outbox);
                },
                Outbox::default(),
            );
        harness.run();
        let buttons: Vec<_> = harness.get_all_by_label("kill").collect();
        assert_eq!(buttons.len(), 2);
        buttons[1].click();
        harness.run();
        let sent = harness.state_mut().take();
        assert!(matches!(sent[..], [Command::KillWorker(42)]), "{sent:?}");
    }
}
