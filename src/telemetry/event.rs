//! What happened, when, and to whom: the one language between backends and those who show their work.
//!
//! Every time is in nanoseconds of the main process's clock ([`super::clock::now_ns`]); who receives
//! a worker process's times translates them first ([`super::clock::ClockOffset`]).

use std::fmt;

use serde::{Deserialize, Serialize};

pub use super::worker::{DeathCause, EndCause, WorkerChange, WorkerEvent, WorkerState};

use super::ids::{PassIdx, RunId, TileIdx, WorkerIdx};
use crate::pixels::geometry::Rect;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    RunStarted {
        run: RunId,
        at_ns: u64,
    },
    RunEnded {
        run: RunId,
        at_ns: u64,
        outcome: RunOutcome,
    },
    PassStarted {
        run: RunId,
        pass: PassIdx,
        n_tiles: u32,
        at_ns: u64,
    },
    PassEnded {
        run: RunId,
        pass: PassIdx,
        at_ns: u64,
    },
    /// A tile is done, or its attempt failed; sent once an attempt.
    Tile(TileRecord),
    Worker(WorkerEvent),
    /// Words for whoever reads the log; never a figure that could be a field.
    Note {
        run: Option<RunId>,
        at_ns: u64,
        text: String,
    },
}

impl Event {
    /// The run it belongs to; `None` for what happens between runs, such as a pool's start.
    #[must_use]
    pub fn run(&self) -> Option<RunId> {
        match self {
            Self::RunStarted { run, .. }
            | Self::RunEnded { run, .. }
            | Self::PassStarted { run, .. }
            | Self::PassEnded { run, .. } => Some(*run),
            Self::Tile(tile) => Some(tile.run),
            Self::Worker(worker) => worker.run,
            Self::Note { run, .. } => *run,
        }
    }

    /// When it happened; of a tile, when its last phase ended.
    #[must_use]
    pub fn at_ns(&self) -> u64 {
        match self {
            Self::RunStarted { at_ns, .. }
            | Self::RunEnded { at_ns, .. }
            | Self::PassStarted { at_ns, .. }
            | Self::PassEnded { at_ns, .. }
            | Self::Note { at_ns, .. } => *at_ns,
            Self::Tile(tile) => tile.end_ns(),
            Self::Worker(worker) => worker.at_ns,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    #[default]
    Done,
    Stopped,
    Failed,
}

impl RunOutcome {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}

/// What a tile, or the worker that has it, is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The worker has nothing to do. Never measured: it is what the other phases leave of a lane.
    Waiting,
    /// The tile's input travels to the worker.
    Sending,
    /// The tile lies at the worker, which still works on another.
    Queued,
    Computing,
    /// The worker waits for the lock it must hold to compute.
    LockWait,
    /// The tile's output travels back.
    Receiving,
    /// The output is copied into the picture.
    Writing,
    /// The work waits for storage that is slow on purpose: a simulation, and labelled as one.
    SlowStorage,
}

impl Phase {
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Sending,
        Self::Queued,
        Self::Computing,
        Self::LockWait,
        Self::Receiving,
        Self::Writing,
        Self::SlowStorage,
    ];

    /// Stable: log files and their readers rely on it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Queued => "queued",
            Self::Computing => "computing",
            Self::LockWait => "lock-wait",
            Self::Receiving => "receiving",
            Self::Writing => "writing",
            Self::SlowStorage => "slow-storage",
        }
    }

    /// As slices of a trace and legends say it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::LockWait => "lock wait",
            Self::SlowStorage => "slow storage (simulated)",
            Self::Waiting
            | Self::Sending
            | Self::Queued
            | Self::Computing
            | Self::Receiving
            | Self::Writing => self.name(),
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One uninterrupted stretch of a phase; `end_ns` exclusive and never before `start_ns`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseSpan {
    pub phase: Phase,
    pub start_ns: u64,
    pub end_ns: u64,
}

impl PhaseSpan {
    #[must_use]
    pub const fn new(phase: Phase, start_ns: u64, end_ns: u64) -> Self {
        Self {
            phase,
            start_ns,
            end_ns,
        }
    }

    #[must_use]
    pub const fn duration_ns(self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }
}

/// Time one step of the pass took on one tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTime {
    /// Index into [`super::record::PassRecord::steps`].
    pub step_idx: u16,
    pub elapsed_ns: u64,
}

/// Everything measured about one attempt at one tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileRecord {
    pub run: RunId,
    pub pass: PassIdx,
    pub tile: TileIdx,
    pub rect_in_frame: Rect,
    pub worker: WorkerIdx,
    /// The core it was computed on, as read when computing ended; `None` where not known.
    pub core: Option<u32>,
    /// Whether another core was read when computing began.
    pub core_changed: bool,
    /// In order of time; a phase may occur more than once.
    pub phases: Vec<PhaseSpan>,
    /// CPU time of the worker's thread for this tile, since the one before: what waiting for a lock
    /// and writing cost is included. Tiles done within 0.1 ms are asked for together and share it by
    /// their wall times. Of a worker process, while it computed. `None` where not known.
    pub cpu_ns: Option<u64>,
    /// In order of the pass's steps; steps that were not timed apart are absent.
    pub steps: Vec<StepTime>,
    /// Bytes that travelled to a worker process; 0 where memory is shared.
    pub bytes_in: u64,
    pub bytes_out: u64,
    /// From 1; above it, a worker died over the tile before.
    pub attempt: u16,
}

impl TileRecord {
    /// Sum of all stretches of one phase.
    #[must_use]
    pub fn phase_ns(&self, phase: Phase) -> u64 {
        let of_phase = self.phases.iter().filter(|span| span.phase == phase);
        of_phase.map(|span| span.duration_ns()).sum()
    }

    /// Start of the first phase; 0 where none was measured.
    #[must_use]
    pub fn start_ns(&self) -> u64 {
        let starts = self.phases.iter().map(|span| span.start_ns);
        starts.min().unwrap_or_default()
    }

    /// End of the last phase; 0 where none was measured.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        let ends = self.phases.iter().map(|span| span.end_ns);
        ends.max().unwrap_or_default()
    }
}
