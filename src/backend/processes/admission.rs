//! How many workers a pass may have: as many as were asked for, as long as what they are going to hold
//! fits into what the system offers. Pure, but for the one question to the system.

use crate::backend::PassWork;
use crate::pixels::geometry::Rect;
use crate::plan::cost::{TileBytes, tile_bytes};
use crate::system::offered_memory::{Bound, Offer, offered};

use super::shift::{IN_FLIGHT_BYTES, MIN_IN_FLIGHT};

/// A worker before it has anything: the program's own data, stacks, pipes, and its parent's threads
/// for it.
const BASE_BYTES: u64 = 28 << 20;

/// Of what is offered, so much is left to others and to what is not foreseen.
const RESERVE_SHARE: u64 = 8;

/// What workers together keep of a photo at most: of 58 megapixels in 16 bits, all.
const MOST_KEPT_BYTES: u64 = 512 << 20;

/// What a pass is going to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Demand {
    /// Of the program itself: what the pass makes.
    pub(super) canvas_bytes: u64,
    /// Of each worker over its largest tiles, both ends together.
    pub(super) work_bytes: u64,
}

/// Who may work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Admission {
    pub(super) n_workers: usize,
    /// Whether there is memory for all that were asked for.
    pub(super) is_all: bool,
    /// What each may keep of the photo for later passes.
    pub(super) keep_bytes: u64,
}

impl Demand {
    pub(super) fn of(work: &PassWork<'_, '_>) -> Self {
        let canvas_bytes = work
            .tiles
            .iter()
            .map(|tile| work.canvas.packed_bytes(*tile));
        let largest = work.tiles.iter().copied().max_by_key(|tile| tile.area());
        let bytes_of = |tile: Rect| tile_bytes(work.plan, work.engine.program(), tile);
        Self {
            canvas_bytes: canvas_bytes.sum(),
            work_bytes: largest.map_or(0, |tile| Self::work_bytes(bytes_of(tile))),
        }
    }

    /// Tiles under way lie at both ends, finished ones as well; computing holds planes before and
    /// after a step, and as much again that is kept for the next.
    const fn work_bytes(tile: TileBytes) -> u64 {
        let in_flight = MIN_IN_FLIGHT as u64 * tile.read + IN_FLIGHT_BYTES as u64;
        2 * (in_flight + MIN_IN_FLIGHT as u64 * tile.written) + 2 * tile.working
    }

    /// What a worker takes, started or not.
    const fn worker_bytes(self) -> u64 {
        BASE_BYTES + self.work_bytes
    }

    /// As many of `n_wanted` as fit, at least one; `n_running` are there already, and what they hold
    /// is not offered any more.
    pub(super) fn admit(
        self,
        offer: Option<Offer>,
        n_wanted: usize,
        n_running: usize,
    ) -> Admission {
        let Some(offer) = offer else {
            let keep_bytes = MOST_KEPT_BYTES / n_wanted.max(1) as u64;
            return Admission {
                n_workers: n_wanted,
                is_all: true,
                keep_bytes,
            };
        };
        // Address space is told of the program alone: there, what workers hold is still offered.
        let n_running = match offer.bound {
            Bound::AddressSpace => 0,
            Bound::ControlGroup | Bound::Machine => n_running,
        };
        let room =
            (offer.n_bytes - offer.n_bytes / RESERVE_SHARE).saturating_sub(self.canvas_bytes);
        let needed = |n: usize| {
            let n_new = n.saturating_sub(n_running) as u64;
            (n as u64 * self.work_bytes).saturating_add(n_new * BASE_BYTES)
        };
        let fitting = (1..=n_wanted).rev().find(|n| needed(*n) <= room);
        let n_workers = fitting.unwrap_or(1);
        // What is kept is worth no worker, and no more than half of what they leave.
        let left = room.saturating_sub(needed(n_workers)) / 2;
        Admission {
            n_workers,
            is_all: n_workers >= n_wanted,
            keep_bytes: left.min(MOST_KEPT_BYTES) / n_workers as u64,
        }
    }
}

/// Asks the system and decides; in words what was decided, where that is fewer than wanted.
pub(super) fn admit(
    work: &PassWork<'_, '_>,
    n_wanted: usize,
    n_running: usize,
) -> (Admission, Option<String>) {
    let (demand, offer) = (Demand::of(work), offered());
    let admission = demand.admit(offer, n_wanted, n_running);
    let n_workers = admission.n_workers;
    let words = offer.filter(|_| !admission.is_all).map(|offer| {
        let mib = |n_bytes: u64| n_bytes.div_ceil(1 << 20);
        format!(
            "memory for {n_workers} of {n_wanted} workers: each takes about {} MiB, the picture {} \
             MiB, and {} has {} MiB left",
            mib(demand.worker_bytes()),
            mib(demand.canvas_bytes),
            offer.bound,
            mib(offer.n_bytes)
        )
    });
    (admission, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn offer(mib: u64) -> Offer {
        Offer {
            n_bytes: mib * MIB,
            bound: Bound::ControlGroup,
        }
    }

    const DEMAND: Demand = Demand {
        canvas_bytes: 200 * MIB,
        work_bytes: 72 * MIB,
    };

    #[test]
    fn as_many_work_as_fit_beside_the_picture() {
        let n =
            |mib: u64, n_running: usize| DEMAND.admit(Some(offer(mib)), 16, n_running).n_workers;
        // Seven eighths of 1600 MiB, less the picture: twelve of 100 MiB.
        assert_eq!(n(1600, 0), 12);
        // Those that run take their tiles' part alone.
        assert_eq!(n(1600, 16), 16);
        assert_eq!(n(1600, 10), 14);
        assert_eq!(n(100_000, 0), 16);
        let bounded = Offer {
            n_bytes: 1600 * MIB,
            bound: Bound::AddressSpace,
        };
        assert_eq!(DEMAND.admit(Some(bounded), 16, 16).n_workers, 12);
        assert_eq!(n(0, 0), 1, "one works in any case");
    }

    #[test]
    fn what_is_kept_is_half_of_what_is_left_and_never_without_bounds() {
        let keep =
            |offer: Option<Offer>, n_wanted: usize| DEMAND.admit(offer, n_wanted, 0).keep_bytes;
        assert_eq!(keep(Some(offer(1600)), 16), 0);
        assert_eq!(keep(Some(offer(1600)), 4), 800 * MIB / 2 / 4);
        assert_eq!(keep(Some(offer(100_000)), 4), MOST_KEPT_BYTES / 4);
        assert_eq!(keep(None, 4), MOST_KEPT_BYTES / 4);
    }

    #[test]
    fn a_tile_counts_at_both_ends() {
        let tile = TileBytes {
            read: 10 * MIB,
            written: 5 * MIB,
            working: 30 * MIB,
        };
        assert_eq!(Demand::work_bytes(tile), 2 * 30 * MIB + MIB + 60 * MIB);
    }
}
