//! The bench: its table, its JSON contract, and that all backends make the same bytes.

use serde_json::Value;

use super::pictures::{rgb8, save};
use super::room::Room;

fn room() -> Room {
    let room = Room::new();
    save(&rgb8(331, 217), &room.path("in.png"));
    room
}

const KEYS: [&str; 15] = [
    "what",
    "backend",
    "transport",
    "workers",
    "runs",
    "min_ms",
    "median_ms",
    "megapixels_per_s",
    "speedup_vs_single",
    "efficiency",
    "cpu_ms",
    "bytes_moved",
    "peak_rss_bytes",
    "output_sha256",
    "what",
];

#[test]
fn the_json_has_the_fields_of_the_contract() {
    let room = room();
    let jobs = "--filter blur,radius=2 --filter exposure,ev=1";
    let how = "--backends single,threads,processes --workers 1,2 --runs 3 --json out.json";
    let outcome = room
        .say(&format!("bench in.png {jobs} {how}"))
        .assert_done();
    assert!(
        outcome
            .stdout
            .contains("all outputs of a job are identical"),
        "{}",
        outcome.stdout
    );
    let text = std::fs::read_to_string(room.path("out.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["version"], 1);
    assert!(report["machine"]["usable_cores"].as_u64().unwrap() >= 1);
    let photo = &report["photo"];
    assert_eq!(
        (&photo["path"], &photo["width"], &photo["height"]),
        (&"in.png".into(), &331.into(), &217.into())
    );
    let results = report["results"].as_array().unwrap();
    // Single has one worker whatever was asked for.
    assert_eq!(results.len(), 2 * (1 + 2 + 2));
    for result in results {
        for key in KEYS {
            assert!(result.get(key).is_some(), "{key}: {result}");
        }
        check_figures(result);
        let same_job = results
            .iter()
            .filter(|other| other["what"] == result["what"]);
        assert!(
            same_job
                .clone()
                .all(|other| other["output_sha256"] == result["output_sha256"])
        );
    }
}

fn check_figures(result: &Value) {
    let figure = |key: &str| {
        result[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{key}: {result}"))
    };
    let mut runs: Vec<f64> = result["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ms| ms.as_f64().unwrap())
        .collect();
    runs.sort_by(f64::total_cmp);
    assert_eq!(runs.len(), 3);
    assert_eq!((figure("min_ms"), figure("median_ms")), (runs[0], runs[1]));
    let efficiency = figure("speedup_vs_single") / figure("workers");
    assert!((figure("efficiency") - efficiency).abs() < 1e-9, "{result}");
    assert_eq!(result["output_sha256"].as_str().unwrap().len(), 64);
    let is_apart = result["backend"] == "processes";
    assert_eq!(result["transport"].is_string(), is_apart);
    assert_eq!(figure("bytes_moved") > 0.0, is_apart);
    if cfg!(target_os = "linux") {
        assert!(figure("peak_rss_bytes") > 1e6, "{result}");
    }
}

#[test]
fn without_single_there_is_no_speed_up() {
    let outcome = room().say("bench in.png --filter exposure --backends threads --runs 1 --json -");
    let report: Value = serde_json::from_str(&outcome.assert_done().stdout).unwrap();
    assert!(report["results"][0]["speedup_vs_single"].is_null());
    assert!(report["results"][0]["efficiency"].is_null());
}

#[test]
fn wrong_jobs_are_refused_before_anything_is_measured() {
    let room = room();
    room.say("bench in.png --filter blurr")
        .assert_refused(2, &["blurr", "blur"]);
    room.say("bench in.png --filter blur,radius=9999")
        .assert_refused(2, &["blur.radius"]);
    room.say("bench in.png --backends gpu")
        .assert_refused(2, &["gpu"]);
    room.say("bench in.png --runs 0")
        .assert_refused(2, &["--runs"]);
    room.say("bench in.png --json in.png")
        .assert_refused(4, &["in.png"]);
    room.say("bench in.png --filter exposure --runs 1 --json no/such/out.json")
        .assert_refused(4, &["no/such/out.json"]);
}

#[test]
fn the_suite_of_presets_measures_every_file_of_assets_recipes() {
    let outcome = room().say("bench in.png --suite presets --backends single --runs 1 --json -");
    let report: Value = serde_json::from_str(&outcome.assert_done().stdout).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/recipes");
    let files = super::room::files_below(folder.as_ref());
    assert_eq!(report["results"].as_array().unwrap().len(), files.len());
}
