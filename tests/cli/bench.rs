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
    "contender",
    "transport",
    "workers",
    "runs",
    "min_ms",
    "median_ms",
    "megapixels_per_s",
    "speedup_vs_single",
    "efficiency",
    "ceiling_share",
    "cpu_ms",
    "bytes_moved",
    "peak_rss_bytes",
    "output_sha256",
];

#[test]
fn the_json_has_the_fields_of_the_contract() {
    let room = room();
    let jobs = "--filter blur,radius=2 --filter exposure,ev=1";
    let how = "--workers 1,2 --runs 3 --json out.json";
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
    assert_eq!(report["version"], 2);
    assert!(report["suite"].is_null());
    assert!(report["measured_at"].as_str().unwrap().ends_with('Z'));
    assert!(report["machine"]["usable_cores"].as_u64().unwrap() >= 1);
    let photo = &report["photo"];
    assert_eq!(
        (&photo["path"], &photo["width"], &photo["height"]),
        (&"in.png".into(), &331.into(), &217.into())
    );
    let results = report["results"].as_array().unwrap();
    // Single has one worker whatever was asked for.
    assert_eq!(results.len(), 2 * (1 + 2 + 2 + 2));
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
    assert!(figure("ceiling_share") > 0.0, "{result}");
    if result["contender"] == "ceiling" {
        assert_eq!(figure("ceiling_share"), 1.0);
        assert!(result["peak_rss_bytes"].is_null());
        return;
    }
    let is_apart = result["contender"] == "processes";
    assert_eq!(result["transport"].is_string(), is_apart);
    assert_eq!(figure("bytes_moved") > 0.0, is_apart);
    if cfg!(target_os = "linux") {
        assert!(figure("peak_rss_bytes") > 1e6, "{result}");
    }
}

#[test]
fn scaling_measures_every_way_and_draws_it_twice() {
    let room = room();
    let how = "--workers 1,2 --runs 1 --json out.json --svg out.svg --png out.png";
    let outcome = room
        .say(&format!(
            "bench in.png --filter exposure,ev=1 --scaling {how}"
        ))
        .assert_done();
    assert!(
        outcome.stdout.contains("all outputs are identical"),
        "{}",
        outcome.stdout
    );
    let text = std::fs::read_to_string(room.path("out.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["version"], 1);
    let scaling = &report["scaling"];
    assert_eq!(scaling["is_identical"], true);
    let series = scaling["series"].as_array().unwrap();
    for (kind, transport) in [
        ("threads", None),
        ("processes", Some("pipes")),
        ("processes", Some("shared-memory")),
        ("global-lock", None),
    ] {
        let is_it = |one: &&Value| one["backend"] == kind && one["transport"].as_str() == transport;
        let found = series
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("{kind}: {scaling}"));
        let points = found["points"].as_array().unwrap();
        assert_eq!(points.len(), 2);
    }
    assert!(scaling["single"]["runs_ns"][0].as_u64().unwrap() > 0);
    assert!(
        report["fits"][0]["serial_share"].is_null(),
        "two points are no law"
    );
    let svg = std::fs::read_to_string(room.path("out.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("in.png"));
    let png = image::open(room.path("out.png")).unwrap();
    assert!(png.width() > 1000);
    room.say("bench in.png --svg out.svg")
        .assert_refused(2, &["--scaling"]);
}

#[test]
fn measuring_tells_what_it_costs() {
    let room = room();
    let outcome = room
        .say("bench in.png --filter exposure,ev=1 --overhead --runs 2")
        .assert_done();
    let words = &outcome.stdout;
    assert!(
        words.starts_with("measuring costs ") && words.contains("tiles of 64 px"),
        "{words}"
    );
}

#[test]
fn without_single_there_is_no_speed_up() {
    let outcome = room().say("bench in.png --filter exposure --backends threads --runs 1 --json -");
    let report: Value = serde_json::from_str(&outcome.assert_done().stdout).unwrap();
    assert!(report["results"][0]["speedup_vs_single"].is_null());
    assert!(report["results"][0]["efficiency"].is_null());
    assert!(report["results"][0]["ceiling_share"].is_null());
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

/// Work, contender and workers of each row of a suite, and what was said beside it.
fn rows_of(suite: &str, flags: &str) -> (Vec<[String; 3]>, String) {
    let line = format!("bench in.png --suite {suite} {flags} --runs 1 --json -");
    let outcome = room().say(&line).assert_done();
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["suite"], suite);
    let row = |result: &Value| {
        assert!(result["median_ms"].as_f64().unwrap() > 0.0, "{result}");
        assert!(result["output_sha256"].is_string(), "{result}");
        let word = |key: &str| result[key].as_str().unwrap().to_owned();
        [
            word("what"),
            word("contender"),
            result["workers"].to_string(),
        ]
    };
    let results = report["results"].as_array().unwrap();
    (results.iter().map(row).collect(), outcome.stderr)
}

/// The names of a suite's jobs, in order, and what was said beside them.
fn names_of(suite: &str) -> (Vec<String>, String) {
    let (rows, stderr) = rows_of(suite, "--backends single");
    (rows.into_iter().map(|[what, ..]| what).collect(), stderr)
}

#[test]
fn the_suite_of_presets_measures_every_preset_of_assets_recipes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/recipes");
    let is_preset = |path: &std::path::PathBuf| {
        path.parent() == Some(folder.as_ref()) && !path.ends_with("tour.toml")
    };
    let files = super::room::files_below(folder.as_ref());
    let n_presets = files.iter().filter(|path| is_preset(path)).count();
    assert_eq!(names_of("presets").0.len(), n_presets);
}

#[test]
fn the_suite_of_peers_measures_every_work_by_those_who_can() {
    let (rows, _) = rows_of("peers", "--backends single,threads,ceiling --workers 1,2");
    for what in [
        "copy",
        "develop",
        "blur2",
        "blur5",
        "blur25",
        "sharpen",
        "median3",
        "median5",
        "bilateral",
        "landscape",
        "resize",
        "decode",
        "encode",
        "encode-420",
    ] {
        let takes_workers = !["copy", "decode"].contains(&what);
        let mut expected = vec![("single", 1)];
        if takes_workers {
            expected.extend([("threads", 1), ("threads", 2)]);
        }
        expected.extend([("ceiling", 1), ("ceiling", 2)]);
        let expected: Vec<[String; 3]> = expected
            .into_iter()
            .map(|(contender, n)| [what.to_owned(), contender.to_owned(), n.to_string()])
            .collect();
        let found: Vec<[String; 3]> = rows.iter().filter(|row| row[0] == what).cloned().collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn the_suite_of_filters_measures_each_that_needs_no_file_and_names_the_others() {
    let (measured, stderr) = names_of("filters");
    let listed = room().say("filters --json").assert_done().stdout;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    for filter in listed["filters"].as_array().unwrap() {
        let id = filter["id"].as_str().unwrap();
        let parameters = filter["parameters"].as_array().unwrap();
        let needs_file = parameters.iter().any(|param| param["type"] == "file");
        assert_eq!(measured.contains(&id.to_owned()), !needs_file, "{id}");
        let is_named = stderr.contains(&format!("{id} is skipped"));
        assert_eq!(is_named, needs_file, "{stderr}");
    }
}

#[test]
fn the_tour_is_one_job_and_suites_are_listed() {
    assert_eq!(names_of("tour").0, ["Tour"]);
    room()
        .say("bench in.png --suite weekend")
        .assert_refused(2, &["weekend", "presets", "peers", "filters", "tour"]);
}

#[test]
fn memory_is_told_of_one_recipe_alone() {
    let room = room();
    room.say("bench in.png --memory-only --suite peers --backends single")
        .assert_refused(2, &["one recipe"]);
    room.say("bench in.png --memory-only --filter blur --backends ceiling")
        .assert_refused(2, &["one backend"]);
}

#[test]
fn what_processes_cost_is_told_with_the_floor_and_the_bytes() {
    let job = "--filter exposure,ev=1 --process-costs --workers 2 --runs 2";
    let outcome = room().say(&format!("bench in.png {job}")).assert_done();
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    for word in [
        "cold start",
        "warm start",
        "threads",
        "pipes",
        "shared",
        "floor",
    ] {
        let line = lines.iter().find(|line| line.starts_with(word));
        assert!(line.is_some_and(|line| line.contains(" ms")), "{lines:?}");
    }
    let figure = |after: &str| -> f64 {
        let (_, rest) = outcome.stdout.split_once(after).unwrap();
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    let (until_ready, until_made) = (figure("cold start   "), figure("of which "));
    assert!(until_made > 0.0 && until_made < until_ready, "{lines:?}");
    // The photo once, the output once, and frames around them.
    let share = figure(" MB moved, ");
    assert!((1.0..1.2).contains(&share), "{lines:?}");
}
