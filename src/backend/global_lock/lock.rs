//! The lock itself: who holds it, who asked for it, and that a switch takes place.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::telemetry::clock::now_ns;

/// One lock for all workers of a backend.
#[derive(Debug)]
pub(in crate::backend) struct Lock {
    state: Mutex<State>,
    /// The holder let go.
    freed: Condvar,
    /// Somebody took it.
    taken: Condvar,
    /// Somebody waited for an interval in which nobody else got it.
    is_asked_for: AtomicBool,
    switch_interval: Duration,
}

#[derive(Debug, Default)]
struct State {
    is_held: bool,
    n_taken: u64,
    n_waiting: usize,
}

impl Lock {
    pub(super) fn new(switch_interval: Duration) -> Self {
        Self {
            state: Mutex::default(),
            freed: Condvar::new(),
            taken: Condvar::new(),
            is_asked_for: AtomicBool::new(false),
            switch_interval,
        }
    }

    pub(super) const fn switch_interval(&self) -> Duration {
        self.switch_interval
    }

    /// Whether the holder should let go.
    pub(super) fn is_asked_for(&self) -> bool {
        self.is_asked_for.load(Ordering::Relaxed)
    }

    /// Waits for the lock and takes it; when that was.
    pub(super) fn acquire(&self) -> u64 {
        let mut state = self.state();
        while state.is_held {
            let n_taken = state.n_taken;
            state.n_waiting += 1;
            let waited = self.freed.wait_timeout(state, self.switch_interval);
            let (after, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = after;
            state.n_waiting -= 1;
            if timeout.timed_out() && state.is_held && state.n_taken == n_taken {
                self.is_asked_for.store(true, Ordering::Relaxed);
            }
        }
        state.is_held = true;
        state.n_taken += 1;
        self.is_asked_for.store(false, Ordering::Relaxed);
        self.taken.notify_all();
        now_ns()
    }

    /// Lets go; when that was. Where somebody had asked, comes back only when somebody has taken it.
    pub(super) fn release(&self) -> u64 {
        let mut state = self.state();
        let released_ns = now_ns();
        state.is_held = false;
        let n_taken = state.n_taken;
        self.freed.notify_one();
        if self.is_asked_for() {
            // Whoever waits takes it sooner or later: nobody gives up waiting.
            while state.n_taken == n_taken && state.n_waiting > 0 {
                let waited = self.taken.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
            }
        }
        released_ns
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
