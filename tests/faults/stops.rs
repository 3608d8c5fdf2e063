//! Runs that are stopped in the middle: F16, F17, F20.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use parallax::backend::BackendError;
use parallax::backend::cancel::Cancel;
use parallax::backend::threads::Threads;
use rustix::process::Signal;

use super::cli::Case;
use super::kills::{AtTiles, Job, TILE_PX};
use super::scene::{plain, pool, render};

const HOW: &str = "--backend processes --workers 2 --tile 64";

#[test]
fn f16_an_export_ends_within_a_second_of_a_signal() {
    let case = Case::new((640, 480), "--set blur.radius=2");
    for signal in [Signal::INT, Signal::TERM] {
        // Eighty tiles of 150 ms: it cannot be done before it is stopped.
        let mut running = case.start(HOW, Some("slow@1"));
        assert!(running.wait_for_workers(2));
        thread::sleep(Duration::from_millis(250));
        running.signal(signal);
        let began = Instant::now();
        let outcome = case.end(running);
        assert_eq!(outcome.code, Some(130), "{outcome:?}");
        assert!(began.elapsed() < Duration::from_secs(2));
        assert!(outcome.deaths().is_empty(), "{outcome:?}");
    }
}

#[test]
fn f17_a_second_signal_changes_nothing_for_the_worse() {
    let case = Case::new((640, 480), "--set blur.radius=2");
    let mut running = case.start(HOW, Some("slow@1"));
    assert!(running.wait_for_workers(2));
    thread::sleep(Duration::from_millis(250));
    running.signal(Signal::INT);
    running.signal(Signal::INT);
    let outcome = case.end(running);
    assert_eq!(outcome.code, Some(130), "{outcome:?}");
}

#[test]
fn f17_a_run_right_after_a_stopped_one_gets_nothing_of_it() {
    let (job, pool) = (Job::new(), pool(2));
    for n_before_stop in [1, 5, 17, 33] {
        let cancel = Cancel::default();
        let at_tiles = AtTiles::new(|n_tiles, _: &_| {
            if n_tiles >= n_before_stop {
                // Again and again: a stop during a stop.
                cancel.stop();
            }
        });
        let result = render((&job.plan, &job.image, TILE_PX), &pool, &at_tiles, &cancel);
        assert!(matches!(result, Err(BackendError::Stopped)), "{result:?}");
        job.run(&pool, |_, _| {});
    }
}

#[test]
fn f20_a_pool_within_a_pool_with_a_lock_held_is_no_deadlock() {
    let job = Job::new();
    let lock = Mutex::new(());
    let outer = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let (threads, processes) = (Threads::new(1).unwrap(), pool(1));
    let began = Instant::now();
    outer.install(|| {
        let _held = lock.lock().unwrap();
        let one = plain((&job.plan, &job.image, TILE_PX), &threads);
        let other = plain((&job.plan, &job.image, TILE_PX), &processes);
        assert!(one == other);
    });
    assert!(began.elapsed() < Duration::from_secs(5));
}
