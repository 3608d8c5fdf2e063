//! Runs as words and figures: the sentence of a run, the rows of the table.

use crate::studio::run_history::{LineKey, RunHistory, RunLine, Source};
use crate::telemetry::event::RunOutcome;
use crate::telemetry::record::{RunKind, RunRecord};
use crate::telemetry::summary::Summary;
use crate::ui::panels::figures;

/// `processes · 4 workers · pipes · 268 ms · 59.2 MP/s · warm start · 103 MB moved`.
#[must_use]
pub(super) fn sentence(line: &RunLine) -> String {
    let record = &line.record;
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
        parts.push(if line.n_runs > 1 {
            format!("{time}, median of {}", line.n_runs)
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

/// One row of the short table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ShortLine {
    pub(super) key: LineKey,
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
        /// The single-core run is of another day, version or machine.
        is_outdated: bool,
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

/// Runs of this sitting and of opened logs, newest first.
#[must_use]
pub(super) fn short_lines(history: &RunHistory, open: Option<&OpenJob>) -> Vec<ShortLine> {
    let lines = history.lines().iter().rev();
    let lines = lines.filter(|line| line.source != Source::Earlier);
    lines.map(|line| short_line(history, line, open)).collect()
}

fn short_line(history: &RunHistory, line: &RunLine, open: Option<&OpenJob>) -> ShortLine {
    let record = &line.record;
    let is_done = record.outcome == RunOutcome::Done;
    ShortLine {
        key: line.key.clone(),
        backend: record.backend.clone(),
        what: match (line.source, record.kind) {
            (Source::Log { .. }, _) => "log",
            (_, RunKind::Export) => "export",
            (_, RunKind::Bench) => "bench",
            (_, RunKind::Full | RunKind::Preview) => "",
        },
        n_workers: record.n_workers,
        transport: record.transport.as_deref().map(short_transport),
        wall_ns: is_done.then_some(record.wall_ns),
        n_runs: line.n_runs,
        megapixels_per_s: record.megapixels_per_s(),
        against_single: against_single(history, line, open),
    }
}

/// The column is narrow, and memory is the only thing that can be shared.
fn short_transport(name: &str) -> String {
    name.strip_suffix("-memory").unwrap_or(name).to_owned()
}

fn against_single(history: &RunHistory, line: &RunLine, open: Option<&OpenJob>) -> AgainstSingle {
    let standing = history.standing(line);
    let is_outdated = standing.outdated.is_some();
    if let (Some(speedup), Some(efficiency)) = (standing.speedup, standing.efficiency) {
        return AgainstSingle::Known {
            speedup,
            efficiency,
            is_outdated,
        };
    }
    let record: &RunRecord = &line.record;
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
