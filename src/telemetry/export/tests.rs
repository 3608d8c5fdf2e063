//! The four forms of a log, read by other means than those that wrote them.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde_json::Value;

use super::{ExportError, Format, RUN_COLUMNS, TILE_COLUMNS, read, write};
use crate::telemetry::event::{DeathCause, Event, Phase, PhaseSpan, WorkerChange, WorkerEvent};
use crate::telemetry::ids::{PassIdx, TileIdx, WorkerIdx};
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::record::Fault;
use crate::telemetry::samples::{RUN, machine, run, tile};

/// A single-core run and a run in two processes, one of which dies.
fn log() -> Log {
    let single = run("single", 1, 8000);
    let mut processes = run("processes", 2, 4000);
    processes.transport = Some("pipes".into());
    processes.worker_pids = vec![41, 42];
    processes.cpu_ns = None;
    let cause = DeathCause::Signal(9);
    processes.faults = vec![Fault {
        at_ns: 1500,
        worker: WorkerIdx(1),
        pid: Some(42),
        cause,
        tile: Some((PassIdx(0), TileIdx(1))),
    }];
    let mut second = tile(1, 1);
    second.attempt = 2;
    second.core = None;
    second
        .phases
        .insert(1, PhaseSpan::new(Phase::LockWait, 2100, 2100));
    let death = WorkerEvent {
        run: Some(RUN),
        worker: WorkerIdx(1),
        pid: Some(43),
        at_ns: 1500,
        change: WorkerChange::Died(cause),
        tile: Some((PassIdx(0), TileIdx(1))),
    };
    let (pass, at_ns) = (PassIdx(0), 1010);
    let events = vec![
        Event::PassStarted {
            run: RUN,
            pass,
            n_tiles: 2,
            at_ns,
        },
        Event::Worker(death),
        Event::PassEnded {
            run: RUN,
            pass,
            at_ns: 4900,
        },
        Event::Note {
            run: None,
            at_ns: 1600,
            text: "a \"note\"\nof two lines".into(),
        },
    ];
    let runs = vec![
        RunWithEvents {
            record: single,
            tiles: vec![tile(0, 0), tile(1, 0)],
            events: vec![],
        },
        RunWithEvents {
            record: processes,
            tiles: vec![tile(0, 0), second],
            events,
        },
    ];
    Log::new(machine(), runs)
}

fn written(name: &str) -> String {
    let mut out = Vec::new();
    write(Path::new(name), &log(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Rows of a CSV file by the names of their columns.
fn rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let text = written(name);
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    csv.deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_row_a_run_with_its_derived_figures() {
    let rows = rows("log.csv");
    let [single, processes] = &rows[..] else {
        panic!("{rows:?}");
    };
    assert_eq!(single["photo"], "löwe, \"zahn\".jpg");
    assert_eq!(single["recipe"], "version = 1\n");
    assert_eq!(single["speedup"], "1.0000");
    assert_eq!(processes["speedup"], "2.0000");
    assert_eq!(processes["efficiency"], "1.0000");
    assert_eq!(processes["cpu_ns"], "n/a");
    assert_eq!(processes["faults"], "worker 1 pid 42: signal 9");
    assert_eq!(
        processes["worker_changes"],
        "1500 worker 1 pid 43 died: signal 9 (pass 0 tile 1)"
    );
    assert_eq!(single["worker_changes"], "");
    assert_eq!(processes["steps"], "exposure=240;blur=340");
    assert_eq!(processes["megapixels_per_s"], "76800.0000");
    let phases: u64 = Phase::ALL
        .map(|phase| format!("{}_ns", phase.name().replace('-', "_")))
        .iter()
        .map(|column| processes[column].parse::<u64>().unwrap())
        .sum();
    assert_eq!(phases, 2 * 4000);
}

#[test]
fn a_row_a_tile_with_phases_worker_core_and_steps() {
    let rows = rows("log.TILES.csv");
    assert_eq!(rows.len(), 4);
    let second = &rows[3];
    for (column, cell) in [
        ("version", "1"),
        ("run", "7"),
        ("tile", "1"),
        ("attempt", "2"),
        ("x", "64"),
        ("width", "64"),
        ("worker", "1"),
        ("pid", "43"),
        ("core", "n/a"),
        ("start_ns", "2000"),
        ("end_ns", "2450"),
        ("waiting_ns", "1000"),
        ("sending_ns", "100"),
        ("computing_ns", "300"),
        ("lock_wait_ns", "0"),
        ("receiving_ns", "50"),
        ("cpu_ns", "290"),
        ("bytes_in", "4096"),
        ("steps", "exposure=120;blur=170"),
    ] {
        assert_eq!(second[column], cell, "{column}");
    }
    assert_eq!(rows[2]["pid"], "41");
    assert_eq!(rows[0]["pid"], "n/a");
}

#[test]
fn columns_have_distinct_names_and_say_what_they_mean() {
    fn check(names: &[&str], docs: &[&str]) {
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        for (name, doc) in names.iter().zip(docs) {
            let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(name.chars().all(legal), "{name}");
            assert!(doc.len() > 4 && !doc.contains('|'), "{name}");
            assert!(!name.ends_with("_ns") || doc.contains("ns"), "{name}");
        }
    }
    check(
        &RUN_COLUMNS
            .iter()
            .map(|column| column.name)
            .collect::<Vec<_>>(),
        &RUN_COLUMNS
            .iter()
            .map(|column| column.doc)
            .collect::<Vec<_>>(),
    );
    check(
        &TILE_COLUMNS
            .iter()
            .map(|column| column.name)
            .collect::<Vec<_>>(),
        &TILE_COLUMNS
            .iter()
            .map(|column| column.doc)
            .collect::<Vec<_>>(),
    );
    for phase in Phase::ALL {
        let column = format!("{}_ns", phase.name().replace('-', "_"));
        assert!(RUN_COLUMNS.iter().any(|c| c.name == column), "{column}");
        assert!(TILE_COLUMNS.iter().any(|c| c.name == column), "{column}");
    }
}

#[test]
fn json_reads_back_as_the_value_that_was_written() {
    let text = written("log.json");
    assert_eq!(read(&mut text.as_bytes()).unwrap(), log());
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(value["machine"]["logical_cores"], 4);
    assert_eq!(
        value["runs"][1]["record"]["faults"][0]["cause"]["signal"],
        9
    );
    assert_eq!(
        value["runs"][1]["tiles"][1]["phases"][1]["phase"],
        "lock-wait"
    );
}

#[test]
fn other_versions_and_broken_json_are_refused() {
    let newer = written("log.json").replacen("\"version\":1", "\"version\":2", 1);
    let error = read(&mut newer.as_bytes()).unwrap_err();
    assert!(
        matches!(
            error,
            ExportError::Version {
                found: 2,
                expected: 1
            }
        ),
        "{error}"
    );
    let text = written("log.json");
    let error = read(&mut &text.as_bytes()[..text.len() / 2]).unwrap_err();
    assert!(matches!(error, ExportError::Read(_)), "{error}");
}

#[test]
fn the_ending_chooses_the_form() {
    for (path, format) in [
        ("a.csv", Format::RunsCsv),
        ("dir.json/a.tiles.csv", Format::TilesCsv),
        ("a.JSON", Format::Json),
        ("a.b.trace.json", Format::Trace),
    ] {
        assert_eq!(Format::of_path(Path::new(path)).unwrap(), format, "{path}");
    }
    for path in ["a.txt", "csv", "a.csv/b", "/"] {
        let mut out = Vec::new();
        let error = write(Path::new(path), &log(), &mut out).unwrap_err();
        assert!(
            error.to_string().contains(".tiles.csv, .trace.json"),
            "{error}"
        );
        assert!(out.is_empty());
    }
}

#[test]
fn a_log_without_runs_is_still_a_file_of_its_form() {
    let empty = Log::new(machine(), Vec::new());
    for format in Format::ALL {
        let mut out = Vec::new();
        format.write(&empty, &mut out).unwrap();
        assert!(out.len() > 10, "{format:?}");
    }
}

#[test]
fn a_full_disk_is_an_error_in_every_form() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let n = bytes.len().min(self.0);
            self.0 -= n;
            match n {
                0 => Err(std::io::ErrorKind::StorageFull.into()),
                n => Ok(n),
            }
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for format in Format::ALL {
        let error = format.write(&log(), &mut Full(100)).unwrap_err();
        let ExportError::Write(source) = error else {
            panic!("{error}");
        };
        assert_eq!(source.kind(), std::io::ErrorKind::StorageFull, "{format:?}");
    }
}

/// Events of the trace by their phase letter.
fn trace_events(ph: &str) -> Vec<Value> {
    let trace: Value = serde_json::from_str(&written("log.trace.json")).unwrap();
    assert_eq!(trace["otherData"]["version"], 1);
    let events = trace["traceEvents"].as_array().unwrap().clone();
    events
        .into_iter()
        .filter(|event| event["ph"] == ph)
        .collect()
}

#[test]
fn slices_of_a_track_nest_and_every_track_is_named() {
    let mut tracks: BTreeMap<(u64, u64), Vec<(u64, u64)>> = BTreeMap::new();
    for slice in trace_events("X") {
        let ns = |field: &str| (slice[field].as_f64().unwrap() * 1e3).round() as u64;
        let track = (
            slice["pid"].as_u64().unwrap(),
            slice["tid"].as_u64().unwrap(),
        );
        let spans = tracks.entry(track).or_default();
        spans.push((ns("ts"), ns("ts") + ns("dur")));
    }
    let named: HashSet<(u64, u64)> = trace_events("M")
        .iter()
        .filter(|event| event["name"] == "thread_name")
        .map(|event| {
            (
                event["pid"].as_u64().unwrap(),
                event["tid"].as_u64().unwrap(),
            )
        })
        .collect();
    for (track, spans) in tracks {
        assert!(named.contains(&track), "{track:?}");
        for (i, a) in spans.iter().enumerate() {
            for b in &spans[i + 1..] {
                let apart = a.1 <= b.0 || b.1 <= a.0;
                let nested = a.0 <= b.0 && b.1 <= a.1 || b.0 <= a.0 && a.1 <= b.1;
                assert!(apart || nested, "{track:?} {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn every_tile_flows_from_sending_to_receiving() {
    let slices = trace_events("X");
    let holds = |event: &Value, name: &str| {
        slices.iter().any(|slice| {
            let (start, length) = (
                slice["ts"].as_f64().unwrap(),
                slice["dur"].as_f64().unwrap(),
            );
            let at = event["ts"].as_f64().unwrap();
            slice["name"] == name
                && (&slice["pid"], &slice["tid"]) == (&event["pid"], &event["tid"])
                && start <= at
                && at < start + length
        })
    };
    for (ph, name) in [("s", "sending"), ("t", "computing"), ("f", "receiving")] {
        let events = trace_events(ph);
        assert_eq!(events.len(), 4);
        for event in events {
            assert!(holds(&event, name), "{event}");
        }
    }
}

#[test]
fn the_trace_names_processes_deaths_and_core_lanes() {
    let names: Vec<String> = trace_events("M")
        .iter()
        .filter_map(|event| Some(event["args"]["name"].as_str()?.to_owned()))
        .collect();
    for expected in [
        "run 7: single, 1 workers",
        "run 7: processes, 2 workers, pipes",
        "worker 1 pid 42 pid 43",
        "run 7: cores",
        "core 0",
    ] {
        assert!(
            names.iter().any(|name| name == expected),
            "{expected} {names:?}"
        );
    }
    let instants = trace_events("i");
    assert!(
        instants
            .iter()
            .any(|event| event["name"] == "died: signal 9")
    );
    let computing = trace_events("X")
        .into_iter()
        .filter(|slice| slice["name"] == "computing");
    // Four tiles on worker lanes, three of them with a known core on core lanes.
    assert_eq!(computing.count(), 7);
}
