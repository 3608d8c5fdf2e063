//! Who does which tile: what waits, what was lost with a worker, and when to give up.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::backend::BackendError;

use super::process::Death;

/// Workers that may die over one tile.
const MAX_DEATHS_A_TILE: u32 = 3;

/// Deaths of workers that finished nothing, and within what time, before nobody is started any more.
const MAX_BARREN_DEATHS: usize = 5;
const BARREN_WINDOW_NS: u64 = 10_000_000_000;

/// A tile for a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) tile_idx: usize,
    /// From 1.
    pub(super) attempt: u16,
}

/// The tiles of one pass.
#[derive(Debug)]
pub(super) struct Ledger {
    state: Mutex<State>,
    /// Told when tiles were lost, the last one was done, or the pass failed.
    changed: Condvar,
    is_over: AtomicBool,
    n_tiles: usize,
}

#[derive(Debug, Default)]
struct State {
    next_tile: usize,
    /// Lost with a worker. Those it computed come last, so that they hold up nobody.
    lost: VecDeque<Task>,
    deaths: BTreeMap<usize, u32>,
    n_done: usize,
    error: Option<BackendError>,
    /// Why a lane has no worker; it counts where no other lane has one.
    lack: Option<BackendError>,
}

impl Ledger {
    pub(super) fn new(n_tiles: usize) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            is_over: AtomicBool::new(false),
            n_tiles,
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next tile, if any waits. One that was lost before goes to a worker that has nothing else,
    /// so that the next death, if it is one, has one tile to blame.
    pub(super) fn take(&self, is_alone: bool) -> Option<Task> {
        let mut state = self.state();
        if is_alone
            && let Some(task) = state.lost.front().copied()
            && (!state.deaths.contains_key(&task.tile_idx) || state.next_tile >= self.n_tiles)
        {
            state.lost.pop_front();
            return Some(task);
        }
        if state.next_tile >= self.n_tiles {
            return None;
        }
        let tile_idx = state.next_tile;
        state.next_tile += 1;
        Some(Task {
            tile_idx,
            attempt: 1,
        })
    }

    /// Tiles nobody has.
    pub(super) fn n_waiting(&self) -> usize {
        let state = self.state();
        self.n_tiles - state.next_tile + state.lost.len()
    }

    pub(super) fn done(&self) {
        let mut state = self.state();
        state.n_done += 1;
        if state.n_done == self.n_tiles {
            self.changed.notify_all();
        }
    }

    /// Waits for a change, but not for long.
    pub(super) fn wait(&self, at_most: Duration) {
        let state = self.state();
        if !self.is_over() && state.n_done < self.n_tiles {
            // A poisoned lock guards nothing that could be half done.
            drop(self.changed.wait_timeout(state, at_most));
        }
    }

    /// Takes back the tiles of a worker that died, `computing` among them.
    ///
    /// # Errors
    /// When too many workers died computing the same tile.
    pub(super) fn lose(
        &self,
        in_flight: &[Task],
        computing: Option<usize>,
        death: &Death,
    ) -> Result<(), BackendError> {
        let mut state = self.state();
        self.changed.notify_all();
        for task in in_flight {
            let again = Task {
                attempt: task.attempt.saturating_add(1),
                ..*task
            };
            if Some(task.tile_idx) != computing {
                state.lost.push_front(again);
                continue;
            }
            state.lost.push_back(again);
            let deaths = state.deaths.entry(task.tile_idx).or_default();
            *deaths += 1;
            if *deaths >= MAX_DEATHS_A_TILE {
                return Err(BackendError::PoisonTile {
                    tile_idx: task.tile_idx,
                    deaths: *deaths,
                    cause: death.to_string(),
                });
            }
        }
        Ok(())
    }

    /// Ends the pass; the first error counts.
    pub(super) fn fail(&self, error: BackendError) {
        self.state().error.get_or_insert(error);
        self.is_over.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// A lane has no worker, for this reason; others may do its part.
    pub(super) fn lack(&self, error: BackendError) {
        self.state().lack.get_or_insert(error);
        self.changed.notify_all();
    }

    /// No lane is left that could do anything.
    pub(super) fn abandon(&self) {
        let lack = self.state().lack.take();
        self.fail(lack.unwrap_or_else(|| BackendError::PoolLost {
            cause: "no worker is left".to_owned(),
        }));
    }

    /// Whether the pass failed or was stopped.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Whether nothing is left to do.
    pub(super) fn is_settled(&self) -> bool {
        self.is_over() || self.state().n_done == self.n_tiles
    }

    pub(super) fn into_result(self) -> Result<(), BackendError> {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        state.error.map_or(Ok(()), Err)
    }
}

/// Deaths of workers that finished no tile since they were started: they say that the program is
/// broken. A worker that was killed at work says nothing of the kind.
#[derive(Debug, Default)]
pub(super) struct BarrenDeaths(Mutex<VecDeque<u64>>);

impl BarrenDeaths {
    /// Whether it is time to give up.
    pub(super) fn count(&self, at_ns: u64) -> bool {
        let mut deaths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        deaths.push_back(at_ns);
        while deaths
            .front()
            .is_some_and(|first_ns| at_ns.saturating_sub(*first_ns) > BARREN_WINDOW_NS)
        {
            deaths.pop_front();
        }
        deaths.len() >= MAX_BARREN_DEATHS
    }

    /// A worker that was started then has finished a tile, so the program was not broken: who died
    /// before did so for reasons of its own.
    pub(super) fn proven(&self, started_ns: u64) {
        let mut deaths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        deaths.retain(|at_ns| *at_ns > started_ns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::event::DeathCause;

    fn death() -> Death {
        Death {
            cause: DeathCause::Signal(9),
            text: "signal 9".to_owned(),
        }
    }

    #[test]
    fn lost_tiles_come_again_and_the_one_computed_comes_last() {
        let ledger = Ledger::new(4);
        let tasks = [ledger.take(true).unwrap(), ledger.take(true).unwrap()];
        ledger.lose(&tasks, Some(0), &death()).unwrap();
        assert_eq!(ledger.n_waiting(), 4);
        let order: Vec<_> = std::iter::from_fn(|| ledger.take(true))
            .map(|task| (task.tile_idx, task.attempt))
            .collect();
        assert_eq!(order, [(1, 2), (2, 1), (3, 1), (0, 2)]);
    }

    #[test]
    fn a_worker_that_has_tiles_gets_none_that_was_lost() {
        let ledger = Ledger::new(2);
        let lost = ledger.take(true).unwrap();
        ledger.lose(&[lost], None, &death()).unwrap();
        assert_eq!(ledger.take(false).unwrap().tile_idx, 1);
        assert_eq!(ledger.take(false), None);
        assert_eq!(ledger.n_waiting(), 1);
        assert_eq!(ledger.take(true).unwrap().attempt, 2);
    }

    #[test]
    fn the_third_worker_that_dies_computing_a_tile_ends_the_pass() {
        let ledger = Ledger::new(2);
        let _other = ledger.take(true).unwrap();
        for attempt in 1..=3 {
            let task = ledger.take(true).unwrap();
            assert_eq!((task.tile_idx, task.attempt), (1, attempt));
            let result = ledger.lose(&[task], Some(1), &death());
            assert_eq!(result.is_err(), attempt == 3);
        }
    }

    #[test]
    fn tiles_that_only_waited_are_never_blamed() {
        let ledger = Ledger::new(1);
        for attempt in 1..=20 {
            let task = ledger.take(true).unwrap();
            assert_eq!(task.attempt, attempt);
            ledger.lose(&[task], None, &death()).unwrap();
        }
    }

    #[test]
    fn five_barren_deaths_within_ten_seconds_are_enough() {
        let deaths = BarrenDeaths::default();
        let second = 1_000_000_000;
        assert!(!(0..8).any(|i| deaths.count(i * 3 * second)));
        let at_once = (0..4)
            .map(|i| deaths.count(30 * second + i))
            .collect::<Vec<_>>();
        assert_eq!(at_once, [false, false, false, true], "with the one at 21 s");
        assert!(!deaths.count(50 * second));
    }

    #[test]
    fn a_worker_that_works_proves_that_those_before_it_died_of_something_else() {
        let deaths = BarrenDeaths::default();
        for at_ns in 1..=40 {
            assert!(!deaths.count(10 * at_ns));
            if at_ns % 4 == 0 {
                // Started after the newest death; one from before all of them proves nothing.
                deaths.proven(10 * at_ns + 1);
            }
            deaths.proven(5);
        }
    }
}
