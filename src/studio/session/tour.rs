//! The tour as far as it went, and its steps as jobs.

use std::sync::Arc;

use crate::telemetry::ids::RunId;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::record::RunKind;

use super::super::StudioError;
use super::super::bench::Scene;
use super::super::engines::n_cores;
use super::super::full_run::{FullRun, OutputChoice};
use super::super::run_log::RunRow;
use super::super::tour::{
    Conclusion, Guess, TourFigures, TourRun, TourSoFar, TourStep, against_threads, conclude,
};
use super::Session;
use super::jobs::{Job, JobId, JobKind, finish};
use super::progress::Listener;
use super::tour_run::{StepJob, with_load};
use super::update::{Failure, Message, Update};

/// What a step showed.
#[derive(Debug, Clone, PartialEq)]
pub struct StepShown {
    pub step: TourStep,
    /// What was guessed before.
    pub guess: Option<Guess>,
    pub conclusion: Conclusion,
    /// Its runs, with their labels; they are in the table as well.
    pub runs: Vec<(&'static str, RunId, TourFigures)>,
}

/// The tour as far as it went.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tour {
    /// In the order they were made; a step made again takes the place of the earlier one.
    pub shown: Vec<StepShown>,
    so_far: TourSoFar,
    guess: Option<Guess>,
}

impl Tour {
    #[must_use]
    pub fn shown(&self, step: TourStep) -> Option<&StepShown> {
        self.shown.iter().find(|shown| shown.step == step)
    }

    /// The five bars of the end card, as far as they are there: one worker, threads, warm processes, a
    /// hundred on one lock, a hundred that wait.
    #[must_use]
    pub fn bars(&self) -> Vec<(TourStep, &'static str, u64)> {
        let bar = |step: TourStep| {
            let runs = &self.shown(step)?.runs;
            let idx = usize::from(step != TourStep::OneWorker && step != TourStep::Threads);
            let (label, _, figures) = runs.get(idx)?;
            Some((step, *label, figures.wall_ns))
        };
        TourStep::ALL.into_iter().filter_map(bar).collect()
    }
}

/// What the job's thread brings.
pub(super) struct StepRuns {
    pub(super) step: TourStep,
    pub(super) runs: Vec<(TourRun, RunWithEvents)>,
    pub(super) ceiling: Option<f64>,
}

impl Session {
    /// The tour as far as it went.
    #[must_use]
    pub const fn tour(&self) -> &Tour {
        &self.tour
    }

    /// Begins the tour anew.
    pub fn restart_tour(&mut self) {
        self.tour = Tour::default();
    }

    /// Runs a step; [`Update::TourStepDone`] tells when [`Self::tour`] has what it showed.
    pub fn run_tour_step(&mut self, step: TourStep, guess: Option<Guess>) {
        let (Some(open), None) = (&self.open, &self.jobs.running) else {
            return;
        };
        self.tour.guess = guess;
        let job = Job::new(JobKind::Touring(step.title()));
        let photo = Arc::clone(&open.photo);
        let recipe = with_load(open.history.current());
        let (limits, engines) = (self.limits, Arc::clone(&self.full));
        let decoder = self.decoder.clone();
        let (their_job, wake) = (job.clone(), Arc::clone(&self.wake));
        let single_ns = self.tour.so_far.one_worker.as_ref().map(|one| one.wall_ns);
        self.spawn("tour", move || {
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
            let scene = Scene {
                photo: &photo,
                limits: &limits,
                decoder: Some(&decoder),
                tile_px: None,
                cancel: &their_job.cancel,
            };
            let heard = Listener::new(Arc::clone(&their_job.progress), wake);
            let step_job = StepJob {
                engines: &engines,
                progress: &their_job.progress,
                listener: Arc::new(heard),
                single_ns,
            };
            let result = step_job.run(step, full_run, scene);
            engines.dismiss_threads();
            Message::Toured(their_job.id, Box::new(result))
        });
        self.jobs.running = Some(job);
    }

    pub(super) fn take_tour_step(
        &mut self,
        id: JobId,
        result: Result<StepRuns, StudioError>,
    ) -> Option<Update> {
        finish(&mut self.jobs.running, id)?;
        let StepRuns {
            step,
            runs,
            ceiling,
        } = match result {
            Ok(runs) => runs,
            Err(error) if error.is_stop() => return None,
            Err(error) => return Some(Update::TourFailed(Failure::of(&error))),
        };
        let mut shown = Vec::new();
        for (what, run) in runs {
            let figures = TourFigures::of(&run.record);
            shown.push((what.label, run.record.id, figures));
            self.keep_run(RunRow::once(run));
        }
        self.tour.note(step, shown, ceiling);
        Some(Update::TourStepDone(step))
    }
}

impl Tour {
    fn note(
        &mut self,
        step: TourStep,
        runs: Vec<(&'static str, RunId, TourFigures)>,
        ceiling: Option<f64>,
    ) {
        self.so_far.n_cores = n_cores();
        self.so_far.ceiling = ceiling.or(self.so_far.ceiling);
        let figures: Vec<TourFigures> =
            runs.iter().map(|(_, _, figures)| figures.clone()).collect();
        let Some(conclusion) = conclude(step, &figures, &self.so_far) else {
            return;
        };
        match step {
            TourStep::OneWorker => self.so_far.one_worker = figures.into_iter().next(),
            TourStep::Threads => {
                self.so_far.threads = figures.into_iter().next();
                self.answer_first();
            }
            TourStep::Processes | TourStep::GlobalLock | TourStep::WorkThatWaits => {}
        }
        self.shown.retain(|shown| shown.step != step);
        self.shown.push(StepShown {
            step,
            guess: self.guess.take(),
            conclusion,
            runs,
        });
    }

    /// The first step's guess is about all cores, which the second one measures.
    fn answer_first(&mut self) {
        let TourSoFar {
            one_worker: Some(one),
            threads,
            ..
        } = &self.so_far
        else {
            return;
        };
        let answer = against_threads(one, threads.as_ref());
        let mut shown = self.shown.iter_mut();
        if let Some(first) = shown.find(|shown| shown.step == TourStep::OneWorker) {
            first.conclusion.answer = answer;
        }
    }
}
