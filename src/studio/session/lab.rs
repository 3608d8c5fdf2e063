//! The scaling lab as a job: the edit in hand at every number of workers.

use std::sync::Arc;

use crate::backend::cancel::Cancel;
use crate::system::spare_memory::give_back;

use super::super::StudioError;
use super::super::bench::Scene;
use super::super::engines::{Engines, n_cores};
use super::super::lab::{Lab, Scaling, worker_counts};
use super::Session;
use super::jobs::{Job, JobId, JobKind, finish};
use super::progress::{Doing, RunAhead};
use super::update::{Failure, Message, Update};

/// Counted runs of each point.
const N_ROUNDS: usize = 3;

impl Session {
    /// Measures the edit in hand at 1 … all cores and beyond on every backend; takes a while, and
    /// [`Update::ScalingDone`] tells when [`Self::scaling`] has the points.
    pub fn measure_scaling(&mut self) {
        let (Some(open), None) = (&self.open, &self.jobs.running) else {
            return;
        };
        let job = Job::new(JobKind::Scaling);
        let (photo, recipe) = (Arc::clone(&open.photo), open.history.current().clone());
        let (limits, program) = (self.limits, self.worker_program.clone());
        let decoder = self.decoder.clone();
        let (their_job, wake) = (job.clone(), Arc::clone(&self.wake));
        self.spawn("scaling lab", move || {
            let cancel: &Cancel = &their_job.cancel;
            let n_cores = n_cores();
            let lab = Lab {
                scene: Scene {
                    photo: &photo,
                    limits: &limits,
                    decoder: Some(&decoder),
                    tile_px: None,
                    cancel,
                },
                recipe: &recipe,
                n_cores,
                worker_counts: &worker_counts(n_cores),
                n_rounds: N_ROUNDS,
            };
            // Its own workers: those of the window's runs stay as they are.
            let result = lab.run(&Engines::new(program), &|next| {
                let share = next.share_done();
                their_job.progress.begin(RunAhead {
                    doing: Doing::new(next.contender.words(), next.idx + 1, next.n_runs),
                    span: (share, share),
                    ..RunAhead::default()
                });
                wake();
            });
            give_back();
            Message::Scaled(their_job.id, Box::new(result))
        });
        self.jobs.running = Some(job);
    }

    /// What the lab measured last.
    #[must_use]
    pub const fn scaling(&self) -> Option<&Arc<Scaling>> {
        self.scaling.as_ref()
    }

    /// Whether the lab's points are of another edit, photo or size than the one in hand.
    #[must_use]
    pub fn is_scaling_outdated(&self) -> bool {
        let recipe = self.recipe();
        let of_recipe = |scaling: &Arc<Scaling>| scaling.recipe == recipe.to_toml();
        let of_photo = |scaling: &Arc<Scaling>| {
            self.photo()
                .is_some_and(|open| open.photo.name() == scaling.photo)
        };
        let scaling = self.scaling.as_ref();
        scaling.is_some_and(|scaling| !of_recipe(scaling) || !of_photo(scaling))
    }

    pub(super) fn take_scaling(
        &mut self,
        id: JobId,
        result: Result<Scaling, StudioError>,
    ) -> Option<Update> {
        finish(&mut self.jobs.running, id)?;
        match result {
            Ok(scaling) => {
                self.scaling = Some(Arc::new(scaling));
                Some(Update::ScalingDone)
            }
            Err(error) if error.is_stop() => None,
            Err(error) => Some(Update::ScalingFailed(Failure::of(&error))),
        }
    }
}
