//! Pools that grow, shrink, rest and renew themselves while they work, and a worker killed by its
//! own pool's wish.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use parallax::backend::Backend as _;
use parallax::backend::processes::{Processes, Upkeep};
use parallax::telemetry::event::{DeathCause, EndCause, Event, WorkerChange, WorkerState};

use super::invariants::is_running;
use super::kills::Job;
use super::scene::{deaths, pool, program};

fn ended(events: &[Event], cause: EndCause) -> Vec<u32> {
    let end = |event: &Event| match event {
        Event::Worker(worker) if worker.change == WorkerChange::Ended(cause) => worker.pid,
        _ => None,
    };
    events.iter().filter_map(end).collect()
}

fn lanes_of_tiles(events: &[Event]) -> BTreeSet<u16> {
    let lane = |event: &Event| match event {
        Event::Tile(tile) => Some(tile.worker.0),
        _ => None,
    };
    events.iter().filter_map(lane).collect()
}

#[test]
fn a_pool_grows_and_shrinks_while_it_works() {
    let (job, pool) = (Job::new(), pool(1));
    let events = job.run(&pool, |n_tiles, _| match n_tiles {
        4 => pool.resize(4),
        // Growing takes the time of a start.
        5..30 => thread::sleep(Duration::from_millis(8)),
        50 => pool.resize(2),
        _ => {}
    });
    assert!(deaths(&events).is_empty());
    assert!(
        lanes_of_tiles(&events).len() > 2,
        "{:?}",
        lanes_of_tiles(&events)
    );
    assert_eq!(pool.n_workers(), 2);
    let later = job.run(&pool, |_, _| {});
    assert!(lanes_of_tiles(&later).iter().all(|lane| *lane < 2));
    let all = [events, later].concat();
    let sent_home = ended(&all, EndCause::Resize);
    assert_eq!(sent_home.len(), 2, "{sent_home:?}");
    assert!(!sent_home.iter().any(|pid| is_running(*pid)));
    assert_eq!(pool.worker_pids().len(), 2);
}

#[test]
fn idle_workers_end_and_come_back_with_work() {
    let job = Job::new();
    let upkeep = Upkeep {
        trim_after: Duration::from_millis(20),
        rest_after: Duration::from_millis(200),
        ..Upkeep::default()
    };
    let pool = Processes::with_upkeep(2, program(), upkeep).unwrap();
    job.run(&pool, |_, _| {});
    let pids = pool.worker_pids();
    assert_eq!(pids.len(), 2);
    let began = Instant::now();
    while !pool.worker_pids().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(5), "they do not rest");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(!pids.iter().any(|pid| is_running(*pid)));
    let states: Vec<WorkerState> = pool.workers().iter().map(|view| view.state).collect();
    assert_eq!(states, [WorkerState::Dead; 2]);
    let events = job.run(&pool, |_, _| {});
    assert_eq!(
        ended(&events, EndCause::Rest).len(),
        2,
        "told to the next run"
    );
    assert_eq!(pool.worker_pids().len(), 2);
    assert!(deaths(&events).is_empty());
}

#[test]
fn idle_workers_give_their_memory_back() {
    use parallax::pixels::geometry::Size;
    use parallax::pixels::image::{Depth, Layout};
    use parallax::telemetry::usage::rss_bytes;
    let image = super::scene::photo(Size::new(3000, 2000), Layout::Rgb, Depth::Eight);
    let plan = super::scene::plan(&image, &super::scene::everything(), Depth::Eight);
    let pool = pool(1);
    super::scene::plain((&plan, &image, 1500), &pool);
    let pid = pool.worker_pids()[0];
    let busy = rss_bytes(pid).unwrap();
    let began = Instant::now();
    loop {
        thread::sleep(Duration::from_millis(100));
        let idle = rss_bytes(pid).unwrap();
        if idle < busy / 2 {
            eprintln!("a worker held {} MiB, idle {} MiB", busy >> 20, idle >> 20);
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(8), "{busy} {idle}");
    }
    assert_eq!(pool.worker_pids(), [pid], "it is still there");
}

#[test]
fn f37_workers_are_renewed_on_a_bound() {
    let job = Job::new();
    let upkeep = Upkeep {
        max_tiles: 60,
        ..Upkeep::default()
    };
    let pool = Processes::with_upkeep(1, program(), upkeep).unwrap();
    let mut renewed = Vec::new();
    for _ in 0..4 {
        let events = job.run(&pool, |_, _| {});
        assert!(deaths(&events).is_empty());
        renewed.extend(ended(&events, EndCause::Recycled));
    }
    assert_eq!(renewed.len(), 3, "before each run but the first");
}

#[test]
fn a_pool_kills_a_worker_of_its_own_on_request_and_nobody_elses() {
    let (job, pool) = (Job::new(), pool(2));
    let n_killed = AtomicUsize::new(0);
    assert!(!pool.kill_worker(std::process::id()));
    let events = job.run(&pool, |n_tiles, pids| {
        if n_tiles % 15 == 0
            && let Some(pid) = pids.values().next()
            && pool.kill_worker(*pid)
        {
            n_killed.fetch_add(1, Ordering::SeqCst);
        }
    });
    let deaths = deaths(&events);
    assert!(!deaths.is_empty() && deaths.len() <= n_killed.into_inner());
    assert!(
        deaths
            .iter()
            .all(|(_, cause)| *cause == DeathCause::Signal(9))
    );
    let views = pool.workers();
    let restarts: u32 = views.iter().map(|view| view.n_restarts).sum();
    assert!(restarts as usize >= deaths.len() - 1, "{views:?}");
    let n_tiles: u64 = views.iter().map(|view| view.n_tiles).sum();
    assert_eq!(n_tiles, 80);
}
