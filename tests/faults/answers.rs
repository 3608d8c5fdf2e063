//! Workers that say what is wrong, too much or nothing: F7, F8, F11, F12, S10, S13.

use parallax::telemetry::event::{DeathCause, WorkerChange};

use super::cli::Case;

const PROTOCOL: WorkerChange = WorkerChange::Died(DeathCause::Protocol);

#[test]
fn f7_a_flood_on_stderr_blocks_nobody_and_is_not_passed_on() {
    let case = Case::small();
    for fault in ["stderr-flood@0", "stderr-flood@2"] {
        let outcome = case.run(Some(fault)).assert_done();
        assert!(outcome.deaths().is_empty(), "{fault}: {outcome:?}");
        assert!(outcome.stderr.len() < 200_000, "{fault}");
    }
}

#[test]
fn f8_both_directions_full_block_nobody() {
    // Tiles of several times a pipe, more than one under way to each worker.
    let case = Case::new((1600, 1200), "--set exposure.ev=0.5");
    let how = "--backend processes --workers 3 --tile 700";
    let outcome = case.run_how(how, Some("slow@1")).assert_done();
    assert!(outcome.deaths().is_empty(), "{outcome:?}");
}

#[test]
fn f11_wrong_answers_cost_the_worker_and_never_reach_the_picture() {
    let case = Case::small();
    for kind in [
        "garbage",
        "short",
        "long",
        "badcrc",
        "wrongid",
        "wrongjob",
        "wrongrect",
        "trailing",
    ] {
        let outcome = case.run(Some(&case.once(&format!("{kind}@2"))));
        let outcome = outcome.assert_done();
        assert_eq!(outcome.deaths(), [PROTOCOL], "{kind}: {outcome:?}");
    }
}

#[test]
fn f11_wrong_answers_about_shared_memory_cost_the_worker_too() {
    let case = Case::small();
    let how = "--backend processes --workers 2 --tile 64 --transport shared-memory";
    for kind in [
        "garbage",
        "long",
        "badcrc",
        "wrongid",
        "wrongjob",
        "wrongrect",
        "trailing",
    ] {
        let outcome = case.run_how(how, Some(&case.once(&format!("{kind}@2"))));
        let outcome = outcome.assert_done();
        assert_eq!(outcome.deaths(), [PROTOCOL], "{kind}: {outcome:?}");
    }
}

#[test]
fn an_answer_cut_short_is_a_death() {
    let case = Case::small();
    let outcome = case.run(Some(&case.once("truncated@2"))).assert_done();
    let died = WorkerChange::Died(DeathCause::ExitCode(0));
    assert_eq!(outcome.deaths(), [died]);
}

#[test]
fn f12_a_length_of_four_gigabytes_is_refused_before_memory_is_taken() {
    let case = Case::small();
    let plain = case.run(None).assert_done();
    let outcome = case.run(Some(&case.once("hugelen@2"))).assert_done();
    assert_eq!(outcome.deaths(), [PROTOCOL]);
    let grown_kib = outcome
        .seen
        .peak_rss_kib
        .saturating_sub(plain.seen.peak_rss_kib);
    assert!(grown_kib < 16 << 10, "{grown_kib} KiB more");
}

#[test]
fn s13_what_a_library_prints_is_no_protocol() {
    let case = Case::small();
    let outcome = case.run(Some("stdout-print@2")).assert_done();
    assert!(outcome.deaths().is_empty(), "{outcome:?}");
}
