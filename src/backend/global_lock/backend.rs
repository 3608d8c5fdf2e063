//! The backend: a crew of threads whose every worker takes turns at the one lock.

use std::time::Duration;

use crate::backend::crew::Crew;
use crate::backend::{Backend, BackendError, PassWork};

use super::Lock;

/// What `CPython` has unless told otherwise (`sys.getswitchinterval()`).
pub const DEFAULT_SWITCH_INTERVAL: Duration = Duration::from_millis(5);

/// N threads of which one computes.
#[derive(Debug)]
pub struct GlobalLock {
    crew: Crew,
    lock: Lock,
}

impl GlobalLock {
    /// `storage_wait`: how long each tile waits for storage first, with the lock let go; zero for not
    /// at all.
    ///
    /// # Errors
    /// [`BackendError::Start`] when the system gives no more threads.
    pub fn new(
        n_workers: usize,
        switch_interval: Duration,
        storage_wait: Duration,
    ) -> Result<Self, BackendError> {
        Ok(Self {
            crew: Crew::new(n_workers, "lock worker", storage_wait)?,
            lock: Lock::new(switch_interval),
        })
    }
}

impl Backend for GlobalLock {
    fn name(&self) -> &'static str {
        "global-lock"
    }

    fn n_workers(&self) -> usize {
        self.crew.n_workers()
    }

    /// Only the lock's holder, however many there are.
    fn n_at_once(&self) -> usize {
        1
    }

    fn switch_interval(&self) -> Option<Duration> {
        Some(self.lock.switch_interval())
    }

    fn storage_wait(&self) -> Duration {
        self.crew.storage_wait()
    }

    fn run_pass(&self, work: &PassWork<'_, '_>) -> Result<(), BackendError> {
        self.crew.run_pass(work, Some(&self.lock))
    }
}
