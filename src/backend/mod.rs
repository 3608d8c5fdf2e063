//! Floor 4: the machines that run a plan: one thread, a pool of threads, worker processes, and
//! threads that share one lock.
//!
//! All of them hand tiles of a pass to one routine ([`run_tile`]), so they differ in who runs it,
//! what travels and what it costs, never in a byte of the picture. A backend knows nothing of
//! filters, files or windows. Beside them stands [`decoder`], the process photos are decoded in.

pub mod cancel;
pub mod canvas;
pub mod decoder;
pub mod engine;
#[cfg(feature = "fault-injection")]
pub mod faults;
pub mod global_lock;
pub mod processes;
pub mod regions;
pub mod render;
pub mod run_tile;
pub mod single;
mod slow_storage;
pub mod spare_memory;
pub mod threads;

mod crew;
mod in_process;
mod tile_clock;

use std::time::Duration;

use crate::pixels::geometry::Rect;
use crate::plan::graph::Plan;
use crate::telemetry::ids::RunId;
use crate::telemetry::sink::Sink;

use cancel::Cancel;
use canvas::Canvas;
use engine::PassEngine;
use regions::Sources;

/// A way of computing tiles.
pub trait Backend: Send + Sync {
    /// The name scripts and logs use.
    fn name(&self) -> &'static str;

    /// Threads or processes that compute; at least 1.
    fn n_workers(&self) -> usize;

    /// Workers that can compute at the same moment: what tiles are planned for.
    fn n_at_once(&self) -> usize {
        self.n_workers()
    }

    /// How pixels travel; `None` where memory is shared.
    fn transport(&self) -> Option<&'static str> {
        None
    }

    /// Worker processes that run now, in the order of their lanes; none where there are only threads.
    fn worker_pids(&self) -> Vec<u32> {
        Vec::new()
    }

    /// Nanoseconds that starting workers took, of starts since a moment of the events' clock; 0 where
    /// everything was warm.
    fn spawn_ns_since(&self, _since_ns: u64) -> u64 {
        0
    }

    /// How long a worker waits for the lock before its holder is asked to let go; `None` where there
    /// is no lock.
    fn switch_interval(&self) -> Option<Duration> {
        None
    }

    /// How long every tile waits for storage first, simulated; zero for not at all.
    fn storage_wait(&self) -> Duration {
        Duration::ZERO
    }

    /// Computes every tile of one pass into its canvas and records an event for each.
    ///
    /// # Errors
    /// [`BackendError::Stopped`] on request; any other when the pass cannot be finished.
    fn run_pass(&self, work: &PassWork<'_, '_>) -> Result<(), BackendError>;
}

/// One pass of one run, as a backend gets it. `'c` is how long the canvas borrows its pixels.
pub struct PassWork<'a, 'c> {
    pub run: RunId,
    /// Of one rendering of one photo, and never of two: passes that share it read the same pixels.
    pub series: u64,
    pub plan: &'a Plan,
    pub pass_idx: usize,
    /// The pass made ready; worker processes make their own from the plan.
    pub engine: &'a PassEngine,
    /// In the frame of the pass's output.
    pub tiles: &'a [Rect],
    pub sources: &'a Sources<'a>,
    pub canvas: &'a Canvas<'c>,
    pub events: &'a dyn Sink,
    pub cancel: &'a Cancel,
}

/// Why a run did not finish.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    #[error("stopped")]
    Stopped,
    #[error(transparent)]
    Plan(#[from] crate::plan::PlanError),
    /// A kernel panicked; the pool and later runs are unharmed.
    #[error("the filter {filter} failed on tile {tile_idx}")]
    FilterPanicked { filter: String, tile_idx: usize },
    #[error("cannot start {what}")]
    Start {
        what: String,
        #[source]
        source: std::io::Error,
    },
    /// Every attempt at one tile cost a worker.
    #[error("tile {tile_idx} ended {deaths} workers, the last by {cause}")]
    PoisonTile {
        tile_idx: usize,
        deaths: u32,
        cause: String,
    },
    /// Workers die before they finish anything.
    #[error("worker processes do not stay alive: {cause}")]
    PoolLost { cause: String },
}

impl From<crate::filters::kernel::Stopped> for BackendError {
    fn from(_: crate::filters::kernel::Stopped) -> Self {
        Self::Stopped
    }
}
