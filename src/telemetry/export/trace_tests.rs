//! The trace against the rules of the trace-event format, event by event.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Format;
use crate::telemetry::event::{Phase, PhaseSpan, TileRecord};
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::samples::{machine, run, tile};

/// A run on processes, and one on a lock whose work waits.
fn log() -> Log {
    let processes = RunWithEvents {
        record: run("processes", 2, 4000),
        tiles: vec![tile(0, 0), tile(1, 1), tile(2, 0)],
        events: Vec::new(),
    };
    let mut record = run("global-lock", 2, 4000);
    record.switch_interval_ns = Some(5_000_000);
    record.storage_wait_ns = 20_000_000;
    let mut tiles = vec![tile(0, 0), tile(1, 1)];
    for tile in &mut tiles {
        let start = tile.start_ns();
        tile.core_changed = true;
        tile.phases = vec![
            PhaseSpan::new(Phase::SlowStorage, start, start + 100),
            PhaseSpan::new(Phase::LockWait, start + 100, start + 150),
            PhaseSpan::new(Phase::Computing, start + 150, start + 300),
            PhaseSpan::new(Phase::LockWait, start + 300, start + 350),
            PhaseSpan::new(Phase::Computing, start + 350, start + 400),
            PhaseSpan::new(Phase::Writing, start + 400, start + 420),
        ];
    }
    let locked = RunWithEvents {
        record,
        tiles,
        events: Vec::new(),
    };
    Log::new(machine(), vec![processes, locked])
}

fn trace() -> Value {
    let mut out = Vec::new();
    Format::Trace.write(&log(), &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn events() -> Vec<Value> {
    trace()["traceEvents"].as_array().unwrap().clone()
}

fn named<'a>(event: &'a Value, field: &str) -> &'a str {
    event[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} of {event}"))
}

#[test]
fn every_event_has_what_its_phase_asks_for() {
    for event in events() {
        assert!(event["pid"].is_u64() && event["tid"].is_u64(), "{event}");
        assert!(!named(&event, "name").is_empty(), "{event}");
        let ts = event["ts"].as_f64();
        assert!(
            ts.is_some_and(|ts| ts >= 0.0) || event["ph"] == "M",
            "{event}"
        );
        match named(&event, "ph") {
            "M" => {
                assert!(event["args"]["name"].is_string() || event["args"]["sort_index"].is_u64());
            }
            "X" => assert!(event["dur"].as_f64().unwrap() >= 0.0 && event["cat"].is_string()),
            "i" => assert_eq!(event["s"], "t"),
            "C" => {
                let values = event["args"].as_object().unwrap();
                assert!(
                    !values.is_empty() && values.values().all(Value::is_number),
                    "{event}"
                );
            }
            "s" | "t" => assert!(event["id"].is_string() && event["cat"].is_string()),
            "f" => assert!(event["id"].is_string() && event["bp"] == "e"),
            other => panic!("{other} is no phase of ours: {event}"),
        }
    }
}

#[test]
fn flows_begin_once_end_once_and_go_forward() {
    let mut flows: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
    for event in events() {
        if let ("s" | "t" | "f", Some(ts)) = (named(&event, "ph"), event["ts"].as_f64()) {
            let flow = flows.entry(named(&event, "id").to_owned()).or_default();
            flow.push((named(&event, "ph").to_owned(), ts));
        }
    }
    assert_eq!(flows.len(), 3, "one a tile that travelled");
    for (id, flow) in flows {
        let order: Vec<&str> = flow.iter().map(|(ph, _)| ph.as_str()).collect();
        assert_eq!(order, ["s", "t", "f"], "{id}");
        assert!(flow.is_sorted_by(|a, b| a.1 <= b.1), "{id}");
    }
}

#[test]
fn slices_bear_the_names_of_phases_and_partition_each_worker() {
    let mut by_worker: BTreeMap<(u64, u64), f64> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for event in events() {
        let (pid, tid) = (
            event["pid"].as_u64().unwrap(),
            event["tid"].as_u64().unwrap(),
        );
        // Worker n of a run has its own time on track 2 + 3 n of the run's process.
        if event["ph"] == "X" && pid % 2 == 1 && tid >= 2 {
            names.insert(named(&event, "name").to_owned());
            if (tid - 2) % 3 == 0 {
                *by_worker.entry((pid, tid)).or_default() += event["dur"].as_f64().unwrap();
            }
        }
    }
    for name in [
        "waiting",
        "sending",
        "computing",
        "receiving",
        "writing",
        "lock wait",
    ] {
        assert!(names.contains(name), "{name} is missing in {names:?}");
    }
    assert!(names.contains("slow storage (simulated)"), "{names:?}");
    assert_eq!(by_worker.len(), 4);
    for (worker, total_us) in by_worker {
        assert!(
            (total_us - 4.0).abs() < 1e-9,
            "{worker:?}: {total_us} of 4 µs"
        );
    }
}

#[test]
fn counters_hold_the_time_of_every_phase() {
    let mut computing = BTreeMap::new();
    let mut last_ts: BTreeMap<u64, f64> = BTreeMap::new();
    for event in events() {
        if event["ph"] != "C" || event["name"] != "workers" {
            continue;
        }
        let (pid, ts) = (
            event["pid"].as_u64().unwrap(),
            event["ts"].as_f64().unwrap(),
        );
        let all: f64 = event["args"]
            .as_object()
            .unwrap()
            .values()
            .filter_map(Value::as_f64)
            .sum();
        assert!(
            (all - 2.0).abs() < 0.01,
            "two workers are always somewhere: {event}"
        );
        let width_us = 0.008;
        *computing.entry(pid).or_insert(0.0) +=
            event["args"]["computing"].as_f64().unwrap() * width_us;
        if let Some(last) = last_ts.insert(pid, ts) {
            assert!((ts - last - width_us).abs() < 1e-6, "{event}");
        }
    }
    let expected = [(1, 0.9), (3, 0.4)];
    for (pid, expected_us) in expected {
        assert!(
            (computing[&pid] - expected_us).abs() < 0.01,
            "{computing:?}"
        );
    }
}

#[test]
fn a_tile_that_changed_core_is_marked_and_not_split() {
    let on_cores = events()
        .into_iter()
        .filter(|event| event["ph"] == "X" && event["pid"] == 4 && event["name"] == "computing");
    let mut by_tile: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for slice in on_cores {
        assert_eq!(slice["args"]["core_changed"], true);
        let cores = by_tile
            .entry(slice["args"]["tile"].as_u64().unwrap())
            .or_default();
        cores.insert(slice["tid"].as_u64().unwrap());
    }
    assert_eq!(by_tile.len(), 2);
    assert!(
        by_tile.values().all(|cores| cores.len() == 1),
        "{by_tile:?}"
    );
}

/// Answers wait behind each other in a pipe: the receiving of three tiles of one worker overlaps.
#[test]
fn what_travels_at_once_has_rows_and_no_two_slices_cross() {
    let received = |tile_idx: u32, start_ns: u64, end_ns: u64| TileRecord {
        phases: vec![
            PhaseSpan::new(Phase::Sending, 1000 + 10 * u64::from(tile_idx), 1100),
            PhaseSpan::new(Phase::Computing, 1200 + u64::from(tile_idx), 1300),
            PhaseSpan::new(Phase::Receiving, start_ns, end_ns),
        ],
        ..tile(tile_idx, 0)
    };
    let run = RunWithEvents {
        record: run("processes", 1, 4000),
        tiles: vec![
            received(0, 1300, 1700),
            received(1, 1500, 1900),
            received(2, 1800, 2000),
        ],
        events: Vec::new(),
    };
    let mut out = Vec::new();
    let log = Log::new(machine(), vec![run]);
    Format::Trace.write(&log, &mut out).unwrap();
    let trace: Value = serde_json::from_slice(&out).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let of = |ph: &str, name: &str| {
        let found = events.iter().filter(|event| event["ph"] == ph);
        let found = found.filter(|event| name.is_empty() || event["name"] == name);
        found.cloned().collect::<Vec<_>>()
    };
    let mut by_track: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    let travelling = of("X", "receiving").into_iter().chain(of("X", "sending"));
    for slice in travelling {
        let ts = slice["ts"].as_f64().unwrap();
        let track = by_track.entry(slice["tid"].as_u64().unwrap()).or_default();
        track.push((ts, ts + slice["dur"].as_f64().unwrap()));
    }
    assert_eq!(
        by_track.len(),
        2 + 3,
        "two rows of receiving, three of sending"
    );
    for spans in by_track.values_mut() {
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in spans.windows(2) {
            assert!(pair[0].1 <= pair[1].0, "{pair:?}");
        }
    }
    let names: Vec<Value> = of("M", "thread_name")
        .iter()
        .map(|event| event["args"]["name"].clone())
        .collect();
    assert!(names.contains(&"worker 0 receiving, 2".into()), "{names:?}");
    for end in of("f", "") {
        let (tid, ts) = (end["tid"].as_u64().unwrap(), end["ts"].as_f64().unwrap());
        let spans = &by_track[&tid];
        assert!(
            spans.iter().any(|span| span.0 <= ts && ts <= span.1),
            "{end}"
        );
    }
}

#[test]
fn a_run_whose_tiles_are_no_longer_kept_claims_nothing_of_its_workers() {
    let mut log = log();
    for run in &mut log.runs {
        run.tiles.clear();
    }
    let mut out = Vec::new();
    Format::Trace.write(&log, &mut out).unwrap();
    let trace: Value = serde_json::from_slice(&out).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let slices = events.iter().filter(|event| event["ph"] == "X");
    let names: BTreeSet<&str> = slices.map(|event| named(event, "name")).collect();
    assert_eq!(names, BTreeSet::from(["run"]));
    assert!(events.iter().any(|event| {
        event["args"]["name"]
            .as_str()
            .is_some_and(|name| name.ends_with("its tiles no longer kept"))
    }));
}
