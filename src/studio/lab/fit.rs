//! What a row of times tells: Amdahl's law, the knee, and how many workers are enough.

/// Times within so much of the best one are as good.
const AS_GOOD: f64 = 1.05;

/// A further worker must bring at least this much of itself.
const WORTH: f64 = 0.5;

/// Fewest points a law of two unknowns can be doubted by.
const MIN_POINTS: usize = 3;

/// `T(n) = T(1) · (s + (1 − s) / n)`, fitted to measured times (G. Amdahl, 1967).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AmdahlFit {
    /// Time of one worker by the fit, nanoseconds.
    pub single_ns: f64,
    /// What more workers do not shorten, 0…1 of `single_ns`.
    pub serial_share: f64,
    /// Root mean square of the points' relative distance from the curve.
    pub rms_error: f64,
    pub n_points: usize,
}

impl AmdahlFit {
    /// Time by the fit, nanoseconds.
    #[must_use]
    pub fn time_ns(&self, n_workers: f64) -> f64 {
        let shared = (1.0 - self.serial_share) / n_workers.max(1.0);
        self.single_ns * (self.serial_share + shared)
    }

    /// However many workers: no more than this many times as fast. Infinite without a serial share.
    #[must_use]
    pub fn limit(&self) -> f64 {
        1.0 / self.serial_share
    }
}

/// Through (workers, time), each point weighing by its relative error; `None` for fewer than three
/// numbers of workers, which say nothing about whether the law holds.
#[must_use]
pub fn amdahl(times: &[(usize, f64)]) -> Option<AmdahlFit> {
    let points: Vec<(f64, f64)> = times
        .iter()
        .filter(|(n_workers, time)| *n_workers > 0 && *time > 0.0)
        .map(|(n_workers, time)| (1.0 / *n_workers as f64, *time))
        .collect();
    let mut distinct: Vec<usize> = times.iter().map(|(n_workers, _)| *n_workers).collect();
    distinct.sort_unstable();
    distinct.dedup();
    if points.len() < MIN_POINTS || distinct.len() < MIN_POINTS {
        return None;
    }
    // T = a + b·x with x = 1/n, weights 1/T²: the normal equations of two unknowns.
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        points
            .iter()
            .map(|(x, time)| term(*x, *time) / (time * time))
            .sum()
    };
    let (w, wx, wxx) = (sum(&|_, _| 1.0), sum(&|x, _| x), sum(&|x, _| x * x));
    let (wt, wxt) = (sum(&|_, time| time), sum(&|x, time| x * time));
    let determinant = w * wxx - wx * wx;
    let (mut serial, mut shared) = (
        (wxx * wt - wx * wxt) / determinant,
        (w * wxt - wx * wt) / determinant,
    );
    // Neither part of a time is negative: then the other one explains it alone.
    if serial < 0.0 {
        (serial, shared) = (0.0, wxt / wxx);
    } else if shared < 0.0 {
        (serial, shared) = (wt / w, 0.0);
    }
    let single_ns = serial + shared;
    let squares = points
        .iter()
        .map(|(x, time)| ((serial + shared * x) / time - 1.0).powi(2));
    let mean_square = squares.sum::<f64>() / points.len() as f64;
    single_ns.is_finite().then_some(AmdahlFit {
        single_ns,
        serial_share: serial / single_ns,
        rms_error: mean_square.sqrt(),
        n_points: points.len(),
    })
}

/// The last number of workers up to which every further one brought at least half of a core; `None`
/// where that never ended. `times` in order of workers; `single_time`: of one core.
#[must_use]
pub fn knee(times: &[(usize, f64)], single_time: f64) -> Option<usize> {
    let ends = |pair: &[(usize, f64)]| {
        let (before, after) = (pair[0], pair[1]);
        let gain = single_time / after.1 - single_time / before.1;
        let n_more = after.0.saturating_sub(before.0).max(1) as f64;
        gain / n_more < WORTH
    };
    let found = times.windows(2).find(|pair| ends(pair));
    found.map(|pair| pair[0].0)
}

/// The fewest workers whose time is within 5 % of the best; `None` without times.
#[must_use]
pub fn recommended(times: &[(usize, f64)]) -> Option<usize> {
    let best = times.iter().map(|(_, time)| *time).reduce(f64::min)?;
    let good = times.iter().filter(|(_, time)| *time <= best * AS_GOOD);
    good.map(|(n_workers, _)| *n_workers).min()
}
