//! What worker processes cost: a start, a warm pool's first tile, and pixels that travel, against
//! threads and against the floor of this machine's pipes.

use crate::backend::processes::{Processes, Transport, WorkerProgram, echo_ns};
use crate::backend::spare_memory::SpareMemory;
use crate::backend::threads::Threads;
use crate::backend::{Backend, BackendError};
use crate::recipe::Recipe;
use crate::studio::StudioError;
use crate::studio::full_run::FullRun;
use crate::telemetry::event::{Event, Phase, WorkerChange};
use crate::telemetry::log::RunWithEvents;

use super::job::Scene;

/// Medians over all rounds, nanoseconds where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProcessCosts {
    pub n_workers: usize,
    /// From the wish for a pool of one to a worker that was greeted, and of it until its process was
    /// there.
    pub cold_ns: u64,
    pub made_ns: u64,
    /// From the wish for a pool of all workers until the last of them was greeted.
    pub cold_pool_ns: u64,
    /// From the request for a run on a warm pool until its first tile is computed.
    pub warm_ns: u64,
    pub threads_ns: u64,
    pub pipes_ns: u64,
    pub shared_memory_ns: u64,
    /// The photo sent to a process and back, its start included.
    pub floor_ns: u64,
    /// By pipes, both ways.
    pub moved_bytes: u64,
    /// Photo and output.
    pub picture_bytes: u64,
}

impl ProcessCosts {
    /// Measures `recipe` on the scene's photo: a warm-up, then `n_rounds` of everything in turn.
    ///
    /// # Errors
    /// As a run.
    pub fn measure(
        scene: &Scene<'_>,
        recipe: &Recipe,
        program: &WorkerProgram,
        (n_workers, n_rounds): (usize, usize),
    ) -> Result<Self, StudioError> {
        let full_run = scene.full_run(recipe);
        let pool =
            |n: usize, way| Ok::<_, BackendError>(Processes::new(n, program.clone())?.by(way));
        let threads = Threads::new(n_workers)?;
        let pipes = pool(n_workers, Transport::Pipes)?;
        let shared = pool(n_workers, Transport::SharedMemory)?;
        let photo = scene.photo.image.samples.as_ref();
        let mut rounds: [Vec<u64>; 8] = Default::default();
        let mut costs = Self {
            n_workers,
            ..Self::default()
        };
        let (spare, mut back) = (SpareMemory::up_to(u64::MAX), Vec::new());
        for round_idx in 0..=n_rounds.max(1) {
            let one = run(&full_run, &pool(1, Transport::Pipes)?, &spare)?;
            let (made_ns, cold_ns) = start_of(&one);
            let all = run(&full_run, &pool(n_workers, Transport::Pipes)?, &spare)?;
            let threads = run(&full_run, &threads, &spare)?;
            let by_pipes = run(&full_run, &pipes, &spare)?;
            let by_memory = run(&full_run, &shared, &spare)?;
            let floor_ns = echo_ns(program, photo.bytes(), &mut back);
            let floor_ns = floor_ns.map_err(|source| BackendError::Start {
                what: "a process that sends pixels back".to_owned(),
                source,
            })?;
            costs.moved_bytes = by_pipes.record.bytes_moved;
            if round_idx == 0 {
                continue;
            }
            let figures = [
                made_ns,
                cold_ns,
                start_of(&all).1,
                first_tile_ns(&by_pipes),
                threads.record.wall_ns,
                by_pipes.record.wall_ns,
                by_memory.record.wall_ns,
                floor_ns,
            ];
            for (all, figure) in rounds.iter_mut().zip(figures) {
                all.push(figure);
            }
        }
        let plan = full_run.plan()?;
        let sample_bytes = plan.output.layout.channels() * plan.output.depth.bytes();
        let output = plan.output_size().area() as usize * sample_bytes;
        costs.picture_bytes = (photo.bytes().len() + output) as u64;
        let [made, cold, cold_pool, warm, threads, pipes, memory, floor] = rounds.map(median);
        Ok(Self {
            made_ns: made,
            cold_ns: cold,
            cold_pool_ns: cold_pool,
            warm_ns: warm,
            threads_ns: threads,
            pipes_ns: pipes,
            shared_memory_ns: memory,
            floor_ns: floor,
            ..costs
        })
    }

    /// What pipes take beyond threads, in floors.
    #[must_use]
    pub fn floors(&self) -> f64 {
        let beyond_ns = self.pipes_ns as f64 - self.threads_ns as f64;
        beyond_ns / self.floor_ns.max(1) as f64
    }

    /// Bytes moved by pipes over those of photo and output.
    #[must_use]
    pub fn moved_share(&self) -> f64 {
        self.moved_bytes as f64 / self.picture_bytes.max(1) as f64
    }

    /// Throughput by shared memory over that of threads.
    #[must_use]
    pub fn shared_memory_share(&self) -> f64 {
        self.threads_ns as f64 / self.shared_memory_ns.max(1) as f64
    }
}

fn run(
    full_run: &FullRun<'_>,
    backend: &dyn Backend,
    spare: &SpareMemory,
) -> Result<RunWithEvents, StudioError> {
    let finished = full_run.run_into(backend, spare)?;
    spare.keep_samples(finished.image.samples);
    Ok(finished.run)
}

/// From the beginning of the first pass until the last worker's process was made, and until it was
/// greeted; 0 where none was started.
fn start_of(run: &RunWithEvents) -> (u64, u64) {
    let began = run.events.iter().find_map(|event| match event {
        Event::PassStarted { at_ns, .. } => Some(*at_ns),
        _ => None,
    });
    let last = |wanted: WorkerChange| {
        let times = run.events.iter().filter_map(|event| match event {
            Event::Worker(worker) if worker.change == wanted => Some(worker.at_ns),
            _ => None,
        });
        let since = |at_ns: u64| at_ns.saturating_sub(began.unwrap_or(at_ns));
        times.max().map_or(0, since)
    };
    (last(WorkerChange::Started), last(WorkerChange::Ready))
}

/// From the request until the first tile is computed.
fn first_tile_ns(run: &RunWithEvents) -> u64 {
    let spans = run.tiles.iter().flat_map(|tile| &tile.phases);
    let computing = spans.filter(|span| span.phase == Phase::Computing);
    let first_ns = computing.map(|span| span.start_ns).min();
    first_ns.map_or(0, |at_ns| at_ns.saturating_sub(run.record.started_ns))
}

/// Of an even count the lower of the two in the middle.
fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or_default()
}
