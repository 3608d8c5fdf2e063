//! A parent that is killed takes its workers along, and its next run clears up: F15.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::cli::{Case, Running};
use super::invariants::is_running;
use super::is_long;

const HOW: &str = "--backend processes --workers 3 --tile 64";

/// Workers may live so long without their parent.
const ORPHANED: Duration = Duration::from_secs(2);

/// Kills the parent after a while; the workers it had.
fn killed_after(mut running: Running, while_ms: u64) -> Vec<u32> {
    running.wait_for_workers(1);
    thread::sleep(Duration::from_millis(while_ms));
    running.signal(Signal::KILL);
    let killed_at = Instant::now();
    let workers = running.workers();
    running.reap();
    while workers.iter().any(|pid| is_running(*pid)) {
        assert!(killed_at.elapsed() < ORPHANED, "{workers:?} live on");
        thread::sleep(Duration::from_millis(2));
    }
    workers
}

#[test]
fn f15_no_worker_outlives_a_parent_that_was_killed() {
    let case = Case::new((384, 320), "--set blur.radius=2");
    let n_kills: u64 = if is_long() { 100 } else { 6 };
    let mut n_workers = 0;
    for kill_idx in 0..n_kills {
        // Spread over a start and a run, by a stride that meets no rhythm.
        let while_ms = kill_idx * 73 % 420;
        let fault = (kill_idx % 2 == 0).then_some("slow@1");
        n_workers += killed_after(case.start(HOW, fault), while_ms).len();
        let left: Vec<_> = fs::read_dir(case.path(""))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(".parallax-"))
            .collect();
        // Earlier ones are removed by each run that comes to saving.
        assert!(left.len() <= 2, "{left:?}");
        fs::remove_file(case.path("out.png")).ok();
        fs::remove_file(case.path("log.json")).ok();
    }
    assert!(n_workers as u64 >= n_kills, "{n_workers}");
    // A run that is let be completes and clears what the killed ones left.
    case.run_how(HOW, None).assert_done();
    eprintln!("{n_kills} parents killed, {n_workers} workers, none alive after {ORPHANED:?}");
}
