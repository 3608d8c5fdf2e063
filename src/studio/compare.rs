//! The same full run on every backend in turn, often enough to trust the medians.

use std::sync::Arc;

use crate::backend::Backend;
use crate::backend::spare_memory::SpareMemory;
use crate::telemetry::log::RunWithEvents;

use super::StudioError;
use super::engines::{BackendChoice, Engines};
use super::full_run::FullRun;

/// Every backend runs at least this long in all …
const MIN_TOTAL_NS: u64 = 1_500_000_000;

/// … but no more often than this.
const MAX_RUNS: usize = 200;

/// What one backend did.
#[derive(Debug, Clone)]
pub struct Compared {
    pub choice: BackendChoice,
    /// The run of median wall time, the lower of two; it carries the hash of its pixels.
    pub median: RunWithEvents,
    /// Wall times of all counted runs, in the order they ran.
    pub wall_ns: Vec<u64>,
}

/// Runs every choice in turn (A B C A B C …) after one warm-up each; `on_run` hears how many
/// rounds are done and about how many there will be.
///
/// # Errors
/// The first run that fails, or a stop.
pub fn compare(
    full_run: &FullRun<'_>,
    choices: &[BackendChoice],
    engines: &Engines,
    on_run: &dyn Fn(BackendChoice, f32),
) -> Result<Vec<Compared>, StudioError> {
    let spare = SpareMemory::up_to(u64::MAX);
    let mut contestants = Vec::new();
    for (idx, choice) in choices.iter().enumerate() {
        on_run(*choice, 0.1 * idx as f32 / choices.len() as f32);
        let backend = engines.get(*choice)?;
        let warmed_up = full_run.run_into(&*backend, &spare)?;
        spare.keep_samples(warmed_up.image.samples);
        contestants.push(Contestant {
            choice: *choice,
            backend,
            runs: Vec::new(),
        });
    }
    loop {
        let mut ran = false;
        let done = contestants
            .iter()
            .map(Contestant::share_done)
            .fold(1.0, f32::min);
        for contestant in contestants
            .iter_mut()
            .filter(|contestant| !contestant.is_done())
        {
            on_run(contestant.choice, 0.1 + 0.9 * done);
            let finished = full_run.run_into(&*contestant.backend, &spare)?;
            spare.keep_samples(finished.image.samples);
            contestant.runs.push(finished.run);
            ran = true;
        }
        if !ran {
            return Ok(contestants
                .into_iter()
                .filter_map(Contestant::into_compared)
                .collect());
        }
    }
}

struct Contestant {
    choice: BackendChoice,
    backend: Arc<dyn Backend>,
    runs: Vec<RunWithEvents>,
}

impl Contestant {
    fn total_ns(&self) -> u64 {
        self.runs.iter().map(|run| run.record.wall_ns).sum()
    }

    fn share_done(&self) -> f32 {
        (self.total_ns() as f32 / MIN_TOTAL_NS as f32).min(1.0)
    }

    fn is_done(&self) -> bool {
        self.runs.len() >= MAX_RUNS || (self.runs.len() >= 3 && self.total_ns() >= MIN_TOTAL_NS)
    }

    fn into_compared(self) -> Option<Compared> {
        let wall_ns: Vec<u64> = self.runs.iter().map(|run| run.record.wall_ns).collect();
        let mut by_time = self.runs;
        by_time.sort_by_key(|run| run.record.wall_ns);
        let middle = by_time.len().checked_sub(1)? / 2;
        Some(Compared {
            choice: self.choice,
            median: by_time.swap_remove(middle),
            wall_ns,
        })
    }
}
