//! One worker: the yardstick every other way is measured against.
//!
//! Tiles are computed one after the other on the calling thread, by the same routine all backends
//! use; nothing is started, nothing is copied.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::telemetry::ids::WorkerIdx;

use super::in_process::{Seat, do_tile};
use super::run_tile::Desk;
use super::{Backend, BackendError, PassWork};

/// Computes on whatever thread calls it.
#[derive(Debug, Default)]
pub struct Single {
    desk: Mutex<Desk>,
    storage_wait: Duration,
}

impl Single {
    /// Every tile first waits so long for storage, simulated.
    #[must_use]
    pub fn with_storage_wait(storage_wait: Duration) -> Self {
        Self {
            storage_wait,
            ..Self::default()
        }
    }
}

impl Backend for Single {
    fn name(&self) -> &'static str {
        "single"
    }

    fn n_workers(&self) -> usize {
        1
    }

    fn storage_wait(&self) -> Duration {
        self.storage_wait
    }

    fn run_pass(&self, work: &PassWork<'_, '_>) -> Result<(), BackendError> {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        let seat = Seat::new(WorkerIdx(0), self.storage_wait, None, work.events);
        for tile_idx in 0..work.tiles.len() {
            if work.cancel.is_stopped() {
                return Err(BackendError::Stopped);
            }
            do_tile(work, tile_idx, &seat, &mut desk)?;
        }
        Ok(())
    }
}
