//! The program itself never decodes; it says how its decoder is held, and refuses where it must.

use std::path::Path;
use std::process::{Command, Output};

use parallax::codecs::{CodecError, Limits, Watch};
use parallax::studio::Photo;

use crate::scene::{decoder, program, small};
#[cfg(target_os = "linux")]
use crate::support::skipped;

fn run(args: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(program());
    command.args(args).current_dir(folder);
    command.env("PARALLAX_DATA_DIR", folder.join("kept"));
    command.env_remove("RUST_LOG").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with a small picture in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let picture = small(image::ImageFormat::Png);
    std::fs::write(folder.path().join("in.png"), picture).unwrap();
    folder
}

#[test]
fn the_state_of_the_sandbox_is_told_by_the_version_and_in_every_log() {
    let folder = folder();
    let version = text(&run(&["--version", "--verbose"], folder.path()).stdout);
    let line = version.lines().find(|line| line.starts_with("sandbox"));
    let state = decoder().probe().unwrap();
    assert!(
        line.is_some_and(|line| line.contains(&state.to_string())),
        "{version}"
    );
    let logs = ["log.csv", "log.json", "log.trace.json"];
    let mut args = vec!["apply", "in.png", "-o", "out.png"];
    args.extend(logs.iter().flat_map(|log| ["--timings", log]));
    let output = run(&args, folder.path());
    assert!(output.status.success(), "{}", text(&output.stderr));
    for log in logs {
        let words = std::fs::read_to_string(folder.path().join(log)).unwrap();
        assert!(words.contains("sandbox"), "{log}");
        assert!(words.contains(state.word()), "{log}");
    }
}

/// Memory that processes share counts as a file: where those are bounded, nothing that is larger opens,
/// and the program says so, where the system would end it with a signal.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_of_files_smaller_than_the_picture_is_told() {
    let folder = folder();
    // In blocks of 512 bytes or of 1024: less than the picture's nine thousand in any case.
    let words = format!(
        "ulimit -f 8; exec {} apply in.png -o out.png --set exposure.ev=1",
        program()
    );
    let mut command = Command::new("sh");
    let output = command.args(["-c", &words]).current_dir(folder.path());
    let output = output.output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    for part in ["ulimit -f", "raise that limit"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!folder.path().join("out.png").exists());
}

#[test]
fn a_photo_knows_what_held_its_decoder() {
    let folder = folder();
    let path = folder.path().join("in.png");
    let photo = Photo::load(&decoder(), &path, &Limits::default(), &Watch::NONE).unwrap();
    let state = photo.sandbox.clone().unwrap();
    assert_eq!(photo.facts().sandbox, Some(state.to_string()));
    let here = Photo::load_here(&path, &Limits::default(), &Watch::NONE).unwrap();
    assert_eq!(
        (&here.sha256, here.n_file_bytes),
        (&photo.sha256, photo.n_file_bytes)
    );
    assert_eq!(here.image.samples, photo.image.samples);
    assert_eq!(here.facts().sandbox, None);
    #[cfg(target_os = "linux")]
    if !state.is_full() {
        skipped(&format!("this system's sandbox is {state}"));
    }
}

#[test]
fn a_stopped_opening_ends_the_decoder() {
    let folder = folder();
    let stop = std::sync::atomic::AtomicBool::new(true);
    let path = folder.path().join("in.png");
    let opened = decoder().open(&path, &Limits::default(), &Watch::cancel(&stop), |_| ());
    let Err(parallax::backend::decoder::DecoderError::Codec(CodecError::Cancelled)) = opened else {
        panic!("{opened:?}");
    };
}

#[test]
fn a_program_that_is_not_there_is_told_and_nothing_is_decoded_here() {
    let folder = folder();
    let program = parallax::backend::processes::WorkerProgram::computing("/nowhere/parallax");
    let decoder = parallax::backend::decoder::Decoder::beside(&program);
    let path = folder.path().join("in.png");
    let error = Photo::load(&decoder, &path, &Limits::default(), &Watch::NONE).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap();
    assert!(cause.to_string().contains("cannot be started"), "{cause}");
    // What is not a decoder is found out before it gets a file.
    for other in ["/bin/cat", "/bin/true"] {
        if !Path::new(other).exists() {
            continue;
        }
        let program = parallax::backend::processes::WorkerProgram {
            program: other.into(),
            args: Vec::new(),
        };
        let decoder = parallax::backend::decoder::Decoder::with_program(program);
        assert!(decoder.probe().is_err(), "{other}");
    }
}

/// A system whose kernel says no to Landlock: a filter denies the calls before the program starts.
#[cfg(all(feature = "fault-injection", target_os = "linux"))]
#[test]
fn an_incomplete_sandbox_is_told_and_refused_where_it_is_required() {
    let folder = folder();
    let without = |args: &[&str]| {
        let mut all = vec!["worker", "--role", "without-landlock", "--"];
        all.extend(args);
        run(&all, folder.path())
    };
    let version = text(&without(&["--version", "--verbose"]).stdout);
    assert!(version.contains("partial: without Landlock"), "{version}");
    let opened = without(&["info", "in.png"]);
    assert!(opened.status.success(), "{}", text(&opened.stderr));
    for command in [
        &["info", "in.png", "--require-sandbox"][..],
        &["apply", "in.png", "-o", "out.png", "--require-sandbox"],
        &["bench", "in.png", "--require-sandbox"],
        &["in.png", "--require-sandbox"],
    ] {
        let refused = without(command);
        assert_eq!(refused.status.code(), Some(5), "{command:?}");
        let words = text(&refused.stderr);
        assert!(
            words.contains("sandbox") && words.contains("Landlock"),
            "{words}"
        );
        assert_eq!(words.lines().count(), 1, "{words}");
        assert!(!folder.path().join("out.png").exists());
    }
    let state = decoder().probe().unwrap();
    let here = run(&["info", "in.png", "--require-sandbox"], folder.path());
    assert_eq!(
        here.status.success(),
        state.is_full(),
        "{}",
        text(&here.stderr)
    );
}
