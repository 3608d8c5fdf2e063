//! What was measured of one contender, and how it stands among the others at the same job.

use crate::telemetry::record::RunRecord;

use super::contender::Contender;

/// One counted run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lap {
    pub started_ns: u64,
    /// Of one picture: where several were made side by side, the time of all over their number.
    pub wall_ns: u64,
    /// CPU time of the workers, for one picture.
    pub cpu_ns: Option<u64>,
    /// Bytes between processes, for one picture.
    pub bytes_moved: u64,
}

impl Lap {
    #[must_use]
    pub fn of(record: &RunRecord) -> Self {
        Self {
            started_ns: record.started_ns,
            wall_ns: record.wall_ns,
            cpu_ns: record.cpu_ns,
            bytes_moved: record.bytes_moved,
        }
    }

    /// From the first start to the last end, for each of the pictures.
    #[must_use]
    pub fn of_side_by_side(laps: &[Self]) -> Self {
        let n = laps.len().max(1) as u64;
        let started_ns = laps.iter().map(|lap| lap.started_ns).min();
        let started_ns = started_ns.unwrap_or_default();
        let ended_ns = laps.iter().map(|lap| lap.started_ns + lap.wall_ns).max();
        let cpu_ns: Option<u64> = laps.iter().map(|lap| lap.cpu_ns).sum();
        let bytes_moved: u64 = laps.iter().map(|lap| lap.bytes_moved).sum();
        Self {
            started_ns,
            wall_ns: (ended_ns.unwrap_or_default() - started_ns) / n,
            cpu_ns: cpu_ns.map(|sum| sum / n),
            bytes_moved: bytes_moved / n,
        }
    }
}

/// What one contender did.
#[derive(Debug, Clone)]
pub struct Measured {
    pub contender: Contender,
    /// How pixels travelled; `None` where memory is shared.
    pub transport: Option<&'static str>,
    /// Of one output.
    pub megapixels: f64,
    /// The counted runs, in the order they ran.
    pub laps: Vec<Lap>,
    /// Of the warm-up and the last run; `None` when they differ, which must not be.
    pub output_sha256: Option<String>,
    /// Of the median run, where the work is an edit and one backend did it.
    pub record: Option<Box<RunRecord>>,
}

/// Ratios of medians within one job; `None` where the other side was not measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// Time of one core over this time.
    pub speedup: Option<f64>,
    /// Speed-up a worker.
    pub efficiency: Option<f64>,
    /// Time of the ceiling of as many workers over this time; 1 is all there is to have.
    pub ceiling_share: Option<f64>,
}

impl Measured {
    /// The run of median time, the lower of two.
    #[must_use]
    pub fn median(&self) -> Option<&Lap> {
        let mut by_time: Vec<&Lap> = self.laps.iter().collect();
        by_time.sort_by_key(|lap| lap.wall_ns);
        by_time.get(by_time.len().checked_sub(1)? / 2).copied()
    }

    /// The shortest of all runs.
    #[must_use]
    pub fn min_ns(&self) -> Option<u64> {
        self.laps.iter().map(|lap| lap.wall_ns).min()
    }

    /// Of the output, by the median run.
    #[must_use]
    pub fn megapixels_per_s(&self) -> Option<f64> {
        let wall_ns = self.median()?.wall_ns;
        (wall_ns > 0).then(|| self.megapixels / (wall_ns as f64 / 1e9))
    }

    /// Among `all` that did the same job, itself included.
    #[must_use]
    pub fn standing(&self, all: &[Self]) -> Standing {
        let n_workers = self.contender.n_workers();
        let time_of = |contender: Contender| {
            let other = all.iter().find(|other| other.contender == contender)?;
            Some(other.median()?.wall_ns as f64)
        };
        let own = self.median().map(|lap| lap.wall_ns.max(1) as f64);
        let against = |contender| Some(time_of(contender)? / own?);
        let speedup = against(Contender::YARDSTICK);
        Standing {
            speedup,
            efficiency: speedup.map(|speedup| speedup / n_workers as f64),
            ceiling_share: against(Contender::Ceiling { n_workers }),
        }
    }
}
