//! Full runs, comparisons and exports as jobs.

use std::path::PathBuf;
use std::sync::Arc;

use crate::backend::render::Schedule;
use crate::backend::spare_memory::SpareMemory;
use crate::codecs::{EncodeFormat, Subsampling};
use crate::pixels::geometry::Rect;
use crate::recipe::Recipe;
use crate::telemetry::record::RunKind;

use super::super::StudioError;
use super::super::compare::{Compared, compare};
use super::super::engines::{BackendChoice, BackendKind};
use super::super::export::{Export, Exported};
use super::super::full_run::{Finished, FullRun, OutputChoice, Unfinished};
use super::super::run_log::RunRow;
use super::super::settings::ExportSettings;
use super::Session;
use super::jobs::{Job, JobId, JobKind, finish};
use super::progress::{Doing, Listener, RunAhead};
use super::update::{Failure, Message, Update};

/// What a person wants written.
#[derive(Debug, Clone)]
pub struct ExportWish {
    pub target: PathBuf,
    pub settings: ExportSettings,
    /// Threads on all cores unless told otherwise.
    pub backend: BackendChoice,
}

/// A full run to make.
pub(super) struct Wanted {
    pub(super) recipe: Recipe,
    pub(super) choice: BackendChoice,
    /// `None`: planned.
    pub(super) tile_px: Option<u32>,
}

impl Session {
    /// Computes the whole photo on the chosen backend, into the table of runs.
    pub fn run_full(&mut self) {
        self.run_full_on(self.backend);
    }

    /// As [`Self::run_full`], on a backend that need not be the chosen one.
    pub fn run_full_on(&mut self, choice: BackendChoice) {
        self.start_run(Wanted {
            recipe: self.recipe(),
            choice,
            tile_px: None,
        });
    }

    pub(super) fn start_run(&mut self, wanted: Wanted) {
        let (Some(open), None) = (&self.open, &self.jobs.running) else {
            return;
        };
        let Wanted {
            recipe,
            choice,
            tile_px,
        } = wanted;
        let job = Job::new(JobKind::Running(choice.kind.label()));
        let photo = Arc::clone(&open.photo);
        let (engines, their_job, wake) =
            (Arc::clone(&self.full), job.clone(), Arc::clone(&self.wake));
        self.spawn("full run", move || {
            let mut full_run = FullRun {
                photo: &photo,
                recipe: &recipe,
                output: OutputChoice::default(),
                kind: RunKind::Full,
                tile_px,
                hashes_output: true,
                cancel: &their_job.cancel,
                listener: None,
            };
            let result = listener(&full_run, choice, &their_job, (0.0, 1.0), wake)
                .map(|heard| full_run.listener = Some(Arc::new(heard)))
                .and_then(|()| Ok(engines.get(choice)?))
                .map_err(Box::<Unfinished>::from)
                .and_then(|backend| full_run.try_run_into(&*backend, &SpareMemory::none()));
            engines.end_surplus();
            Message::Ran(their_job.id, Box::new(result))
        });
        self.jobs.running = Some(job);
    }

    /// Computes the whole photo on every backend in turn, often enough for a median each.
    pub fn compare(&mut self) {
        let (Some(open), None) = (&self.open, &self.jobs.running) else {
            return;
        };
        let choices = BackendKind::ALL.map(|kind| self.backend.of_kind(kind, self.n_workers()));
        let job = Job::new(JobKind::Comparing);
        let (photo, recipe) = (Arc::clone(&open.photo), open.history.current().clone());
        let (engines, their_job, wake) =
            (Arc::clone(&self.full), job.clone(), Arc::clone(&self.wake));
        self.spawn("compare", move || {
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
            let result = compare(&full_run, &choices, &engines, &|choice, share| {
                their_job.progress.begin(RunAhead {
                    doing: Doing::new(choice.words(), 0, 0),
                    span: (share, share),
                    ..RunAhead::default()
                });
                wake();
            });
            engines.end_surplus();
            Message::Compared(their_job.id, result)
        });
        self.jobs.running = Some(job);
    }

    /// Writes the edited photo to a file.
    pub fn export(&mut self, wish: ExportWish) {
        let (Some(open), None) = (&self.open, &self.jobs.exporting) else {
            return;
        };
        self.settings.export = wish.settings;
        self.keep_settings();
        let name = wish
            .target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let job = Job::new(JobKind::Exporting(name));
        let photo = Arc::clone(&open.photo);
        let recipe = open.history.current();
        let recipe = match self.picture_size(recipe) {
            Some(size) => wish.settings.sized(recipe, size),
            None => recipe.clone(),
        };
        let (engines, their_job, wake) =
            (Arc::clone(&self.full), job.clone(), Arc::clone(&self.wake));
        self.spawn("export", move || {
            let progress = Arc::clone(&their_job.progress);
            let on_encoded = move |share: f32| progress.set(0.5 + share * 0.5);
            let format = wish.settings.format_for(&wish.target);
            let result = format.map_err(Box::<Unfinished>::from).and_then(|format| {
                let mut export = Export {
                    photo: &photo,
                    recipe: &recipe,
                    target: &wish.target,
                    format,
                    output: wish.settings.output(),
                    if_exists: wish.settings.if_exists,
                    tile_px: None,
                    cancel: &their_job.cancel,
                    listener: None,
                    on_encoded: &on_encoded,
                };
                let full_run = FullRun {
                    photo: &photo,
                    recipe: &recipe,
                    output: export.output,
                    kind: RunKind::Export,
                    tile_px: None,
                    hashes_output: false,
                    cancel: &their_job.cancel,
                    listener: None,
                };
                let heard = listener(&full_run, wish.backend, &their_job, (0.0, 0.5), wake)?;
                export.listener = Some(Arc::new(heard));
                let backend = engines.get(wish.backend).map_err(StudioError::from)?;
                export.try_run(&*backend)
            });
            engines.end_surplus();
            Message::Exported(their_job.id, Box::new(result))
        });
        self.jobs.exporting = Some(job);
    }

    pub(super) fn take_run(
        &mut self,
        id: JobId,
        result: Result<Finished, Box<Unfinished>>,
    ) -> Option<Update> {
        finish(&mut self.jobs.running, id)?;
        match result {
            Ok(finished) => {
                let run_id = finished.run.record.id;
                self.keep_run(RunRow::once(finished.run));
                Some(Update::RunDone(run_id))
            }
            Err(unfinished) => self.take_unfinished(*unfinished).map(Update::RunFailed),
        }
    }

    /// What was measured of a run that failed is in the table, too; of one that was stopped, not.
    fn take_unfinished(&mut self, unfinished: Unfinished) -> Option<Failure> {
        let Unfinished { error, run } = unfinished;
        if error.is_stop() {
            return None;
        }
        if let Some(run) = run {
            self.keep_run(RunRow::once(run));
        }
        Some(Failure::of(&error))
    }

    pub(super) fn take_comparison(
        &mut self,
        id: JobId,
        result: Result<Vec<Compared>, StudioError>,
    ) -> Option<Update> {
        finish(&mut self.jobs.running, id)?;
        match result {
            Ok(compared) => {
                let first = compared.first().map(|first| first.median.record.clone());
                let identical = first.and_then(|first| {
                    let same = |one: &Compared| one.median.record.identical_output(&first);
                    compared
                        .iter()
                        .map(same)
                        .try_fold(true, |all, same| Some(all && same?))
                });
                for one in compared {
                    self.keep_run(RunRow::of(one));
                }
                Some(Update::CompareDone { identical })
            }
            Err(error) if error.is_stop() => None,
            Err(error) => Some(Update::RunFailed(Failure::of(&error))),
        }
    }

    pub(super) fn take_export(
        &mut self,
        id: JobId,
        result: Result<Exported, Box<Unfinished>>,
    ) -> Option<Update> {
        let job = finish(&mut self.jobs.exporting, id)?;
        match result {
            Ok(exported) => {
                self.keep_run(RunRow::once(exported.run));
                Some(Update::Exported {
                    path: exported.path,
                    n_bytes: exported.n_bytes,
                    elapsed_ns: job.elapsed_ns(),
                    notes: exported.notes.iter().map(ToString::to_string).collect(),
                })
            }
            Err(unfinished) => self.take_unfinished(*unfinished).map(Update::ExportFailed),
        }
    }
}

/// The job's run begins: who hears it.
fn listener(
    full_run: &FullRun<'_>,
    choice: BackendChoice,
    job: &Job,
    span: (f32, f32),
    wake: super::Wake,
) -> Result<Listener, StudioError> {
    let plan = full_run.plan()?;
    let region_in_frame = Rect::of(plan.output_size());
    let n_at_once = choice.n_at_once();
    let schedule = Schedule::new(&plan, region_in_frame, full_run.tile_px, n_at_once)?;
    job.progress.begin(RunAhead {
        doing: Doing::default(),
        backend: choice.kind.id(),
        n_workers: choice.n_workers,
        n_tiles: schedule.n_tiles(),
        region_in_frame,
        span,
        is_side_by_side: false,
    });
    Ok(Listener::new(Arc::clone(&job.progress), wake))
}

impl ExportSettings {
    /// The format the target's ending asks for, with these settings.
    ///
    /// # Errors
    /// [`StudioError::UnknownEnding`].
    pub fn format_for(&self, target: &std::path::Path) -> Result<EncodeFormat, StudioError> {
        match EncodeFormat::from_path(target) {
            Some(EncodeFormat::Jpeg { .. }) => Ok(EncodeFormat::Jpeg {
                quality: self.quality,
                subsampling: match self.subsampling {
                    420 => Subsampling::S420,
                    422 => Subsampling::S422,
                    _ => Subsampling::S444,
                },
            }),
            Some(other) => Ok(other),
            None => Err(StudioError::UnknownEnding(target.to_owned())),
        }
    }
}
