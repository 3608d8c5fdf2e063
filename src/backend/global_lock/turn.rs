//! One worker's dealings with the lock, and when each of them was.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::backend::tile_clock;
use crate::filters::kernel::Checkpoint;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Phase, PhaseSpan};

use super::Lock;

/// Holds the lock from the first tile on, as long as nobody asks for it; lets go when dropped.
#[derive(Debug)]
pub(in crate::backend) struct Turn<'a> {
    lock: &'a Lock,
    /// Only ever locked by its own worker.
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    is_holding: bool,
    /// Since when the time counts as computing.
    since_ns: u64,
    spans: Vec<PhaseSpan>,
}

impl<'a> Turn<'a> {
    pub(in crate::backend) fn new(lock: &'a Lock) -> Self {
        Self {
            lock,
            kept: Mutex::default(),
        }
    }

    /// Takes the lock unless it has it still; from now on it computes.
    pub(in crate::backend) fn begin(&self) {
        let mut kept = self.kept();
        kept.since_ns = now_ns();
        if !kept.is_holding {
            kept.take(self.lock);
        }
    }

    /// It has computed: adds what it did since [`Self::begin`] to `phases`, and tells when that ended.
    /// The lock stays held.
    pub(in crate::backend) fn end(&self, phases: &mut Vec<PhaseSpan>) -> u64 {
        let mut kept = self.kept();
        let ended_ns = now_ns();
        phases.append(&mut kept.spans);
        phases.push(PhaseSpan::new(Phase::Computing, kept.since_ns, ended_ns));
        ended_ns
    }

    /// Lets go, for it is going to wait for something else.
    pub(in crate::backend) fn leave(&self) {
        let mut kept = self.kept();
        if kept.is_holding {
            kept.is_holding = false;
            self.lock.release();
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Waits from `since_ns` on.
    fn take(&mut self, lock: &Lock) {
        let taken_ns = lock.acquire();
        self.is_holding = true;
        let waiting = PhaseSpan::new(Phase::LockWait, self.since_ns, taken_ns);
        self.spans.push(waiting);
        self.since_ns = taken_ns;
    }
}

impl Checkpoint for Turn<'_> {
    fn pass(&self) {
        if !self.lock.is_asked_for() {
            return;
        }
        let mut kept = self.kept();
        if !kept.is_holding {
            return;
        }
        let released_ns = self.lock.release();
        let computed = PhaseSpan::new(Phase::Computing, kept.since_ns, released_ns);
        kept.spans.push(computed);
        kept.since_ns = released_ns;
        kept.take(self.lock);
        // No step of the pass worked meanwhile.
        tile_clock::pause(kept.since_ns - released_ns);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}
