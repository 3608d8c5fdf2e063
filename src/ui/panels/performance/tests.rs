//! Runs read as they should, and speed-ups stand only between runs of one job.

use egui::accesskit::Role;
use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::pixels::geometry::Rect;
use crate::studio::run_history::{LineKey, RunHistory, RunLine};
use crate::studio::run_log::RunRow;
use crate::telemetry::event::RunOutcome;
use crate::telemetry::ids::RunId;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::machine::Machine;
use crate::telemetry::record::{FileName, RunRecord};
use crate::telemetry::summary::Summary;
use crate::ui::command::{Command, Outbox};
use crate::ui::theme::{Theme, ThemeChoice};

use super::model::{AgainstSingle, OpenJob, ShortLine, preview_sentence, sentence, short_lines};
use super::runs::runs_ui;

const MS: u64 = 1_000_000;

fn record(id: u64, backend: &str, job_key: &str, wall_ms: u64) -> RunRecord {
    let mut record = RunRecord {
        id: RunId(id),
        backend: backend.to_owned(),
        n_workers: if backend == "single" { 1 } else { 4 },
        job_key: job_key.to_owned(),
        wall_ns: wall_ms * MS,
        region_in_frame: Rect::new(0, 0, 4000, 4000),
        recipe: format!("recipe of {job_key}"),
        ..RunRecord::default()
    };
    record.photo.file_name = FileName::from("a.jpg".to_owned());
    record
}

fn line_of(record: RunRecord) -> RunLine {
    let row = RunRow::once(RunWithEvents::new(record, Vec::new()));
    RunLine::of(&row, &Machine::gather())
}

fn history_of(records: Vec<RunRecord>) -> RunHistory {
    let mut history = RunHistory::default();
    for record in records {
        history.push(line_of(record));
    }
    history
}

fn open_job(job_key: &str) -> OpenJob {
    OpenJob {
        file_name: "a.jpg".to_owned(),
        recipe: format!("recipe of {job_key}"),
    }
}

#[test]
fn a_speedup_stands_only_against_a_single_core_run_of_the_same_job() {
    let history = history_of(vec![
        record(1, "single", "one", 800),
        record(2, "threads", "one", 200),
        record(3, "threads", "two", 200),
        record(4, "threads", "three", 200),
    ]);
    let lines = short_lines(&history, Some(&open_job("two")));
    let of = |id: usize| {
        let key = &history.lines()[id - 1].key;
        let line = lines.iter().find(|line| line.key == *key).unwrap();
        line.against_single
    };
    assert_eq!(lines[0].key, history.lines()[3].key, "newest first");
    let known = AgainstSingle::Known {
        speedup: 4.0,
        efficiency: 1.0,
        is_outdated: false,
    };
    assert_eq!(of(2), known);
    assert_eq!(of(3), AgainstSingle::CanMeasure);
    assert_eq!(of(4), AgainstSingle::Unknown, "not the job that is open");
    assert!(matches!(of(1), AgainstSingle::Known { speedup, .. } if speedup == 1.0));
}

#[test]
fn a_run_reads_as_one_sentence() {
    let mut warm = record(5, "processes", "one", 268);
    warm.transport = Some("pipes".to_owned());
    warm.worker_pids = vec![1, 2, 3, 4];
    warm.bytes_moved = 103_000_000;
    let words = sentence(&line_of(warm.clone()));
    assert_eq!(
        words,
        "processes · 4 workers · pipes · 268 ms · 59.7 MP/s · warm start · 103 MB moved"
    );
    let mut single = line_of(record(6, "single", "one", 842));
    single.n_runs = 3;
    assert_eq!(
        sentence(&single),
        "single · 842 ms, median of 3 · 19.0 MP/s"
    );
    warm.outcome = RunOutcome::Failed;
    warm.bytes_moved = 0;
    warm.spawn_ns = 45 * MS;
    let words = sentence(&line_of(warm));
    assert_eq!(
        words,
        "processes · 4 workers · pipes · failed · cold start 45 ms"
    );
}

#[test]
fn previews_are_one_line() {
    let summary = Summary::of([9 * MS, 8 * MS, 30 * MS]);
    assert_eq!(
        preview_sentence(summary),
        "previews: median 9.0 ms, 95 % within 30 ms, of the last 3"
    );
    assert!(preview_sentence(None).contains("none yet"));
}

struct Bench {
    lines: Vec<ShortLine>,
    chosen: Option<LineKey>,
    outbox: Outbox,
}

#[test]
fn the_table_chooses_runs_and_offers_to_measure() {
    let history = history_of(vec![
        record(1, "threads", "one", 200),
        record(2, "processes", "two", 250),
    ]);
    let processes = history.lines()[1].key.clone();
    let bench = Bench {
        lines: short_lines(&history, Some(&open_job("one"))),
        chosen: None,
        outbox: Outbox::default(),
    };
    let mut harness = Harness::builder()
        .with_size(vec2(640.0, 240.0))
        .with_max_steps(20)
        .build_ui_state(
            |ui, bench: &mut Bench| {
                Theme::apply(ui.ctx(), ThemeChoice::Dark);
                let previews = preview_sentence(None);
                let Bench {
                    lines,
                    chosen,
                    outbox,
                } = bench;
                runs_ui(ui, lines, &previews, chosen, outbox);
            },
            bench,
        );
    harness.run();
    harness
        .get_by_role_and_label(Role::Button, "measure")
        .click();
    harness.run();
    let sent = harness.state_mut().outbox.take();
    assert!(
        matches!(sent.as_slice(), [Command::MeasureSingle]),
        "{sent:?}"
    );
    harness
        .get_by(|node| {
            let label = node.label().unwrap_or_default();
            node.role() == Role::Row && label.contains("processes")
        })
        .click();
    harness.run();
    assert_eq!(harness.state().chosen, Some(processes));
}
