//! The worker processes: who they are, what they do and hold now, and a button that kills one; below
//! them who was lost in this sitting's runs, and why.

use egui::{ScrollArea, Ui};

use crate::studio::run_log::RunRow;
use crate::studio::session::Session;
use crate::studio::workers::{Bench, BenchWorker, EndCause, WorkerState};
use crate::telemetry::clock::wall_at;
use crate::telemetry::record::{Fault, RunRecord};
use crate::ui::command::{Command, Outbox};
use crate::ui::panels::figures;
use crate::ui::theme::mark::BackendMark;
use crate::ui::theme::size;
use crate::ui::widgets::{Cell, Column, TableAnswer, TableRow, table, text};

const KILL_TIP: &str = "Kills this process as a crash would. Its tile is done again by another, and a \
                        new process takes its place.";

/// Losses shown; a storm of them says no more than its end.
const MOST_LOSSES: usize = 50;

fn columns() -> [Column<'static>; 8] {
    [
        Column::words("worker", 148.0),
        Column::figures("process", 64.0),
        Column::words("now", 84.0),
        Column::figures("memory", 64.0),
        Column::figures("tiles", 52.0),
        Column::figures("restarts", 62.0),
        Column::words("last death", 84.0),
        Column::figures("", 44.0),
    ]
}

fn loss_columns() -> [Column<'static>; 5] {
    [
        Column::words("when, UTC", 84.0),
        Column::words("worker", 96.0),
        Column::figures("process", 64.0),
        Column::words("cause", 110.0),
        Column::words("at", 150.0),
    ]
}

/// A worker lost in a run of this sitting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Loss {
    /// Of the day, in UTC.
    when: String,
    worker: String,
    process: String,
    cause: String,
    at: String,
}

/// The newest first.
pub(super) fn losses_of(session: &Session) -> Vec<Loss> {
    let records = session.runs.rows().iter().rev().map(RunRow::record);
    let losses = records.flat_map(|record| {
        let faults = record.faults.iter().rev();
        faults.map(move |fault| loss_of(record, fault))
    });
    losses.take(MOST_LOSSES).collect()
}

fn loss_of(record: &RunRecord, fault: &Fault) -> Loss {
    let wall = wall_at(fault.at_ns);
    let time = wall.split_once('T').map_or("", |(_, time)| time);
    let when = time.split_once('.').map_or(time, |(seconds, _)| seconds);
    Loss {
        when: when.to_owned(),
        worker: format!("worker {}", fault.worker),
        process: fault.pid.map_or_else(String::new, |pid| pid.to_string()),
        cause: fault.cause.to_string(),
        at: match fault.tile {
            Some((pass, tile)) => format!("pass {pass}, tile {tile} of {}", record.n_tiles),
            None => "no tile".to_owned(),
        },
    }
}

/// A row a worker, and below a row a loss; what a click asks for goes to the outbox.
pub(super) fn workers_ui(
    ui: &mut Ui,
    workers: &[BenchWorker],
    losses: &[Loss],
    outbox: &mut Outbox,
) {
    ui.spacing_mut().item_spacing.y = size::GAP_XS;
    let list = ScrollArea::vertical().id_salt("workers").auto_shrink(false);
    list.show(ui, |ui| {
        if workers.is_empty() {
            text::caption(
                ui,
                "No worker processes. Choose Processes in the toolbar; they start with the first tile.",
            );
        } else {
            living_ui(ui, workers, outbox);
        }
        if !losses.is_empty() {
            ui.add_space(size::GAP_M);
            text::section(ui, "Lost in this sitting's runs; their tiles were done again");
            let rows: Vec<TableRow> = losses.iter().map(loss_row).collect();
            ui.push_id("losses", |ui| table(ui, "Loss", &loss_columns(), &rows));
        }
    });
}

fn living_ui(ui: &mut Ui, workers: &[BenchWorker], outbox: &mut Outbox) {
    let rows: Vec<TableRow> = workers.iter().map(row_of).collect();
    let answer = table(ui, "Worker", &columns(), &rows);
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
    let last_death = view
        .last_death
        .map_or_else(String::new, |it| it.to_string());
    TableRow {
        cells: vec![
            Cell::marked(name, BackendMark::Processes),
            Cell::new(view.pid.map_or_else(String::new, |pid| pid.to_string())),
            Cell::new(state_of(worker)),
            Cell::new(view.rss_bytes.map_or_else(String::new, figures::bytes)),
            Cell::new(view.n_tiles.to_string()),
            Cell::new(view.n_restarts.to_string()),
            Cell::new(last_death),
            kill,
        ],
        is_chosen: false,
    }
}

fn loss_row(loss: &Loss) -> TableRow {
    let Loss {
        when,
        worker,
        process,
        cause,
        at,
    } = loss;
    let cells = [when, worker, process, cause, at].map(Cell::new);
    TableRow {
        cells: cells.into(),
        is_chosen: false,
    }
}

/// What it does now; where nobody is there, why.
fn state_of(worker: &BenchWorker) -> String {
    let view = &worker.view;
    let words = match (view.state, view.last_end) {
        (WorkerState::Dead, Some(EndCause::Rest | EndCause::Stopped)) => "at rest",
        (WorkerState::Dead, Some(EndCause::Resize)) => "not needed",
        (WorkerState::Dead, Some(EndCause::Recycled)) => "being replaced",
        (WorkerState::Dead, Some(EndCause::Closed)) => "ended",
        (WorkerState::Dead, None) if view.last_death.is_some() => "lost",
        (WorkerState::Dead, None) => "not started",
        (state, _) => state.name(),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use egui::vec2;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::studio::workers::{DeathCause, WorkerView};
    use crate::telemetry::ids::{PassIdx, TileIdx, WorkerIdx};
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
                last_end: None,
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
            [
                "worker 2", "4711", "busy", "64.0 MB", "12", "1", "signal 9", "kill"
            ]
        );
        let mut gone = worker(0, None, WorkerState::Dead);
        assert_eq!(texts(gone)[2], "lost");
        gone.view.last_end = Some(EndCause::Rest);
        assert_eq!(
            (texts(gone)[2].as_str(), texts(gone)[6].as_str()),
            ("at rest", "signal 9"),
            "what it died of once is not what it does now"
        );
        gone.view.last_death = None;
        gone.view.last_end = None;
        assert_eq!(texts(gone)[2], "not started");
    }

    #[test]
    fn a_loss_tells_who_when_and_at_what() {
        let fault = Fault {
            at_ns: 0,
            worker: WorkerIdx(1),
            pid: Some(4711),
            cause: DeathCause::Signal(9),
            tile: Some((PassIdx(0), TileIdx(7))),
        };
        let record = RunRecord {
            n_tiles: 240,
            ..RunRecord::default()
        };
        let loss = loss_of(&record, &fault);
        assert_eq!(loss.at, "pass 0, tile 7 of 240");
        assert_eq!(
            (
                loss.worker.as_str(),
                loss.process.as_str(),
                loss.cause.as_str()
            ),
            ("worker 1", "4711", "signal 9")
        );
        assert_eq!(loss.when.len(), "14:03:12".len(), "{}", loss.when);
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
                    workers_ui(ui, &workers, &[], outbox);
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
