//! The figures sentences are made of, and how they are written.

use crate::telemetry::event::Phase;
use crate::telemetry::record::RunRecord;

/// Of one run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TourFigures {
    pub wall_ns: u64,
    pub n_tiles: u32,
    pub n_workers: u16,
    /// Computing, of all workers together.
    pub computing_ns: u64,
    pub bytes_moved: u64,
    pub spawn_ns: u64,
    pub n_faults: usize,
    pub output_sha256: Option<String>,
}

impl TourFigures {
    #[must_use]
    pub fn of(record: &RunRecord) -> Self {
        Self {
            wall_ns: record.wall_ns,
            n_tiles: record.n_tiles,
            n_workers: record.n_workers,
            computing_ns: record
                .phases
                .map_or(0, |phases| phases.of(Phase::Computing)),
            bytes_moved: record.bytes_moved,
            spawn_ns: record.spawn_ns,
            n_faults: record.faults.len(),
            output_sha256: record.output_sha256.clone(),
        }
    }

    /// How many times as fast as `other`.
    #[must_use]
    pub fn times_as_fast_as(&self, other: &Self) -> f64 {
        other.wall_ns as f64 / self.wall_ns.max(1) as f64
    }
}

/// What the steps before have shown: sentences compare with it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TourSoFar {
    pub n_cores: usize,
    /// How many times as fast as one core this machine is at best with all its cores; `None` where
    /// not measured.
    pub ceiling: Option<f64>,
    pub one_worker: Option<TourFigures>,
    pub threads: Option<TourFigures>,
}

/// `0.31 s`, `1.2 s`, `14 s`: two digits, as one says it.
pub(super) fn seconds(ns: u64) -> String {
    let seconds = ns as f64 / 1e9;
    if seconds < 0.995 {
        format!("{seconds:.2} s")
    } else if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else {
        format!("{seconds:.0} s")
    }
}

/// `3.8 times`.
pub(super) fn times(ratio: f64) -> String {
    format!("{ratio:.1} times")
}

pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

/// `Four`, `32`: words up to twelve, for the beginning of a sentence.
pub(super) fn counted(n: usize) -> String {
    const WORDS: [&str; 13] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
        "Eleven", "Twelve",
    ];
    WORDS
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}
