//! One run in one line.

use serde::{Deserialize, Serialize};

use crate::studio::engines::{BackendChoice, BackendKind, Transport};
use crate::studio::run_log::RunRow;
use crate::telemetry::ids::RunId;
use crate::telemetry::machine::Machine;
use crate::telemetry::record::RunRecord;

/// Version of the lines; raised when a field changes its meaning or goes away.
pub(super) const LINE_VERSION: u32 = 1;

/// Names a line among all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineKey(String);

/// Where the rest of a line's run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// Of an earlier sitting: there is but the line.
    #[default]
    Earlier,
    /// Of this sitting; the newest of them have their tiles.
    Sitting(RunId),
    /// A run of a log that was opened.
    Log { log_idx: usize, run_idx: usize },
}

/// A run, or the one of median wall time among several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunLine {
    pub version: u32,
    pub key: LineKey,
    /// What the user calls it; empty for nothing.
    #[serde(default)]
    pub name: String,
    /// Runs of which this one is the median.
    pub n_runs: usize,
    pub cpu_model: String,
    pub usable_cores: u32,
    pub program_version: String,
    pub record: RunRecord,
    #[serde(skip)]
    pub source: Source,
}

impl RunLine {
    /// The line of a run of this sitting.
    #[must_use]
    pub fn of(row: &RunRow, machine: &Machine) -> Self {
        let record = row.record();
        Self::new(record, machine, row.n_runs, Source::Sitting(record.id))
    }

    /// The line of a run that no window made, the median of so many.
    #[must_use]
    pub fn of_command(record: &RunRecord, machine: &Machine, n_runs: usize) -> Self {
        Self::new(record, machine, n_runs, Source::Earlier)
    }

    /// The line of a run of an opened log.
    #[must_use]
    pub fn of_log(record: &RunRecord, machine: &Machine, source: Source) -> Self {
        Self::new(record, machine, 1, source)
    }

    fn new(record: &RunRecord, machine: &Machine, n_runs: usize, source: Source) -> Self {
        let place = match source {
            Source::Log { log_idx, run_idx } => format!("log {log_idx}.{run_idx}"),
            Source::Earlier | Source::Sitting(_) => std::process::id().to_string(),
        };
        let key = format!("{} {place} {}", record.started_at, record.id);
        Self {
            version: LINE_VERSION,
            key: LineKey(key),
            name: String::new(),
            n_runs,
            cpu_model: machine.cpu_model.clone(),
            usable_cores: machine.usable_cores,
            program_version: machine.program_version.clone(),
            record: record.clone(),
            source,
        }
    }

    /// The backend and the terms it was run on; `None` for a backend this Parallax does not have.
    #[must_use]
    pub fn choice(&self) -> Option<BackendChoice> {
        let kind = BackendKind::from_id(&self.record.backend)?;
        let choice = BackendChoice::new(kind, usize::from(self.record.n_workers))
            .with_storage_wait_ms((self.record.storage_wait_ns / 1_000_000) as u32);
        let transport = self.record.transport.as_deref();
        let mut known = Transport::ALL.into_iter();
        let transport = known.find(|known| Some(known.id()) == transport);
        let choice = choice.with_transport(transport.unwrap_or(choice.transport));
        Some(match self.record.switch_interval_ns {
            Some(interval_ns) => choice.with_switch_interval_us((interval_ns / 1000) as u32),
            None => choice,
        })
    }

    /// Year, month and day, UTC.
    #[must_use]
    pub fn day(&self) -> &str {
        self.record.started_at.get(..10).unwrap_or_default()
    }

    pub(super) fn same_machine(&self, other: &Self) -> bool {
        self.cpu_model == other.cpu_model
            && self.usable_cores == other.usable_cores
            && self.record.simd_level == other.record.simd_level
    }
}
