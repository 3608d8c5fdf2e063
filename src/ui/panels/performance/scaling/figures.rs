//! A lab's points as curves of one figure: time, speed-up or efficiency, over workers.

use crate::studio::engines::Transport;
use crate::studio::lab::{Point, Scaling, Series};
use crate::ui::theme::mark::BackendMark;

use super::super::marks;

/// What the chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Figure {
    Time,
    #[default]
    Speedup,
    Efficiency,
}

impl Figure {
    pub(super) const ALL: [Self; 3] = [Self::Time, Self::Speedup, Self::Efficiency];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Speedup => "Speed-up",
            Self::Efficiency => "Efficiency",
        }
    }

    /// As the axis and the tips write it.
    pub(super) fn written(self, value: f64) -> String {
        match self {
            Self::Time => crate::ui::panels::figures::duration(value as u64),
            Self::Speedup => format!("{value:.2}×"),
            Self::Efficiency => format!("{:.0} %", value * 100.0),
        }
    }

    /// Of a run that took `time_ns` with so many workers, where one core takes `single_ns`.
    fn of(self, single_ns: f64, (n_workers, time_ns): (f64, f64)) -> f64 {
        match self {
            Self::Time => time_ns,
            Self::Speedup => single_ns / time_ns,
            Self::Efficiency => single_ns / time_ns / n_workers,
        }
    }
}

/// What a curve stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stroked {
    /// Measured: points and a line; `is_hollow` tells apart what has the backend in common.
    Measured { mark: BackendMark, is_hollow: bool },
    /// As many times as fast as workers there are, up to the cores.
    Ideal,
    /// So many single-core runs side by side.
    Ceiling,
    /// Amdahl's law through the points.
    Fit(BackendMark),
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    pub(super) label: String,
    pub(super) stroked: Stroked,
    /// Workers and the figure, in order of workers.
    pub(super) points: Vec<(f64, f64)>,
    /// The last number of workers that was worth it.
    pub(super) knee: Option<usize>,
    pub(super) recommended: Option<usize>,
}

/// Background first: ideal, ceiling, fits, then what was measured.
pub(super) fn curves(scaling: &Scaling, figure: Figure) -> Vec<Curve> {
    let single_ns = scaling.single.median_ns() as f64;
    let most = most_workers(scaling);
    let plain = |label: &str, stroked, points| Curve {
        label: label.to_owned(),
        stroked,
        points,
        knee: None,
        recommended: None,
    };
    let of = |n_workers: f64, time_ns: f64| (n_workers, figure.of(single_ns, (n_workers, time_ns)));
    let mut curves = Vec::new();
    let n_cores = scaling.n_cores as f64;
    let ideal = steps(most).map(|n| of(n, single_ns / n.min(n_cores)));
    curves.push(plain("ideal", Stroked::Ideal, ideal.collect()));
    let ceiling = measured(&scaling.ceiling)
        .map(|(n, ns)| of(n, ns))
        .collect();
    curves.push(plain("this machine at best", Stroked::Ceiling, ceiling));
    for series in &scaling.series {
        let mark = marks::of_kind(series.backend);
        if let Some(fit) = series.fit(scaling.n_cores) {
            let fitted = steps(most.min(scaling.n_cores)).map(|n| of(n, fit.time_ns(n)));
            let serial = fit.serial_share * 100.0;
            let label = format!("{}: Amdahl, {serial:.0} % serial", series.label());
            curves.push(plain(&label, Stroked::Fit(mark), fitted.collect()));
        }
    }
    for series in &scaling.series {
        curves.push(Curve {
            label: series.label(),
            stroked: Stroked::Measured {
                mark: marks::of_kind(series.backend),
                is_hollow: series.transport.as_deref() == Some(Transport::SharedMemory.id()),
            },
            points: measured(&series.points).map(|(n, ns)| of(n, ns)).collect(),
            knee: series.knee(&scaling.single),
            recommended: series.recommended().map(|point| point.n_workers),
        });
    }
    curves.retain(|curve| !curve.points.is_empty());
    curves
}

fn measured(points: &[Point]) -> impl Iterator<Item = (f64, f64)> {
    let times = points
        .iter()
        .map(|point| (point.n_workers as f64, point.median_ns() as f64));
    times.filter(|(_, ns)| *ns > 0.0)
}

/// The most workers of any series.
pub(super) fn most_workers(scaling: &Scaling) -> usize {
    let of_series = |series: &Series| series.points.iter().map(|point| point.n_workers).max();
    let most = scaling.series.iter().filter_map(of_series).max();
    most.unwrap_or(1).max(scaling.n_cores).max(2)
}

/// Close enough for a smooth curve.
fn steps(most: usize) -> impl Iterator<Item = f64> {
    let n_steps = 64;
    (0..=n_steps).map(move |step| 1.0 + (most as f64 - 1.0) * f64::from(step) / f64::from(n_steps))
}
