//! The command: its flags, and the way from them to a report.

use std::path::{Path, PathBuf};

use clap::Args;

use super::contenders::{ContenderArg, contenders};
use super::report::{self, Report, Row};
use super::scaling::ScalingOptions;
use super::suites::Suite;
use super::table;
use super::{memory, overhead};
use crate::backend::cancel::Cancel;
use crate::cli::apply::worker_program;
use crate::cli::exit::{self, Failure};
use crate::cli::history::HistoryOptions;
use crate::cli::options::{LimitOptions, TransportArg, tile_parser, workers_parser};
use crate::cli::print::{print, print_json};
use crate::cli::progress::Progress;
use crate::cli::{recipes, stop};
use crate::codecs::Watch;
use crate::recipe::Recipe;
use crate::studio::Photo;
use crate::studio::bench::{Bench, Contender, Job, Scene, Work};
use crate::studio::engines::{Engines, n_cores};

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
  parallax bench photo.jpg --scaling --svg scaling.svg --png scaling.png
  parallax bench photo.jpg --suite peers --backends single,threads,ceiling --json bench.json

Everyone is warmed up once; then all run in turn. Times are from decoded pixels in memory to output
pixels in memory that is in use already: no disk, and no codec but where decoding or encoding is the
work. Memory is measured apart, in a process of its own.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct BenchArgs {
    /// The photo to measure with
    #[arg(value_name = "IN")]
    photo: PathBuf,

    /// A recipe to measure; may be given several times
    #[arg(long = "recipe", value_name = "FILE")]
    recipes: Vec<PathBuf>,

    /// A filter to measure; may be given several times
    #[arg(long = "filter", value_name = "NAME[,PARAM=VALUE…]")]
    filters: Vec<String>,

    /// A set of jobs
    #[arg(long, value_enum)]
    suite: Option<Suite>,

    /// Who competes, separated by commas
    #[arg(long, value_enum, value_name = "LIST", value_delimiter = ',', default_values_t =
        [ContenderArg::Single, ContenderArg::Threads, ContenderArg::Processes, ContenderArg::Ceiling])]
    backends: Vec<ContenderArg>,

    /// How pixels travel to worker processes, separated by commas; processes run once with each
    #[arg(long = "transport", value_enum, value_name = "LIST", value_delimiter = ',',
        default_values_t = [TransportArg::Pipes])]
    transports: Vec<TransportArg>,

    /// How many workers, separated by commas; everyone runs with each [default: all cores]
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

    /// Tell what measuring itself costs: the first job on one core in small tiles, measured and not
    #[arg(long, conflicts_with_all = ["json", "suite", "backends", "workers"])]
    overhead: bool,

    #[command(flatten)]
    limits: LimitOptions,

    #[command(flatten)]
    scaling: ScalingOptions,

    #[command(flatten)]
    history: HistoryOptions,

    /// Run the one recipe on the one backend, print the most memory seen, in bytes
    #[arg(long, hide = true)]
    memory_only: bool,
}

impl BenchArgs {
    pub(in crate::cli) fn run(&self, cancel: &Cancel) -> Result<(), Failure> {
        stop::on_signals(cancel);
        if let Some(file) = &self.json {
            report::check_target(file, &self.photo)?;
        }
        self.scaling.check(&self.photo)?;
        let jobs = self.jobs()?;
        let limits = self.limits.limits();
        let (decoder, watch) = (self.limits.decoder(), Watch::cancel(cancel.flag()));
        let photo = Photo::load(&decoder, &self.photo, &limits, &watch)?;
        let scene = Scene {
            photo: &photo,
            limits: &limits,
            decoder: Some(&decoder),
            tile_px: self.tile,
            cancel,
        };
        let contenders = self.contenders();
        if self.memory_only {
            return memory::tell(&scene, &jobs, &contenders);
        }
        if self.scaling.is_asked() {
            let counts: Vec<usize> = self.workers.iter().map(|n| usize::from(*n)).collect();
            let how = (usize::from(self.runs), self.json.as_deref());
            return self.scaling.measure(scene, &jobs, &counts, how);
        }
        if self.overhead {
            return overhead::tell(&scene, &jobs, usize::from(self.runs));
        }
        let mut rows = Vec::new();
        for job in &jobs {
            rows.extend(self.measure(scene, job, &contenders)?);
        }
        let report = Report::new(&self.photo, &photo, self.suite.map(Suite::id), rows);
        match &self.json {
            Some(file) if file == Path::new("-") => print_json(&report),
            Some(file) => {
                print(&table::text(&report))?;
                report.save(file)
            }
            None => print(&table::text(&report)),
        }
    }

    fn contenders(&self) -> Vec<Contender> {
        let mut counts: Vec<usize> = self.workers.iter().map(|n| usize::from(*n)).collect();
        if counts.is_empty() {
            counts.push(n_cores());
        }
        let transports: Vec<_> = self.transports.iter().map(|way| way.transport()).collect();
        contenders(&self.backends, &counts, &transports)
    }

    fn jobs(&self) -> Result<Vec<Job>, Failure> {
        let job = |what: String, recipe: Recipe| Job {
            what,
            work: Work::Edit(recipe),
        };
        let mut jobs = Vec::new();
        for file in &self.recipes {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            jobs.push(job(stem.into_owned(), recipes::of_file(file)?));
        }
        for filter in &self.filters {
            jobs.push(job(filter.clone(), recipes::of_filter(filter)?));
        }
        if let Some(suite) = self.suite {
            jobs.extend(suite.jobs()?);
        } else if jobs.is_empty() {
            let edits = recipes::of_sets(&USUAL_EDITS.map(str::to_owned))?;
            jobs.push(job("six edits".to_owned(), edits));
        }
        Ok(jobs)
    }

    fn measure(
        &self,
        scene: Scene<'_>,
        job: &Job,
        contenders: &[Contender],
    ) -> Result<Vec<Row>, Failure> {
        let bench = Bench {
            scene,
            work: &job.work,
            contenders,
            n_runs: usize::from(self.runs),
            listener: None,
        };
        let progress = Progress::new();
        progress.begin("measuring");
        let engines = Engines::new(worker_program());
        let measured = bench.run(&engines, &|next| progress.share(next.share_done()));
        progress.end();
        drop(engines);
        let measured = measured?;
        // A suite's report is its record; its hundreds of rows would drown everything else.
        if self.suite.is_none() {
            self.history.keep_measured(&measured);
        }
        let mut rows = Vec::new();
        for one in &measured {
            if scene.cancel.is_stopped() {
                return Err(Failure::new(exit::INTERRUPTED, "stopped"));
            }
            let contender = one.contender;
            rows.push(Row {
                what: job.what.clone(),
                standing: one.standing(&measured),
                peak_bytes: memory::of(&self.photo, job, contender, self.tile, &self.limits),
                measured: one.clone(),
            });
        }
        Ok(rows)
    }
}
