//! Measuring: every way at every number of workers, in rounds, so that a machine growing warm or busy
//! is nobody's luck.

use std::time::Duration;

use crate::pixels::geometry::Rect;
use crate::recipe::Recipe;
use crate::studio::StudioError;
use crate::studio::bench::{Bench, Contender, Measured, NextRun, Scene, Work};
use crate::studio::engines::{BackendChoice, BackendKind, Engines, Transport};
use crate::studio::job_key::job_key;

use super::points::{Point, Scaling, Series};

/// Most numbers of workers measured: beyond, only powers of two.
const MAX_COUNTS: usize = 10;

/// One edit to measure.
pub struct Lab<'a> {
    pub scene: Scene<'a>,
    pub recipe: &'a Recipe,
    pub n_cores: usize,
    pub worker_counts: &'a [usize],
    /// Counted runs of each point, at least 1.
    pub n_rounds: usize,
}

/// 1 … cores, and beyond to show what more workers than cores do.
#[must_use]
pub fn worker_counts(n_cores: usize) -> Vec<usize> {
    let n_cores = n_cores.max(1);
    let powers = (0..usize::BITS - 1).map(|exponent| 1_usize << exponent);
    let powers: Vec<usize> = powers.take_while(|n| *n < n_cores).collect();
    let between = powers.iter().map(|n| n + n / 2).filter(|n| *n < n_cores);
    let ends = [n_cores, (3 * n_cores).div_ceil(2), 2 * n_cores];
    let sorted = |mut counts: Vec<usize>| {
        counts.sort_unstable();
        counts.dedup();
        counts
    };
    let all = sorted(powers.iter().copied().chain(between).chain(ends).collect());
    if all.len() <= MAX_COUNTS {
        return all;
    }
    sorted(powers.into_iter().chain(ends).collect())
}

impl Lab<'_> {
    /// Measures everything; `on_run` hears of each run before it begins.
    ///
    /// # Errors
    /// The first run that fails, or a stop.
    pub fn run(&self, engines: &Engines, on_run: &dyn Fn(NextRun)) -> Result<Scaling, StudioError> {
        let work = Work::Edit(self.recipe.clone());
        let contenders = self.contenders();
        let bench = Bench {
            scene: self.scene,
            work: &work,
            contenders: &contenders,
            n_runs: self.n_rounds.max(1),
            listener: None,
        };
        let measured = bench.run(engines, on_run)?;
        let full_run = self.scene.full_run(self.recipe);
        let plan = full_run.plan()?;
        let region = Rect::of(plan.output_size());
        let photo = self.scene.photo;
        let hashes = || measured.iter().map(|one| one.output_sha256.as_ref());
        Ok(Scaling {
            photo: photo.name(),
            megapixels: region.size().megapixels(),
            recipe: self.recipe.to_toml(),
            job_key: job_key(&photo.sha256, &plan, region, Duration::ZERO),
            n_cores: self.n_cores,
            single: single_of(&measured),
            series: series_of(&measured),
            ceiling: ceiling_of(&measured),
            is_identical: hashes().all(|hash| hash.is_some() && hash == hashes().next().flatten()),
        })
    }

    fn contenders(&self) -> Vec<Contender> {
        let counts = || self.worker_counts.iter().copied();
        let of_kind = |kind: BackendKind| {
            counts().map(move |n| Contender::Backend(BackendChoice::new(kind, n)))
        };
        let side_by_side = counts()
            .filter(|n| *n <= self.n_cores)
            .map(|n_workers| Contender::Ceiling { n_workers });
        let processes = Transport::ALL.into_iter().flat_map(|transport| {
            let by =
                move |n| BackendChoice::new(BackendKind::Processes, n).with_transport(transport);
            counts().map(move |n| Contender::Backend(by(n)))
        });
        std::iter::once(Contender::YARDSTICK)
            .chain(of_kind(BackendKind::Threads))
            .chain(processes)
            .chain(of_kind(BackendKind::GlobalLock))
            .chain(side_by_side)
            .collect()
    }
}

fn point_of(measured: &Measured) -> Point {
    let median = measured.median();
    Point {
        n_workers: measured.contender.n_workers(),
        runs_ns: measured.laps.iter().map(|lap| lap.wall_ns).collect(),
        cpu_ns: median.and_then(|lap| lap.cpu_ns),
        bytes_moved: median.map_or(0, |lap| lap.bytes_moved),
    }
}

fn single_of(measured: &[Measured]) -> Point {
    let single = measured
        .iter()
        .find(|one| one.contender == Contender::YARDSTICK);
    single.map(point_of).unwrap_or_default()
}

fn ceiling_of(measured: &[Measured]) -> Vec<Point> {
    let is_ceiling = |one: &&Measured| matches!(one.contender, Contender::Ceiling { .. });
    measured.iter().filter(is_ceiling).map(point_of).collect()
}

fn series_of(measured: &[Measured]) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for one in measured {
        let Contender::Backend(choice) = one.contender else {
            continue;
        };
        if choice.kind == BackendKind::Single {
            continue;
        }
        let transport = one.transport.map(str::to_owned);
        let is_it = |it: &Series| it.backend == choice.kind && it.transport == transport;
        let idx = all.iter().position(is_it).unwrap_or_else(|| {
            all.push(Series {
                backend: choice.kind,
                transport,
                points: Vec::new(),
            });
            all.len() - 1
        });
        all[idx].points.push(point_of(one));
    }
    all
}
