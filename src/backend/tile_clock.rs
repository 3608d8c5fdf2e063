//! Nanoseconds a step took on a tile, lap by lap.

use std::cell::Cell;
use std::time::Instant;

thread_local! {
    /// Nanoseconds in which this thread had to wait in the middle of a step, since it began.
    static PAUSED_NS: Cell<u64> = const { Cell::new(0) };
}

/// The calling thread waited so long just now; no step pays for it.
pub(super) fn pause(elapsed_ns: u64) {
    PAUSED_NS.set(PAUSED_NS.get() + elapsed_ns);
}

/// A stopwatch with one counter a step; a lap goes to whoever just worked.
#[derive(Debug)]
pub(super) struct TileClock {
    last: Instant,
    last_paused_ns: u64,
    step_ns: Vec<u64>,
    is_measured: bool,
}

impl Default for TileClock {
    fn default() -> Self {
        Self {
            last: Instant::now(),
            last_paused_ns: PAUSED_NS.get(),
            step_ns: Vec::new(),
            is_measured: true,
        }
    }
}

impl TileClock {
    pub(super) const fn measure(&mut self, is_measured: bool) {
        self.is_measured = is_measured;
    }

    pub(super) fn start(&mut self, n_steps: usize) {
        self.step_ns.clear();
        self.step_ns.resize(n_steps, 0);
        self.last = Instant::now();
        self.last_paused_ns = PAUSED_NS.get();
    }

    /// Gives the time since the last lap, less pauses, to `step_idx`.
    pub(super) fn lap(&mut self, step_idx: usize) {
        if !self.is_measured {
            return;
        }
        let now = Instant::now();
        let elapsed = now.duration_since(self.last).as_nanos();
        let paused_ns = PAUSED_NS.get();
        let elapsed_ns = u64::try_from(elapsed).unwrap_or(u64::MAX);
        self.step_ns[step_idx] += elapsed_ns.saturating_sub(paused_ns - self.last_paused_ns);
        (self.last, self.last_paused_ns) = (now, paused_ns);
    }

    pub(super) fn step_ns(&self) -> &[u64] {
        &self.step_ns
    }
}
