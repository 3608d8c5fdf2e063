//! Timing logs: every form parses, holds the run, and its phases add up.

use std::collections::HashMap;
use std::fs;

use parallax::telemetry::export;
use parallax::telemetry::timeline::Timeline;

use super::pictures::{rgb8, save};
use super::room::Room;

const LOGS: &str =
    "--timings run.csv --timings run.tiles.csv --timings run.json --timings run.trace.json";

fn room_with_logs(how: &str) -> Room {
    let room = Room::new();
    save(&rgb8(331, 217), &room.path("in.png"));
    let edits = "--set exposure.ev=0.5 --set blur.radius=2";
    room.say(&format!(
        "apply in.png -o out.png {edits} --tile 64 {how} {LOGS}"
    ))
    .assert_done();
    room
}

fn rows(room: &Room, name: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(room.path(name)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(row: &HashMap<String, String>, column: &str) -> u64 {
    let text = row
        .get(column)
        .unwrap_or_else(|| panic!("no column {column}"));
    text.parse()
        .unwrap_or_else(|_| panic!("{column} is {text}"))
}

fn check(how: &str, backend: &str, n_workers: u64) {
    let room = room_with_logs(how);
    let runs = rows(&room, "run.csv");
    assert_eq!(runs.len(), 1);
    let run = &runs[0];
    assert_eq!(
        (run["backend"].as_str(), run["kind"].as_str()),
        (backend, "export")
    );
    assert_eq!(run["photo"], "in.png");
    assert_eq!(number(run, "workers"), n_workers);
    let phases = [
        "waiting",
        "sending",
        "queued",
        "computing",
        "lock_wait",
        "receiving",
        "writing",
        "slow_storage",
    ];
    let sum: u64 = phases
        .iter()
        .map(|phase| number(run, &format!("{phase}_ns")))
        .sum();
    assert_eq!(
        sum,
        n_workers * number(run, "wall_ns"),
        "{how}: the phases are a partition"
    );
    assert!(number(run, "computing_ns") > 0);

    let tiles = rows(&room, "run.tiles.csv");
    assert_eq!(tiles.len() as u64, number(run, "tiles"));
    let mut last_pass: Vec<_> = tiles.iter().map(|tile| number(tile, "pass")).collect();
    last_pass.sort_unstable();
    let last_pass = last_pass.pop().unwrap();
    let of_last = tiles
        .iter()
        .filter(|tile| number(tile, "pass") == last_pass);
    let area: u64 = of_last
        .map(|tile| number(tile, "width") * number(tile, "height"))
        .sum();
    assert_eq!(
        area,
        331 * 217,
        "the tiles of the last pass cover the picture once"
    );
}

#[test]
fn csv_rows_add_up_on_every_backend() {
    check("--backend single", "single", 1);
    check("--backend threads --workers 3", "threads", 3);
    check("--backend processes --workers 2", "processes", 2);
    let lock = "--backend global-lock --switch-interval 0.5";
    check(&format!("{lock} --workers 100"), "global-lock", 100);
    let waits = format!("{lock} --workers 5 --storage-wait 3");
    check(&waits, "global-lock", 5);
}

#[test]
fn json_can_be_read_back_and_tells_the_recipe_but_no_path() {
    let room = room_with_logs("--backend threads --workers 2");
    let text = fs::read_to_string(room.path("run.json")).unwrap();
    let log = export::read(&mut text.as_bytes()).unwrap();
    let run = &log.runs[0];
    assert!(run.record.recipe.contains("exposure") && run.record.recipe.contains("blur"));
    let labels: Vec<&str> = run
        .record
        .passes
        .iter()
        .flat_map(|pass| &pass.steps)
        .map(|step| step.label.as_str())
        .collect();
    assert!(
        labels.contains(&"exposure") && labels.contains(&"blur"),
        "{labels:?}"
    );
    for lane in Timeline::of(run).workers {
        assert_eq!(lane.times().total_ns(), run.record.wall_ns);
    }
    let folder = room.folder().to_str().unwrap();
    for name in ["run.csv", "run.tiles.csv", "run.json", "run.trace.json"] {
        assert!(
            !fs::read_to_string(room.path(name))
                .unwrap()
                .contains(folder),
            "{name}"
        );
    }
}

#[test]
fn the_trace_is_what_perfetto_reads() {
    let room = room_with_logs("--backend threads --workers 2");
    let text = fs::read_to_string(room.path("run.trace.json")).unwrap();
    let trace: serde_json::Value = serde_json::from_str(&text).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let bars = events.iter().filter(|event| event["ph"] == "X");
    assert!(bars.clone().count() > 10);
    for bar in bars {
        assert!(bar["ts"].as_f64().unwrap() >= 0.0 && bar["dur"].as_f64().unwrap() >= 0.0);
        assert!(bar["pid"].is_u64() && bar["tid"].is_u64(), "{bar}");
    }
}

#[test]
fn runs_of_commands_are_remembered_unless_told_otherwise() {
    let room = Room::new();
    save(&rgb8(61, 47), &room.path("in.png"));
    let edits = "--set exposure.ev=0.5 --workers 2";
    room.say(&format!("apply in.png -o one.png {edits}"))
        .assert_done();
    room.say(&format!("apply in.png -o two.png {edits} --no-history"))
        .assert_done();
    assert_eq!(room.remembered().len(), 1);
    let line: serde_json::Value = serde_json::from_str(&room.remembered()[0]).unwrap();
    assert_eq!(line["record"]["kind"], "export");
    assert_eq!(line["record"]["backend"], "threads");
    assert_eq!(line["record"]["photo"]["file_name"], "in.png");
    let bench = "bench in.png --runs 2 --workers 2 --backends single,threads,ceiling";
    room.say(&format!("{bench} --filter exposure,ev=0.5"))
        .assert_code(0);
    let lines = room.remembered();
    assert_eq!(lines.len(), 3, "one core and threads; a ceiling is no run");
    let threads: serde_json::Value = serde_json::from_str(&lines[2]).unwrap();
    assert_eq!(threads["n_runs"], 2);
    assert!(threads["record"]["ceiling_wall_ns"].as_u64().unwrap() > 0);
    room.say(&format!("{bench} --filter exposure,ev=0.5 --no-history"))
        .assert_code(0);
    assert_eq!(room.remembered().len(), 3);
}

#[test]
fn an_export_does_not_fail_where_nothing_can_be_remembered() {
    let room = Room::new();
    save(&rgb8(61, 47), &room.path("in.png"));
    room.forbid_remembering();
    let done = room
        .say("apply in.png -o out.png --set exposure.ev=0.5")
        .assert_done();
    assert!(done.stderr.contains("not in the table of runs"), "{done:?}");
    assert!(room.path("out.png").exists());
}
