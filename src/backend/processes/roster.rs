//! Who belongs to a pool: its lanes, how many of them are wanted, and when they may rest.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::backend::PassWork;
use crate::pixels::geometry::Rect;
use crate::plan::graph::Input;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::EndCause;
use crate::telemetry::ids::WorkerIdx;
use crate::telemetry::sink::Recorder;
use crate::telemetry::worker::WorkerView;

use super::lane::Lane;
use super::place::{Place, Telling};
use super::wanted::Wanted;

/// Events kept from between runs until the next one takes them.
const N_EARLY_EVENTS: usize = 256;

/// How often one who waits for the lanes looks whether that is still wanted.
const LOOK: Duration = Duration::from_millis(5);

/// How long workers live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upkeep {
    /// Without work for so long, buffers are freed; workers free theirs after a time of their own.
    pub trim_after: Duration,
    /// Without work for so long, workers end; the next job starts them again.
    pub rest_after: Duration,
    /// A worker that did so many tiles is replaced, so that nothing it may leak grows for ever.
    pub max_tiles: u64,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self {
            trim_after: Duration::from_secs(2),
            rest_after: Duration::from_secs(30),
            max_tiles: 20_000,
        }
    }
}

/// One lane, and what others see of it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) place: Arc<Place>,
    /// Locked by whoever works on it, for as long as a pass takes.
    pub(super) lane: Arc<Mutex<Lane>>,
}

impl Slot {
    fn new(worker_idx: usize) -> Self {
        let place = Arc::new(Place::new(WorkerIdx(worker_idx as u16)));
        Self {
            lane: Arc::new(Mutex::new(Lane::new(Arc::clone(&place)))),
            place,
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Lane> {
        self.lane.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody works on the lane; then its worker ends.
    fn end_if_free(&self, cause: EndCause, telling: Telling<'_>) {
        if let Ok(mut lane) = self.lane.try_lock() {
            lane.end(cause, telling);
        }
    }
}

/// All lanes there ever were; the first ones are wanted.
#[derive(Debug)]
pub(super) struct Roster {
    slots: Mutex<Vec<Slot>>,
    wanted: Wanted,
    pub(super) upkeep: Upkeep,
    /// Whether somebody works with the lanes: one pass at a time, so that jobs reach every worker in
    /// the order of their numbers.
    is_busy: Mutex<bool>,
    freed: Condvar,
    idle_since_ns: AtomicU64,
    pub(super) early_events: Recorder,
}

/// While it lives, nobody else works with the lanes, and nobody is sent home for want of work.
pub(super) struct AtWork<'a>(&'a Roster);

impl Roster {
    pub(super) fn new(n_workers: usize, upkeep: Upkeep) -> Self {
        let roster = Self {
            slots: Mutex::default(),
            wanted: Wanted::new(1),
            upkeep,
            is_busy: Mutex::default(),
            freed: Condvar::new(),
            idle_since_ns: AtomicU64::new(now_ns()),
            early_events: Recorder::new(N_EARLY_EVENTS),
        };
        roster.resize(n_workers);
        roster
    }

    /// How many lanes are wanted.
    pub(super) const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Workers too many end now, or when the tiles they have are done.
    pub(super) fn resize(&self, n_workers: usize) {
        let n_workers = n_workers.clamp(1, usize::from(u16::MAX));
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        while slots.len() < n_workers {
            let slot = Slot::new(slots.len());
            slots.push(slot);
        }
        drop(slots);
        self.wanted.ask(n_workers);
        self.dismiss_surplus();
    }

    /// The lanes that are wanted.
    pub(super) fn wanted_slots(&self) -> Vec<Slot> {
        let mut slots = self.all();
        slots.truncate(self.wanted.n_workers());
        slots
    }

    fn all(&self) -> Vec<Slot> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.clone()
    }

    /// Ends workers beyond those wanted, where nobody works on their lanes.
    pub(super) fn dismiss_surplus(&self) {
        let n_wanted = self.wanted.n_workers();
        for slot in self.all().iter().skip(n_wanted) {
            slot.end_if_free(EndCause::Resize, self.between_runs());
        }
    }

    /// Waits for the lanes; `None` when `is_stopped` meanwhile.
    pub(super) fn at_work(&self, is_stopped: &dyn Fn() -> bool) -> Option<AtWork<'_>> {
        let mut is_busy = self.is_busy();
        while *is_busy {
            if is_stopped() {
                return None;
            }
            let waited = self.freed.wait_timeout(is_busy, LOOK);
            is_busy = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *is_busy = true;
        Some(AtWork(self))
    }

    fn is_busy(&self) -> MutexGuard<'_, bool> {
        self.is_busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Frees memory, and later ends workers, where nothing has been done for a while.
    pub(super) fn rest(&self) {
        if *self.is_busy() {
            return;
        }
        let idle_ns = now_ns().saturating_sub(self.idle_since_ns.load(Ordering::Acquire));
        let idle = Duration::from_nanos(idle_ns);
        for slot in self.all() {
            if idle >= self.upkeep.rest_after {
                slot.end_if_free(EndCause::Rest, self.between_runs());
            } else if idle >= self.upkeep.trim_after
                && let Ok(mut lane) = slot.lane.try_lock()
            {
                lane.trim();
            }
        }
    }

    /// Ends everybody, waiting for those at work.
    pub(super) fn close(&self) {
        for slot in self.all() {
            slot.lock().end(EndCause::Closed, self.between_runs());
        }
    }

    pub(super) fn views(&self) -> Vec<WorkerView> {
        let slots = self.wanted_slots();
        slots.iter().map(|slot| slot.place.view()).collect()
    }

    /// Workers there are, wanted or not.
    pub(super) fn n_running(&self) -> usize {
        let slots = self.all();
        let running = slots.iter().filter(|slot| slot.place.view().pid.is_some());
        running.count()
    }

    /// For each tile the worker that keeps most of its part of the photo, where one does.
    pub(super) fn homes(&self, work: &PassWork<'_, '_>) -> Vec<Option<WorkerIdx>> {
        let program = work.engine.program();
        let slots = self.wanted_slots();
        let lanes = slots.iter().map(|slot| (slot.place.worker(), slot.lock()));
        let keeping: Vec<_> = lanes
            .filter(|(_, lane)| lane.keeps_of(work.series))
            .collect();
        let home_of = |tile: &Rect| {
            let is_of_photo = program.input == Some(Input::Photo) && !keeping.is_empty();
            let rect = is_of_photo.then(|| program.rects(*tile).input())?;
            let found = keeping.iter().find(|(_, lane)| lane.keeps_middle_of(rect));
            found.map(|(worker, _)| *worker)
        };
        work.tiles.iter().map(home_of).collect()
    }

    pub(super) fn kill(&self, pid: u32) -> bool {
        self.all().iter().any(|slot| slot.place.kill(pid))
    }

    pub(super) const fn between_runs(&self) -> Telling<'_> {
        Telling {
            events: &self.early_events,
            run: None,
        }
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.idle_since_ns.store(now_ns(), Ordering::Release);
        *self.0.is_busy() = false;
        self.0.freed.notify_one();
    }
}
