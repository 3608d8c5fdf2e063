//! What a lab measured: points by backend and number of workers.

use serde::Serialize;

use crate::studio::engines::BackendKind;

use super::fit::{AmdahlFit, amdahl, knee, recommended};

/// All runs of one way of running with one number of workers; times of one picture.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Point {
    pub n_workers: usize,
    /// In the order they ran.
    pub runs_ns: Vec<u64>,
    /// CPU time of the workers in the median run; `None` where not known.
    pub cpu_ns: Option<u64>,
    /// Between processes, in the median run.
    pub bytes_moved: u64,
}

impl Point {
    /// The median, the lower of two; 0 without runs.
    #[must_use]
    pub fn median_ns(&self) -> u64 {
        let mut sorted = self.runs_ns.clone();
        sorted.sort_unstable();
        let middle = sorted.len().saturating_sub(1) / 2;
        sorted.get(middle).copied().unwrap_or_default()
    }

    /// Longest less shortest run, over the median; `None` for fewer than two runs.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        let (min, max) = (self.min_ns(), self.runs_ns.iter().max().copied()?);
        let median = self.median_ns();
        (self.runs_ns.len() > 1 && median > 0).then(|| (max - min) as f64 / median as f64)
    }

    #[must_use]
    pub fn min_ns(&self) -> u64 {
        self.runs_ns.iter().copied().min().unwrap_or_default()
    }
}

/// One way of running at every number of workers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    pub backend: BackendKind,
    /// How pixels travelled; `None` where memory is shared.
    pub transport: Option<String>,
    /// In order of workers.
    pub points: Vec<Point>,
}

/// Everything a lab measured of one edit on one photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scaling {
    pub photo: String,
    /// Of the output.
    pub megapixels: f64,
    /// The recipe's text.
    pub recipe: String,
    pub job_key: String,
    /// Cores this program may use: beyond them workers share cores.
    pub n_cores: usize,
    /// One core.
    pub single: Point,
    pub series: Vec<Series>,
    /// So many single-core runs side by side, each on a picture of its own.
    pub ceiling: Vec<Point>,
    /// Whether everybody made the same bytes.
    pub is_identical: bool,
}

impl Series {
    /// `threads`, `processes (pipes)`.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.transport {
            Some(transport) => format!("{} ({transport})", self.backend.id()),
            None => self.backend.id().to_owned(),
        }
    }

    #[must_use]
    pub fn at(&self, n_workers: usize) -> Option<&Point> {
        self.points
            .iter()
            .find(|point| point.n_workers == n_workers)
    }

    /// Workers and median nanoseconds.
    #[must_use]
    pub fn times(&self) -> Vec<(usize, f64)> {
        let time = |point: &Point| (point.n_workers, point.median_ns() as f64);
        self.points.iter().map(time).collect()
    }

    /// Amdahl's law through the points within the cores, where there are enough of them.
    #[must_use]
    pub fn fit(&self, n_cores: usize) -> Option<AmdahlFit> {
        let mut times = self.times();
        times.retain(|(n_workers, _)| *n_workers <= n_cores);
        amdahl(&times)
    }

    /// Beyond so many workers each further one brings less than half of what it could.
    #[must_use]
    pub fn knee(&self, single: &Point) -> Option<usize> {
        knee(&self.times(), single.median_ns() as f64)
    }

    /// The fewest workers that are about as fast as any number of them.
    #[must_use]
    pub fn recommended(&self) -> Option<&Point> {
        self.at(recommended(&self.times())?)
    }
}

impl Scaling {
    /// How many times as fast as one core.
    #[must_use]
    pub fn speedup(&self, point: &Point) -> Option<f64> {
        let (single, own) = (self.single.median_ns(), point.median_ns());
        (single > 0 && own > 0).then(|| single as f64 / own as f64)
    }

    /// Speed-up a worker.
    #[must_use]
    pub fn efficiency(&self, point: &Point) -> Option<f64> {
        let speedup = self.speedup(point)?;
        Some(speedup / point.n_workers.max(1) as f64)
    }

    /// Time a picture of so many single-core runs side by side; `None` where not measured.
    #[must_use]
    pub fn ceiling_ns(&self, n_workers: usize) -> Option<u64> {
        let point = self
            .ceiling
            .iter()
            .find(|point| point.n_workers == n_workers)?;
        Some(point.median_ns()).filter(|ns| *ns > 0)
    }

    /// How many times as fast as one core this machine is at best with so many workers.
    #[must_use]
    pub fn ceiling_speedup(&self, n_workers: usize) -> Option<f64> {
        let point = self
            .ceiling
            .iter()
            .find(|point| point.n_workers == n_workers)?;
        self.speedup(point)
    }

    /// The most this machine can do with any number of workers measured.
    #[must_use]
    pub fn best_ceiling_speedup(&self) -> Option<f64> {
        let all = self.ceiling.iter().filter_map(|point| self.speedup(point));
        all.reduce(f64::max)
    }
}
