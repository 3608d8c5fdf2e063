//! Who does which tile: what waits, what was lost with a worker, and when to give up.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::backend::BackendError;
use crate::telemetry::ids::WorkerIdx;

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
    /// Tiles nobody had yet that read what one worker keeps, by that worker, in their order.
    at_home: BTreeMap<WorkerIdx, VecDeque<usize>>,
    /// All others that nobody had yet.
    anywhere: VecDeque<usize>,
    /// Lost with a worker. Those it computed come last, so that they hold up nobody.
    lost: VecDeque<Task>,
    deaths: BTreeMap<usize, u32>,
    n_done: usize,
    error: Option<BackendError>,
    /// Why a lane has no worker; it counts where no other lane has one.
    lack: Option<BackendError>,
}

impl State {
    /// Tiles nobody had yet.
    fn n_new(&self) -> usize {
        let at_home: usize = self.at_home.values().map(VecDeque::len).sum();
        at_home + self.anywhere.len()
    }

    /// One of them: what the worker keeps comes first; what others keep last, and of those who have
    /// most left, their last.
    fn next_new(&mut self, worker: WorkerIdx) -> Option<usize> {
        let own = self.at_home.get_mut(&worker).and_then(VecDeque::pop_front);
        own.or_else(|| self.anywhere.pop_front()).or_else(|| {
            let others = self.at_home.values_mut();
            others.max_by_key(|tiles| tiles.len())?.pop_back()
        })
    }
}

impl Ledger {
    /// A tile each; with the worker that keeps most of what it reads, if one does.
    pub(super) fn new(homes: impl IntoIterator<Item = Option<WorkerIdx>>) -> Self {
        let mut state = State::default();
        let mut n_tiles = 0;
        for (tile_idx, home) in homes.into_iter().enumerate() {
            n_tiles += 1;
            match home {
                Some(worker) => state.at_home.entry(worker).or_default().push_back(tile_idx),
                None => state.anywhere.push_back(tile_idx),
            }
        }
        Self {
            state: Mutex::new(state),
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
    pub(super) fn take(&self, worker: WorkerIdx, is_alone: bool) -> Option<Task> {
        let mut state = self.state();
        if is_alone
            && let Some(task) = state.lost.front().copied()
            && (!state.deaths.contains_key(&task.tile_idx) || state.n_new() == 0)
        {
            state.lost.pop_front();
            return Some(task);
        }
        let tile_idx = state.next_new(worker)?;
        Some(Task {
            tile_idx,
            attempt: 1,
        })
    }

    /// Tiles nobody has.
    pub(super) fn n_waiting(&self) -> usize {
        let state = self.state();
        state.n_new() + state.lost.len()
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

    const ANY: WorkerIdx = WorkerIdx(0);

    /// Tiles at home nowhere.
    fn ledger(n_tiles: usize) -> Ledger {
        Ledger::new(std::iter::repeat_n(None, n_tiles))
    }

    #[test]
    fn workers_do_what_they_keep_first_and_then_the_last_of_what_others_keep() {
        let homes = [Some(1), Some(0), None, Some(1), Some(1), Some(7)];
        let ledger = Ledger::new(homes.map(|home| home.map(WorkerIdx)));
        let order = |worker: u16, n: usize| -> Vec<usize> {
            let tasks = (0..n).map_while(|_| ledger.take(WorkerIdx(worker), false));
            tasks.map(|task| task.tile_idx).collect()
        };
        assert_eq!(
            order(0, 3),
            [1, 2, 4],
            "its own, nobody's, the longest list's last"
        );
        assert_eq!(order(1, 2), [0, 3]);
        assert_eq!(ledger.n_waiting(), 1);
        assert_eq!(
            order(0, 9),
            [5],
            "a worker that is gone keeps nothing from others"
        );
        assert_eq!(ledger.n_waiting(), 0);
    }

    fn death() -> Death {
        Death {
            cause: DeathCause::Signal(9),
            text: "signal 9".to_owned(),
        }
    }

    #[test]
    fn lost_tiles_come_again_and_the_one_computed_comes_last() {
        let ledger = ledger(4);
        let tasks = [
            ledger.take(ANY, true).unwrap(),
            ledger.take(ANY, true).unwrap(),
        ];
        ledger.lose(&tasks, Some(0), &death()).unwrap();
        assert_eq!(ledger.n_waiting(), 4);
        let order: Vec<_> = std::iter::from_fn(|| ledger.take(ANY, true))
            .map(|task| (task.tile_idx, task.attempt))
            .collect();
        assert_eq!(order, [(1, 2), (2, 1), (3, 1), (0, 2)]);
    }

    #[test]
    fn a_worker_that_has_tiles_gets_none_that_was_lost() {
        let ledger = ledger(2);
        let lost = ledger.take(ANY, true).unwrap();
        ledger.lose(&[lost], None, &death()).unwrap();
        assert_eq!(ledger.take(ANY, false).unwrap().tile_idx, 1);
        assert_eq!(ledger.take(ANY, false), None);
        assert_eq!(ledger.n_waiting(), 1);
        assert_eq!(ledger.take(ANY, true).unwrap().attempt, 2);
    }

    #[test]
    fn the_third_worker_that_dies_computing_a_tile_ends_the_pass() {
        let ledger = ledger(2);
        let _other = ledger.take(ANY, true).unwrap();
        for attempt in 1..=3 {
            let task = ledger.take(ANY, true).unwrap();
            assert_eq!((task.tile_idx, task.attempt), (1, attempt));
            let result = ledger.lose(&[task], Some(1), &death());
            assert_eq!(result.is_err(), attempt == 3);
        }
    }

    #[test]
    fn tiles_that_only_waited_are_never_blamed() {
        let ledger = ledger(1);
        for attempt in 1..=20 {
            let task = ledger.take(ANY, true).unwrap();
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
