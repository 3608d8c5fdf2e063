//! The figures of a bench as JSON: a contract, version 1. What could not be measured is `null`.

use std::io::Write as _;
use std::path::Path;

use serde::Serialize;

use super::bench::Row;
use super::exit::{self, Failure};
use crate::studio::{Photo, StudioError};
use crate::system::atomic_save::{Existing, SaveError, save};
use crate::system::same_file::same_file;
use crate::telemetry::machine::Machine;
use crate::telemetry::record::RunRecord;

#[derive(Serialize)]
pub(super) struct Report {
    version: u32,
    pub(super) machine: Machine,
    pub(super) photo: PhotoReport,
    pub(super) results: Vec<ResultReport>,
}

#[derive(Serialize)]
pub(super) struct PhotoReport {
    path: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) megapixels: f64,
}

#[derive(Serialize)]
pub(super) struct ResultReport {
    pub(super) what: String,
    pub(super) backend: &'static str,
    pub(super) transport: Option<String>,
    pub(super) workers: usize,
    /// Milliseconds of each run, in the order they ran.
    runs: Vec<f64>,
    pub(super) min_ms: f64,
    pub(super) median_ms: f64,
    /// Of the output, by the median run.
    pub(super) megapixels_per_s: Option<f64>,
    pub(super) speedup_vs_single: Option<f64>,
    pub(super) efficiency: Option<f64>,
    /// CPU time of the workers in the median run.
    cpu_ms: Option<f64>,
    /// Bytes between processes in the median run.
    bytes_moved: u64,
    pub(super) peak_rss_bytes: Option<u64>,
    pub(super) output_sha256: Option<String>,
}

impl Report {
    pub(super) fn new(path: &Path, photo: &Photo, machine: Machine, rows: &[Row]) -> Self {
        let size = photo.image.size;
        Self {
            version: 1,
            machine,
            photo: PhotoReport {
                path: path.display().to_string(),
                width: size.width,
                height: size.height,
                megapixels: size.megapixels(),
            },
            results: rows.iter().map(ResultReport::of).collect(),
        }
    }
}

impl ResultReport {
    fn of(row: &Row) -> Self {
        let Row {
            what,
            measured,
            against_single,
            peak_bytes,
        } = row;
        let median = measured.median();
        Self {
            what: what.clone(),
            backend: measured.choice.kind.id(),
            transport: median.and_then(|record| record.transport.clone()),
            workers: measured.choice.n_workers,
            runs: measured.wall_ns().map(ms).collect(),
            min_ms: measured.min_ns().map(ms).unwrap_or_default(),
            median_ms: median.map(|record| ms(record.wall_ns)).unwrap_or_default(),
            megapixels_per_s: median.and_then(RunRecord::megapixels_per_s),
            speedup_vs_single: against_single.map(|(speedup, _)| speedup),
            efficiency: against_single.map(|(_, efficiency)| efficiency),
            cpu_ms: median.and_then(|record| record.cpu_ns).map(ms),
            bytes_moved: median.map(|record| record.bytes_moved).unwrap_or_default(),
            peak_rss_bytes: *peak_bytes,
            output_sha256: measured.output_sha256.clone(),
        }
    }
}

fn ms(ns: u64) -> f64 {
    ns as f64 / 1e6
}

/// The figures may replace an older report, never the photo.
pub(super) fn check_target(file: &Path, photo: &Path) -> Result<(), Failure> {
    if same_file(file, photo) {
        Err(exit::target_is_source(file))
    } else {
        Ok(())
    }
}

/// Writes the report; figures that cannot be kept are a failed bench.
pub(super) fn save_report(file: &Path, report: &Report) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(report)
        .map_err(|error| Failure::new(exit::OTHER, format!("cannot write JSON: {error}")))?;
    let saved: Result<(), SaveError> = save(file, Existing::Replace, |target| {
        writeln!(target, "{text}").map_err(|source| SaveError {
            kind: crate::system::atomic_save::SaveErrorKind::of(&source),
            path: file.to_owned(),
            source,
        })
    });
    saved.map_err(|error| StudioError::from(error).into())
}
