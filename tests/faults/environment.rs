//! What a worker gets from its parent and what the program does without: F43, S12, S16.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::cli::{Case, Running, command};
use super::support::skipped;

#[test]
fn s12_a_worker_gets_a_bare_environment_and_no_descriptor_of_others() {
    let case = Case::small();
    let mut own = command();
    let line = "apply in.png -o out.png --set exposure --backend processes --workers 1 --tile 64 --no-history";
    own.args(line.split_whitespace())
        .current_dir(case.path(""))
        .env("PARALLAX_FAULT", "tell@2")
        .env("RUST_LOG", "info")
        .env("SECRET_TOKEN", "x");
    // A descriptor the parent holds open must not be there in the worker.
    let kept = std::fs::File::open(case.path("in.png")).unwrap();
    let output = own.stdin(Stdio::null()).output().unwrap();
    drop(kept);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    let told = |what: &str| -> BTreeSet<String> {
        let mark = format!("TELL {what} ");
        let said = stderr.lines().filter_map(|line| line.split_once(&mark));
        // Behind the words stands who said them.
        let plain = |rest: &str| rest.rsplit_once(" pid=").map(|(words, _)| words.to_owned());
        said.filter_map(|(_, rest)| plain(rest)).collect()
    };
    let allowed = ["PARALLAX_SIMD", "RUST_BACKTRACE", "RUST_LOG", "SystemRoot"];
    let variables = told("variable");
    assert!(variables.contains("PARALLAX_SIMD"), "{stderr}");
    assert!(
        variables
            .iter()
            .all(|name| allowed.contains(&name.as_str())),
        "{variables:?}"
    );
    assert_eq!(told("folder"), BTreeSet::from(["/".to_owned()]));
    let descriptors = told("descriptor");
    // Streams, the protocol's own two copies, and nothing of the photo.
    assert!((3..=6).contains(&descriptors.len()), "{stderr}");
    for descriptor in &descriptors {
        let (_, target) = descriptor.split_once(' ').unwrap();
        // The list itself is read by a descriptor, too.
        let is_list = target.ends_with("/fd");
        assert!(target.starts_with("pipe:") || is_list, "{descriptors:?}");
    }
}

#[test]
fn a_worker_that_was_taken_over_gets_at_nothing() {
    let version = command().args(["--version", "--verbose"]).output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    if !version
        .lines()
        .any(|line| line.contains("sandbox") && line.contains("full"))
    {
        skipped(&format!("this system has no full sandbox: {version}"));
        return;
    }
    let case = Case::small();
    for (way, opens) in [("pipes", false), ("shared-memory", true)] {
        let mut own = command();
        let line = format!(
            "apply in.png -o out.png --overwrite --set blur.radius=2 --backend processes \
             --workers 1 --tile 64 --transport {way}"
        );
        own.args(line.split_whitespace())
            .current_dir(case.path(""))
            .env("PARALLAX_FAULT", "try@2")
            .env("RUST_LOG", "info");
        let output = own.stdin(Stdio::null()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success(),
            "it computes all the same: {stderr}"
        );
        let came_of = |what: &str| {
            let mark = format!("TRY {what}: ");
            let line = stderr.lines().find_map(|line| line.split_once(&mark));
            line.map_or_else(|| panic!("{what} in {stderr}"), |(_, rest)| rest.to_owned())
        };
        let is_denied = |what: &str| {
            let words = came_of(what);
            let denials = ["Operation not permitted", "Permission denied"];
            denials.iter().any(|denial| words.starts_with(denial))
        };
        for what in [
            "unlink:of-a-worker",
            "socket",
            "connect:127.0.0.1:9",
            "fork",
            "spawn:/bin/true",
            "kill-parent",
            "peek",
            "io-uring",
            "raise-limit",
            "exec:/bin/true",
        ] {
            assert!(is_denied(what), "{way} {what}: {}", came_of(what));
        }
        // Memory by name is opened as a file is.
        for what in ["read:/etc/passwd", "list:/", "write:of-a-worker"] {
            assert!(opens || is_denied(what), "{way} {what}: {}", came_of(what));
        }
        assert!(came_of("thread").starts_with("done"));
    }
}

#[test]
fn s16_an_impossible_radius_is_wrong_usage_at_once() {
    for edit in ["blur.radius=1e9", "blur.radius=NaN", "resize.percent=1e30"] {
        let began = Instant::now();
        let mut own = command();
        own.args([
            "apply",
            "in.png",
            "-o",
            "out.png",
            "--set",
            edit,
            "--no-history",
        ]);
        let output = own.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{edit}: {output:?}");
        assert!(began.elapsed().as_millis() < 1500, "{edit}");
    }
}

/// By a shell, in the program's place `P`.
fn shell(script: &str) -> std::process::Output {
    let own = command();
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", script])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("P", own.get_program());
    shell.output().unwrap()
}

#[test]
fn f43_closed_streams_and_no_home_are_quiet() {
    for script in [
        "\"$P\" filters | head -n 1",
        "\"$P\" filters --json | head -c 10",
        "\"$P\" filters <&- >/dev/null",
        "\"$P\" --version >&-",
        "\"$P\" --version 2>&-",
        "LANG=C LC_ALL=C \"$P\" info /nowhere.png; [ $? = 3 ]",
    ] {
        let output = shell(script);
        let stderr = String::from_utf8_lossy(&output.stderr);
        for word in ["panicked", "internal error", "backtrace"] {
            assert!(!stderr.contains(word), "{script}: {stderr}");
        }
    }
}

#[test]
fn f43_a_run_without_stdin_and_stdout_is_done() {
    let case = Case::small();
    let how = "--backend processes --workers 2 --tile 64";
    let running: Running = case.start_after("exec <&- >&-", how);
    case.end(running).assert_done();
}
