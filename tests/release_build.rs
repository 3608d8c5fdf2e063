//! Faults on order are in the build that the tests use, and in none for people.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "support/mod.rs"]
#[cfg_attr(
    feature = "fault-injection",
    expect(dead_code, reason = "nothing is left out with the feature")
)]
mod support;

/// The name of a fault: only the code that obeys orders has it.
const MARK: &[u8] = b"stderr-flood";

fn has_mark(file: &Path) -> bool {
    let bytes = fs::read(file).unwrap();
    bytes.windows(MARK.len()).any(|window| window == MARK)
}

fn parallax(args: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallax"));
    command.args(args).output().unwrap()
}

/// The library as it is built for people: what README's first command has built already.
#[cfg(feature = "fault-injection")]
fn library_without_features() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--lib", "--offline", "--message-format=json"])
        .args((!cfg!(debug_assertions)).then_some("--release"))
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    let messages = stdout
        .lines()
        .map(serde_json::from_str::<serde_json::Value>);
    let library = messages.map(Result::unwrap).find_map(|message| {
        let is_ours = message["reason"] == "compiler-artifact"
            && message["target"]["name"] == "parallax"
            && message["target"]["kind"][0] == "lib";
        let files = message["filenames"].as_array().filter(|_| is_ours)?;
        let paths = files.iter().filter_map(serde_json::Value::as_str);
        paths
            .map(PathBuf::from)
            .find(|path| path.extension().is_some_and(|ending| ending == "rlib"))
    });
    library.unwrap()
}

#[test]
#[cfg(feature = "fault-injection")]
fn only_the_build_for_tests_has_faults_on_order() {
    let version = parallax(&["--version", "--verbose"]);
    let version = String::from_utf8(version.stdout).unwrap();
    assert!(version.contains("features   fault-injection"), "{version}");
    assert!(has_mark(Path::new(env!("CARGO_BIN_EXE_parallax"))));
    let library = library_without_features();
    assert!(!has_mark(&library), "{}", library.display());
}

#[test]
#[cfg(not(feature = "fault-injection"))]
fn this_build_has_no_faults_on_order() {
    support::skipped("faults are tested with --features fault-injection, as README says");
    let version = parallax(&["--version", "--verbose"]);
    let version = String::from_utf8(version.stdout).unwrap();
    assert!(version.contains("features   none"), "{version}");
    assert!(!has_mark(&PathBuf::from(env!("CARGO_BIN_EXE_parallax"))));
    let refused = parallax(&["worker", "--role", "compute", "--fault", "crash@0"]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
}
