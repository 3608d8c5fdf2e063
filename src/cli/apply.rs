//! `parallax apply`: a photo, a recipe, a new file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use tracing::{info, warn};

use super::exit::{self, Failure};
use super::history::HistoryOptions;
use super::options::{DepthArg, OutputOptions, RunOptions, SubsamplingArg};
use super::progress::Progress;
use super::{recipes, stop, timings};
use crate::backend::cancel::Cancel;
use crate::backend::processes::WorkerProgram;
use crate::codecs::{EncodeFormat, Note, Watch};
use crate::recipe::Recipe;
use crate::studio::engines::Engines;
use crate::studio::export::{Export, Exported, IfExists};
use crate::studio::full_run::{OutputChoice, Unfinished};
use crate::studio::{Photo, StudioError};
use crate::system::atomic_save::SaveErrorKind;
use crate::system::same_file::same_file;
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::machine::Machine;
use crate::telemetry::sink::Sink;

const EXAMPLES: &str = "\
Examples:
  parallax apply photo.jpg -o brighter.jpg --set exposure.ev=0.7
  parallax apply photo.jpg -o soft.png --set blur.radius=4 --set blur.opacity=0.5
  parallax apply photo.jpg -o new.tif --recipe look.toml --depth 16 --profile input
  parallax apply photo.jpg -o new.jpg --recipe look.toml --backend processes --workers 4 \\
      --timings run.csv --timings run.trace.json

Edits are applied in the order given, those of the recipe first. `parallax filters` lists them all.
Exit codes: 0 done, 2 wrong usage, 3 the photo cannot be opened, 4 the output cannot be written,
5 the backend was lost, 130 interrupted.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ApplyArgs {
    /// The photo to edit; it is never written to
    #[arg(value_name = "IN")]
    photo: PathBuf,

    /// The new file; its ending says the format: .jpg, .png or .tif
    #[arg(long = "output", short = 'o', value_name = "OUT")]
    target: PathBuf,

    /// A recipe to apply
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,

    /// An edit: FILTER.PARAM=VALUE, or FILTER alone for its start values
    #[arg(long = "set", value_name = "EDIT", allow_hyphen_values = true)]
    sets: Vec<String>,

    #[command(flatten)]
    run: RunOptions,

    #[command(flatten)]
    output: OutputOptions,

    /// Refuse a photo that is damaged, instead of editing what could be read of it
    #[arg(long)]
    strict: bool,

    /// Write what was measured, also of a run that fails: .csv (a row a run), .tiles.csv (a row a tile), .json (everything)
    /// or .trace.json (for Perfetto)
    #[arg(long, value_name = "FILE")]
    timings: Vec<PathBuf>,

    #[command(flatten)]
    history: HistoryOptions,
}

impl ApplyArgs {
    pub(super) fn run(&self, cancel: &Cancel) -> Result<(), Failure> {
        stop::on_signals(cancel);
        let format = self.format()?;
        self.check_target()?;
        timings::check(&self.timings, &[&self.photo, &self.target])?;
        let recipe = recipes::joined(self.recipe.as_deref(), &self.sets)?;
        let progress = Arc::new(Progress::new());
        let done = self.load_and_export(&recipe, format, &progress, cancel);
        progress.end();
        let exported = done.map_err(|unfinished| self.told(*unfinished))?;
        tell_notes(&self.target, &exported.notes);
        info!(
            "{}: {} bytes written",
            exported.path.display(),
            exported.n_bytes
        );
        self.history.keep(&exported.run.record, 1);
        self.write_timings(exported.run);
        Ok(())
    }

    fn write_timings(&self, run: RunWithEvents) {
        if !self.timings.is_empty() {
            let log = Log::new(Machine::gather(), vec![run]);
            timings::write(&self.timings, &log);
        }
    }

    /// A run that failed has a log as well: it tells where.
    fn told(&self, unfinished: Unfinished) -> Failure {
        let Unfinished { error, run } = unfinished;
        if let Some(run) = run {
            self.write_timings(run);
        }
        self.failure(error)
    }

    fn load_and_export(
        &self,
        recipe: &Recipe,
        format: EncodeFormat,
        progress: &Arc<Progress>,
        cancel: &Cancel,
    ) -> Result<Exported, Box<Unfinished>> {
        progress.begin("opening");
        let on_decoded = |share| progress.share(share);
        let watch = Watch::new(cancel.flag(), &on_decoded);
        let photo = Photo::load(&self.run.decoder(), &self.photo, &self.run.limits(), &watch)?;
        tell_notes(&self.photo, &photo.notes);
        if let Some(note) = photo
            .notes
            .iter()
            .find(|note| self.strict && note.is_damage())
        {
            return Err(StudioError::Damaged {
                path: self.photo.clone(),
                note: note.clone(),
            }
            .into());
        }
        let engines = Engines::new(worker_program());
        let choice = self.run.choice();
        let backend = engines.get(choice).map_err(StudioError::from)?;
        let export = Export {
            photo: &photo,
            recipe,
            target: &self.target,
            format,
            output: OutputChoice {
                profile: self.output.profile.profile(),
                depth: self.output.depth.map(DepthArg::depth),
            },
            if_exists: if self.output.overwrite {
                IfExists::Replace
            } else {
                IfExists::Refuse
            },
            tile_px: self.run.tile,
            cancel,
            listener: Some(Arc::clone(progress) as Arc<dyn Sink>),
            on_encoded: &|share| progress.share(share),
        };
        export.try_run(&*backend)
    }

    /// What the ending says, with the options that matter for it.
    fn format(&self) -> Result<EncodeFormat, Failure> {
        let OutputOptions {
            quality,
            subsampling,
            depth,
            ..
        } = &self.output;
        let by_ending = EncodeFormat::from_path(&self.target);
        let format = by_ending.ok_or_else(|| exit::unknown_ending(&self.target))?;
        let asked_bits = depth.map_or(8, |depth| depth.depth().bits());
        if asked_bits > format.max_bits() {
            return Err(Failure::new(exit::USAGE, "JPEG holds 8 bits a sample")
                .about(&self.target)
                .advise("choose .png or .tif for 16"));
        }
        let EncodeFormat::Jpeg {
            quality: usual_quality,
            subsampling: usual_subsampling,
        } = format
        else {
            if quality.is_some() || subsampling.is_some() {
                warn!("--quality and --subsampling matter for JPEG alone");
            }
            return Ok(format);
        };
        Ok(EncodeFormat::Jpeg {
            quality: quality.unwrap_or(usual_quality),
            subsampling: subsampling.map_or(usual_subsampling, SubsamplingArg::subsampling),
        })
    }

    /// Says at once what would otherwise be found out after minutes of work.
    fn check_target(&self) -> Result<(), Failure> {
        let target = &self.target;
        if same_file(target, &self.photo) {
            return Err(exit::target_is_source(target));
        }
        if !self.output.overwrite && target.symlink_metadata().is_ok() {
            let source = io::ErrorKind::AlreadyExists;
            return Err(exit::cannot_save(target, SaveErrorKind::Exists, source));
        }
        let folder = target.parent().filter(|folder| *folder != Path::new(""));
        if folder.is_some_and(|folder| !folder.is_dir()) {
            let source = io::ErrorKind::NotFound;
            return Err(exit::cannot_save(
                target,
                SaveErrorKind::FolderMissing,
                source,
            ));
        }
        Ok(())
    }

    /// A recipe's edit that stops the export is told with the recipe's name.
    fn failure(&self, error: StudioError) -> Failure {
        let is_plan = matches!(error, StudioError::Plan(_));
        let is_lost = !error.is_stop() && matches!(error, StudioError::Run(_));
        let failure = Failure::from(error);
        match &self.recipe {
            _ if is_lost => failure.about(&self.photo),
            Some(recipe) if is_plan => failure.about(recipe),
            Some(_) | None => failure,
        }
    }
}

fn tell_notes(file: &Path, notes: &[Note]) {
    for note in notes {
        warn!("{}: {note}", file.display());
    }
}

/// This very program, as a worker.
pub(super) fn worker_program() -> WorkerProgram {
    // Where the system does not tell, the name it was started by may still find it.
    WorkerProgram::this_executable().unwrap_or_else(|_| WorkerProgram::computing("parallax"))
}
