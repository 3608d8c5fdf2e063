//! How far a job is, and what it is doing at this moment: the run under way with its first tiles, so
//! that its lanes can be drawn while they grow.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::pixels::geometry::Rect;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, TileRecord};
use crate::telemetry::ids::{RunId, WorkerIdx};
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::record::RunRecord;
use crate::telemetry::sink::Sink;

/// Of a run with more tiles than this only the counts are known while it goes on: it is over soon,
/// or its lanes would change too fast to be read.
const MOST_LIVE_TILES: usize = 2000;

/// Workers' lives kept of a run under way.
const MOST_LIVE_EVENTS: usize = 1000;

/// The window is woken no oftener than this: who measures shall not pay for being watched.
const WAKE_EVERY_NS: u64 = 50_000_000;

/// What a job does at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doing {
    /// Such as `processes, cold`; empty where the job's kind says it all.
    pub what: String,
    /// Which of how many runs, from 1; 0 of 0 where nobody counts.
    pub nth: usize,
    pub n_runs: usize,
}

impl Doing {
    #[must_use]
    pub fn new(what: impl Into<String>, nth: usize, n_runs: usize) -> Self {
        Self {
            what: what.into(),
            nth,
            n_runs,
        }
    }

    /// `processes, cold: run 1 of 3`; empty where there is nothing to say.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.what.is_empty(), self.n_runs) {
            (true, _) => String::new(),
            (false, 0 | 1) => self.what.clone(),
            (false, n_runs) => format!("{}: run {} of {n_runs}", self.what, self.nth),
        }
    }
}

/// Tiles one worker has done in the job's current run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WorkerProgress {
    pub n_tiles: u32,
}

/// The run under way as far as it went.
#[derive(Debug, Clone)]
pub struct LiveRun {
    /// It has lasted until now; tiles are those that are done.
    pub run: Arc<RunWithEvents>,
    /// How long all of it will take if it goes on as it did; 0 before that can be said.
    pub expected_ns: u64,
}

/// A run that begins.
#[derive(Debug, Clone, Default)]
pub(super) struct RunAhead {
    pub(super) doing: Doing,
    /// By the name records use.
    pub(super) backend: &'static str,
    pub(super) n_workers: usize,
    /// All tiles of all its passes.
    pub(super) n_tiles: usize,
    pub(super) region_in_frame: Rect,
    /// Share of the job at its first and its last tile.
    pub(super) span: (f32, f32),
    /// Several runs of one worker each, at the same time: each of them is a worker here.
    pub(super) is_side_by_side: bool,
}

/// Where a job's thread says how far it got.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Bits of an f32.
    share: AtomicU32,
    now: Mutex<Now>,
}

#[derive(Debug, Default)]
struct Now {
    ahead: RunAhead,
    started_ns: u64,
    n_done: usize,
    workers: Vec<WorkerProgress>,
    tiles: Vec<TileRecord>,
    events: Vec<Event>,
    /// In the order in which they were heard of, where several go side by side.
    runs: Vec<RunId>,
}

impl Progress {
    pub(super) fn set(&self, share_done: f32) {
        self.share.store(share_done.to_bits(), Ordering::Relaxed);
    }

    /// 0…1.
    pub(super) fn share(&self) -> f32 {
        f32::from_bits(self.share.load(Ordering::Relaxed)).clamp(0.0, 1.0)
    }

    /// A run begins: what was known of the one before is forgotten.
    pub(super) fn begin(&self, ahead: RunAhead) {
        self.set(ahead.span.0);
        *self.now() = Now {
            ahead,
            started_ns: now_ns(),
            ..Now::default()
        };
    }

    pub(super) fn doing(&self) -> Doing {
        self.now().ahead.doing.clone()
    }

    pub(super) fn workers(&self) -> Vec<WorkerProgress> {
        self.now().workers.clone()
    }

    /// `None` where no run is under way, or it has too many tiles.
    pub(super) fn live(&self) -> Option<LiveRun> {
        let now = self.now();
        if now.started_ns == 0 || now.ahead.n_tiles == 0 || now.n_done > now.tiles.len() {
            return None;
        }
        let wall_ns = now_ns().saturating_sub(now.started_ns);
        let (n_done, n_tiles) = (now.n_done as f64, now.ahead.n_tiles as f64);
        let expected_ns = if now.n_done == 0 {
            0
        } else {
            (wall_ns as f64 * n_tiles / n_done) as u64
        };
        let record = RunRecord {
            id: now.runs.first().copied().unwrap_or_default(),
            backend: now.ahead.backend.to_owned(),
            n_workers: now.ahead.n_workers as u16,
            n_tiles: now.n_done as u32,
            region_in_frame: now.ahead.region_in_frame,
            started_ns: now.started_ns,
            wall_ns,
            ..RunRecord::default()
        };
        let run = RunWithEvents {
            record,
            tiles: now.tiles.clone(),
            events: now.events.clone(),
        };
        Some(LiveRun {
            run: Arc::new(run),
            expected_ns,
        })
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Now {
    fn note(&mut self, mut tile: TileRecord) -> f32 {
        if !self.runs.contains(&tile.run) && self.runs.len() < MOST_LIVE_EVENTS {
            self.runs.push(tile.run);
        }
        if self.ahead.is_side_by_side {
            let idx = self.runs.iter().position(|run| *run == tile.run);
            tile.worker = WorkerIdx(idx.unwrap_or_default() as u16);
        }
        self.n_done += 1;
        let worker_idx = usize::from(tile.worker.0);
        if self.workers.len() <= worker_idx {
            self.workers
                .resize(worker_idx + 1, WorkerProgress::default());
        }
        self.workers[worker_idx].n_tiles += 1;
        if self.tiles.len() < MOST_LIVE_TILES {
            self.tiles.push(tile);
        }
        let share = (self.n_done as f32 / self.ahead.n_tiles.max(1) as f32).min(1.0);
        let (from, to) = self.ahead.span;
        from + share * (to - from)
    }
}

/// Hears a job's runs for its [`Progress`], and wakes the window now and then.
pub(super) struct Listener {
    progress: Arc<Progress>,
    wake: super::Wake,
    woken_ns: AtomicU64,
}

impl Listener {
    pub(super) const fn new(progress: Arc<Progress>, wake: super::Wake) -> Self {
        Self {
            progress,
            wake,
            woken_ns: AtomicU64::new(0),
        }
    }
}

impl Sink for Listener {
    fn record(&self, event: Event) {
        match event {
            Event::Tile(tile) => {
                let ended_ns = tile.end_ns();
                let share = self.progress.now().note(tile);
                self.progress.set(share);
                let woken_ns = self.woken_ns.load(Ordering::Relaxed);
                if ended_ns.saturating_sub(woken_ns) >= WAKE_EVERY_NS {
                    self.woken_ns.store(ended_ns, Ordering::Relaxed);
                    (self.wake)();
                }
            }
            Event::Worker(_) => {
                let mut now = self.progress.now();
                if now.events.len() < MOST_LIVE_EVENTS {
                    now.events.push(event);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::event::{Phase, PhaseSpan};
    use crate::telemetry::samples::tile;

    fn listener() -> (Arc<Progress>, Listener, Arc<AtomicU32>) {
        let (progress, n_woken) = (Arc::<Progress>::default(), Arc::<AtomicU32>::default());
        let theirs = Arc::clone(&n_woken);
        let wake: super::super::Wake = Arc::new(move || {
            theirs.fetch_add(1, Ordering::Relaxed);
        });
        let listener = Listener::new(Arc::clone(&progress), wake);
        (progress, listener, n_woken)
    }

    fn tile_of(run: u64, tile_idx: u32, worker: u16, end_ms: u64) -> Event {
        let computing = PhaseSpan::new(Phase::Computing, 0, end_ms * 1_000_000);
        Event::Tile(TileRecord {
            run: RunId(run),
            phases: vec![computing],
            ..tile(tile_idx, worker)
        })
    }

    fn ahead(n_tiles: usize, is_side_by_side: bool) -> RunAhead {
        RunAhead {
            doing: Doing::new("processes, warm", 2, 3),
            backend: "processes",
            n_workers: 2,
            n_tiles,
            span: (0.25, 0.75),
            is_side_by_side,
            ..RunAhead::default()
        }
    }

    #[test]
    fn a_run_moves_the_job_from_its_first_to_its_last_tile() {
        let (progress, listener, n_woken) = listener();
        progress.begin(ahead(4, false));
        assert_eq!(progress.share(), 0.25);
        assert_eq!(progress.doing().words(), "processes, warm: run 2 of 3");
        for (tile_idx, worker) in [(0, 0), (1, 1), (2, 1)] {
            listener.record(tile_of(7, tile_idx, worker, 100 + u64::from(tile_idx)));
        }
        assert_eq!(progress.share(), 0.625);
        let n_tiles: Vec<u32> = progress.workers().iter().map(|it| it.n_tiles).collect();
        assert_eq!(n_tiles, [1, 2]);
        let live = progress.live().unwrap();
        assert_eq!(live.run.tiles.len(), 3);
        assert!(live.expected_ns >= live.run.record.wall_ns);
        assert_eq!(n_woken.load(Ordering::Relaxed), 1, "not at every tile");
        progress.begin(ahead(4, false));
        assert!(progress.live().unwrap().run.tiles.is_empty(), "another run");
    }

    #[test]
    fn runs_side_by_side_have_a_lane_each() {
        let (progress, listener, _) = listener();
        progress.begin(ahead(4, true));
        for (run, tile_idx) in [(7, 0), (8, 0), (7, 1)] {
            listener.record(tile_of(run, tile_idx, 0, 1));
        }
        let live = progress.live().unwrap();
        let workers: Vec<u16> = live.run.tiles.iter().map(|tile| tile.worker.0).collect();
        assert_eq!(workers, [0, 1, 0]);
    }

    #[test]
    fn of_a_flood_of_tiles_only_the_counts_are_kept() {
        let (progress, listener, _) = listener();
        progress.begin(ahead(2 * MOST_LIVE_TILES, false));
        for tile_idx in 0..=MOST_LIVE_TILES as u32 {
            listener.record(tile_of(7, tile_idx, 0, 1));
        }
        assert!(progress.live().is_none(), "lanes with holes would lie");
        assert_eq!(progress.workers()[0].n_tiles as usize, MOST_LIVE_TILES + 1);
        assert!(Progress::default().live().is_none(), "nothing has begun");
        assert_eq!(Doing::default().words(), "");
    }
}
