//! The whole photo computed into memory, with everything that was measured on the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use crate::backend::cancel::Cancel;
use crate::backend::render::{Render, Schedule};
use crate::backend::spare_memory::SpareMemory;
use crate::backend::{Backend, engine::PassEngine};
use crate::pixels::color::ColorSpace;
use crate::pixels::convert::OutputFormat;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{Depth, Image, Samples, SamplesRef};
use crate::pixels::simd::SimdLevel;
use crate::plan::{self, PhotoForm, Plan};
use crate::recipe::Recipe;
use crate::telemetry::clock::{now_ns, wall_at};
use crate::telemetry::event::{Event, RunOutcome, WorkerChange};
use crate::telemetry::ids::{EditId, PassIdx, RunId};
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::record::{Fault, PassRecord, RunKind, RunRecord, StepLabel};
use crate::telemetry::sink::{Recorder, Sink, Tee};
use crate::telemetry::summary::worker_times;
use crate::telemetry::timeline::Timeline;
use crate::telemetry::usage::{peak_rss_bytes, reset_peak_rss};

use super::job_key::job_key;
use super::photo::hex;
use super::{Photo, StudioError};

/// Tile events a run keeps; later ones are counted as lost.
const MAX_TILE_EVENTS: usize = 200_000;

/// Colour space of the finished picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputProfile {
    #[default]
    Srgb,
    /// As the photo has it.
    Input,
}

/// What the finished picture shall be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutputChoice {
    pub profile: OutputProfile,
    /// `None`: as the photo has it.
    pub depth: Option<Depth>,
}

impl OutputChoice {
    /// The format for a photo edited by a recipe.
    #[must_use]
    pub fn format(&self, photo: &Image, recipe: &Recipe) -> OutputFormat {
        let depth = self.depth.unwrap_or(photo.depth());
        let color = match self.profile {
            OutputProfile::Srgb => ColorSpace::srgb(),
            OutputProfile::Input => ColorSpace {
                icc: None,
                ..(*photo.color).clone()
            },
        };
        OutputFormat {
            layout: PhotoForm::of(photo).output_layout(recipe),
            depth,
            color,
            dither: depth < photo.depth(),
        }
    }
}

/// One full run to do.
pub struct FullRun<'a> {
    pub photo: &'a Photo,
    pub recipe: &'a Recipe,
    pub output: OutputChoice,
    pub kind: RunKind,
    /// `None`: planned.
    pub tile_px: Option<u32>,
    /// Whether the record shall carry a hash of the pixels; it is taken after the clock has stopped.
    pub hashes_output: bool,
    pub cancel: &'a Cancel,
    /// Hears every event while the run goes on.
    pub listener: Option<Arc<dyn Sink>>,
}

/// What a full run made.
pub struct Finished {
    pub image: Image,
    pub run: RunWithEvents,
}

/// Why a run, or what was to become of it, did not come to its end, and what was measured until then.
#[derive(Debug)]
pub struct Unfinished {
    pub error: StudioError,
    /// `None` where it never began.
    pub run: Option<RunWithEvents>,
}

impl From<StudioError> for Box<Unfinished> {
    fn from(error: StudioError) -> Self {
        Self::new(Unfinished { error, run: None })
    }
}

impl Unfinished {
    /// With a run that ends by `error`.
    #[must_use]
    pub fn new(error: StudioError, mut run: RunWithEvents) -> Box<Self> {
        run.record.outcome = if error.is_stop() {
            RunOutcome::Stopped
        } else {
            RunOutcome::Failed
        };
        run.record.cause = (!error.is_stop()).then(|| error.words());
        Box::new(Self {
            error,
            run: Some(run),
        })
    }
}

/// A run number nobody had before.
#[must_use]
pub fn next_run_id() -> RunId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    RunId(NEXT.fetch_add(1, Ordering::Relaxed))
}

impl FullRun<'_> {
    /// The plan this run will follow.
    ///
    /// # Errors
    /// When an edit that is switched on cannot be computed.
    pub fn plan(&self) -> Result<Plan, StudioError> {
        let form = PhotoForm::of(&self.photo.image);
        let format = self.output.format(&self.photo.image, self.recipe);
        Ok(plan::build(self.recipe, &form, format)?)
    }

    /// Runs on `backend`; takes as long as that takes.
    ///
    /// # Errors
    /// When the recipe cannot be planned, the backend fails, or the run is stopped.
    pub fn run(&self, backend: &dyn Backend) -> Result<Finished, StudioError> {
        self.run_into(backend, &SpareMemory::none())
    }

    /// As [`Self::run`], in memory of earlier runs where it fits; the picture's own is the caller's to
    /// give there.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn run_into(
        &self,
        backend: &dyn Backend,
        spare: &SpareMemory,
    ) -> Result<Finished, StudioError> {
        let finished = self.try_run_into(backend, spare);
        finished.map_err(|unfinished| unfinished.error)
    }

    /// As [`Self::run_into`]; a run that fails leaves what was measured until then.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn try_run_into(
        &self,
        backend: &dyn Backend,
        spare: &SpareMemory,
    ) -> Result<Finished, Box<Unfinished>> {
        let knows_peak = reset_peak_rss();
        let started_ns = now_ns();
        let plan = self.plan()?;
        let region = Rect::of(plan.output_size());
        let schedule = Schedule::new(&plan, region, self.tile_px, backend.n_at_once())
            .map_err(StudioError::from)?;
        let recorder = Arc::new(Recorder::new(MAX_TILE_EVENTS));
        let listeners = self.listener.iter().cloned();
        let recording: Arc<dyn Sink> = Arc::clone(&recorder) as Arc<dyn Sink>;
        let events = Tee(std::iter::once(recording).chain(listeners).collect());
        let id = next_run_id();
        let render = Render {
            run: id,
            plan: &plan,
            schedule: &schedule,
            photo: self.photo.image.view(),
            events: &events,
            cancel: self.cancel,
        };
        let rendered = render.run_into(backend, spare);
        let wall_ns = now_ns() - started_ns;
        let recorded = recorder.take();
        let mut record = self.record(backend, &plan, region);
        record.id = id;
        record.started_ns = started_ns;
        record.started_at = wall_at(started_ns);
        record.wall_ns = wall_ns;
        record.spawn_ns = backend.spawn_ns_since(started_ns);
        record.tile_size = Size::new(schedule.tile_px(), schedule.tile_px());
        record.n_lost_events = recorded.n_lost;
        record.peak_rss_bytes = peak_rss(backend).filter(|_| knows_peak);
        fill_from_events(&mut record, &plan, &recorded.events)?;
        let mut run = RunWithEvents::new(record, recorded.events);
        run.record.phases = Some(worker_times(&Timeline::of(&run)));
        let mut image = match rendered {
            Ok(rendered) => rendered.into_image(&plan),
            Err(error) => return Err(Unfinished::new(error.into(), run)),
        };
        if self.output.profile == OutputProfile::Input {
            image.color = Arc::clone(&self.photo.image.color);
        }
        run.record.output_sha256 = self.hashes_output.then(|| hash_samples(&image.samples));
        Ok(Finished { image, run })
    }

    fn record(&self, backend: &dyn Backend, plan: &Plan, region: Rect) -> RunRecord {
        RunRecord {
            kind: self.kind,
            outcome: RunOutcome::Done,
            backend: backend.name().to_owned(),
            transport: backend.transport().map(str::to_owned),
            n_workers: backend.n_workers() as u16,
            worker_pids: backend.worker_pids(),
            photo: self.photo.facts(),
            recipe: self.recipe.to_toml(),
            region_in_frame: region,
            scale: 1.0,
            output: format!(
                "{}-bit {}",
                plan.output.depth.bits(),
                plan.output.color.name
            ),
            job_key: job_key(&self.photo.sha256, plan, region, backend.storage_wait()),
            switch_interval_ns: backend.switch_interval().map(|it| it.as_nanos() as u64),
            storage_wait_ns: backend.storage_wait().as_nanos() as u64,
            simd_level: SimdLevel::current().name().to_owned(),
            ..RunRecord::default()
        }
    }
}

/// The most memory this process held since its peak was reset, and what each worker process held at
/// most since it began: pages they share count in each, so the sum is what was needed or more.
fn peak_rss(backend: &dyn Backend) -> Option<u64> {
    let pids = backend
        .worker_pids()
        .into_iter()
        .chain([std::process::id()]);
    pids.map(peak_rss_bytes).sum()
}

/// Sums what the tiles cost and tells what the passes were.
fn fill_from_events(
    record: &mut RunRecord,
    plan: &Plan,
    events: &[Event],
) -> Result<(), StudioError> {
    let mut started_ns = vec![0; plan.passes.len()];
    for (pass_idx, pass) in plan.passes.iter().enumerate() {
        let labels = PassEngine::new(plan, pass_idx)?.step_labels();
        let edits = pass.steps.iter().map(|step| Some(EditId(step.edit)));
        let edits = edits.chain(std::iter::repeat(None));
        let steps = labels
            .into_iter()
            .zip(edits)
            .map(|(label, edit)| StepLabel { edit, label });
        record.passes.push(PassRecord {
            pass: PassIdx(pass_idx as u16),
            steps: steps.collect(),
            ..PassRecord::default()
        });
    }
    for event in events {
        match event {
            Event::PassStarted {
                pass,
                n_tiles,
                at_ns,
                ..
            } => {
                let pass_idx = usize::from(pass.0);
                record.passes[pass_idx].n_tiles = *n_tiles;
                record.n_tiles += n_tiles;
                started_ns[pass_idx] = *at_ns;
            }
            Event::PassEnded { pass, at_ns, .. } => {
                let pass_idx = usize::from(pass.0);
                record.passes[pass_idx].wall_ns = at_ns.saturating_sub(started_ns[pass_idx]);
            }
            Event::Tile(tile) => {
                record.bytes_moved += tile.bytes_in + tile.bytes_out;
                if let Some(cpu_ns) = tile.cpu_ns {
                    *record.cpu_ns.get_or_insert(0) += cpu_ns;
                }
            }
            Event::Worker(worker) => {
                if let WorkerChange::Died(cause) = worker.change {
                    record.faults.push(Fault {
                        at_ns: worker.at_ns,
                        worker: worker.worker,
                        pid: worker.pid,
                        cause,
                        tile: worker.tile,
                    });
                }
            }
            Event::RunStarted { .. } | Event::RunEnded { .. } | Event::Note { .. } => {}
        }
    }
    Ok(())
}

/// SHA-256 of samples, sixteen-bit ones as little-endian bytes.
#[must_use]
pub fn hash_samples(samples: &Samples) -> String {
    let mut hash = Sha256::new();
    match samples.as_ref() {
        SamplesRef::U8(samples) => hash.update(samples),
        SamplesRef::U16(samples) => {
            for chunk in samples.chunks(4096) {
                let bytes: Vec<u8> = chunk.iter().flat_map(|v| v.to_le_bytes()).collect();
                hash.update(&bytes);
            }
        }
    }
    hex(&hash.finalize())
}
