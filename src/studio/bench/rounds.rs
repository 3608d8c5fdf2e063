//! The rounds of one job: a warm-up of every contender, then all of them in turn (A B C A B C …), so
//! that a machine growing warm or busy is nobody's luck.

use crate::studio::StudioError;
use crate::studio::engines::Engines;

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
}

impl Bench<'_> {
    /// Runs everything; `on_run` hears the share done before each run. Outputs are hashed after a
    /// run's clock has stopped.
    ///
    /// # Errors
    /// The first run that fails, or a stop.
    pub fn run(
        &self,
        engines: &Engines,
        on_run: &dyn Fn(f32),
    ) -> Result<Vec<Measured>, StudioError> {
        let contenders = self.contenders.iter().copied();
        let able: Vec<Contender> = contenders.filter(|one| one.can_do(self.work)).collect();
        let n_all = able.len() * (1 + self.n_runs);
        let mut n_done = 0;
        let mut step = || {
            on_run(n_done as f32 / n_all.max(1) as f32);
            n_done += 1;
        };
        if able.is_empty() {
            return Ok(Vec::new());
        }
        let task = Task::new(&self.scene, self.work)?;
        let shelf = Shelf::default();
        let mut lanes = Vec::new();
        for contender in able {
            step();
            lanes.push(Lane::new(contender, self.scene, &task, (engines, &shelf))?);
        }
        for round in 1..=self.n_runs {
            for lane in &mut lanes {
                step();
                lane.run_counted(round == self.n_runs)?;
            }
        }
        Ok(lanes.into_iter().map(Lane::into_measured).collect())
    }
}
