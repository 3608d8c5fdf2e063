//! Runs that no window made, in the table of runs that the window shows.

use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};

use clap::Args;
use tracing::{debug, warn};

use crate::studio::bench::{Contender, Measured};
use crate::studio::run_history::{RunLine, keep_line};
use crate::system::folders::Folders;
use crate::telemetry::machine::Machine;
use crate::telemetry::record::RunRecord;

/// Whether runs are remembered.
#[derive(Debug, Args)]
pub(super) struct HistoryOptions {
    /// Leave what was run out of the table of runs that the window shows
    #[arg(long)]
    no_history: bool,
}

impl HistoryOptions {
    /// Adds a line for a run, the median of `n_runs`. One that cannot be written is a warning: the
    /// work itself is done.
    pub(super) fn keep(&self, record: &RunRecord, n_runs: usize) {
        if self.no_history {
            return;
        }
        let line = RunLine::of_command(record, &Machine::gather(), n_runs);
        match keep_line(&Folders::find(), &line) {
            Ok(()) => {}
            // Who has nothing of their own here, as in many a container, need not hear of it each time.
            Err(error) if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem) => {
                debug!("the run is not in the table of runs: {error}");
            }
            Err(error) => warn!("the run is not in the table of runs: {error}"),
        }
    }

    /// A line a contender, for edits; the ceiling measured beside them goes into theirs.
    pub(super) fn keep_measured(&self, measured: &[Measured]) {
        for one in measured {
            let Some(record) = &one.record else {
                continue;
            };
            let mut record = (**record).clone();
            record.ceiling_wall_ns = ceiling_ns(measured, one.contender.n_workers());
            self.keep(&record, one.laps.len());
        }
    }
}

fn ceiling_ns(measured: &[Measured], n_workers: usize) -> Option<u64> {
    let ceiling = Contender::Ceiling { n_workers };
    let one = measured.iter().find(|one| one.contender == ceiling)?;
    Some(one.median()?.wall_ns)
}
