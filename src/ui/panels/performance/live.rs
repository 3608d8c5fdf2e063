//! The cores' last minute, renewed so seldom that figures can be read.

use std::collections::VecDeque;

use crate::telemetry::sampler::{self, CpuSample};
use crate::ui::widgets::CoreLoad;

/// What is kept and shown.
const MINUTE_NS: u64 = 60_000_000_000;
/// What "now" is the mean of: a single sample of a tenth of a second has ten steps.
const NOW_NS: u64 = 600_000_000;

/// What is shown of the cores.
#[derive(Debug, Default)]
pub(super) struct Live {
    samples: VecDeque<CpuSample>,
    /// By core; what figures show.
    now: Vec<CoreLoad>,
    mhz: Vec<Option<u32>>,
    /// By core, in columns of equal time, oldest first.
    history: Vec<Vec<Option<CoreLoad>>>,
    /// Columns that the plots have room for.
    pub(super) n_columns: usize,
    renewed_at_s: Option<f64>,
}

impl Live {
    /// Takes new samples where the last ones are `every_s` old; `now_s` is the window's clock, and
    /// `newer_than` gives the samples since a moment on the program's.
    pub(super) fn renew(
        &mut self,
        now_s: f64,
        every_s: f64,
        newer_than: impl FnOnce(u64) -> Vec<CpuSample>,
    ) {
        let is_due = self
            .renewed_at_s
            .is_none_or(|at_s| now_s - at_s >= every_s || now_s < at_s);
        if !is_due {
            return;
        }
        self.renewed_at_s = Some(now_s);
        let last_ns = self.samples.back().map_or(0, |sample| sample.at_ns);
        self.samples.extend(newer_than(last_ns));
        let Some(newest) = self.samples.back() else {
            return;
        };
        let newest_ns = newest.at_ns;
        self.mhz = newest.cores.iter().map(|core| core.mhz).collect();
        let n_cores = newest.cores.len();
        let is_old = |sample: &CpuSample| sample.at_ns + MINUTE_NS < newest_ns;
        while self.samples.front().is_some_and(is_old) {
            self.samples.pop_front();
        }
        let latest = self.samples.iter().rev();
        let latest = latest.take_while(|sample| sample.at_ns + NOW_NS > newest_ns);
        let latest: Vec<&CpuSample> = latest.collect();
        self.now = (0..n_cores)
            .map(|core_idx| mean(&latest, core_idx).unwrap_or_default())
            .collect();
        self.history = history(&self.samples, n_cores, self.n_columns);
    }

    /// Seconds from now until it is time again.
    pub(super) fn due_in_s(&self, now_s: f64, every_s: f64) -> f64 {
        let at_s = self.renewed_at_s.unwrap_or(now_s);
        (at_s + every_s - now_s).clamp(0.0, every_s)
    }

    /// The load of each core now.
    pub(super) fn now(&self) -> &[CoreLoad] {
        &self.now
    }

    /// A core's last minute.
    pub(super) fn history(&self, core_idx: usize) -> &[Option<CoreLoad>] {
        self.history.get(core_idx).map_or(&[], Vec::as_slice)
    }

    pub(super) fn mhz(&self, core_idx: usize) -> Option<u32> {
        self.mhz.get(core_idx).copied().flatten()
    }

    /// Whether the system tells how fast its cores run.
    pub(super) fn has_frequencies(&self) -> bool {
        self.mhz.iter().any(Option::is_some)
    }
}

/// Means of each column. Columns are the clock's own, so that one keeps its height once it is past.
fn history(
    samples: &VecDeque<CpuSample>,
    n_cores: usize,
    n_columns: usize,
) -> Vec<Vec<Option<CoreLoad>>> {
    let mut history = vec![vec![None; n_columns]; n_cores];
    let (Some(newest), false) = (samples.back(), n_columns == 0) else {
        return history;
    };
    let column_ns = MINUTE_NS / n_columns as u64;
    let newest_column = newest.at_ns / column_ns;
    let mut samples = samples.iter().peekable();
    while let Some(first) = samples.next() {
        let column = first.at_ns / column_ns;
        let mut of_column = vec![first];
        while let Some(next) = samples.next_if(|next| next.at_ns / column_ns == column) {
            of_column.push(next);
        }
        let age = (newest_column - column) as usize;
        let Some(place) = n_columns.checked_sub(age + 1) else {
            continue;
        };
        for (core_idx, columns) in history.iter_mut().enumerate() {
            columns[place] = mean(&of_column, core_idx);
        }
    }
    history
}

fn mean(samples: &[&CpuSample], core_idx: usize) -> Option<CoreLoad> {
    let mut sum = CoreLoad::default();
    let mut n = 0.0_f32;
    for core in samples.iter().filter_map(|it| it.cores.get(core_idx)) {
        let split = split(core);
        sum.ours += split.ours;
        sum.workers += split.workers;
        sum.rest += split.rest;
        n += 1.0;
    }
    (n > 0.0).then(|| CoreLoad {
        ours: sum.ours / n,
        workers: sum.workers / n,
        rest: sum.rest / n,
    })
}

fn split(core: &sampler::CoreLoad) -> CoreLoad {
    let own = core.own.unwrap_or(0.0).min(core.load);
    let workers = core.workers.unwrap_or(0.0).min(own);
    CoreLoad {
        ours: own - workers,
        workers,
        rest: core.load - own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at_ms: u64, load: f32, own: f32, workers: f32) -> CpuSample {
        CpuSample {
            at_ns: at_ms * 1_000_000,
            cores: vec![sampler::CoreLoad {
                core: 0,
                load,
                own: Some(own),
                workers: Some(workers),
                mhz: Some(3400),
            }],
            ..CpuSample::default()
        }
    }

    #[test]
    fn a_column_is_the_mean_of_its_time_and_gaps_stay_empty() {
        let samples = [
            sample(59_100, 1.0, 0.5, 0.25),
            sample(59_900, 0.5, 0.5, 0.25),
            sample(61_000, 0.25, 0.0, 0.0),
        ];
        let history = history(&samples.into(), 1, 60);
        let first = CoreLoad {
            ours: 0.25,
            workers: 0.25,
            rest: 0.25,
        };
        let last = CoreLoad {
            rest: 0.25,
            ..CoreLoad::default()
        };
        assert_eq!(history[0][57..], [Some(first), None, Some(last)]);
    }

    #[test]
    fn figures_change_at_most_four_times_a_second() {
        let mut live = Live::default();
        let mut n_taken = 0;
        for frame in 0..60 {
            live.renew(f64::from(frame) / 60.0, 0.25, |_| {
                n_taken += 1;
                Vec::new()
            });
        }
        assert_eq!(n_taken, 4);
        assert!(live.due_in_s(1.0, 0.25) <= 0.25);
    }

    #[test]
    fn only_new_samples_are_asked_for_and_a_minute_is_kept() {
        let mut live = Live {
            n_columns: 60,
            ..Live::default()
        };
        live.renew(0.0, 0.25, |since_ns| {
            assert_eq!(since_ns, 0);
            vec![sample(1000, 1.0, 1.0, 0.0)]
        });
        live.renew(1.0, 0.25, |since_ns| {
            assert_eq!(since_ns, 1_000_000_000);
            vec![sample(70_000, 0.5, 0.5, 0.5)]
        });
        assert_eq!(live.samples.len(), 1);
        assert_eq!(live.now()[0].workers, 0.5);
        assert_eq!(live.mhz(0), Some(3400));
    }
}
