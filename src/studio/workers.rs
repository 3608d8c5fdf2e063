//! The worker processes of both benches, as the window shows them.

use std::sync::Arc;

use crate::backend::processes::WorkerProgram;
use crate::telemetry::usage::rss_bytes;
pub use crate::telemetry::worker::{DeathCause, EndCause, WorkerState, WorkerView};

use super::engines::Engines;

/// What a pool of workers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bench {
    Previews,
    /// Full runs and exports.
    Runs,
}

/// One worker process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BenchWorker {
    pub bench: Bench,
    pub view: WorkerView,
}

/// Both benches of a session.
#[derive(Clone)]
pub(super) struct Benches {
    pub(super) previews: Arc<Engines>,
    pub(super) runs: Arc<Engines>,
}

impl Benches {
    pub(super) fn new(worker_program: &WorkerProgram) -> Self {
        Self {
            previews: Arc::new(Engines::new(worker_program.clone())),
            runs: Arc::new(Engines::new(worker_program.clone())),
        }
    }

    /// All workers with the memory they hold now; asks the system for each.
    pub(super) fn workers(&self) -> Vec<BenchWorker> {
        let benches = [(Bench::Runs, &self.runs), (Bench::Previews, &self.previews)];
        let workers = benches.into_iter().flat_map(|(bench, engines)| {
            let views = engines.workers().into_iter();
            views.map(move |view| BenchWorker { bench, view })
        });
        let weighed = workers.map(|mut worker| {
            worker.view.rss_bytes = worker.view.pid.and_then(rss_bytes);
            worker
        });
        weighed.collect()
    }

    /// Kills a worker of either bench; whether there was one.
    pub(super) fn kill(&self, pid: u32) -> bool {
        self.runs.kill_worker(pid) || self.previews.kill_worker(pid)
    }
}
