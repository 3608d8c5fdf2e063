//! What must hold after every fault, whatever it was: asserted by one function.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// How long workers may outlive the run that was ended.
const LAST_BREATH: Duration = Duration::from_secs(5);

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Failed(String),
    Cancelled,
}

/// A file as it was before the fault.
#[derive(Debug)]
pub(crate) struct Before {
    path: PathBuf,
    bytes: Vec<u8>,
    modified: SystemTime,
}

impl Before {
    pub(crate) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            bytes: fs::read(path).unwrap(),
            modified: path.metadata().unwrap().modified().unwrap(),
        }
    }
}

/// All that is left when a run is over.
#[derive(Debug)]
pub(crate) struct Aftermath<'a> {
    /// How each item ended: here always one.
    pub(crate) end: End,
    /// `None` where the photo was never a file.
    pub(crate) source: Option<&'a Before>,
    /// Where the result goes, and whether it is right: `None` where it is no file.
    pub(crate) target: Option<(&'a Path, bool)>,
    /// Whether the pixels are those of a single core, where there are any.
    pub(crate) is_same: Option<bool>,
    /// Every worker that ever ran.
    pub(crate) pids: &'a [u32],
    /// Workers that were seen as zombies for long while the run went on.
    pub(crate) zombies: &'a [u32],
    /// `None` where nothing is said because no program ran.
    pub(crate) stderr: Option<&'a str>,
}

/// I1 to I6.
#[track_caller]
pub(crate) fn assert_invariants(after: &Aftermath<'_>) {
    source_is_untouched(after);
    target_is_whole(after);
    one_way_of_ending(after);
    workers_are_gone(after);
    assert_ne!(after.is_same, Some(false), "I5: other pixels: {after:?}");
    words_are_plain(after);
}

#[track_caller]
fn source_is_untouched(after: &Aftermath<'_>) {
    if let Some(before) = after.source {
        let now = Before::of(&before.path);
        assert!(now.bytes == before.bytes, "I1: the photo was changed");
        assert_eq!(now.modified, before.modified, "I1");
    }
}

/// Absent or whole, and no temporary file of ours beside it.
#[track_caller]
fn target_is_whole(after: &Aftermath<'_>) {
    let Some((target, is_whole)) = after.target else {
        return;
    };
    assert_eq!(target.exists(), is_whole, "I2: half a file: {after:?}");
    let folder = target.parent().unwrap();
    let left: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with(".parallax-"))
        .collect();
    assert!(left.is_empty(), "I2: {left:?}");
}

#[track_caller]
fn one_way_of_ending(after: &Aftermath<'_>) {
    let has_result = after.target.is_some_and(|(target, _)| target.exists());
    let is_done = after.end == End::Done;
    if after.target.is_some() {
        assert_eq!(has_result, is_done, "I3: {after:?}");
    }
    if let End::Failed(reason) = &after.end {
        assert!(!reason.trim().is_empty(), "I3: no reason: {after:?}");
    }
}

#[track_caller]
fn workers_are_gone(after: &Aftermath<'_>) {
    let deadline = Instant::now() + LAST_BREATH;
    for pid in after.pids {
        while is_running(*pid) {
            assert!(Instant::now() < deadline, "I4: {pid} lives on: {after:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }
    assert!(after.zombies.is_empty(), "I4: zombies: {after:?}");
}

/// One line for people; what else is said are warnings.
#[track_caller]
fn words_are_plain(after: &Aftermath<'_>) {
    let Some(stderr) = after.stderr else { return };
    let is_error = |line: &&str| line.starts_with("parallax: ");
    let errors: Vec<&str> = stderr.lines().filter(is_error).collect();
    match &after.end {
        End::Done => assert!(errors.is_empty(), "I6: {stderr}"),
        End::Failed(_) | End::Cancelled => {
            assert_eq!(errors.len(), 1, "I6: {stderr}");
            assert!(errors[0].contains("; "), "I6: no advice: {stderr}");
        }
    }
    for word in ["panicked", "RUST_BACKTRACE", "stack backtrace", "\u{1b}["] {
        assert!(!stderr.contains(word), "I6: {word} in {stderr}");
    }
}

/// Whether a process runs or could run again.
pub(crate) fn is_running(pid: u32) -> bool {
    state_of(pid).is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// The letter Linux has for it.
pub(crate) fn state_of(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it stands in parentheses and may hold anything.
    stat.rsplit(") ").next()?.chars().next()
}

/// The most a process ever held.
pub(crate) fn peak_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
    number.unwrap_or(0)
}
