//! One worker: the yardstick every other way is measured against.
//!
//! Tiles are computed one after the other on the calling thread, by the same routine all backends
//! use; nothing is started, nothing is copied.

use std::sync::{Mutex, PoisonError};

use crate::telemetry::ids::WorkerIdx;

use super::in_process::do_tile;
use super::run_tile::Desk;
use super::{Backend, BackendError, PassWork};

/// Computes on whatever thread calls it.
#[derive(Debug, Default)]
pub struct Single {
    desk: Mutex<Desk>,
}

impl Backend for Single {
    fn name(&self) -> &'static str {
        "single"
    }

    fn n_workers(&self) -> usize {
        1
    }

    fn run_pass(&self, work: &PassWork<'_, '_>) -> Result<(), BackendError> {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        for tile_idx in 0..work.tiles.len() {
            if work.cancel.is_stopped() {
                return Err(BackendError::Stopped);
            }
            do_tile(work, tile_idx, WorkerIdx(0), &mut desk)?;
        }
        Ok(())
    }
}
