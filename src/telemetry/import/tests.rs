//! What was written opens again, form by form, and nothing else does.

use std::path::Path;

use super::{ImportError, open};
use crate::telemetry::event::{DeathCause, Phase, PhaseSpan};
use crate::telemetry::export::Format;
use crate::telemetry::ids::{RunId, WorkerIdx};
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::record::Fault;
use crate::telemetry::samples::{machine, run, tile};
use crate::telemetry::summary::worker_times;
use crate::telemetry::timeline::Timeline;

/// A single-core run, and one on a lock with everything a record may hold.
fn log() -> Log {
    let mut locked = run("global-lock", 2, 5000);
    locked.id = RunId(8);
    locked.switch_interval_ns = Some(5_000_000);
    locked.storage_wait_ns = 20_000_000;
    locked.ceiling_wall_ns = Some(4000);
    locked.transport = Some("pipes".into());
    locked.output_sha256 = Some("ab".into());
    locked.faults = vec![Fault {
        at_ns: 0,
        worker: WorkerIdx(1),
        pid: Some(42),
        cause: DeathCause::Signal(9),
        tile: None,
    }];
    let mut tiles = vec![tile(0, 0), tile(1, 1)];
    for tile in &mut tiles {
        tile.run = RunId(8);
        tile.phases[0].phase = Phase::LockWait;
    }
    let end_ns = tiles[1].end_ns();
    tiles[1].core_changed = true;
    tiles[1]
        .phases
        .push(PhaseSpan::new(Phase::Writing, end_ns, end_ns + 7));
    let single = RunWithEvents {
        record: run("single", 1, 8000),
        tiles: vec![tile(0, 0), tile(1, 0)],
        events: Vec::new(),
    };
    let locked = RunWithEvents {
        record: locked,
        tiles,
        events: Vec::new(),
    };
    let mut runs = vec![single, locked];
    for run in &mut runs {
        run.record.phases = Some(worker_times(&Timeline::of(run)));
    }
    Log::new(machine(), runs)
}

fn written(format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    format.write(&log(), &mut out).unwrap();
    out
}

fn reopened(format: Format) -> Log {
    open(Path::new("dropped"), &written(format)).unwrap()
}

#[test]
fn json_and_traces_come_back_as_they_were() {
    assert_eq!(reopened(Format::Json), log());
    assert_eq!(reopened(Format::Trace), log());
}

#[test]
fn a_table_of_runs_comes_back_without_its_tiles() {
    let (theirs, ours) = (reopened(Format::RunsCsv), log());
    assert_eq!(theirs.machine, ours.machine);
    for (theirs, ours) in theirs.runs.into_iter().zip(ours.runs) {
        let mut expected = ours.record;
        expected.passes = Vec::new();
        assert_eq!(theirs.record, expected);
        assert!(theirs.tiles.is_empty());
    }
}

#[test]
fn a_table_of_runs_is_written_again_as_it_was_read() {
    // But for what only tiles tell: time by step.
    let again = reopened(Format::RunsCsv);
    let mut out = Vec::new();
    Format::RunsCsv.write(&again, &mut out).unwrap();
    let cells = |bytes: &[u8]| -> Vec<Vec<String>> {
        let mut csv = csv::Reader::from_reader(bytes);
        let steps = csv
            .headers()
            .unwrap()
            .iter()
            .position(|name| name == "steps");
        let row = |row: csv::StringRecord| {
            let cells = row.iter().enumerate();
            let kept = cells.filter(|(idx, _)| Some(*idx) != steps);
            kept.map(|(_, cell)| cell.to_owned()).collect()
        };
        csv.records().map(|record| row(record.unwrap())).collect()
    };
    assert_eq!(cells(&out), cells(&written(Format::RunsCsv)));
}

#[test]
fn a_table_of_tiles_comes_back_as_lanes() {
    for (theirs, ours) in reopened(Format::TilesCsv).runs.into_iter().zip(log().runs) {
        assert_eq!(theirs.tiles, ours.tiles);
        assert_eq!(theirs.record.id, ours.record.id);
        assert_eq!(theirs.record.backend, "");
        let lanes = Timeline::of(&theirs);
        let computing = worker_times(&lanes).of(Phase::Computing);
        assert_eq!(
            computing,
            worker_times(&Timeline::of(&ours)).of(Phase::Computing)
        );
        let labels = &theirs.record.passes[0].steps;
        assert_eq!(
            labels.iter().map(|step| &*step.label).collect::<Vec<_>>(),
            ["exposure", "blur"]
        );
    }
}

#[test]
fn what_is_no_log_is_refused_in_words() {
    let refused = |text: &str| open(Path::new("x"), text.as_bytes()).unwrap_err();
    assert!(matches!(refused(""), ImportError::NotOurs(_)));
    assert!(matches!(refused("a,b\n1,2\n"), ImportError::NotOurs(_)));
    assert!(matches!(refused("{}"), ImportError::NotOurs(_)));
    assert!(matches!(
        refused("{\"version\":9}"),
        ImportError::Version { found: 9 }
    ));
    assert!(matches!(
        refused("{\"traceEvents\":[]}"),
        ImportError::NotOurs(_)
    ));
    assert!(matches!(refused("{"), ImportError::Json(_)));
    assert!(matches!(
        open(Path::new("x"), &[0xff, 0xfe]),
        Err(ImportError::NotText)
    ));
    let text = String::from_utf8(written(Format::RunsCsv)).unwrap();
    let broken = text.replacen(",8000,", ",many,", 1);
    assert!(matches!(refused(&broken), ImportError::Column("wall_ns")));
    let newer = text.replace("\n1,", "\n2,");
    assert!(matches!(refused(&newer), ImportError::Version { found: 2 }));
}
