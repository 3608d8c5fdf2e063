//! Every command does what its help says.

use super::pictures::photo_in;
use super::room::{Outcome, Room, program};
use serde_json::Value;

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {outcome:?}"))
}

#[test]
fn help_names_every_command_but_the_workers() {
    let outcome = Room::new().say("--help").assert_done();
    for word in [
        "apply",
        "bench",
        "filters",
        "info",
        "completions",
        "Examples:",
        "--verbose",
    ] {
        assert!(outcome.stdout.contains(word), "{word}: {}", outcome.stdout);
    }
    for word in ["worker", "screenshot", "memory-only"] {
        assert!(!outcome.stdout.contains(word), "{word}: {}", outcome.stdout);
    }
}

#[test]
fn help_of_each_command_has_examples_and_the_options_of_the_contract() {
    let room = Room::new();
    for (command, options) in [
        (
            "apply",
            "--output --recipe --set --backend --workers --tile --transport --max-megapixels \
             --switch-interval --storage-wait --overwrite --quality --subsampling --depth --profile --timings",
        ),
        (
            "bench",
            "--recipe --filter --suite --backends --workers --runs --json",
        ),
        ("filters", "--json"),
        ("info", "--json"),
    ] {
        let outcome = room.run([command, "--help"]).assert_done();
        assert!(outcome.stdout.contains("Examples:"), "{}", outcome.stdout);
        for option in options.split_whitespace() {
            assert!(outcome.stdout.contains(option), "{command} {option}");
        }
        assert!(!outcome.stdout.contains("memory-only"), "{command}");
    }
}

#[test]
fn version_is_one_line_and_with_verbose_tells_of_the_machine() {
    let room = Room::new();
    let version = concat!("parallax ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(room.say("--version").assert_done().stdout, version);
    let verbose = room.say("--version --verbose").assert_done().stdout;
    assert!(verbose.starts_with(version), "{verbose}");
    for word in ["cores", "SIMD", "single, threads, processes"] {
        assert!(verbose.contains(word), "{verbose}");
    }
}

#[test]
fn filters_lists_what_scripts_rely_on() {
    let room = Room::new();
    let table = room.say("filters").assert_done().stdout;
    let report = json(&room.say("filters --json").assert_done());
    assert_eq!(report["version"], 1);
    let filters = report["filters"].as_array().unwrap();
    for (id, params) in [
        ("exposure", "ev"),
        ("white-balance", "temperature tint"),
        ("contrast", "amount"),
        ("highlights", "amount"),
        ("shadows", "amount"),
        ("vibrance", "amount"),
        ("saturation", "amount"),
        ("black-and-white", ""),
        ("blur", "radius"),
        ("sharpen", "amount radius"),
        ("median", "radius"),
        ("vignette", "amount"),
        ("grain", "amount"),
        ("crop", "left top width height"),
        ("rotate", "quarter_turns"),
        ("flip", "axis"),
    ] {
        assert!(table.contains(id), "{table}");
        let filter = filters.iter().find(|filter| filter["id"] == id);
        let filter = filter.unwrap_or_else(|| panic!("no filter {id}"));
        for param in params.split_whitespace() {
            let has = filter["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .any(|p| p["id"] == param);
            assert!(has, "{id}.{param}");
        }
    }
    let ev = &filters
        .iter()
        .find(|filter| filter["id"] == "exposure")
        .unwrap()["parameters"][0];
    assert_eq!(
        (&ev["type"], &ev["identity"], &ev["unit"]),
        (&"number".into(), &0.0.into(), &"EV".into())
    );
}

#[test]
fn info_tells_size_depth_and_how_the_photo_opens() {
    let room = Room::new();
    photo_in(&room);
    let text = room.say("info in.png").assert_done().stdout;
    for part in ["83 × 61", "8 bit", "PNG", "upright"] {
        assert!(text.contains(part), "{text}");
    }
    let report = json(&room.say("info in.png --json").assert_done());
    assert_eq!(
        (&report["width"], &report["height"]),
        (&83.into(), &61.into())
    );
    assert_eq!(
        (&report["bits"], &report["orientation"]),
        (&8.into(), &1.into())
    );
    assert_eq!(report["path"], "in.png");
}

#[test]
fn completions_are_scripts_of_the_shell_asked_for() {
    let room = Room::new();
    for (shell, word) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef"),
        ("fish", "complete -c"),
    ] {
        let script = room.run(["completions", shell]).assert_done().stdout;
        assert!(script.contains(word) && script.contains("apply"), "{shell}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_program_quietly() {
    use std::io::Read as _;
    use std::process::{Command, Stdio};

    let mut child = Command::new(program())
        .args(["filters", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert!(child.wait().unwrap().success(), "{stderr}");
    assert_eq!(stderr, "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stdout_is_an_output_that_cannot_be_written() {
    use std::fs::OpenOptions;
    use std::process::Command;

    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(program())
        .arg("filters")
        .stdout(full)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn verbose_may_stand_before_or_after_the_command_and_photos_only_after() {
    let room = Room::new();
    photo_in(&room);
    room.say("--verbose info in.png").assert_done();
    room.say("info in.png --verbose").assert_done();
    room.say("in.png info in.png")
        .assert_refused(3, &["info", "stands first"]);
}
