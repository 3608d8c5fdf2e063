//! The cores' last minute, in bars of a second, renewed so seldom that figures can be read.

use crate::telemetry::sampler::CpuSample;
use crate::ui::widgets::CoreLoad;

const NS_PER_BAR: u64 = 1_000_000_000;

/// What is shown of the cores.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// By core, oldest first; a bar a second.
    pub(super) history: Vec<Vec<CoreLoad>>,
    renewed_at_s: Option<f64>,
}

impl Live {
    /// Takes new samples where the last ones are `every_s` old; `now_s` is the window's clock.
    pub(super) fn renew(
        &mut self,
        now_s: f64,
        every_s: f64,
        samples: impl FnOnce() -> Vec<CpuSample>,
    ) {
        let is_due = self
            .renewed_at_s
            .is_none_or(|at_s| now_s - at_s >= every_s || now_s < at_s);
        if is_due {
            self.renewed_at_s = Some(now_s);
            self.history = history(&samples());
        }
    }

    /// Seconds from now until it is time again.
    pub(super) fn due_in_s(&self, now_s: f64, every_s: f64) -> f64 {
        let at_s = self.renewed_at_s.unwrap_or(now_s);
        (at_s + every_s - now_s).clamp(0.0, every_s)
    }

    /// The newest load of each core.
    pub(super) fn now(&self) -> Vec<CoreLoad> {
        let newest = |bars: &Vec<CoreLoad>| bars.last().copied().unwrap_or_default();
        self.history.iter().map(newest).collect()
    }
}

/// Means of each second. Seconds are the clock's own, so that a bar keeps its height once it is past.
fn history(samples: &[CpuSample]) -> Vec<Vec<CoreLoad>> {
    let n_cores = samples.iter().map(|sample| sample.cores.len()).max();
    let mut history = vec![Vec::new(); n_cores.unwrap_or_default()];
    let seconds = samples.chunk_by(|a, b| a.at_ns / NS_PER_BAR == b.at_ns / NS_PER_BAR);
    for second in seconds {
        for (core_idx, bars) in history.iter_mut().enumerate() {
            bars.push(mean(second, core_idx));
        }
    }
    history
}

fn mean(samples: &[CpuSample], core_idx: usize) -> CoreLoad {
    let of_core = samples
        .iter()
        .filter_map(|sample| sample.cores.get(core_idx));
    let mut sum = CoreLoad::default();
    let mut n = 0.0_f32;
    for core in of_core {
        let ours = core.own.unwrap_or(0.0).min(core.load);
        sum.ours += ours;
        sum.rest += core.load - ours;
        n += 1.0;
    }
    CoreLoad {
        ours: sum.ours / n.max(1.0),
        rest: sum.rest / n.max(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::sampler;

    fn sample(at_ms: u64, load: f32, own: f32) -> CpuSample {
        CpuSample {
            at_ns: at_ms * 1_000_000,
            cores: vec![sampler::CoreLoad {
                core: 0,
                load,
                own: Some(own),
            }],
            ..CpuSample::default()
        }
    }

    #[test]
    fn a_bar_is_the_mean_of_its_second() {
        let samples = [
            sample(1100, 1.0, 0.5),
            sample(1900, 0.5, 0.5),
            sample(2000, 0.25, 0.0),
        ];
        let history = history(&samples);
        assert_eq!(history.len(), 1);
        assert_eq!(
            history[0][0],
            CoreLoad {
                ours: 0.5,
                rest: 0.25
            }
        );
        assert_eq!(
            history[0][1],
            CoreLoad {
                ours: 0.0,
                rest: 0.25
            }
        );
    }

    #[test]
    fn figures_change_at_most_four_times_a_second() {
        let mut live = Live::default();
        let mut n_taken = 0;
        for frame in 0..60 {
            live.renew(f64::from(frame) / 60.0, 0.25, || {
                n_taken += 1;
                Vec::new()
            });
        }
        assert_eq!(n_taken, 4);
        assert!(live.due_in_s(1.0, 0.25) <= 0.25);
    }
}
