//! Workers killed and stopped by signals, tied to tiles so that they land: F1 to F3, F41.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use parallax::backend::cancel::Cancel;
use parallax::backend::processes::Processes;
use parallax::backend::single::Single;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Image, Layout, Samples};
use parallax::plan::Plan;
use parallax::telemetry::event::{DeathCause, Event, WorkerChange};
use parallax::telemetry::sink::{Recorder, Sink};
use rustix::process::Signal;

use super::cli::{Case, send};
use super::invariants::{Aftermath, End, assert_invariants};
use super::scene::{deaths, exposure, photo, plain, plan, pool, render};

/// Calls somebody with the number of tiles done and the workers there are, at each tile.
pub(crate) struct AtTiles<F> {
    pub(crate) recorder: Recorder,
    pids: Mutex<BTreeMap<u16, u32>>,
    n_tiles: AtomicUsize,
    strike: F,
}

impl<F: Fn(usize, &BTreeMap<u16, u32>) + Send + Sync> AtTiles<F> {
    pub(crate) fn new(strike: F) -> Self {
        Self {
            recorder: Recorder::new(100_000),
            pids: Mutex::default(),
            n_tiles: AtomicUsize::new(0),
            strike,
        }
    }
}

impl<F: Fn(usize, &BTreeMap<u16, u32>) + Send + Sync> Sink for AtTiles<F> {
    fn record(&self, event: Event) {
        match &event {
            Event::Worker(worker) => {
                let mut pids = self.pids.lock().unwrap();
                match (worker.change, worker.pid) {
                    (WorkerChange::Ready | WorkerChange::Busy, Some(pid)) => {
                        pids.insert(worker.worker.0, pid);
                    }
                    (WorkerChange::Died(_) | WorkerChange::Ended(_), _) => {
                        pids.remove(&worker.worker.0);
                    }
                    _ => {}
                }
            }
            Event::Tile(_) => {
                let n_tiles = self.n_tiles.fetch_add(1, Ordering::SeqCst) + 1;
                (self.strike)(n_tiles, &self.pids.lock().unwrap());
            }
            _ => {}
        }
        self.recorder.record(event);
    }
}

/// A picture of 80 tiles, with what one core makes of it.
pub(crate) struct Job {
    pub(crate) image: Image,
    pub(crate) plan: Plan,
    expected: Samples,
}

pub(crate) const TILE_PX: u32 = 48;

impl Job {
    pub(crate) fn new() -> Self {
        let image = photo(Size::new(480, 384), Layout::Rgb, Depth::Eight);
        let plan = plan(&image, &exposure(), Depth::Eight);
        let expected = plain((&plan, &image, 1024), &Single::default());
        Self {
            image,
            plan,
            expected,
        }
    }

    /// Renders while `strike` strikes, and asserts what must always hold; all that happened.
    #[track_caller]
    pub(crate) fn run<F: Fn(usize, &BTreeMap<u16, u32>) + Send + Sync>(
        &self,
        pool: &Processes,
        strike: F,
    ) -> Vec<Event> {
        let at_tiles = AtTiles::new(strike);
        let job = (&self.plan, &self.image, TILE_PX);
        let result = render(job, pool, &at_tiles, &Cancel::default());
        let events = at_tiles.recorder.take().events;
        let dead: Vec<u32> = deaths(&events).into_iter().map(|(pid, _)| pid).collect();
        let end = match &result {
            Ok(_) => End::Done,
            Err(error) => End::Failed(error.to_string()),
        };
        assert_invariants(&Aftermath {
            end: end.clone(),
            source: None,
            target: None,
            is_same: result.ok().map(|samples| samples == self.expected),
            pids: &dead,
            zombies: &[],
            stderr: None,
        });
        assert_eq!(end, End::Done);
        events
    }
}

#[test]
fn f1_one_worker_killed_again_and_again() {
    let (job, pool) = (Job::new(), pool(2));
    let began = Instant::now();
    let events = job.run(&pool, |n_tiles, pids| {
        if n_tiles % 4 == 0
            && let Some(pid) = pids.values().nth(n_tiles / 4 % pids.len().max(1))
        {
            send(*pid, Signal::KILL);
        }
    });
    let deaths = deaths(&events);
    assert!(deaths.len() >= 10, "{deaths:?}");
    let is_kill = |(_, cause): &(u32, DeathCause)| *cause == DeathCause::Signal(9);
    assert!(deaths.iter().all(is_kill), "{deaths:?}");
    assert!(began.elapsed() < Duration::from_secs(2 * deaths.len() as u64));
}

#[test]
fn f2_all_workers_killed_at_once() {
    let (job, pool) = (Job::new(), pool(3));
    let began = Instant::now();
    let events = job.run(&pool, |n_tiles, pids| {
        if n_tiles == 20 {
            for pid in pids.values() {
                send(*pid, Signal::KILL);
            }
        }
    });
    assert_eq!(deaths(&events).len(), 3);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn f3_a_stopped_worker_is_suspected_killed_and_replaced() {
    let (job, pool) = (Job::new(), pool(2));
    let stopped = Mutex::new(None);
    let events = job.run(&pool, |n_tiles, pids| {
        if n_tiles == 10 {
            let pid = *pids.values().next().unwrap();
            send(pid, Signal::STOP);
            *stopped.lock().unwrap() = Some((pid, Instant::now()));
        }
    });
    let (pid, at) = stopped.into_inner().unwrap().unwrap();
    assert_eq!(deaths(&events), [(pid, DeathCause::Deadline)]);
    // The deadline is about two seconds for tiles of no time at all.
    assert!(at.elapsed() < Duration::from_secs(5), "{:?}", at.elapsed());
    let changes: Vec<WorkerChange> = events
        .iter()
        .filter_map(|event| match event {
            Event::Worker(worker) if worker.pid == Some(pid) => Some(worker.change),
            _ => None,
        })
        .collect();
    let last_two = [
        WorkerChange::Suspect,
        WorkerChange::Died(DeathCause::Deadline),
    ];
    assert!(changes.ends_with(&last_two), "{changes:?}");
    let redone = events.iter().any(|event| match event {
        Event::Tile(tile) => tile.attempt == 2,
        _ => false,
    });
    assert!(redone);
}

#[test]
fn a_worker_that_stood_still_for_a_moment_is_not_killed() {
    let (job, pool) = (Job::new(), pool(2));
    let events = job.run(&pool, |n_tiles, pids| {
        if n_tiles % 20 == 0 {
            let pid = *pids.values().next().unwrap();
            send(pid, Signal::STOP);
            thread::sleep(Duration::from_millis(300));
            send(pid, Signal::CONT);
        }
    });
    assert!(deaths(&events).is_empty(), "{:?}", deaths(&events));
}

#[test]
fn f41_a_machine_that_slept_kills_nobody() {
    let case = Case::small();
    let how = "--backend processes --workers 2 --tile 64";
    // Twelve tiles of 150 ms each: long enough to be put to sleep in the middle.
    let mut running = case.start(how, Some("slow@1"));
    assert!(running.wait_for_workers(2));
    thread::sleep(Duration::from_millis(300));
    let everybody = || [vec![running.pid()], running.workers()].concat();
    let tell_everybody = |signal| {
        for pid in everybody() {
            send(pid, signal);
        }
    };
    tell_everybody(Signal::STOP);
    thread::sleep(Duration::from_secs(4));
    tell_everybody(Signal::CONT);
    let outcome = case.end(running).assert_done();
    assert!(outcome.deaths().is_empty(), "{outcome:?}");
}
