//! What measuring costs: the same tiles on one core, measured and not, in turn.

use crate::backend::render::{Render, Schedule};
use crate::backend::single::Single;
use crate::backend::spare_memory::SpareMemory;
use crate::pixels::geometry::Rect;
use crate::recipe::Recipe;
use crate::studio::StudioError;
use crate::studio::full_run::next_run_id;
use crate::telemetry::clock::now_ns;
use crate::telemetry::sink::{NullSink, Recorder, Sink};
use crate::telemetry::usage::thread_cpu_ns;

use super::job::Scene;

/// Side of the tiles where nobody says another: as small as anybody would have them.
const SMALL_TILE_PX: u32 = 64;

/// Medians over all rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overhead {
    pub n_tiles: usize,
    pub tile_px: u32,
    /// CPU time of the thread that computed where the system tells, else wall time.
    pub is_cpu_time: bool,
    pub measured_ns: u64,
    pub unmeasured_ns: u64,
}

impl Overhead {
    /// Measures `recipe` on the scene's photo: a warm-up, then `n_rounds` of both, at least one.
    ///
    /// # Errors
    /// As a run.
    pub fn measure(
        scene: &Scene<'_>,
        recipe: &Recipe,
        n_rounds: usize,
    ) -> Result<Self, StudioError> {
        let full_run = scene.full_run(recipe);
        let plan = full_run.plan()?;
        let tile_px = scene.tile_px.unwrap_or(SMALL_TILE_PX);
        let region = Rect::of(plan.output_size());
        let schedule = Schedule::new(&plan, region, Some(tile_px), 1)?;
        let (backend, spare) = (Single::default(), SpareMemory::up_to(u64::MAX));
        let run = |events: &dyn Sink| -> Result<u64, StudioError> {
            let started = clock();
            let render = Render {
                run: next_run_id(),
                plan: &plan,
                schedule: &schedule,
                photo: scene.photo.image.view(),
                events,
                cancel: scene.cancel,
            };
            let rendered = render.run_into(&backend, &spare)?;
            let elapsed_ns = clock().0 - started.0;
            spare.keep_samples(rendered.samples);
            Ok(elapsed_ns)
        };
        run(&NullSink)?;
        let (mut measured, mut unmeasured) = (Vec::new(), Vec::new());
        for _ in 0..n_rounds.max(1) {
            unmeasured.push(run(&NullSink)?);
            measured.push(run(&Recorder::new(usize::MAX))?);
        }
        Ok(Self {
            n_tiles: schedule.n_tiles(),
            tile_px,
            is_cpu_time: clock().1,
            measured_ns: median(measured),
            unmeasured_ns: median(unmeasured),
        })
    }

    /// Share of the time that measuring adds; noise may make it negative.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.measured_ns as f64 / self.unmeasured_ns.max(1) as f64 - 1.0
    }
}

/// CPU time of this thread, and whether that is known; else wall time.
fn clock() -> (u64, bool) {
    thread_cpu_ns().map_or_else(|| (now_ns(), false), |ns| (ns, true))
}

/// Of an even count the lower of the two in the middle.
fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or_default()
}
