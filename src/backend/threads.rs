//! A pool of threads that share memory: cheap to start, nothing to copy.

use std::time::Duration;

use super::crew::Crew;
use super::{Backend, BackendError, PassWork};

/// N threads, kept between runs.
#[derive(Debug)]
pub struct Threads {
    crew: Crew,
}

impl Threads {
    /// # Errors
    /// [`BackendError::Start`] when the system gives no more threads.
    pub fn new(n_workers: usize) -> Result<Self, BackendError> {
        Self::with_storage_wait(n_workers, Duration::ZERO)
    }

    /// As [`Self::new`]; every tile first waits so long for storage, simulated.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_storage_wait(
        n_workers: usize,
        storage_wait: Duration,
    ) -> Result<Self, BackendError> {
        Ok(Self {
            crew: Crew::new(n_workers, "worker", storage_wait)?,
        })
    }
}

impl Backend for Threads {
    fn name(&self) -> &'static str {
        "threads"
    }

    fn n_workers(&self) -> usize {
        self.crew.n_workers()
    }

    fn storage_wait(&self) -> Duration {
        self.crew.storage_wait()
    }

    fn run_pass(&self, work: &PassWork<'_, '_>) -> Result<(), BackendError> {
        self.crew.run_pass(work, None)
    }
}
