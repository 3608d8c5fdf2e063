//! Pixels by shared memory survive what pixels by pipes do, and no memory stays behind.

use std::collections::BTreeSet;
use std::fs;

use parallax::telemetry::event::{DeathCause, WorkerChange};

use super::cli::Case;

const HOW: &str = "--backend processes --transport shared-memory --workers 2 --tile 64";

fn segments() -> BTreeSet<std::ffi::OsString> {
    let entries = fs::read_dir("/dev/shm").into_iter().flatten().flatten();
    let ours = entries.map(|entry| entry.file_name());
    ours.filter(|name| name.to_string_lossy().contains("parallax"))
        .collect()
}

#[test]
fn faults_by_shared_memory_cost_a_worker_and_no_pixel() {
    let before = segments();
    let case = Case::small();
    let causes = [
        ("crash@2", DeathCause::Signal(9)),
        ("abort@3", DeathCause::Signal(6)),
        ("exit0@2", DeathCause::ExitCode(0)),
        ("hang@2", DeathCause::Deadline),
        ("garbage@2", DeathCause::Protocol),
        ("badcrc@2", DeathCause::Protocol),
        ("wrongid@2", DeathCause::Protocol),
        ("wrongjob@2", DeathCause::Protocol),
        ("wrongrect@2", DeathCause::Protocol),
        ("long@2", DeathCause::Protocol),
        ("hugelen@2", DeathCause::Protocol),
    ];
    for (fault, cause) in causes {
        let outcome = case.run_how(HOW, Some(&case.once(fault))).assert_done();
        assert_eq!(outcome.deaths(), [WorkerChange::Died(cause)], "{fault}");
    }
    assert_eq!(segments(), before);
}

#[test]
fn a_poisonous_tile_by_shared_memory_fails_by_its_name() {
    let case = Case::small();
    let outcome = case.run_how(HOW, Some("crash@tile=7"));
    outcome.assert_lost(&["tile 7", "3 workers", "signal 9"]);
}
