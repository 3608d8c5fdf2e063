//! One edit on two backends as a job.

use std::sync::Arc;

use crate::telemetry::record::RunKind;

use super::super::StudioError;
use super::super::engines::BackendChoice;
use super::super::full_run::{FullRun, OutputChoice};
use super::super::run_log::RunRow;
use super::super::side_by_side::SideBySide;
use super::Session;
use super::jobs::{Job, JobId, JobKind, finish};
use super::progress::{Doing, RunAhead};
use super::update::{Failure, Message, Update};

impl Session {
    /// Computes the edit in hand on two backends, one after the other; [`Update::SidesDone`] tells
    /// when [`Self::sides`] has both.
    pub fn run_sides(&mut self, left: BackendChoice, right: BackendChoice) {
        let (Some(open), None) = (&self.open, &self.jobs.running) else {
            return;
        };
        let job = Job::new(JobKind::SideBySide);
        let (photo, recipe) = (Arc::clone(&open.photo), open.history.current().clone());
        let (engines, their_job, wake) =
            (Arc::clone(&self.full), job.clone(), Arc::clone(&self.wake));
        self.spawn("side by side", move || {
            let full_run = FullRun {
                photo: &photo,
                recipe: &recipe,
                output: OutputChoice::default(),
                kind: RunKind::Full,
                tile_px: None,
                hashes_output: true,
                cancel: &their_job.cancel,
                listener: None,
            };
            let result = SideBySide::run(&full_run, [left, right], &engines, &|choice, share| {
                their_job.progress.begin(RunAhead {
                    doing: Doing::new(choice.words(), 0, 0),
                    span: (share, share),
                    ..RunAhead::default()
                });
                wake();
            });
            engines.end_surplus();
            Message::Sides(their_job.id, Box::new(result))
        });
        self.jobs.running = Some(job);
    }

    /// The edit on two backends, as last computed.
    #[must_use]
    pub const fn sides(&self) -> Option<&Arc<SideBySide>> {
        self.sides.as_ref()
    }

    /// Forgets the two pictures: nobody looks at them any more.
    pub fn drop_sides(&mut self) {
        self.sides = None;
    }

    pub(super) fn take_sides(
        &mut self,
        id: JobId,
        result: Result<SideBySide, StudioError>,
    ) -> Option<Update> {
        finish(&mut self.jobs.running, id)?;
        match result {
            Ok(sides) => {
                for side in [&sides.left, &sides.right] {
                    self.keep_run(RunRow::once(side.run.clone()));
                }
                let is_identical = sides.is_identical();
                self.sides = Some(Arc::new(sides));
                Some(Update::SidesDone { is_identical })
            }
            Err(error) if error.is_stop() => None,
            Err(error) => Some(Update::SidesFailed(Failure::of(&error))),
        }
    }
}
