//! A lane as others see it while it works: who is there, in which state, and a way to end it.

use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, WorkerChange, WorkerEvent};
use crate::telemetry::ids::{PassIdx, RunId, TileIdx, WorkerIdx};
use crate::telemetry::sink::Sink;
use crate::telemetry::worker::WorkerView;

use super::life::{Incident, change_of};

/// A child that whoever holds it may kill; once it was reaped, that does nothing.
pub(super) type SharedChild = Arc<Mutex<Child>>;

/// Where changes are told.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub(super) events: &'a dyn Sink,
    /// `None` between runs.
    pub(super) run: Option<RunId>,
}

/// Held by the lane, which changes it, and by the pool, which only looks and kills.
#[derive(Debug)]
pub(super) struct Place {
    worker: WorkerIdx,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    view: WorkerView,
    child: Option<SharedChild>,
    n_hired: u32,
}

impl Place {
    pub(super) fn new(worker: WorkerIdx) -> Self {
        let view = WorkerView {
            worker,
            ..WorkerView::default()
        };
        Self {
            worker,
            seen: Mutex::new(Seen {
                view,
                ..Seen::default()
            }),
        }
    }

    pub(super) const fn worker(&self) -> WorkerIdx {
        self.worker
    }

    pub(super) fn view(&self) -> WorkerView {
        self.seen().view
    }

    /// A process takes the lane.
    pub(super) fn hire(&self, child: SharedChild, pid: u32, telling: Telling<'_>) {
        let mut seen = self.seen();
        seen.child = Some(child);
        seen.view.pid = Some(pid);
        seen.view.last_end = None;
        seen.view.n_restarts = seen.n_hired;
        seen.n_hired += 1;
        drop(seen);
        self.happen(Incident::Hired, None, telling);
    }

    pub(super) fn tile_done(&self) {
        self.seen().view.n_tiles += 1;
    }

    /// Lets something happen; the change of state, if it is one, is recorded.
    pub(super) fn happen(
        &self,
        incident: Incident,
        tile: Option<(PassIdx, TileIdx)>,
        telling: Telling<'_>,
    ) {
        let mut seen = self.seen();
        let Some(change) = change_of(seen.view.state, incident) else {
            return;
        };
        seen.view.state = change.state();
        let pid = seen.view.pid;
        match change {
            WorkerChange::Died(cause) => {
                seen.view.last_death = Some(cause);
                seen.leave();
            }
            WorkerChange::Ended(cause) => {
                seen.view.last_end = Some(cause);
                seen.leave();
            }
            _ => {}
        }
        drop(seen);
        telling.events.record(Event::Worker(WorkerEvent {
            run: telling.run,
            worker: self.worker,
            pid,
            at_ns: now_ns(),
            change,
            tile,
        }));
    }

    /// Kills the worker if it is this process, and tells whether it was; the lane finds out as it
    /// would of any other death.
    pub(super) fn kill(&self, pid: u32) -> bool {
        let child = self.seen().child.clone();
        let Some(child) = child.filter(|_| self.view().pid == Some(pid)) else {
            return false;
        };
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        child.id() == pid && child.kill().is_ok()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn leave(&mut self) {
        self.child = None;
        self.view.pid = None;
    }
}
