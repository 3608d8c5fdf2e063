//! Runs as words and figures: the sentence of a run, the rows of the table.

use crate::studio::run_log::{RunLog, RunRow};
use crate::telemetry::event::RunOutcome;
use crate::telemetry::ids::RunId;
use crate::telemetry::record::{RunKind, RunRecord};
use crate::telemetry::summary::Summary;
use crate::ui::panels::figures;

/// `processes · 4 workers · pipes · 268 ms · 59.2 MP/s · warm start · 103 MB moved`.
#[must_use]
pub(super) fn sentence(row: &RunRow) -> String {
    let record = row.record();
    let mut parts = vec![record.backend.clone()];
    if record.backend != crate::telemetry::record::YARDSTICK {
        let n_workers = usize::from(record.n_workers);
        parts.push(figures::counted(n_workers, "worker", "workers"));
    }
    parts.extend(
        record
            .transport
            .as_deref()
            .map(|name| name.replace('-', " ")),
    );
    if record.outcome == RunOutcome::Done {
        let time = figures::duration(record.wall_ns);
        parts.push(if row.n_runs > 1 {
            format!("{time}, median of {}", row.n_runs)
        } else {
            time
        });
    } else {
        parts.push(record.outcome.name().to_owned());
    }
    parts.extend(
        record
            .megapixels_per_s()
            .map(|speed| format!("{speed:.1} MP/s")),
    );
    parts.extend(start_words(record));
    if record.bytes_moved > 0 {
        parts.push(format!("{} moved", figures::bytes(record.bytes_moved)));
    }
    parts.join(" · ")
}

/// Only workers that have to be started can be cold.
fn start_words(record: &RunRecord) -> Option<String> {
    if record.spawn_ns > 0 {
        return Some(format!("cold start {}", figures::duration(record.spawn_ns)));
    }
    (!record.worker_pids.is_empty()).then(|| "warm start".to_owned())
}

/// One row of the table of full runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RunLine {
    pub(super) id: RunId,
    pub(super) backend: String,
    pub(super) what: &'static str,
    pub(super) n_workers: u16,
    pub(super) transport: Option<String>,
    pub(super) wall_ns: Option<u64>,
    pub(super) n_runs: usize,
    pub(super) megapixels_per_s: Option<f64>,
    pub(super) against_single: AgainstSingle,
}

/// How a run compares with one core.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum AgainstSingle {
    Known {
        speedup: f64,
        efficiency: f64,
    },
    /// Nobody has run this job on one core; it is the job that is open now, so it can be done.
    CanMeasure,
    Unknown,
}

/// The job that is open now, by what a record says of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OpenJob {
    pub(super) file_name: String,
    pub(super) recipe: String,
}

/// Newest first.
#[must_use]
pub(super) fn run_lines(log: &RunLog, open: Option<&OpenJob>) -> Vec<RunLine> {
    let lines = log.rows().iter().rev();
    lines.map(|row| run_line(log, row, open)).collect()
}

fn run_line(log: &RunLog, row: &RunRow, open: Option<&OpenJob>) -> RunLine {
    let record = row.record();
    let is_done = record.outcome == RunOutcome::Done;
    RunLine {
        id: record.id,
        backend: record.backend.clone(),
        what: match record.kind {
            RunKind::Export => "export",
            RunKind::Bench => "bench",
            RunKind::Full | RunKind::Preview => "",
        },
        n_workers: record.n_workers,
        transport: record.transport.as_deref().map(short_transport),
        wall_ns: is_done.then_some(record.wall_ns),
        n_runs: row.n_runs,
        megapixels_per_s: record.megapixels_per_s(),
        against_single: against_single(log, record, open),
    }
}

/// The column is narrow, and memory is the only thing that can be shared.
fn short_transport(name: &str) -> String {
    name.strip_suffix("-memory").unwrap_or(name).to_owned()
}

fn against_single(log: &RunLog, record: &RunRecord, open: Option<&OpenJob>) -> AgainstSingle {
    let figures = log
        .yardstick_of(record)
        .and_then(|single| Some((record.speedup(single)?, record.efficiency(single)?)));
    if let Some((speedup, efficiency)) = figures {
        return AgainstSingle::Known {
            speedup,
            efficiency,
        };
    }
    let is_open = open.is_some_and(|job| {
        record.kind == RunKind::Full
            && record.photo.file_name.as_str() == job.file_name
            && record.recipe == job.recipe
    });
    if is_open && record.outcome == RunOutcome::Done {
        AgainstSingle::CanMeasure
    } else {
        AgainstSingle::Unknown
    }
}

/// `previews: median 9 ms, 95 % within 14 ms, of the last 38`.
#[must_use]
pub(super) fn preview_sentence(summary: Option<Summary>) -> String {
    summary.map_or_else(
        || "previews: none yet".to_owned(),
        |summary| {
            format!(
                "previews: median {}, 95 % within {}, of the last {}",
                figures::duration(summary.median),
                figures::duration(summary.p95),
                summary.count
            )
        },
    )
}
