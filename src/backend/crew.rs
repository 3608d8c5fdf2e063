//! Threads of a pool of our own that take tiles from one counter: tiles are handed out in order, and
//! whoever is done first takes more.
//!
//! The pool is our own, so that neither the window nor a library's parallelism waits behind tiles.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::telemetry::ids::WorkerIdx;

use super::cancel::Cancel;
use super::global_lock::{Lock, Turn};
use super::in_process::{Seat, do_tile};
use super::run_tile::Desk;
use super::{BackendError, PassWork};

/// N threads, kept between runs.
#[derive(Debug)]
pub(super) struct Crew {
    pool: ThreadPool,
    /// One a worker; each is only ever locked by its own.
    desks: Vec<Mutex<Desk>>,
    storage_wait: Duration,
}

impl Crew {
    /// At least one thread; their names begin with `name`.
    ///
    /// # Errors
    /// [`BackendError::Start`] when the system gives no more threads.
    pub(super) fn new(
        n_workers: usize,
        name: &'static str,
        storage_wait: Duration,
    ) -> Result<Self, BackendError> {
        let n_workers = n_workers.max(1);
        let pool = ThreadPoolBuilder::new()
            .num_threads(n_workers)
            .thread_name(move |worker_idx| format!("{name} {worker_idx}"))
            .build()
            .map_err(|source| BackendError::Start {
                what: format!("{n_workers} threads"),
                source: std::io::Error::other(source),
            })?;
        Ok(Self {
            pool,
            desks: (0..n_workers).map(|_| Mutex::default()).collect(),
            storage_wait,
        })
    }

    pub(super) const fn n_workers(&self) -> usize {
        self.desks.len()
    }

    pub(super) const fn storage_wait(&self) -> Duration {
        self.storage_wait
    }

    /// Does all tiles; where there is a lock, only its holder computes.
    ///
    /// # Errors
    /// As [`super::Backend::run_pass`].
    pub(super) fn run_pass(
        &self,
        work: &PassWork<'_, '_>,
        lock: Option<&Lock>,
    ) -> Result<(), BackendError> {
        let next_tile = AtomicUsize::new(0);
        let failure = Failure::default();
        self.pool.broadcast(|worker| {
            let desk = &self.desks[worker.index()];
            let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
            let idx = WorkerIdx(worker.index() as u16);
            let seat = Seat::new(idx, self.storage_wait, lock.map(Turn::new), work.events);
            loop {
                let tile_idx = next_tile.fetch_add(1, Ordering::Relaxed);
                if tile_idx >= work.tiles.len() || failure.is_set() {
                    return;
                }
                if work.cancel.is_stopped() {
                    failure.set(BackendError::Stopped);
                    return;
                }
                if let Err(error) = do_tile(work, tile_idx, &seat, &mut desk) {
                    failure.set(error);
                    return;
                }
            }
        });
        failure.into_result()
    }
}

/// The first thing that went wrong, whoever it happened to.
#[derive(Default)]
struct Failure {
    is_set: Cancel,
    error: Mutex<Option<BackendError>>,
}

impl Failure {
    fn set(&self, error: BackendError) {
        let mut first = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(error);
        self.is_set.stop();
    }

    fn is_set(&self) -> bool {
        self.is_set.is_stopped()
    }

    fn into_result(self) -> Result<(), BackendError> {
        match self
            .error
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
        {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}
