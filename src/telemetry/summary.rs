//! Figures over many measurements: rolling medians, totals a filter, shares a worker.

use std::collections::{BTreeMap, VecDeque};

use super::event::{Phase, TileRecord};
use super::ids::{EditId, PassIdx};
use super::record::PassRecord;
use super::timeline::{PhaseTimes, Timeline};

/// The newest values of a series, such as milliseconds of previews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolling {
    values: VecDeque<u64>,
    capacity: usize,
    n_seen: u64,
}

impl Rolling {
    /// Keeps the newest `capacity` values, at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            values: VecDeque::new(),
            capacity: capacity.max(1),
            n_seen: 0,
        }
    }

    pub fn push(&mut self, value: u64) {
        if self.values.len() == self.capacity {
            self.values.pop_front();
        }
        self.values.push_back(value);
        self.n_seen += 1;
    }

    /// How many values were pushed in all, forgotten ones included.
    #[must_use]
    pub const fn n_seen(&self) -> u64 {
        self.n_seen
    }

    /// `None` before the first value.
    #[must_use]
    pub fn summary(&self) -> Option<Summary> {
        Summary::of(self.values.iter().copied())
    }
}

/// Order statistics of some values, each of them one of the values (nearest rank).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub count: usize,
    pub min: u64,
    /// Of an even count the lower of the two in the middle.
    pub median: u64,
    pub p95: u64,
    pub max: u64,
}

impl Summary {
    /// `None` without values.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = u64>) -> Option<Self> {
        let mut sorted: Vec<u64> = values.into_iter().collect();
        sorted.sort_unstable();
        let (&min, &max) = (sorted.first()?, sorted.last()?);
        // Nearest rank: the smallest value that at least this many in a hundred do not exceed.
        let percentile = |percent: usize| sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1];
        Some(Self {
            count: sorted.len(),
            min,
            median: percentile(50),
            p95: percentile(95),
            max,
        })
    }
}

/// What one step cost over all tiles of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterTotal {
    pub pass: PassIdx,
    pub edit: Option<EditId>,
    pub label: String,
    /// Sum over all workers, so it may exceed the run's wall time.
    pub total_ns: u64,
    pub n_tiles: u32,
}

/// Totals of every step that was timed, in order of passes and steps.
#[must_use]
pub fn filter_totals(tiles: &[TileRecord], passes: &[PassRecord]) -> Vec<FilterTotal> {
    let mut sums: BTreeMap<(PassIdx, u16), (u64, u32)> = BTreeMap::new();
    for tile in tiles {
        for step in &tile.steps {
            let sum = sums.entry((tile.pass, step.step_idx)).or_default();
            *sum = (sum.0 + step.elapsed_ns, sum.1 + 1);
        }
    }
    let total = |((pass, step_idx), (total_ns, n_tiles))| {
        let label = passes
            .iter()
            .find(|record| record.pass == pass)
            .and_then(|record| record.steps.get(usize::from(step_idx)));
        FilterTotal {
            pass,
            edit: label.and_then(|label| label.edit),
            label: step_name(passes, pass, step_idx),
            total_ns,
            n_tiles,
        }
    };
    sums.into_iter().map(total).collect()
}

/// A step's label, or `step N` where the pass does not name it.
#[must_use]
pub fn step_name(passes: &[PassRecord], pass: PassIdx, step_idx: u16) -> String {
    let record = passes.iter().find(|record| record.pass == pass);
    record
        .and_then(|record| record.steps.get(usize::from(step_idx)))
        .map_or_else(|| format!("step {step_idx}"), |step| step.label.clone())
}

/// Time of all workers together by phase; its total is workers × wall time.
#[must_use]
pub fn worker_times(timeline: &Timeline) -> PhaseTimes {
    timeline
        .workers
        .iter()
        .flat_map(|lane| lane.bars.iter().copied())
        .collect()
}

/// Shares in words, largest first, such as `compute 81 · send 9 · wait 10 %`; shares that round to
/// nothing are left out.
#[must_use]
pub fn shares_text(times: &PhaseTimes) -> String {
    let mut shares: Vec<(u64, &str)> = Phase::ALL
        .into_iter()
        .map(|phase| {
            (
                (times.share(phase) * 100.0).round() as u64,
                short_name(phase),
            )
        })
        .filter(|(percent, _)| *percent > 0)
        .collect();
    shares.sort_by_key(|&(percent, _)| std::cmp::Reverse(percent));
    if shares.is_empty() {
        return String::new();
    }
    let words: Vec<String> = shares
        .iter()
        .map(|(percent, name)| format!("{name} {percent}"))
        .collect();
    format!("{} %", words.join(" · "))
}

const fn short_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting => "wait",
        Phase::Sending => "send",
        Phase::Queued => "queue",
        Phase::Computing => "compute",
        Phase::LockWait => "lock",
        Phase::Receiving => "receive",
        Phase::Writing => "write",
        Phase::SlowStorage => "storage",
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::RunWithEvents;
    use super::super::samples::{run, tile};
    use super::*;

    #[test]
    fn nearest_rank_figures_of_known_series() {
        let summary = Summary::of(1..=100).unwrap();
        assert_eq!((summary.median, summary.p95, summary.count), (50, 95, 100));
        let summary = Summary::of([7]).unwrap();
        assert_eq!(
            (summary.min, summary.median, summary.p95, summary.max),
            (7, 7, 7, 7)
        );
        let summary = Summary::of([9, 1, 5]).unwrap();
        assert_eq!(
            (summary.min, summary.median, summary.p95, summary.max),
            (1, 5, 9, 9)
        );
        assert_eq!(Summary::of([]), None);
    }

    #[test]
    fn a_rolling_series_forgets_the_oldest() {
        let mut rolling = Rolling::new(3);
        assert_eq!(rolling.summary(), None);
        for value in [1000, 1, 2, 3] {
            rolling.push(value);
        }
        let summary = rolling.summary().unwrap();
        assert_eq!((summary.count, summary.median, summary.max), (3, 2, 3));
        assert_eq!(rolling.n_seen(), 4);
    }

    #[test]
    fn filter_totals_sum_over_tiles_and_carry_their_edit() {
        let mut odd = tile(2, 0);
        odd.steps[1].step_idx = 9;
        let totals = filter_totals(&[tile(0, 0), tile(1, 1), odd], &run("single", 1, 9).passes);
        let rows: Vec<(&str, Option<EditId>, u64, u32)> = totals
            .iter()
            .map(|total| (&*total.label, total.edit, total.total_ns, total.n_tiles))
            .collect();
        assert_eq!(
            rows,
            [
                ("exposure", Some(EditId(3)), 360, 3),
                ("blur", Some(EditId(4)), 340, 2),
                ("step 9", None, 170, 1),
            ]
        );
    }

    #[test]
    fn shares_of_all_workers_read_as_a_sentence() {
        let run = RunWithEvents {
            record: run("processes", 1, 1000),
            tiles: vec![tile(0, 0)],
            events: Vec::new(),
        };
        let times = worker_times(&Timeline::of(&run));
        assert_eq!(times.total_ns(), 1000);
        assert_eq!(
            shares_text(&times),
            "wait 55 · compute 30 · send 10 · receive 5 %"
        );
        assert_eq!(shares_text(&PhaseTimes::default()), "");
    }
}
