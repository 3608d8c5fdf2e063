//! Runs read as they should, and speed-ups stand only between runs of one job.

use egui::accesskit::Role;
use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::pixels::geometry::Rect;
use crate::studio::run_log::{RunLog, RunRow};
use crate::telemetry::event::{Phase, PhaseSpan, RunOutcome, TileRecord};
use crate::telemetry::ids::{PassIdx, RunId, TileIdx, WorkerIdx};
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::machine::Machine;
use crate::telemetry::record::{FileName, RunRecord};
use crate::telemetry::summary::Summary;
use crate::telemetry::timeline::Timeline;
use crate::ui::command::{Command, Outbox};
use crate::ui::theme::{Theme, ThemeChoice};

use super::lane_tip::tip_lines;
use super::lanes::lanes_ui;
use super::model::{AgainstSingle, OpenJob, RunLine, preview_sentence, run_lines, sentence};
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

fn log_of(records: Vec<RunRecord>) -> RunLog {
    let mut log = RunLog::new(Machine::gather());
    for record in records {
        log.push(RunRow::once(RunWithEvents::new(record, Vec::new())));
    }
    log
}

fn open_job(job_key: &str) -> OpenJob {
    OpenJob {
        file_name: "a.jpg".to_owned(),
        recipe: format!("recipe of {job_key}"),
    }
}

#[test]
fn a_speedup_stands_only_against_a_single_core_run_of_the_same_job() {
    let log = log_of(vec![
        record(1, "single", "one", 800),
        record(2, "threads", "one", 200),
        record(3, "threads", "two", 200),
        record(4, "threads", "three", 200),
    ]);
    let lines = run_lines(&log, Some(&open_job("two")));
    let of = |id: u64| {
        let line = lines.iter().find(|line| line.id == RunId(id)).unwrap();
        line.against_single
    };
    assert_eq!(lines[0].id, RunId(4), "newest first");
    let known = AgainstSingle::Known {
        speedup: 4.0,
        efficiency: 1.0,
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
    let words = sentence(&RunRow::once(RunWithEvents::new(warm.clone(), Vec::new())));
    assert_eq!(
        words,
        "processes · 4 workers · pipes · 268 ms · 59.7 MP/s · warm start · 103 MB moved"
    );
    let single = RunRow {
        run: RunWithEvents::new(record(6, "single", "one", 842), Vec::new()),
        n_runs: 3,
    };
    assert_eq!(
        sentence(&single),
        "single · 842 ms, median of 3 · 19.0 MP/s"
    );
    warm.outcome = RunOutcome::Failed;
    warm.bytes_moved = 0;
    warm.spawn_ns = 45 * MS;
    let words = sentence(&RunRow::once(RunWithEvents::new(warm, Vec::new())));
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
    lines: Vec<RunLine>,
    chosen: Option<RunId>,
    outbox: Outbox,
}

#[test]
fn the_table_chooses_runs_and_offers_to_measure() {
    let log = log_of(vec![
        record(1, "threads", "one", 200),
        record(2, "processes", "two", 250),
    ]);
    let bench = Bench {
        lines: run_lines(&log, Some(&open_job("one"))),
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
    assert_eq!(harness.state().chosen, Some(RunId(2)));
}

fn run_with_tiles() -> RunWithEvents {
    let span =
        |phase: Phase, from_ms: u64, to_ms: u64| PhaseSpan::new(phase, from_ms * MS, to_ms * MS);
    let tile = |worker: u16, start_ms: u64| TileRecord {
        run: RunId(9),
        pass: PassIdx(0),
        tile: TileIdx(u32::from(worker)),
        rect_in_frame: Rect::new(0, 0, 256, 256),
        worker: WorkerIdx(worker),
        core: Some(3),
        core_changed: false,
        phases: vec![
            span(Phase::Sending, start_ms, start_ms + 1),
            span(Phase::Computing, start_ms + 1, start_ms + 25),
        ],
        cpu_ns: None,
        steps: Vec::new(),
        bytes_in: 1,
        bytes_out: 1,
        attempt: 1,
    };
    let mut record = record(9, "processes", "one", 40);
    record.n_workers = 2;
    RunWithEvents {
        record,
        tiles: vec![tile(0, 0), tile(1, 5)],
        events: Vec::new(),
    }
}

#[test]
fn a_bar_tells_its_tile_and_time() {
    let run = run_with_tiles();
    let timeline = Timeline::of(&run);
    let computing = timeline.workers[1]
        .bars
        .iter()
        .find(|bar| bar.phase == Phase::Computing);
    let lines = tip_lines(&run, *computing.unwrap());
    assert_eq!(
        lines[..2],
        ["computing 24 ms", "tile 1 · worker 1 · core 3"]
    );
}

#[test]
fn every_lane_is_there_and_says_its_shares() {
    let run = run_with_tiles();
    let timeline = Timeline::of(&run);
    let mut harness = Harness::builder()
        .with_size(vec2(700.0, 240.0))
        .build_ui(|ui| {
            Theme::apply(ui.ctx(), ThemeChoice::Dark);
            lanes_ui(ui, &run, &timeline);
        });
    harness.run();
    assert!(
        harness
            .query_by_label("worker 0: compute 60 · wait 38 · send 3 %")
            .is_some()
    );
    assert!(harness.query_by_label_contains("worker 1: ").is_some());
    assert!(harness.query_by_label_contains("core 3: busy ").is_some());
}
