//! The whole table: what its cells say, and how it is worked.

use crate::recipe::{Catalogue, set};
use crate::studio::run_history::{RunHistory, RunLine, SortKey};
use crate::studio::run_log::RunRow;
use crate::telemetry::ids::RunId;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::machine::Machine;
use crate::telemetry::record::{FileName, RunRecord};

use super::columns::{COLUMNS, cell};
use super::compare::signed_percent;

const MS: u64 = 1_000_000;

fn line(id: u64, backend: &str, wall_ms: u64) -> RunLine {
    let edits = ["exposure.ev=0.7", "blur.radius=2", "vignette.amount=-10"];
    let recipe = set::from_flags(&edits, &Catalogue::all()).unwrap();
    let mut record = RunRecord {
        id: RunId(id),
        started_at: format!("2026-02-03T04:05:{id:02}.000Z"),
        backend: backend.to_owned(),
        n_workers: if backend == "single" { 1 } else { 4 },
        job_key: "one".to_owned(),
        wall_ns: wall_ms * MS,
        recipe: recipe.to_toml(),
        ..RunRecord::default()
    };
    record.photo.file_name = FileName::from("meadow.jpg".to_owned());
    let row = RunRow::once(RunWithEvents::new(record, Vec::new()));
    RunLine::of(&row, &Machine::gather())
}

fn texts(history: &RunHistory, idx: usize) -> impl Fn(SortKey) -> String {
    let line = history.lines()[idx].clone();
    let standing = history.standing(&line);
    move |key| cell(&line, &standing, key)
}

#[test]
fn what_is_not_known_is_said_and_never_guessed() {
    let mut history = RunHistory::default();
    history.push(line(1, "threads", 200));
    let of = texts(&history, 0);
    for key in [
        SortKey::Speedup,
        SortKey::Efficiency,
        SortKey::CeilingShare,
        SortKey::Cpu,
        SortKey::PeakMemory,
    ] {
        assert_eq!(of(key), "n/a", "{key:?}");
    }
    assert_eq!(of(SortKey::Started), "02-03 04:05:01");
    assert_eq!(of(SortKey::Wall), "200 ms");
    assert_eq!(of(SortKey::Recipe), "exposure, blur +1");
    assert_eq!(of(SortKey::Transport), "");
}

#[test]
fn a_speedup_against_another_day_is_marked() {
    let mut history = RunHistory::default();
    let mut single = line(1, "single", 800);
    single.record.started_at = "2026-02-02T04:05:00.000Z".to_owned();
    history.push(single);
    history.push(line(2, "threads", 200));
    assert_eq!(texts(&history, 1)(SortKey::Speedup), "4.00× old");
    history.push(line(3, "single", 400));
    assert_eq!(texts(&history, 1)(SortKey::Speedup), "2.00×");
}

#[test]
fn every_sort_key_has_one_column() {
    for key in SortKey::ALL {
        let n = COLUMNS.iter().filter(|column| column.key == key).count();
        assert_eq!(n, 1, "{key:?}");
    }
}

#[test]
fn differences_have_a_sign() {
    assert_eq!(signed_percent(-25.2), "\u{2212}25 %");
    assert_eq!(signed_percent(12.0), "+12 %");
    assert_eq!(signed_percent(-0.3), "0 %");
}
