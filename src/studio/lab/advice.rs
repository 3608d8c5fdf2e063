//! How to run this edit on this machine, and why: read off the measured points alone.

use std::fmt::Write as _;

use crate::studio::engines::BackendKind;

use super::points::{Point, Scaling, Series};

/// Ways within so much of the fastest are as good: the simpler one is advised.
const AS_GOOD: f64 = 1.03;

/// Runs that differ by so much are no good measure.
const NOISY: f64 = 0.15;

/// A serial share worth mentioning.
const SERIAL: f64 = 0.05;

/// A ceiling this far below the number of cores is worth mentioning.
const LOW_CEILING: f64 = 0.85;

/// What keeps a way from being faster still.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// So many independent runs side by side do no better: cores share memory or arithmetic units.
    Machine { n_workers: usize, ceiling: f64 },
    /// So much of the work is not shared out, by the fit.
    Serial { share: f64 },
    /// Worker processes take so much longer than threads, for so many bytes travel.
    Transport { share_longer: f64, bytes_moved: u64 },
    /// Threads with one lock do no better than one worker.
    Lock { speedup: f64 },
}

/// The way and the number of workers to take.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    pub backend: BackendKind,
    pub n_workers: usize,
    pub speedup: f64,
    /// Of what so many workers can do at best; `None` where not measured.
    pub ceiling_share: Option<f64>,
    pub limits: Vec<Limit>,
    /// Longest less shortest run of one core, over the median; `None` for fewer than two runs.
    pub spread: Option<f64>,
}

impl Advice {
    /// `None` where nothing was measured to compare.
    #[must_use]
    pub fn of(scaling: &Scaling) -> Option<Self> {
        let single = (BackendKind::Single, &scaling.single);
        let best_of = |series: &Series| Some((series.backend, series.recommended()?.clone()));
        let ways: Vec<(BackendKind, Point)> = std::iter::once((single.0, single.1.clone()))
            .chain(scaling.series.iter().filter_map(best_of))
            .filter(|(_, point)| point.median_ns() > 0)
            .collect();
        let best_ns = ways.iter().map(|(_, point)| point.median_ns()).min()? as f64;
        // In the order of the switch: simpler ways first.
        let (backend, point) = ways
            .into_iter()
            .find(|(_, point)| point.median_ns() as f64 <= best_ns * AS_GOOD)?;
        let ceiling = scaling.ceiling_speedup(point.n_workers);
        let speedup = scaling.speedup(&point)?;
        Some(Self {
            backend,
            n_workers: point.n_workers,
            speedup,
            ceiling_share: ceiling.map(|ceiling| speedup / ceiling),
            limits: limits(scaling, backend, point.n_workers),
            spread: scaling.single.spread(),
        })
    }

    /// Two or three sentences for people.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = match self.backend {
            BackendKind::Single => "One worker is as fast as any number of them here.".to_owned(),
            backend => format!(
                "Use {} with {}: {:.1} times as fast as one core",
                backend.id(),
                workers(self.n_workers),
                self.speedup
            ),
        };
        if self.backend != BackendKind::Single {
            match self.ceiling_share {
                Some(share) if share >= 0.995 => words.push_str(", all that this machine can do"),
                Some(share) => {
                    let percent = share * 100.0;
                    // Writing to a string cannot fail.
                    write!(words, ", {percent:.0} % of what this machine can do").ok();
                }
                None => {}
            }
            words.push('.');
        }
        for limit in &self.limits {
            words.push(' ');
            words += &limit.words();
        }
        if let Some(spread) = self.spread.filter(|spread| *spread >= NOISY) {
            write!(
                words,
                " But times of one core varied by {:.0} %: something else wanted the cores, so measure \
                 again when it is quiet.",
                spread * 100.0
            )
            .ok();
        }
        words
    }
}

impl Limit {
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Machine { n_workers, ceiling } => format!(
                "{n_workers} independent runs side by side get through {ceiling:.1} times the work of \
                 one: the cores share memory or parts of a core."
            ),
            Self::Serial { share } => format!(
                "{:.0} % of the work is not shared out, so no number of workers makes it more than \
                 {:.0} times as fast.",
                share * 100.0,
                1.0 / share
            ),
            Self::Transport {
                share_longer,
                bytes_moved,
            } => format!(
                "Processes take {:.0} % longer: {:.0} MB travel between them.",
                share_longer * 100.0,
                *bytes_moved as f64 / 1e6
            ),
            Self::Lock { speedup } => format!(
                "With one lock all workers together are {speedup:.1} times as fast as one: only its \
                 holder computes."
            ),
        }
    }
}

fn workers(n: usize) -> String {
    if n == 1 {
        "one worker".to_owned()
    } else {
        format!("{n} workers")
    }
}

fn limits(scaling: &Scaling, backend: BackendKind, n_workers: usize) -> Vec<Limit> {
    let mut limits = Vec::new();
    let of_kind = |kind| {
        scaling
            .series
            .iter()
            .filter(move |series| series.backend == kind)
    };
    if let Some(ceiling) = scaling.ceiling_speedup(n_workers) {
        let within = n_workers.min(scaling.n_cores).max(1) as f64;
        if n_workers > 1 && ceiling < LOW_CEILING * within {
            limits.push(Limit::Machine { n_workers, ceiling });
        }
    }
    let fit = of_kind(backend).find_map(|series| series.fit(scaling.n_cores));
    if let Some(share) = fit
        .map(|fit| fit.serial_share)
        .filter(|share| *share >= SERIAL)
    {
        limits.push(Limit::Serial { share });
    }
    let best = |kind| {
        let points = of_kind(kind).filter_map(|series| series.recommended());
        points.min_by_key(|point| point.median_ns())
    };
    if let (Some(threads), Some(processes)) =
        (best(BackendKind::Threads), best(BackendKind::Processes))
    {
        let share_longer = processes.median_ns() as f64 / threads.median_ns().max(1) as f64 - 1.0;
        if share_longer > 0.1 {
            limits.push(Limit::Transport {
                share_longer,
                bytes_moved: processes.bytes_moved,
            });
        }
    }
    let locked = of_kind(BackendKind::GlobalLock).filter_map(|series| series.points.last());
    if let Some(speedup) = locked
        .filter_map(|point| scaling.speedup(point))
        .reduce(f64::max)
    {
        limits.push(Limit::Lock { speedup });
    }
    limits
}
