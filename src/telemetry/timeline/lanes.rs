//! The lanes of a run, from its tiles.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::sweep::{Claim, sweep};
use crate::telemetry::event::{Event, Phase, TileRecord, WorkerChange};
use crate::telemetry::ids::WorkerIdx;
use crate::telemetry::log::RunWithEvents;

/// A stretch of a lane. Bars of a lane are in order of time and never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub start_ns: u64,
    pub end_ns: u64,
    pub phase: Phase,
    /// Index into [`RunWithEvents::tiles`]; `None` while waiting.
    pub tile_record: Option<usize>,
}

impl Bar {
    #[must_use]
    pub const fn duration_ns(self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }
}

/// Nanoseconds of a lane by phase; together exactly the length of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Phase, u64>", into = "BTreeMap<Phase, u64>")]
pub struct PhaseTimes([u64; Phase::ALL.len()]);

impl PhaseTimes {
    #[must_use]
    pub const fn of(&self, phase: Phase) -> u64 {
        self.0[phase as usize]
    }

    #[must_use]
    pub fn total_ns(&self) -> u64 {
        self.0.iter().sum()
    }

    /// 0…1; 0 for an empty lane.
    #[must_use]
    pub fn share(&self, phase: Phase) -> f64 {
        self.of(phase) as f64 / self.total_ns().max(1) as f64
    }
}

impl From<BTreeMap<Phase, u64>> for PhaseTimes {
    fn from(by_phase: BTreeMap<Phase, u64>) -> Self {
        let of = |phase: Phase| by_phase.get(&phase).copied().unwrap_or_default();
        Self(Phase::ALL.map(of))
    }
}

impl From<PhaseTimes> for BTreeMap<Phase, u64> {
    fn from(times: PhaseTimes) -> Self {
        Phase::ALL.map(|phase| (phase, times.of(phase))).into()
    }
}

impl FromIterator<Bar> for PhaseTimes {
    fn from_iter<I: IntoIterator<Item = Bar>>(bars: I) -> Self {
        let mut times = Self::default();
        for bar in bars {
            times.0[bar.phase as usize] += bar.duration_ns();
        }
        times
    }
}

/// One worker's time. Its bars partition the run from start to end; where phases of several tiles
/// overlap (one is computed while the next one is sent), the lane shows what held the worker up:
/// computing before lock wait, writing, receiving, sending, queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerLane {
    pub worker: WorkerIdx,
    /// Process ids that had this lane, in order; empty for a thread.
    pub pids: Vec<u32>,
    pub bars: Vec<Bar>,
    pub n_tiles: u32,
    /// When a worker on this lane died.
    pub deaths_ns: Vec<u64>,
}

impl WorkerLane {
    #[must_use]
    pub fn times(&self) -> PhaseTimes {
        self.bars.iter().copied().collect()
    }
}

/// What this run is known to have computed on one core; gaps are not known, so not waiting.
///
/// A tile is drawn on the core it ended on. Where two tiles overlap on a core (more workers than
/// cores), the one begun later is drawn over the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreLane {
    pub core: u32,
    pub bars: Vec<Bar>,
}

impl CoreLane {
    #[must_use]
    pub fn busy_ns(&self) -> u64 {
        self.bars.iter().map(|bar| bar.duration_ns()).sum()
    }
}

/// A run as lanes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    pub start_ns: u64,
    pub end_ns: u64,
    /// In order of workers; every worker of the run has one, idle ones too.
    pub workers: Vec<WorkerLane>,
    /// In order of cores; only cores that computed.
    pub cores: Vec<CoreLane>,
}

impl Timeline {
    /// Lanes of a run that ended.
    #[must_use]
    pub fn of(run: &RunWithEvents) -> Self {
        let (start_ns, end_ns) = (run.record.started_ns, run.record.ended_ns());
        let workers = all_workers(run)
            .into_iter()
            .map(|worker| worker_lane(run, worker, start_ns, end_ns))
            .collect();
        Self {
            start_ns,
            end_ns,
            workers,
            cores: core_lanes(&run.tiles, start_ns, end_ns),
        }
    }

    #[must_use]
    pub const fn duration_ns(&self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }
}

fn all_workers(run: &RunWithEvents) -> BTreeSet<WorkerIdx> {
    let counted = (0..run.record.n_workers).map(WorkerIdx);
    counted
        .chain(run.tiles.iter().map(|tile| tile.worker))
        .collect()
}

fn worker_lane(run: &RunWithEvents, worker: WorkerIdx, start_ns: u64, end_ns: u64) -> WorkerLane {
    let of_worker = || {
        run.tiles
            .iter()
            .enumerate()
            .filter(|(_, tile)| tile.worker == worker)
    };
    let spans = bars_of(of_worker(), |phase| phase != Phase::Waiting);
    let first_pid = run.record.worker_pids.get(usize::from(worker.0));
    let mut pids: Vec<u32> = first_pid.into_iter().copied().collect();
    let mut deaths_ns = Vec::new();
    for event in &run.events {
        let Event::Worker(event) = event else {
            continue;
        };
        if event.worker != worker {
            continue;
        }
        if let Some(pid) = event.pid.filter(|pid| !pids.contains(pid)) {
            pids.push(pid);
        }
        if matches!(event.change, WorkerChange::Died(_)) {
            deaths_ns.push(event.at_ns);
        }
    }
    WorkerLane {
        worker,
        pids,
        bars: with_waiting(&partition(&spans, start_ns, end_ns), start_ns, end_ns),
        n_tiles: of_worker().count() as u32,
        deaths_ns,
    }
}

fn core_lanes(tiles: &[TileRecord], start_ns: u64, end_ns: u64) -> Vec<CoreLane> {
    let mut by_core: BTreeMap<u32, Vec<(usize, &TileRecord)>> = BTreeMap::new();
    for (idx, tile) in tiles.iter().enumerate() {
        if let Some(core) = tile.core {
            by_core.entry(core).or_default().push((idx, tile));
        }
    }
    let lane = |(core, tiles): (u32, Vec<(usize, &TileRecord)>)| {
        // What travels is written by the parent, on a core nobody recorded.
        let (travelled, stayed): (Vec<_>, Vec<_>) = tiles.into_iter().partition(|(_, tile)| {
            tile.phases
                .iter()
                .any(|span| span.phase == Phase::Receiving)
        });
        let mut spans = bars_of(travelled.into_iter(), |phase| phase == Phase::Computing);
        spans.extend(bars_of(stayed.into_iter(), |phase| {
            matches!(phase, Phase::Computing | Phase::Writing)
        }));
        CoreLane {
            core,
            bars: partition(&spans, start_ns, end_ns),
        }
    };
    by_core.into_iter().map(lane).collect()
}

/// The spans of some phases of some tiles, as they were measured.
fn bars_of<'a>(
    tiles: impl Iterator<Item = (usize, &'a TileRecord)>,
    wanted: fn(Phase) -> bool,
) -> Vec<Bar> {
    let bars = tiles.flat_map(|(idx, tile)| {
        tile.phases.iter().map(move |span| Bar {
            start_ns: span.start_ns,
            end_ns: span.end_ns,
            phase: span.phase,
            tile_record: Some(idx),
        })
    });
    bars.filter(|bar| wanted(bar.phase)).collect()
}

/// The same, cut to the run and to what does not overlap.
fn partition(spans: &[Bar], start_ns: u64, end_ns: u64) -> Vec<Bar> {
    let claims: Vec<Claim> = spans
        .iter()
        .map(|span| Claim {
            start_ns: span.start_ns.max(start_ns),
            end_ns: span.end_ns.min(end_ns),
            rank: rank(span.phase),
        })
        .collect();
    let bar = |stretch: super::sweep::Stretch| Bar {
        start_ns: stretch.start_ns,
        end_ns: stretch.end_ns,
        ..spans[stretch.claim_idx]
    };
    sweep(&claims).into_iter().map(bar).collect()
}

/// Fills the gaps between bars with waiting.
fn with_waiting(bars: &[Bar], start_ns: u64, end_ns: u64) -> Vec<Bar> {
    let mut filled = Vec::with_capacity(2 * bars.len() + 1);
    let mut at_ns = start_ns;
    let mut wait_until = |filled: &mut Vec<Bar>, until_ns: u64, next_ns: u64| {
        if at_ns < until_ns {
            filled.push(Bar {
                start_ns: at_ns,
                end_ns: until_ns,
                phase: Phase::Waiting,
                tile_record: None,
            });
        }
        at_ns = next_ns;
    };
    for bar in bars {
        wait_until(&mut filled, bar.start_ns, bar.end_ns);
        filled.push(*bar);
    }
    wait_until(&mut filled, end_ns, end_ns);
    filled
}

/// Which of two phases a lane shows when both happen at once.
const fn rank(phase: Phase) -> u8 {
    match phase {
        Phase::Waiting => 0,
        Phase::Queued => 1,
        Phase::Sending => 2,
        Phase::Receiving => 3,
        Phase::SlowStorage => 4,
        Phase::Writing => 5,
        Phase::LockWait => 6,
        Phase::Computing => 7,
    }
}
