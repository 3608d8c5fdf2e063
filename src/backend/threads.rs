//! A pool of threads that share memory: cheap to start, nothing to copy.
//!
//! The pool is our own, so that neither the window nor a library's parallelism waits behind tiles.
//! Workers take the next tile from one counter: tiles are handed out in order, and whoever is done
//! first takes more.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::telemetry::ids::WorkerIdx;

use super::cancel::Cancel;
use super::in_process::do_tile;
use super::run_tile::Desk;
use super::{Backend, BackendError, PassWork};

/// N threads, kept between runs.
#[derive(Debug)]
pub struct Threads {
    pool: ThreadPool,
    /// One a worker; each is only ever locked by its own.
    desks: Vec<Mutex<Desk>>,
}

impl Threads {
    /// # Errors
    /// [`BackendError::Start`] when the system gives no more threads.
    pub fn new(n_workers: usize) -> Result<Self, BackendError> {
        let n_workers = n_workers.max(1);
        let pool = ThreadPoolBuilder::new()
            .num_threads(n_workers)
            .thread_name(|worker_idx| format!("worker {worker_idx}"))
            .build()
            .map_err(|source| BackendError::Start {
                what: format!("{n_workers} threads"),
                source: std::io::Error::other(source),
            })?;
        Ok(Self {
            pool,
            desks: (0..n_workers).map(|_| Mutex::default()).collect(),
        })
    }
}

impl Backend for Threads {
    fn name(&self) -> &'static str {
        "threads"
    }

    fn n_workers(&self) -> usize {
        self.desks.len()
    }

    fn run_pass(&self, work: &PassWork<'_, '_>) -> Result<(), BackendError> {
        let next_tile = AtomicUsize::new(0);
        let failure = Failure::default();
        self.pool.broadcast(|worker| {
            let desk = &self.desks[worker.index()];
            let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                let tile_idx = next_tile.fetch_add(1, Ordering::Relaxed);
                if tile_idx >= work.tiles.len() || failure.is_set() {
                    return;
                }
                if work.cancel.is_stopped() {
                    failure.set(BackendError::Stopped);
                    return;
                }
                let lane = WorkerIdx(worker.index() as u16);
                if let Err(error) = do_tile(work, tile_idx, lane, &mut desk) {
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
