//! The runs of a step of the tour, on a copy of the edit in hand with the tour's load: what is told of
//! them while they go on, and the accident that one of them has.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::backend::render::Schedule;
use crate::backend::spare_memory::SpareMemory;
use crate::pixels::geometry::Rect;
use crate::recipe::shipped::TOUR;
use crate::recipe::{Catalogue, Recipe, RecipeFile};
use crate::telemetry::event::Event;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::sink::{Sink, Tee};

use super::super::StudioError;
use super::super::bench::{Bench, Contender, NextRun, Scene, Work};
use super::super::engines::{BackendChoice, BackendKind, Engines, n_cores};
use super::super::full_run::FullRun;
use super::super::tour::{TourRun, TourStep, runs_of};
use super::progress::{Doing, Listener, Progress, RunAhead};
use super::tour::StepRuns;

/// About so many tiles are enough to see, and few enough to wait for one by one.
const N_TILES: usize = 200;

/// Sides of tiles to choose from.
const SIDES_PX: [u32; 8] = [96, 128, 192, 256, 384, 512, 768, 1024];

/// What one core is taken to need for the load before that was measured, in nanoseconds.
const SINGLE_NS: u64 = 1_500_000_000;

/// The edit in hand with enough to do for every core.
pub(super) fn with_load(recipe: &Recipe) -> Recipe {
    match RecipeFile::parse(TOUR, &Catalogue::all()) {
        Ok(tour) => recipe.appended(&tour.recipe),
        // It comes with the program, and a test reads it.
        Err(_) => recipe.clone(),
    }
}

/// A step being run.
pub(super) struct StepJob<'a> {
    pub(super) engines: &'a Arc<Engines>,
    pub(super) progress: &'a Arc<Progress>,
    pub(super) listener: Arc<Listener>,
    /// What one core needed for the load, where that was measured.
    pub(super) single_ns: Option<u64>,
}

/// What parts of a job take, as far as that can be said before.
struct Parts {
    /// Where each begins, and the end: 0…1.
    bounds: Vec<f32>,
}

impl Parts {
    fn new(expected_ns: &[f64]) -> Self {
        let all: f64 = expected_ns.iter().sum::<f64>().max(1.0);
        let mut done = 0.0;
        let mut bounds = vec![0.0];
        for part in expected_ns {
            done += part;
            bounds.push((done / all) as f32);
        }
        Self { bounds }
    }

    fn of(&self, idx: usize) -> (f32, f32) {
        let at = |idx: usize| self.bounds.get(idx).copied().unwrap_or(1.0);
        (at(idx), at(idx + 1))
    }
}

impl StepJob<'_> {
    /// Runs the step; takes as long as that takes.
    ///
    /// # Errors
    /// The first run that fails, or a stop.
    pub(super) fn run(
        &self,
        step: TourStep,
        mut full_run: FullRun<'_>,
        scene: Scene<'_>,
    ) -> Result<StepRuns, StudioError> {
        full_run.tile_px = tile_px(&full_run)?;
        let wanted = runs_of(step, n_cores());
        let ahead = ahead_of(&full_run)?;
        let expected = wanted
            .iter()
            .map(|run| self.expected_ns(run.choice, ahead.n_tiles));
        let warm_up = BackendChoice::new(BackendKind::Threads, n_cores());
        let before = std::iter::once(self.expected_ns(warm_up, ahead.n_tiles));
        let mut expected: Vec<f64> = before.chain(expected).collect();
        if step == TourStep::Threads {
            expected.extend(self.ceiling_ns());
        }
        let parts = Parts::new(&expected);
        let n_runs = wanted.len();
        let begin = |what: &str, nth, choice: BackendChoice| {
            self.progress.begin(RunAhead {
                doing: Doing::new(what, nth, if nth == 0 { 0 } else { n_runs }),
                backend: choice.kind.id(),
                n_workers: choice.n_workers,
                span: parts.of(nth),
                ..ahead.clone()
            });
        };
        // Memory is dearest the first time it is written to: nobody's time shall tell of that.
        let spare = SpareMemory::up_to(u64::MAX);
        begin("warming up", 0, warm_up);
        full_run.listener = Some(Arc::clone(&self.listener) as Arc<dyn Sink>);
        let warmed_up = full_run.run_into(&*self.engines.get(warm_up)?, &spare)?;
        spare.keep_samples(warmed_up.image.samples);
        let mut runs = Vec::new();
        for (idx, run) in wanted.into_iter().enumerate() {
            begin(run.label, idx + 1, run.choice);
            runs.push((run, self.one(run, &mut full_run, &spare)?));
        }
        drop(spare);
        let ceiling = match step {
            TourStep::Threads => self.ceiling(&full_run, scene, &|idx| RunAhead {
                span: parts.of(1 + n_runs + idx),
                ..ahead.clone()
            })?,
            _ => None,
        };
        Ok(StepRuns {
            step,
            runs,
            ceiling,
        })
    }

    fn one(
        &self,
        run: TourRun,
        full_run: &mut FullRun<'_>,
        spare: &SpareMemory,
    ) -> Result<RunWithEvents, StudioError> {
        if run.is_cold {
            self.engines.rest();
        }
        let backend = self.engines.get(run.choice)?;
        let mut listeners = vec![Arc::clone(&self.listener) as Arc<dyn Sink>];
        if run.loses_a_worker {
            listeners.push(Arc::new(Accident {
                engines: Arc::clone(self.engines),
                pids: backend.worker_pids(),
                n_tiles: AtomicUsize::new(0),
            }));
        }
        full_run.listener = Some(Arc::new(Tee(listeners)));
        let finished = full_run.run_into(&*backend, spare);
        full_run.listener = None;
        let finished = finished?;
        spare.keep_samples(finished.image.samples);
        Ok(finished.run)
    }

    /// How many times as fast as one core all of them are at best, at this very load.
    fn ceiling(
        &self,
        full_run: &FullRun<'_>,
        scene: Scene<'_>,
        ahead: &dyn Fn(usize) -> RunAhead,
    ) -> Result<Option<f64>, StudioError> {
        let n_workers = n_cores();
        let side_by_side = Contender::Ceiling { n_workers };
        let bench = Bench {
            scene: Scene {
                tile_px: full_run.tile_px,
                ..scene
            },
            work: &Work::Edit(full_run.recipe.clone()),
            contenders: &[Contender::YARDSTICK, side_by_side],
            n_runs: 1,
            listener: Some(Arc::clone(&self.listener) as Arc<dyn Sink>),
        };
        let on_run = |next: NextRun| {
            let n_at_once = next.contender.n_workers();
            let whose = next.contender.words();
            let what = format!("measuring this machine's ceiling, {whose}");
            let one = ahead(next.idx);
            self.progress.begin(RunAhead {
                doing: Doing::new(what, next.idx + 1, next.n_runs),
                backend: BackendKind::Single.id(),
                n_workers: n_at_once,
                n_tiles: one.n_tiles * n_at_once,
                is_side_by_side: true,
                ..one
            });
        };
        let measured = bench.run(self.engines, &on_run)?;
        let side_by_side = measured.iter().find(|one| one.contender == side_by_side);
        Ok(side_by_side.and_then(|one| one.standing(&measured).speedup))
    }

    /// A warm-up and a run of one core, and of all of them side by side, in the order of the bench.
    fn ceiling_ns(&self) -> [f64; 4] {
        [self.single_ns.unwrap_or(SINGLE_NS) as f64; 4]
    }

    fn expected_ns(&self, choice: BackendChoice, n_tiles: usize) -> f64 {
        let single_ns = self.single_ns.unwrap_or(SINGLE_NS) as f64;
        let n_at_once = choice.n_at_once().min(n_cores()) as f64;
        let waits_ns = f64::from(choice.storage_wait_ms) * 1e6 * n_tiles as f64;
        single_ns / n_at_once + waits_ns / choice.n_workers as f64
    }
}

/// What is the same for all runs of a step.
fn ahead_of(full_run: &FullRun<'_>) -> Result<RunAhead, StudioError> {
    let plan = full_run.plan()?;
    let region_in_frame = Rect::of(plan.output_size());
    let schedule = Schedule::new(&plan, region_in_frame, full_run.tile_px, 1)?;
    Ok(RunAhead {
        n_tiles: schedule.n_tiles(),
        region_in_frame,
        ..RunAhead::default()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_step_follow_each_other_to_the_end() {
        let parts = Parts::new(&[1e9, 3e9]);
        assert_eq!(parts.of(0), (0.0, 0.25));
        assert_eq!(parts.of(1), (0.25, 1.0));
        assert_eq!(parts.of(7), (1.0, 1.0));
        assert_eq!(Parts::new(&[]).of(0), (0.0, 1.0));
    }
}
