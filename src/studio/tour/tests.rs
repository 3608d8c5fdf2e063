//! Sentences from made-up figures: what shows, and what is said when it does not.

use crate::studio::engines::BackendKind;

use super::figures::seconds;
use super::{
    Conclusion, Guess, TourFigures, TourSoFar, TourStep, against_threads, conclude, runs_of,
};

fn figures(wall_ms: u64, n_workers: u16) -> TourFigures {
    TourFigures {
        wall_ns: wall_ms * 1_000_000,
        n_tiles: 240,
        n_workers,
        computing_ns: wall_ms * 990_000,
        output_sha256: Some("ab".into()),
        ..TourFigures::default()
    }
}

fn so_far() -> TourSoFar {
    TourSoFar {
        n_cores: 4,
        ceiling: Some(3.9),
        one_worker: Some(figures(1200, 1)),
        threads: Some(figures(310, 4)),
    }
}

fn said(step: TourStep, runs: &[TourFigures], before: &TourSoFar) -> Conclusion {
    conclude(step, runs, before).unwrap()
}

#[test]
fn every_step_says_what_its_runs_showed() {
    let before = so_far();
    let one = said(TourStep::OneWorker, &[figures(1200, 1)], &before);
    assert_eq!(
        one.sentence,
        "One worker did all 240 tiles in 1.2 s; the other cores had nothing to do."
    );
    assert_eq!((one.answer, one.did_show), (Some(Guess::Slower), true));

    let threads = said(TourStep::Threads, &[figures(310, 4)], &before);
    assert_eq!(
        threads.sentence,
        "Four threads read the same pixels in memory, so nothing was copied: 0.31 s, 3.9 times as fast."
    );
    assert_eq!(
        (threads.answer, threads.did_show),
        (Some(Guess::Faster), true)
    );

    let warm = TourFigures {
        bytes_moved: 191_000_000,
        ..figures(410, 4)
    };
    let cold = TourFigures {
        spawn_ns: 30_000_000,
        ..warm.clone()
    };
    let killed = TourFigures {
        n_faults: 1,
        ..warm.clone()
    };
    let processes = said(TourStep::Processes, &[cold, warm, killed], &before);
    assert_eq!(
        processes.sentence,
        "Each process has its own memory, so 191 MB had to travel, 0.41 s instead of 0.31 s and the \
         cold start took 0.03 s more; in return one died and the picture is still right."
    );
    assert_eq!(
        (processes.answer, processes.did_show),
        (Some(Guess::Slower), true)
    );

    let lock = said(
        TourStep::GlobalLock,
        &[figures(1210, 4), figures(1250, 100)],
        &before,
    );
    assert_eq!(
        lock.sentence,
        "A hundred threads, one lock: only its holder may compute, so it takes as long as one worker: \
         1.2 s and 1.2 s."
    );
    assert_eq!((lock.answer, lock.did_show), (Some(Guess::Same), true));

    let waits = said(
        TourStep::WorkThatWaits,
        &[figures(3100, 1), figures(400, 100)],
        &before,
    );
    assert_eq!(
        waits.sentence,
        "Waiting lets the lock go, so threads overlap their waits, never their arithmetic: 0.40 s \
         instead of 3.1."
    );
    assert_eq!((waits.answer, waits.did_show), (Some(Guess::Faster), true));
}

#[test]
fn the_first_guess_is_answered_by_what_the_second_step_measures() {
    let first = TourSoFar {
        threads: None,
        ..so_far()
    };
    let one = said(TourStep::OneWorker, &[figures(1200, 1)], &first);
    assert_eq!(one.answer, None, "nothing was measured to compare with");
    let threads = |wall_ms| against_threads(&figures(1200, 1), Some(&figures(wall_ms, 4)));
    assert_eq!(threads(310), Some(Guess::Slower));
    assert_eq!(threads(1190), Some(Guess::Same));
    let alone = against_threads(&figures(1200, 1), Some(&figures(1200, 1)));
    assert_eq!(alone, None, "one core has nobody to compare with");
}

#[test]
fn where_the_effect_did_not_show_another_wording_says_what_did() {
    let mut before = so_far();
    before.ceiling = Some(1.5);
    let siblings = said(TourStep::Threads, &[figures(857, 2)], &before);
    assert!(
        siblings
            .sentence
            .contains("1.4 times as fast, and this machine's ceiling is 1.5")
    );
    assert!(!siblings.did_show);

    let idle = TourFigures {
        computing_ns: 300_000_000,
        ..figures(1200, 1)
    };
    let one = said(TourStep::OneWorker, &[idle], &before);
    assert!(
        one.sentence.contains("computed for 25 %"),
        "{}",
        one.sentence
    );

    let quick = figures(300, 4);
    let runs = [quick.clone(), quick.clone(), quick];
    let processes = said(TourStep::Processes, &runs, &before);
    assert!(
        processes.sentence.contains("hid behind the computing"),
        "{}",
        processes.sentence
    );
    assert!(
        processes.sentence.contains("no process died"),
        "{}",
        processes.sentence
    );

    let slow = said(
        TourStep::GlobalLock,
        &[figures(1, 4), figures(2000, 100)],
        &before,
    );
    assert_eq!((slow.answer, slow.did_show), (Some(Guess::Slower), false));
    assert!(slow.sentence.contains("costs time as well"));

    let busy = said(
        TourStep::WorkThatWaits,
        &[figures(1300, 1), figures(1250, 100)],
        &before,
    );
    assert_eq!((busy.answer, busy.did_show), (Some(Guess::Same), false));
    assert!(busy.sentence.contains("is arithmetic"), "{}", busy.sentence);
}

#[test]
fn a_wrong_picture_is_never_called_right() {
    let warm = figures(410, 4);
    let killed = TourFigures {
        n_faults: 1,
        output_sha256: Some("cd".into()),
        ..warm.clone()
    };
    let processes = said(
        TourStep::Processes,
        &[warm.clone(), warm, killed],
        &so_far(),
    );
    assert!(processes.sentence.contains("THE PICTURE DIFFERS") && !processes.did_show);
}

#[test]
fn missing_runs_conclude_nothing_and_lone_steps_compare_with_nothing() {
    assert_eq!(
        conclude(TourStep::Processes, &[figures(1, 1)], &so_far()),
        None
    );
    let alone = said(TourStep::Threads, &[figures(310, 4)], &TourSoFar::default());
    assert_eq!((alone.answer, alone.did_show), (None, false));
    let one_core = said(
        TourStep::OneWorker,
        &[figures(310, 1)],
        &TourSoFar::default(),
    );
    assert!(one_core.sentence.contains("one core only"));
}

#[test]
fn steps_run_what_they_say() {
    for step in TourStep::ALL {
        let runs = runs_of(step, 4);
        assert!(!runs.is_empty());
        let waits = runs.iter().all(|run| run.choice.storage_wait_ms == 20);
        assert_eq!(waits, step == TourStep::WorkThatWaits);
        for text in [
            step.title(),
            step.explanation(),
            step.look_at(),
            step.question(),
            step.button(),
        ] {
            assert!(text.len() > 3 && !text.contains("  "), "{text}");
        }
    }
    let lock = runs_of(TourStep::GlobalLock, 4);
    assert_eq!(
        lock.iter()
            .map(|run| run.choice.n_workers)
            .collect::<Vec<_>>(),
        [4, 100]
    );
    assert!(
        lock.iter()
            .all(|run| run.choice.kind == BackendKind::GlobalLock)
    );
    assert_eq!(TourStep::WorkThatWaits.next(), None);
}

#[test]
fn times_read_as_one_says_them() {
    let read = |ms: u64| seconds(ms * 1_000_000);
    assert_eq!(
        [read(7), read(310), read(996), read(3149), read(12_400)],
        ["0.01 s", "0.31 s", "1.0 s", "3.1 s", "12 s"]
    );
}
