//! The rounds of one job: a warm-up of every backend, then all of them in turn (A B C A B C …), so
//! that a machine growing warm or busy is no backend's luck.

use std::sync::Arc;

use crate::backend::Backend;
use crate::studio::StudioError;
use crate::studio::engines::{BackendChoice, Engines};
use crate::studio::full_run::FullRun;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::record::{RunRecord, YARDSTICK};

/// One job on several backends.
pub struct Bench<'a> {
    pub full_run: FullRun<'a>,
    pub choices: &'a [BackendChoice],
    /// Counted runs a backend, at least 1.
    pub n_runs: usize,
}

/// What one backend did.
#[derive(Debug, Clone)]
pub struct Measured {
    pub choice: BackendChoice,
    /// The counted runs, in the order they ran.
    pub runs: Vec<RunWithEvents>,
    /// Of the warm-up and the last run; `None` when they differ, which must not be.
    pub output_sha256: Option<String>,
}

impl Bench<'_> {
    /// Runs everything; `on_run` hears the share done before each run. Pixels are hashed after a
    /// run's clock has stopped.
    ///
    /// # Errors
    /// The first run that fails, or a stop.
    pub fn run(
        mut self,
        engines: &Engines,
        on_run: &dyn Fn(f32),
    ) -> Result<Vec<Measured>, StudioError> {
        let n_all = self.choices.len() * (1 + self.n_runs);
        let mut n_done = 0;
        let mut step = || {
            on_run(n_done as f32 / n_all.max(1) as f32);
            n_done += 1;
        };
        let mut lanes = Vec::new();
        self.full_run.hashes_output = true;
        for choice in self.choices {
            step();
            let backend = engines.get(*choice)?;
            let warm_up = self.full_run.run(&*backend)?.run.record;
            lanes.push(Lane {
                choice: *choice,
                backend,
                warm_up,
                runs: Vec::new(),
            });
        }
        for round_idx in 0..self.n_runs {
            self.full_run.hashes_output = round_idx + 1 == self.n_runs;
            for lane in &mut lanes {
                step();
                lane.runs.push(self.full_run.run(&*lane.backend)?.run);
            }
        }
        Ok(lanes.into_iter().map(Lane::into_measured).collect())
    }
}

struct Lane {
    choice: BackendChoice,
    backend: Arc<dyn Backend>,
    warm_up: RunRecord,
    runs: Vec<RunWithEvents>,
}

impl Lane {
    fn into_measured(self) -> Measured {
        let last = self
            .runs
            .last()
            .and_then(|run| run.record.output_sha256.clone());
        let is_steady = last == self.warm_up.output_sha256;
        Measured {
            choice: self.choice,
            runs: self.runs,
            output_sha256: last.filter(|_| is_steady),
        }
    }
}

impl Measured {
    /// Wall times in the order the runs were made.
    pub fn wall_ns(&self) -> impl Iterator<Item = u64> {
        self.runs.iter().map(|run| run.record.wall_ns)
    }

    /// The run of median time, the lower of two.
    #[must_use]
    pub fn median(&self) -> Option<&RunRecord> {
        let mut by_time: Vec<&RunRecord> = self.runs.iter().map(|run| &run.record).collect();
        by_time.sort_by_key(|record| record.wall_ns);
        by_time.get(by_time.len().checked_sub(1)? / 2).copied()
    }

    /// The shortest of all runs.
    #[must_use]
    pub fn min_ns(&self) -> Option<u64> {
        self.wall_ns().min()
    }

    /// Speed-up and efficiency of the medians; `None` without a single-core run of the same job.
    #[must_use]
    pub fn against_single(&self, all: &[Self]) -> Option<(f64, f64)> {
        let singles = all.iter().filter_map(Self::median);
        let single = singles
            .into_iter()
            .find(|record| record.backend == YARDSTICK)?;
        let median = self.median()?;
        Some((median.speedup(single)?, median.efficiency(single)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::BackendKind;

    fn measured(backend: BackendKind, n_workers: u16, wall_ns: &[u64]) -> Measured {
        let run = |wall_ns: &u64| {
            let record = RunRecord {
                backend: backend.id().to_owned(),
                n_workers,
                job_key: "one".to_owned(),
                wall_ns: *wall_ns,
                ..RunRecord::default()
            };
            RunWithEvents::new(record, Vec::new())
        };
        Measured {
            choice: BackendChoice::new(backend, usize::from(n_workers)),
            runs: wall_ns.iter().map(run).collect(),
            output_sha256: None,
        }
    }

    #[test]
    fn medians_are_compared_and_not_single_runs() {
        let single = measured(BackendKind::Single, 1, &[900, 100, 400]);
        let threads = measured(BackendKind::Threads, 2, &[50, 999, 200, 250]);
        assert_eq!(single.median().unwrap().wall_ns, 400);
        assert_eq!(threads.median().unwrap().wall_ns, 200);
        assert_eq!(threads.min_ns(), Some(50));
        let all = [threads.clone(), single];
        assert_eq!(threads.against_single(&all), Some((2.0, 1.0)));
        assert_eq!(threads.against_single(&all[..1]), None);
        assert_eq!(
            measured(BackendKind::Single, 1, &[]).median(),
            None::<&RunRecord>
        );
    }
}
