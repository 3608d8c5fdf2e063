//! One pass of one run, as all lanes of a pool see it.

use crate::backend::{BackendError, PassWork};
use crate::pixels::geometry::Rect;
use crate::plan::cost::estimated_tile_ns;
use crate::system::shared_memory::registry;
use crate::telemetry::ids::WorkerIdx;

use super::ledger::{BarrenDeaths, Ledger};
use super::message::SharedPhoto;
use super::patience::Pace;
use super::wanted::Wanted;

/// What lanes share while they work.
pub(super) struct Pass<'a, 'w, 'c> {
    /// Counts up over the pool's life, so that a late answer never meets a later pass.
    pub(super) job: u64,
    /// The job's header, the same for every worker.
    pub(super) header: Vec<u8>,
    pub(super) work: &'a PassWork<'w, 'c>,
    /// Whether workers read the photo themselves.
    pub(super) has_shared_photo: bool,
    /// How much of the photo each worker may keep for later passes; 0 where none reads it.
    pub(super) keep_bytes: u64,
    pub(super) ledger: Ledger,
    pub(super) barren: &'a BarrenDeaths,
    /// What its tiles cost, for deadlines.
    pub(super) pace: Pace,
    /// Lanes wanted; may change meanwhile.
    pub(super) wanted: &'a Wanted,
}

impl Pass<'_, '_, '_> {
    /// Pixels of the largest tile's answer.
    pub(super) fn answer_bytes(&self) -> u64 {
        let bytes = |rect| self.work.canvas.packed_bytes(rect);
        self.work
            .tiles
            .iter()
            .copied()
            .map(bytes)
            .max()
            .unwrap_or(0)
    }

    /// Whether fewer workers are wanted than would keep this one.
    pub(super) fn is_surplus(&self, worker: WorkerIdx) -> bool {
        usize::from(worker.0) >= self.wanted.n_workers()
    }

    /// Whether nothing is to be done any more, or the run was stopped.
    pub(super) fn is_stopped(&self) -> bool {
        if self.work.cancel.is_stopped() {
            self.ledger.fail(BackendError::Stopped);
        }
        self.ledger.is_over()
    }
}

/// The photo, where it lies whole in memory that workers can map themselves.
pub(super) fn shared_photo(work: &PassWork<'_, '_>) -> Option<SharedPhoto> {
    let photo = &work.sources.photo;
    let is_whole = photo.rect == Rect::of(work.plan.source.size);
    let named = is_whole.then(|| registry::find(photo.samples.bytes()))??;
    Some(SharedPhoto {
        id: named.id,
        name: named.name,
    })
}

/// What the largest tile takes, by the plan.
pub(super) fn estimate_ns(work: &PassWork<'_, '_>) -> u64 {
    let largest = work.tiles.iter().max_by_key(|tile| tile.area());
    let estimate = largest.map(|tile| estimated_tile_ns(work.plan, work.engine.program(), *tile));
    estimate.unwrap_or_default() as u64
}
