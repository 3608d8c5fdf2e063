//! `bench --scaling`: one edit at one, two, … workers on every backend, as a table and as a chart.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use comfy_table::{CellAlignment, Table};

use super::report::check_target;
use super::table::STYLE;
use crate::cli::apply::worker_program;
use crate::cli::exit::{self, Failure};
use crate::cli::print::print;
use crate::cli::progress::Progress;
use crate::studio::StudioError;
use crate::studio::bench::{Job, Scene};
use crate::studio::engines::{Engines, n_cores};
use crate::studio::lab::advice::Advice;
use crate::studio::lab::{Lab, Point, Scaling, chart, worker_counts};
use crate::system::atomic_save::{Existing, SaveError, SaveErrorKind, save};

#[derive(Debug, Args)]
#[command(next_help_heading = "Scaling")]
pub(super) struct ScalingOptions {
    /// Measure the first job at 1 … all cores and beyond on every backend (--workers names others)
    #[arg(long, conflicts_with_all = ["suite", "backends", "overhead"])]
    scaling: bool,

    /// Write the chart of --scaling as SVG
    #[arg(long, value_name = "FILE", requires = "scaling")]
    svg: Option<PathBuf>,

    /// Write the chart of --scaling as PNG
    #[arg(long, value_name = "FILE", requires = "scaling")]
    png: Option<PathBuf>,
}

impl ScalingOptions {
    pub(super) const fn is_asked(&self) -> bool {
        self.scaling
    }

    /// Before anything is measured: whether the charts can be written at all.
    pub(super) fn check(&self, photo: &Path) -> Result<(), Failure> {
        let mut files = [&self.svg, &self.png].into_iter().flatten();
        files.try_for_each(|file| check_target(file, photo))
    }

    /// `counts`: empty for the usual ones; `json`: where the points go, `-` for stdout.
    pub(super) fn measure(
        &self,
        scene: Scene<'_>,
        jobs: &[Job],
        counts: &[usize],
        (n_rounds, json): (usize, Option<&Path>),
    ) -> Result<(), Failure> {
        let Some(recipe) = jobs.iter().find_map(|job| job.work.recipe()) else {
            return Err(Failure::new(exit::USAGE, "there is no recipe to measure"));
        };
        let n_cores = n_cores();
        let worker_counts = match counts {
            [] => worker_counts(n_cores),
            counts => counts.to_vec(),
        };
        let lab = Lab {
            scene,
            recipe,
            n_cores,
            worker_counts: &worker_counts,
            n_rounds,
        };
        let progress = Progress::new();
        progress.begin("measuring");
        let engines = Engines::new(worker_program());
        let measured = lab.run(&engines, &|next| progress.share(next.share_done()));
        progress.end();
        let scaling = measured?;
        if let Some(file) = &self.svg {
            write_file(file, chart::svg(&scaling).as_bytes())?;
        }
        if let Some(file) = &self.png {
            let bytes = chart::png(&scaling)
                .map_err(|error| Failure::new(exit::OTHER, format!("cannot draw: {error}")))?;
            write_file(file, &bytes)?;
        }
        match json {
            Some(file) if file == Path::new("-") => print(&as_json(&scaling)?),
            Some(file) => {
                print(&table(&scaling))?;
                write_file(file, as_json(&scaling)?.as_bytes())
            }
            None => print(&table(&scaling)),
        }
    }
}

/// `{"version":1,"machine":{…},"scaling":{…}}`, described in the README.
fn as_json(scaling: &Scaling) -> Result<String, Failure> {
    let report = serde_json::json!({
        "version": 1,
        "machine": crate::telemetry::machine::Machine::gather(),
        "scaling": scaling,
        "advice": Advice::of(scaling).map(|advice| advice.words()),
        "fits": scaling.series.iter().map(|series| {
            let fit = series.fit(scaling.n_cores);
            serde_json::json!({
                "series": series.label(),
                "serial_share": fit.map(|fit| fit.serial_share),
                "rms_error": fit.map(|fit| fit.rms_error),
                "knee_workers": series.knee(&scaling.single),
                "recommended_workers": series.recommended().map(|point| point.n_workers),
            })
        }).collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&report)
        .map_err(|error| Failure::new(exit::OTHER, format!("cannot write JSON: {error}")))?;
    Ok(format!("{text}\n"))
}

fn write_file(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let saved: Result<(), SaveError> = save(file, Existing::Replace, |target| {
        target.write_all(bytes).map_err(|source| SaveError {
            kind: SaveErrorKind::of(&source),
            path: file.to_owned(),
            source,
        })
    });
    saved.map_err(|error| StudioError::from(error).into())
}

fn table(scaling: &Scaling) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_header([
        "way",
        "workers",
        "min ms",
        "median ms",
        "speed-up",
        "efficiency",
        "of ceiling",
    ]);
    table.add_row(cells(scaling, "single", &scaling.single));
    for series in &scaling.series {
        for point in &series.points {
            table.add_row(cells(scaling, &series.label(), point));
        }
    }
    for point in &scaling.ceiling {
        table.add_row(cells(scaling, "ceiling", point));
    }
    for column_idx in 1..7 {
        if let Some(column) = table.column_mut(column_idx) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let fits: Vec<String> = scaling
        .series
        .iter()
        .map(|series| fit_line(scaling, series))
        .collect();
    let advice = Advice::of(scaling).map_or_else(String::new, |advice| advice.words());
    let verdict = if scaling.is_identical {
        "all outputs are identical"
    } else {
        "OUTPUTS DIFFER: please report this"
    };
    format!("{table}\n{}\n{advice}\n{verdict}\n", fits.join("\n"))
}

fn fit_line(scaling: &Scaling, series: &crate::studio::lab::Series) -> String {
    let fit = match series.fit(scaling.n_cores) {
        Some(fit) => format!(
            "{:.1} % serial by Amdahl's law ({} points, error {:.1} %)",
            fit.serial_share * 100.0,
            fit.n_points,
            fit.rms_error * 100.0
        ),
        None => "no fit: it takes three numbers of workers within the cores".to_owned(),
    };
    let knee = match series.knee(&scaling.single) {
        Some(n_workers) => format!("knee at {n_workers}"),
        None => "no knee".to_owned(),
    };
    format!("{}: {fit}, {knee}", series.label())
}

fn cells(scaling: &Scaling, way: &str, point: &Point) -> [String; 7] {
    let ms = |ns: u64| format!("{:.1}", ns as f64 / 1e6);
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let unknown = || "n/a".to_owned();
    let speedup = scaling.speedup(point);
    let ceiling = scaling.ceiling_speedup(point.n_workers);
    let of_ceiling = speedup
        .zip(ceiling)
        .map(|(speedup, ceiling)| speedup / ceiling);
    [
        way.to_owned(),
        point.n_workers.to_string(),
        ms(point.min_ns()),
        ms(point.median_ns()),
        speedup.map_or_else(unknown, |speedup| format!("{speedup:.2}")),
        scaling.efficiency(point).map_or_else(unknown, percent),
        of_ceiling.map_or_else(unknown, percent),
    ]
}
