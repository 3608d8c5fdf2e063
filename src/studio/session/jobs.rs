//! Long work under way: what it is, how far it got, how to stop it.
//!
//! At most one photo is being opened, one run or comparison computed and one export written at a
//! time; the three go on side by side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::backend::cancel::Cancel;
use crate::telemetry::clock::now_ns;

use super::progress::{Doing, LiveRun, Progress, WorkerProgress};

/// Tells jobs apart, so that a late answer is not taken for a newer job's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobId(u64);

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobKind {
    /// Opening the photo of this name.
    Opening(String),
    /// A full run on this backend.
    Running(&'static str),
    /// All backends in turn.
    Comparing,
    /// The scaling lab: every backend at every number of workers.
    Scaling,
    /// The edit on two backends.
    SideBySide,
    /// The step of the tour with this title.
    Touring(&'static str),
    /// Writing the file of this name.
    Exporting(String),
}

/// One job.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: JobId,
    pub kind: JobKind,
    pub started_ns: u64,
    pub(super) cancel: Cancel,
    pub(super) progress: Arc<Progress>,
}

impl Job {
    pub(super) fn new(kind: JobKind) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self {
            id: JobId(NEXT.fetch_add(1, Ordering::Relaxed)),
            kind,
            started_ns: now_ns(),
            cancel: Cancel::default(),
            progress: Arc::default(),
        }
    }

    /// Asks the job to end; it does so within a second.
    pub fn stop(&self) {
        self.cancel.stop();
    }

    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.cancel.is_stopped()
    }

    /// 0…1.
    #[must_use]
    pub fn share_done(&self) -> f32 {
        self.progress.share()
    }

    /// Nanoseconds it has taken so far.
    #[must_use]
    pub fn elapsed_ns(&self) -> u64 {
        now_ns().saturating_sub(self.started_ns)
    }

    /// Nanoseconds it will still take if it goes on as it did; `None` before that can be said.
    #[must_use]
    pub fn remaining_ns(&self) -> Option<u64> {
        let share = f64::from(self.share_done());
        (share > 0.05).then(|| (self.elapsed_ns() as f64 * (1.0 - share) / share) as u64)
    }

    /// By worker, of the run under way.
    #[must_use]
    pub fn workers(&self) -> Vec<WorkerProgress> {
        self.progress.workers()
    }

    /// What it does at this moment.
    #[must_use]
    pub fn doing(&self) -> Doing {
        self.progress.doing()
    }

    /// The run under way with its tiles so far; `None` where there is none, or it has too many.
    #[must_use]
    pub fn live(&self) -> Option<LiveRun> {
        self.progress.live()
    }
}

/// The jobs under way.
#[derive(Debug, Default)]
pub struct Jobs {
    pub opening: Option<Job>,
    /// A full run or a comparison.
    pub running: Option<Job>,
    pub exporting: Option<Job>,
}

impl Jobs {
    /// Whether anything is under way.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        self.opening.is_some() || self.running.is_some() || self.exporting.is_some()
    }
}

/// Empties the slot if the job in it is this one.
pub(super) fn finish(slot: &mut Option<Job>, id: JobId) -> Option<Job> {
    slot.take_if(|job| job.id == id)
}
