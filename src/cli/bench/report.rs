//! The figures of a bench as JSON: a contract, version 2, described in the README. What could not be
//! measured is `null`.

use std::io::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::cli::exit::{self, Failure};
use crate::studio::bench::{Lap, Measured, Standing};
use crate::studio::{Photo, StudioError};
use crate::system::atomic_save::{Existing, SaveError, SaveErrorKind, save};
use crate::system::same_file::same_file;
use crate::telemetry::clock::{now_ns, wall_at};
use crate::telemetry::machine::Machine;

/// One contender at one job.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) measured: Measured,
    pub(super) standing: Standing,
    pub(super) peak_bytes: Option<u64>,
}

#[derive(Serialize)]
pub(super) struct Report {
    version: u32,
    /// RFC 3339, UTC.
    measured_at: String,
    suite: Option<String>,
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
    depth_bits: u32,
}

#[derive(Serialize)]
pub(super) struct ResultReport {
    pub(super) what: String,
    pub(super) contender: &'static str,
    pub(super) transport: Option<&'static str>,
    pub(super) workers: usize,
    /// Milliseconds of each run, in the order they ran.
    runs: Vec<f64>,
    pub(super) min_ms: f64,
    pub(super) median_ms: f64,
    /// Of the output, by the median run.
    pub(super) megapixels_per_s: Option<f64>,
    pub(super) speedup_vs_single: Option<f64>,
    pub(super) efficiency: Option<f64>,
    pub(super) ceiling_share: Option<f64>,
    /// CPU time of the workers in the median run.
    cpu_ms: Option<f64>,
    /// Bytes between processes in the median run.
    bytes_moved: u64,
    pub(super) peak_rss_bytes: Option<u64>,
    pub(super) output_sha256: Option<String>,
}

impl Report {
    pub(super) fn new(path: &Path, photo: &Photo, suite: Option<String>, rows: Vec<Row>) -> Self {
        let size = photo.image.size;
        Self {
            version: 2,
            measured_at: wall_at(now_ns()),
            suite,
            machine: Machine::gather(),
            photo: PhotoReport {
                path: path.display().to_string(),
                width: size.width,
                height: size.height,
                megapixels: size.megapixels(),
                depth_bits: photo.image.depth().bits(),
            },
            results: rows.into_iter().map(ResultReport::of).collect(),
        }
    }

    /// Writes the report; figures that cannot be kept are a failed bench.
    pub(super) fn save(&self, file: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::new(exit::OTHER, format!("cannot write JSON: {error}")))?;
        let saved: Result<(), SaveError> = save(file, Existing::Replace, |target| {
            writeln!(target, "{text}").map_err(|source| SaveError {
                kind: SaveErrorKind::of(&source),
                path: file.to_owned(),
                source,
            })
        });
        saved.map_err(|error| StudioError::from(error).into())
    }
}

impl ResultReport {
    fn of(row: Row) -> Self {
        let Row {
            what,
            measured,
            standing,
            peak_bytes,
        } = row;
        let median: Option<Lap> = measured.median().copied();
        Self {
            what,
            contender: measured.contender.id(),
            transport: measured.transport,
            workers: measured.contender.n_workers(),
            runs: measured.laps.iter().map(|lap| ms(lap.wall_ns)).collect(),
            min_ms: measured.min_ns().map(ms).unwrap_or_default(),
            median_ms: median.map(|lap| ms(lap.wall_ns)).unwrap_or_default(),
            megapixels_per_s: measured.megapixels_per_s(),
            speedup_vs_single: standing.speedup,
            efficiency: standing.efficiency,
            ceiling_share: standing.ceiling_share,
            cpu_ms: median.and_then(|lap| lap.cpu_ns).map(ms),
            bytes_moved: median.map(|lap| lap.bytes_moved).unwrap_or_default(),
            peak_rss_bytes: peak_bytes,
            output_sha256: measured.output_sha256,
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
