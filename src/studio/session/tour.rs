//! A step of the tour as a job: its runs on a copy of the edit in hand with the tour's load.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::backend::render::Schedule;
use crate::pixels::geometry::Rect;
use crate::recipe::shipped::TOUR;
use crate::recipe::{Catalogue, Recipe, RecipeFile};
use crate::telemetry::event::Event;
use crate::telemetry::record::RunKind;
use crate::telemetry::sink::Sink;

use super::super::StudioError;
use super::super::bench::{Bench, Contender, Scene, Work};
use super::super::engines::{Engines, n_cores};
use super::super::full_run::{FullRun, OutputChoice};
use super::super::run_log::RunRow;
use super::super::tour::{
    Conclusion, Guess, TourFigures, TourRun, TourSoFar, TourStep, conclude, runs_of,
};
use super::Session;
use super::jobs::{Job, JobId, JobKind, finish};
use super::update::{Failure, Message, Update};
use crate::telemetry::ids::RunId;
use crate::telemetry::log::RunWithEvents;

/// About so many tiles are enough to see, and few enough to wait for one by one.
const N_TILES: usize = 200;

/// Sides of tiles to choose from.
const SIDES_PX: [u32; 8] = [96, 128, 192, 256, 384, 512, 768, 1024];

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
    pub fn bars(&self) -> Vec<(&'static str, u64)> {
        let bar = |step: TourStep| {
            let runs = &self.shown(step)?.runs;
            let idx = usize::from(step != TourStep::OneWorker && step != TourStep::Threads);
            let (label, _, figures) = runs.get(idx)?;
            Some((*label, figures.wall_ns))
        };
        TourStep::ALL.into_iter().filter_map(bar).collect()
    }
}

/// What the job's thread brings.
pub(super) struct StepRuns {
    step: TourStep,
    runs: Vec<(TourRun, RunWithEvents)>,
    ceiling: Option<f64>,
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
            let on_run = |share| {
                their_job.progress.set(share);
                wake();
            };
            let scene = Scene {
                photo: &photo,
                limits: &limits,
                decoder: Some(&decoder),
                tile_px: None,
                cancel: &their_job.cancel,
            };
            let result = run_step(step, (full_run, scene), &engines, &on_run);
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
            TourStep::Threads => self.so_far.threads = figures.into_iter().next(),
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
}

/// The edit in hand with enough to do for every core.
fn with_load(recipe: &Recipe) -> Recipe {
    match RecipeFile::parse(TOUR, &Catalogue::all()) {
        Ok(tour) => recipe.appended(&tour.recipe),
        // It comes with the program, and a test reads it.
        Err(_) => recipe.clone(),
    }
}

fn run_step(
    step: TourStep,
    (mut full_run, scene): (FullRun<'_>, Scene<'_>),
    engines: &Arc<Engines>,
    on_run: &dyn Fn(f32),
) -> Result<StepRuns, StudioError> {
    full_run.tile_px = tile_px(&full_run)?;
    let wanted = runs_of(step, n_cores());
    let n_all = wanted.len() as f32;
    let mut runs = Vec::new();
    for (idx, run) in wanted.into_iter().enumerate() {
        on_run(idx as f32 / n_all);
        if run.is_cold {
            engines.rest();
        }
        let backend = engines.get(run.choice)?;
        full_run.listener = run.loses_a_worker.then(|| {
            let accident = Accident {
                engines: Arc::clone(engines),
                pids: backend.worker_pids(),
                n_tiles: AtomicUsize::new(0),
            };
            Arc::new(accident) as Arc<dyn Sink>
        });
        runs.push((run, full_run.run(&*backend)?.run));
    }
    let ceiling = match step {
        TourStep::Threads => ceiling(&full_run, scene, engines)?,
        _ => None,
    };
    Ok(StepRuns {
        step,
        runs,
        ceiling,
    })
}

/// Tiles for about as many as can be followed, the same for every step.
fn tile_px(full_run: &FullRun<'_>) -> Result<Option<u32>, StudioError> {
    let plan = full_run.plan()?;
    let region = Rect::of(plan.output_size());
    let mut best = None;
    for side_px in SIDES_PX {
        let n_tiles = Schedule::new(&plan, region, Some(side_px), 1)?.n_tiles();
        let off_by = n_tiles.abs_diff(N_TILES);
        if best.is_none_or(|(least, _)| off_by < least) {
            best = Some((off_by, side_px));
        }
    }
    Ok(best.map(|(_, side_px)| side_px))
}

/// How many times as fast as one core all of them are at best, at this very load.
fn ceiling(
    full_run: &FullRun<'_>,
    scene: Scene<'_>,
    engines: &Engines,
) -> Result<Option<f64>, StudioError> {
    let side_by_side = Contender::Ceiling {
        n_workers: n_cores(),
    };
    let bench = Bench {
        scene: Scene {
            tile_px: full_run.tile_px,
            ..scene
        },
        work: &Work::Edit(full_run.recipe.clone()),
        contenders: &[Contender::YARDSTICK, side_by_side],
        n_runs: 1,
    };
    let measured = bench.run(engines, &|_| ())?;
    let side_by_side = measured.iter().find(|one| one.contender == side_by_side);
    Ok(side_by_side.and_then(|one| one.standing(&measured).speedup))
}

/// Kills a worker process in the middle of its work.
struct Accident {
    engines: Arc<Engines>,
    pids: Vec<u32>,
    n_tiles: AtomicUsize,
}

/// After so many tiles everybody is at work.
const BEFORE_ACCIDENT: usize = 20;

impl Sink for Accident {
    fn record(&self, event: Event) {
        if let Event::Tile(tile) = event
            && self.n_tiles.fetch_add(1, Ordering::Relaxed) == BEFORE_ACCIDENT
            && let Some(pid) = self.pids.get(usize::from(tile.worker.0))
        {
            self.engines.kill_worker(*pid);
        }
    }
}
