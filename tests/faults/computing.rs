//! Workers that die, hang or loop while they compute: F4 to F6, F9, F13, F14, F18.

use std::time::Duration;

use parallax::telemetry::event::{DeathCause, RunOutcome, WorkerChange};

use super::cli::Case;
use super::is_long;

const ONE: &str = "--backend processes --workers 1 --tile 64";

#[test]
fn f4_a_worker_that_loops_is_replaced_and_its_parent_does_not_loop() {
    let case = Case::small();
    let outcome = case.run(Some(&case.once("spin@3"))).assert_done();
    let died = WorkerChange::Died(DeathCause::Deadline);
    assert_eq!(outcome.deaths(), [died], "{outcome:?}");
    let suspects = outcome.changes.iter();
    let suspects = suspects.filter(|(_, change)| *change == WorkerChange::Suspect);
    assert_eq!(suspects.count(), 1, "{outcome:?}");
    assert_eq!(outcome.max_attempt, 2);
    assert!(outcome.wall < Duration::from_secs(8), "{outcome:?}");
    // A hundred ticks a second.
    let busy = outcome.seen.cpu_ticks as f64 / 100.0 / outcome.wall.as_secs_f64();
    assert!(busy < 0.5, "{busy} of a core");
}

#[test]
fn a_worker_that_sleeps_for_ever_is_replaced() {
    let case = Case::small();
    let outcome = case.run(Some(&case.once("hang@2"))).assert_done();
    let died = WorkerChange::Died(DeathCause::Deadline);
    assert_eq!(outcome.deaths(), [died]);
    assert!(outcome.wall < Duration::from_secs(8), "{outcome:?}");
}

#[test]
fn f5_an_exit_in_the_middle_is_a_death_and_no_end_of_data() {
    let case = Case::small();
    let outcome = case.run(Some(&case.once("exit0@2"))).assert_done();
    let died = WorkerChange::Died(DeathCause::ExitCode(0));
    assert_eq!(outcome.deaths(), [died]);
    assert_eq!(outcome.max_attempt, 2);
}

#[test]
fn f6_a_worker_that_dies_while_it_is_sent_a_frame_hangs_nobody() {
    let case = Case::new((2400, 1600), "--set exposure.ev=0.5");
    let how = "--backend processes --workers 1 --tile 2400";
    let fault = case.once("midread@1000000");
    let outcome = case.run_how(how, Some(&fault)).assert_done();
    let died = WorkerChange::Died(DeathCause::Signal(9));
    assert_eq!(outcome.deaths(), [died]);
}

#[test]
fn f9_a_tile_that_kills_every_worker_fails_by_its_name() {
    let case = Case::small();
    let outcome = case.run(Some("crash@tile=7"));
    let outcome = outcome.assert_lost(&["tile 7", "3 workers", "signal 9", "pid "]);
    assert!(outcome.wall < Duration::from_secs(10));
    // What was measured until then is there to be looked at, with the reason.
    let (ended, cause) = outcome.ended.clone().unwrap();
    assert_eq!(ended, RunOutcome::Failed);
    assert!(cause.unwrap().contains("tile 7 ended 3 workers"));
    assert!(outcome.deaths().len() >= 3, "{outcome:?}");
}

#[test]
fn f13_whichever_tile_goes_wrong_the_run_ends_well() {
    let case = Case::new((192, 128), "--set blur.radius=2");
    let kinds: &[&str] = if is_long() {
        &[
            "crash",
            "abort",
            "exit0",
            "garbage",
            "short",
            "badcrc",
            "truncated",
            "midread",
        ]
    } else {
        &["abort", "garbage"]
    };
    for kind in kinds {
        let mut n = 1;
        loop {
            let nth = if *kind == "midread" { n * 4000 } else { n };
            let outcome = case.run_how(ONE, Some(&case.once(&format!("{kind}@{nth}"))));
            let outcome = outcome.assert_done();
            // Six tiles: the loop ends when a fault comes too late to happen.
            if outcome.deaths().is_empty() {
                break;
            }
            n += 1;
        }
        assert!(n > 6, "{kind}: {n}");
    }
}

#[test]
fn f14_a_worker_out_of_memory_says_so_and_its_parent_lives() {
    let case = Case::small();
    let outcome = case.run(Some("oom@tile=3"));
    outcome.assert_lost(&["tile 3", "memory", "64 × 64 pixels", "limit"]);
}

#[test]
fn f18_a_panic_in_a_filter_is_told_by_the_filters_name() {
    let case = Case::small();
    for how in [
        "--backend threads --workers 2 --tile 64",
        "--backend single --tile 64",
        "--backend processes --workers 2 --tile 64",
    ] {
        let outcome = case.run_how(how, Some("panic@3"));
        assert_eq!(outcome.code, Some(1), "{how}: {outcome:?}");
        let has_name = ["blur", "exposure", "decode", "encode"]
            .iter()
            .any(|filter| outcome.stderr.contains(&format!("the filter {filter}")));
        assert!(has_name, "{how}: {outcome:?}");
        assert!(outcome.deaths().is_empty(), "a panic kills nobody");
    }
}

#[test]
fn a_slow_worker_is_no_dead_worker() {
    let case = Case::small();
    let outcome = case.run(Some(&case.once("slow@1"))).assert_done();
    assert!(outcome.deaths().is_empty(), "{outcome:?}");
}
