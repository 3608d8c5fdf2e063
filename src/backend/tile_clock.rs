//! Nanoseconds a step took on a tile, lap by lap.

use std::time::Instant;

/// A stopwatch with one counter a step; a lap goes to whoever just worked.
#[derive(Debug)]
pub(super) struct TileClock {
    last: Instant,
    step_ns: Vec<u64>,
}

impl Default for TileClock {
    fn default() -> Self {
        Self {
            last: Instant::now(),
            step_ns: Vec::new(),
        }
    }
}

impl TileClock {
    pub(super) fn start(&mut self, n_steps: usize) {
        self.step_ns.clear();
        self.step_ns.resize(n_steps, 0);
        self.last = Instant::now();
    }

    /// Gives the time since the last lap to `step_idx`.
    pub(super) fn lap(&mut self, step_idx: usize) {
        let now = Instant::now();
        let elapsed = now.duration_since(self.last).as_nanos();
        self.step_ns[step_idx] += u64::try_from(elapsed).unwrap_or(u64::MAX);
        self.last = now;
    }

    pub(super) fn step_ns(&self) -> &[u64] {
        &self.step_ns
    }
}
