//! Which parts of a worker's arena are in use: a slot a tile, from the moment it is sent until its
//! answer came, however late; nobody hands out a part that a worker may still write to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::message::Part;

/// More than a worker has tiles at once, for those whose answers are late.
const N_SLOTS: usize = 12;

/// Room for what a tile reads, and as much for what it makes. Larger ones travel by pipe.
const ROOM_BYTES: usize = 32 << 20;

/// Memory is taken only for what was used.
pub(super) const ARENA_BYTES: usize = 2 * N_SLOTS * ROOM_BYTES;

/// Slots of one arena.
#[derive(Debug, Default)]
pub(super) struct Slots(Mutex<[Option<(u64, u32)>; N_SLOTS]>);

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot(usize);

impl Slots {
    /// A slot for a tile of a job; the lowest, whose memory was most likely used before.
    pub(super) fn take(&self, tile: (u64, u32)) -> Option<Slot> {
        let mut slots = self.lock();
        let idx = slots.iter().position(Option::is_none)?;
        slots[idx] = Some(tile);
        Some(Slot(idx))
    }

    /// The answer came, or the tile was never sent.
    pub(super) fn give(&self, tile: (u64, u32)) {
        for slot in self.lock().iter_mut().filter(|slot| **slot == Some(tile)) {
            *slot = None;
        }
    }

    /// Whether no worker has any.
    pub(super) fn are_all_free(&self) -> bool {
        self.lock().iter().all(Option::is_none)
    }

    fn lock(&self) -> MutexGuard<'_, [Option<(u64, u32)>; N_SLOTS]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Where what a tile reads goes, if there is room for it.
    pub(super) fn input(self, n_bytes: usize) -> Option<Part> {
        part(2 * self.0, n_bytes)
    }

    /// Where what it makes goes, if there is room for it.
    pub(super) fn result(self, n_bytes: u64) -> Option<Part> {
        part(2 * self.0 + 1, usize::try_from(n_bytes).ok()?)
    }
}

fn part(room_idx: usize, n_bytes: usize) -> Option<Part> {
    (n_bytes <= ROOM_BYTES).then_some(Part {
        at: (room_idx * ROOM_BYTES) as u64,
        n_bytes: n_bytes as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_nobodys_until_its_answer_came() {
        let slots = Slots::default();
        let taken: Vec<Slot> = (0..).map_while(|tile| slots.take((1, tile))).collect();
        assert_eq!(taken.len(), N_SLOTS);
        slots.give((2, 0));
        assert_eq!(slots.take((2, 1)), None);
        slots.give((1, 3));
        assert_eq!(slots.take((2, 1)), Some(Slot(3)));
        for tile in 0..N_SLOTS as u32 {
            slots.give((1, tile));
        }
        assert!(!slots.are_all_free());
        slots.give((2, 1));
        assert!(slots.are_all_free());
    }

    #[test]
    fn rooms_do_not_meet_and_lie_inside_the_arena() {
        let mut ends = vec![0];
        for idx in 0..N_SLOTS {
            let slot = Slot(idx);
            for part in [slot.input(ROOM_BYTES), slot.result(ROOM_BYTES as u64)] {
                let part = part.unwrap();
                assert_eq!(part.at, *ends.last().unwrap());
                ends.push(part.at + part.n_bytes);
            }
            assert_eq!(slot.input(ROOM_BYTES + 1), None);
            assert_eq!(slot.result(u64::MAX), None);
        }
        assert_eq!(ends.last(), Some(&(ARENA_BYTES as u64)));
    }
}
