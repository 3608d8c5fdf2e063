//! The table of full runs of this sitting, and saving it as a timing log.

use std::path::Path;
use std::sync::Arc;

use crate::system::atomic_save::{Existing, save};
use crate::telemetry::export::{self, ExportError};
use crate::telemetry::ids::RunId;
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::machine::Machine;
use crate::telemetry::record::RunRecord;

use super::compare::Compared;

/// Runs whose tiles are kept; older ones keep their row alone.
const MAX_WITH_TILES: usize = 20;

/// Rows kept.
const MAX_ROWS: usize = 500;

/// One row of the table.
#[derive(Debug, Clone)]
pub struct RunRow {
    /// The run, or the one of median wall time among `n_runs`. Shared, because drawing and saving it
    /// happen beside the window's thread.
    pub run: Arc<RunWithEvents>,
    pub n_runs: usize,
}

impl RunRow {
    /// A single run.
    #[must_use]
    pub fn once(run: RunWithEvents) -> Self {
        Self {
            run: Arc::new(run),
            n_runs: 1,
        }
    }

    /// The median of a comparison.
    #[must_use]
    pub fn of(compared: Compared) -> Self {
        Self {
            n_runs: compared.wall_ns.len(),
            run: Arc::new(compared.median),
        }
    }

    #[must_use]
    pub fn record(&self) -> &RunRecord {
        &self.run.record
    }
}

/// Every full run, oldest first. A copy shares the runs.
#[derive(Debug, Clone)]
pub struct RunLog {
    machine: Machine,
    rows: Vec<RunRow>,
}

/// Why a log was not saved.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error(transparent)]
    Save(#[from] crate::system::atomic_save::SaveError),
    #[error(transparent)]
    Export(#[from] ExportError),
}

impl RunLog {
    #[must_use]
    pub const fn new(machine: Machine) -> Self {
        Self {
            machine,
            rows: Vec::new(),
        }
    }

    #[must_use]
    pub fn rows(&self) -> &[RunRow] {
        &self.rows
    }

    #[must_use]
    pub const fn machine(&self) -> &Machine {
        &self.machine
    }

    #[must_use]
    pub fn find(&self, id: RunId) -> Option<&RunRow> {
        self.rows.iter().rev().find(|row| row.run.record.id == id)
    }

    /// The newest single-core run of the same job: what a speed-up is measured against.
    #[must_use]
    pub fn yardstick_of(&self, record: &RunRecord) -> Option<&RunRecord> {
        let newest_first = self.rows.iter().rev().map(RunRow::record);
        let mut comparable = newest_first.filter(|single| record.speedup(single).is_some());
        comparable.next()
    }

    pub fn push(&mut self, row: RunRow) {
        if self.rows.len() >= MAX_ROWS {
            self.rows.remove(0);
        }
        self.rows.push(row);
        if let Some(old) = self.rows.len().checked_sub(MAX_WITH_TILES + 1) {
            let old = &mut self.rows[old].run;
            *old = Arc::new(RunWithEvents {
                record: old.record.clone(),
                tiles: Vec::new(),
                events: old.events.clone(),
            });
        }
    }

    /// Everything, as it is exported.
    #[must_use]
    pub fn to_log(&self) -> Log {
        let runs = self.rows.iter().map(|row| (*row.run).clone()).collect();
        Log::new(self.machine.clone(), runs)
    }
}

/// Writes a log in the form its name's ending asks for; waits for the disk.
///
/// # Errors
/// An ending that says no form, or a target that cannot be written.
pub fn save_log(log: &Log, target: &Path) -> Result<(), LogError> {
    save(target, Existing::Replace, |file| {
        Ok(export::write(target, log, file)?)
    })
}
