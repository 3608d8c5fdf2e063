//! The rounds of one job: a warm-up of every contender, then all of them in turn (A B C A B C …), so
//! that a machine growing warm or busy is nobody's luck.

use std::sync::Arc;

use crate::studio::StudioError;
use crate::studio::engines::Engines;
use crate::telemetry::sink::Sink;

use super::contender::Contender;
use super::hand::Shelf;
use super::job::{Scene, Work};
use super::lane::Lane;
use super::measured::Measured;
use super::task::Task;

/// One work by several contenders.
pub struct Bench<'a> {
    pub scene: Scene<'a>,
    pub work: &'a Work,
    /// Those that cannot do the work are left out.
    pub contenders: &'a [Contender],
    /// Counted runs of each, at least 1.
    pub n_runs: usize,
    /// Hears every event of every run of an edit; `None` where nothing shall disturb them.
    pub listener: Option<Arc<dyn Sink>>,
}

/// A run that is about to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextRun {
    pub contender: Contender,
    /// From 0, of all runs, warm-ups included.
    pub idx: usize,
    pub n_runs: usize,
}

impl NextRun {
    /// Share of the bench that is done.
    #[must_use]
    pub fn share_done(&self) -> f32 {
        self.idx as f32 / self.n_runs.max(1) as f32
    }
}

impl Bench<'_> {
    /// Runs everything; `on_run` hears of each run before it begins. Outputs are hashed after a run's
    /// clock has stopped.
    ///
    /// # Errors
    /// The first run that fails, or a stop.
    pub fn run(
        &self,
        engines: &Engines,
        on_run: &dyn Fn(NextRun),
    ) -> Result<Vec<Measured>, StudioError> {
        let contenders = self.contenders.iter().copied();
        let able: Vec<Contender> = contenders.filter(|one| one.can_do(self.work)).collect();
        let n_runs = able.len() * (1 + self.n_runs);
        let mut idx = 0;
        let mut step = |contender| {
            on_run(NextRun {
                contender,
                idx,
                n_runs,
            });
            idx += 1;
        };
        if able.is_empty() {
            return Ok(Vec::new());
        }
        let mut task = Task::new(&self.scene, self.work)?;
        if let Task::Edit(full_run) = &mut task {
            full_run.listener.clone_from(&self.listener);
        }
        let shelf = Shelf::default();
        let mut lanes = Vec::new();
        for contender in able {
            step(contender);
            lanes.push(Lane::new(contender, self.scene, &task, (engines, &shelf))?);
        }
        for round in 1..=self.n_runs {
            for lane in &mut lanes {
                step(lane.contender());
                lane.run_counted(round == self.n_runs)?;
            }
        }
        Ok(lanes.into_iter().map(Lane::into_measured).collect())
    }
}
