//! Programs that will not start, and systems that have no room: F10, F38, F39, F44.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use parallax::backend::Backend as _;
use parallax::backend::processes::{Processes, WorkerProgram};
use parallax::telemetry::event::{DeathCause, WorkerChange};
use parallax::telemetry::usage::rss_bytes;

use super::cli::Case;
use super::invariants::is_running;
use super::scene::program;
use super::support::skipped;
use super::{is_long, tell};

#[test]
fn f10_workers_that_die_at_once_are_given_up_soon_and_by_name() {
    let case = Case::small();
    for fault in ["crash@0", "exit0@0", "abort@0"] {
        let outcome = case.run(Some(fault));
        let outcome = outcome.assert_lost(&["exe worker --role compute", "do not stay alive"]);
        assert!(outcome.wall < Duration::from_secs(15), "{outcome:?}");
        assert!(outcome.stderr.len() < 100_000);
        // Five in all, however many lanes there are, and whoever was being started meanwhile.
        assert!(outcome.seen.workers.len() <= 7, "{outcome:?}");
    }
}

#[test]
fn f10_a_program_that_is_missing_is_named() {
    for program in ["/nowhere/parallax", "parallax"] {
        let pool = Processes::new(2, WorkerProgram::computing(PathBuf::from(program))).unwrap();
        let began = Instant::now();
        let error = pool.start().unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(5));
        assert!(error.to_string().contains(program), "{error}");
        assert!(pool.worker_pids().is_empty());
    }
}

#[test]
fn f39_too_few_descriptors_make_fewer_workers_and_no_hang() {
    let case = Case::small();
    let how = "--backend processes --workers 12 --tile 64";
    for n_files in [40, 24, 12] {
        let running = case.start_after(&format!("ulimit -n {n_files}"), how);
        let outcome = case.end(running);
        let is_known = matches!(outcome.code, Some(0 | 3 | 4 | 5));
        assert!(is_known, "{n_files}: {outcome:?}");
        if outcome.code == Some(0) {
            let spawn = WorkerChange::Died(DeathCause::Spawn);
            assert!(outcome.deaths().contains(&spawn), "{n_files}: {outcome:?}");
            assert!(outcome.stderr.contains("a worker less"), "{outcome:?}");
        }
    }
}

#[test]
fn f39_too_few_processes_are_no_hang() {
    if rustix::process::geteuid().is_root() {
        skipped("the system sets no limit of processes for its administrator");
        return;
    }
    let case = Case::small();
    let how = "--backend processes --workers 12 --tile 64";
    let outcome = case.end(case.start_after("ulimit -u 24", how));
    assert!(matches!(outcome.code, Some(0 | 1 | 5)), "{outcome:?}");
}

#[test]
fn f38_many_workers_on_a_large_photo_stay_within_two_gigabytes() {
    if !is_long() {
        skipped("a photo of 58 megapixels takes long (PARALLAX_LONG_TESTS=1)");
        return;
    }
    let case = Case::new((9300, 6240), "--set blur.radius=3 --set clarity.amount=30");
    let running = case.start("--backend processes --workers 8", None);
    let mut peak_bytes = 0;
    // What is resident is counted once a process, shared pages in each: more than there is.
    while is_running(running.pid()) {
        let workers = running.workers().into_iter();
        let all = workers.chain([running.pid()]).filter_map(rss_bytes);
        peak_bytes = all.sum::<u64>().max(peak_bytes);
        thread::sleep(Duration::from_millis(5));
    }
    case.end(running).assert_done();
    tell(&format!(
        "58 MP on 8 workers: {} MiB at most",
        peak_bytes >> 20
    ));
    assert!(peak_bytes < 2 << 30, "{peak_bytes}");
}

#[test]
fn f38_where_memory_is_short_fewer_workers_are_started_and_that_is_told() {
    let case = Case::new((2100, 1400), "--set blur.radius=3");
    let how = "--backend processes --workers 14 --tile 1024";
    for (mib, least, most) in [(1000, 1, 10), (1400, 3, 13)] {
        let limited = case.start_after(&format!("ulimit -v {}", mib << 10), how);
        let outcome = case.end(limited).assert_done();
        let n_workers = outcome.seen.workers.len();
        assert!((least..=most).contains(&n_workers), "{mib}: {outcome:?}");
        let words = "of 14 workers: each takes about";
        assert!(outcome.stderr.contains(words), "{mib}: {outcome:?}");
        assert!(outcome.deaths().is_empty(), "{mib}: {outcome:?}");
        let is_told = |note: &String| note.contains(words) && note.contains("address space");
        assert!(outcome.notes.iter().any(is_told), "{mib}: {outcome:?}");
    }
    let outcome = case.run_how("--backend processes --workers 3 --tile 1024", None);
    assert!(outcome.notes.is_empty(), "there is room: {outcome:?}");
}

#[test]
fn f44_pools_that_come_and_go_leave_nothing_and_go_quickly() {
    let n_cycles = if is_long() { 200 } else { 20 };
    let mut stops: Vec<Duration> = Vec::new();
    let mut pids = Vec::new();
    for _ in 0..n_cycles {
        let pool = Processes::new(2, program()).unwrap();
        pool.start().unwrap();
        pids.extend(pool.worker_pids());
        let began = Instant::now();
        drop(pool);
        stops.push(began.elapsed());
    }
    assert_eq!(pids.len(), 2 * n_cycles);
    assert!(!pids.iter().any(|pid| is_running(*pid)));
    stops.sort_unstable();
    let p99 = stops[(stops.len() * 99).div_ceil(100) - 1];
    assert!(p99 < Duration::from_secs(1), "{p99:?}");
}
