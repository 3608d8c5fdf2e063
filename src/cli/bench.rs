//! `parallax bench`: how long edits take on each backend, from decoded pixels to output pixels.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::{Args, ValueEnum};
use tracing::warn;

use super::apply::worker_program;
use super::bench_json::Report;
use super::exit::{self, Failure};
use super::options::{BackendArg, LimitOptions, tile_parser, workers_parser};
use super::print::{print, print_json};
use super::progress::Progress;
use super::{bench_json, bench_table, recipes, stop};
use crate::backend::cancel::Cancel;
use crate::codecs::Watch;
use crate::recipe::{Recipe, RecipeFile};
use crate::studio::bench::{Bench, Measured, peak_memory_bytes};
use crate::studio::engines::{BackendChoice, Engines, n_cores};
use crate::studio::full_run::{FullRun, OutputChoice};
use crate::studio::{Photo, StudioError};
use crate::telemetry::machine::Machine;
use crate::telemetry::record::RunKind;

/// What is measured when nothing is named.
const USUAL_EDITS: [&str; 6] = [
    "exposure.ev=0.5",
    "contrast.amount=20",
    "vibrance.amount=25",
    "saturation.amount=10",
    "blur.radius=2",
    "sharpen.amount=60",
];

const EXAMPLES: &str = "\
Examples:
  parallax bench photo.jpg
  parallax bench photo.jpg --filter blur,radius=8 --filter median,radius=3 --runs 9
  parallax bench photo.jpg --recipe look.toml --backends single,threads --workers 1,2,4
  parallax bench photo.jpg --suite presets --json bench.json

Every backend is warmed up once; then all run in turn. Times are from decoded pixels in memory to
output pixels in memory: no disk, no codec. Memory is measured apart, in a process of its own.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BenchArgs {
    /// The photo to measure with
    #[arg(value_name = "IN")]
    photo: PathBuf,

    /// A recipe to measure; may be given several times
    #[arg(long = "recipe", value_name = "FILE")]
    recipes: Vec<PathBuf>,

    /// A filter to measure; may be given several times
    #[arg(long = "filter", value_name = "NAME[,PARAM=VALUE…]")]
    filters: Vec<String>,

    /// A set of jobs: every preset that comes with Parallax
    #[arg(long, value_enum)]
    suite: Option<Suite>,

    /// Which backends, separated by commas
    #[arg(long, value_enum, value_name = "LIST", value_delimiter = ',',
        default_values_t = [BackendArg::Single, BackendArg::Threads, BackendArg::Processes])]
    backends: Vec<BackendArg>,

    /// How many workers, separated by commas; each backend runs with each [default: all cores]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = workers_parser())]
    workers: Vec<u16>,

    /// Counted runs of each
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    runs: u16,

    /// Side of a tile in pixels [default: planned]
    #[arg(long, value_name = "N", value_parser = tile_parser())]
    tile: Option<u32>,

    /// Write the figures as JSON, `-` for stdout
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitOptions,

    /// Run the one job on the one backend, print the most memory seen, in bytes
    #[arg(long, hide = true)]
    memory_only: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// Every preset that comes with Parallax
    Presets,
}

/// Something to measure.
struct Job {
    what: String,
    recipe: Recipe,
}

/// One row of the report.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) measured: Measured,
    pub(super) against_single: Option<(f64, f64)>,
    pub(super) peak_bytes: Option<u64>,
}

impl BenchArgs {
    pub(super) fn run(&self, cancel: &Cancel) -> Result<(), Failure> {
        stop::on_signals(cancel);
        if let Some(file) = &self.json {
            bench_json::check_target(file, &self.photo)?;
        }
        let jobs = self.jobs()?;
        let limits = self.limits.limits();
        let photo = Photo::load(&self.photo, &limits, &Watch::cancel(cancel.flag()))?;
        if self.memory_only {
            return self.tell_memory(&photo, &jobs, cancel);
        }
        let mut rows = Vec::new();
        for job in &jobs {
            rows.extend(self.measure(&photo, job, cancel)?);
        }
        let report = Report::new(&self.photo, &photo, Machine::gather(), &rows);
        match &self.json {
            Some(file) if file == Path::new("-") => print_json(&report),
            Some(file) => {
                print(&bench_table::text(&report, &rows))?;
                bench_json::save_report(file, &report)
            }
            None => print(&bench_table::text(&report, &rows)),
        }
    }

    /// Every backend with every number of workers; `single` has but one.
    fn choices(&self) -> Vec<BackendChoice> {
        let all_cores = [n_cores() as u16];
        let counts = if self.workers.is_empty() {
            &all_cores[..]
        } else {
            &self.workers
        };
        let mut choices: Vec<BackendChoice> = Vec::new();
        for backend in &self.backends {
            for n_workers in counts {
                let choice = BackendChoice::new(backend.kind(), usize::from(*n_workers));
                if !choices.contains(&choice) {
                    choices.push(choice);
                }
            }
        }
        choices
    }

    fn jobs(&self) -> Result<Vec<Job>, Failure> {
        let mut jobs = Vec::new();
        for file in &self.recipes {
            let what = file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            jobs.push(Job {
                what,
                recipe: recipes::of_file(file)?,
            });
        }
        for filter in &self.filters {
            jobs.push(Job {
                what: filter.clone(),
                recipe: recipes::of_filter(filter)?,
            });
        }
        if self.suite == Some(Suite::Presets) {
            let presets = recipes::presets()?;
            jobs.extend(
                presets
                    .into_iter()
                    .map(|(what, recipe)| Job { what, recipe }),
            );
        }
        if jobs.is_empty() && self.suite.is_none() {
            let edits = USUAL_EDITS.map(str::to_owned);
            jobs.push(Job {
                what: "six edits".to_owned(),
                recipe: recipes::of_sets(&edits)?,
            });
        }
        Ok(jobs)
    }

    fn full_run<'a>(&self, photo: &'a Photo, job: &'a Job, cancel: &'a Cancel) -> FullRun<'a> {
        FullRun {
            photo,
            recipe: &job.recipe,
            output: OutputChoice::default(),
            kind: RunKind::Bench,
            tile_px: self.tile,
            hashes_output: false,
            cancel,
            listener: None,
        }
    }

    fn measure(&self, photo: &Photo, job: &Job, cancel: &Cancel) -> Result<Vec<Row>, Failure> {
        let choices = self.choices();
        let bench = Bench {
            full_run: self.full_run(photo, job, cancel),
            choices: &choices,
            n_runs: usize::from(self.runs),
        };
        let progress = Progress::new();
        progress.begin("measuring");
        let engines = Engines::new(worker_program());
        let measured = bench.run(&engines, &|share| progress.share(share));
        progress.end();
        drop(engines);
        let measured = measured?;
        let ratios: Vec<_> = measured
            .iter()
            .map(|one| one.against_single(&measured))
            .collect();
        let rows = measured
            .into_iter()
            .zip(ratios)
            .map(|(measured, against_single)| Row {
                what: job.what.clone(),
                peak_bytes: (!cancel.is_stopped())
                    .then(|| self.memory_of(job, measured.choice))
                    .flatten(),
                against_single,
                measured,
            });
        let rows = rows.collect();
        if cancel.is_stopped() {
            return Err(Failure::new(exit::INTERRUPTED, "stopped"));
        }
        Ok(rows)
    }

    /// What the hidden option does in the process made for it.
    fn tell_memory(&self, photo: &Photo, jobs: &[Job], cancel: &Cancel) -> Result<(), Failure> {
        let (Some(job), [choice]) = (jobs.first(), &*self.choices()) else {
            return Err(Failure::new(
                exit::USAGE,
                "memory is measured for one backend at a time",
            ));
        };
        let engines = Engines::new(worker_program());
        let backend = engines.get(*choice).map_err(StudioError::from)?;
        let bytes = peak_memory_bytes(&self.full_run(photo, job, cancel), &*backend)?;
        bytes.map_or(Ok(()), |bytes| print(&format!("{bytes}\n")))
    }

    /// Starts this program anew for one job on one backend; `None` where that cannot be measured.
    fn memory_of(&self, job: &Job, choice: BackendChoice) -> Option<u64> {
        let recipe = recipes::as_temporary_file(&RecipeFile::preset(job.recipe.clone()))?;
        let mut command = Command::new(worker_program().program);
        command
            .arg("bench")
            .arg("--memory-only")
            .arg("--recipe")
            .arg(recipe.path())
            .args([
                "--backends",
                choice.kind.id(),
                "--workers",
                &choice.n_workers.to_string(),
            ])
            .args(self.limits.as_args())
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        if let Some(tile_px) = self.tile {
            command.args(["--tile", &tile_px.to_string()]);
        }
        let output = command.arg("--").arg(&self.photo).output();
        let text = output.ok().filter(|output| output.status.success())?.stdout;
        let bytes = String::from_utf8(text).ok()?.trim().parse().ok();
        if bytes.is_none() {
            warn!("the memory of {} could not be measured", choice.kind.id());
        }
        bytes
    }
}
