//! Load over the time of a run, for the counters of a trace: a bounded number of steps, each the mean
//! over its time, so that nothing short is lost and a long run stays small.

use std::io;

use serde_json::{Map, Value, json};

use super::trace_event::{TraceWriter, Track};
use crate::telemetry::event::Phase;
use crate::telemetry::timeline::{Bar, Timeline};

/// Steps of a counter, at most.
const MAX_STEPS: u64 = 500;

/// Counts workers by phase on the run's process, and computing cores on the next one.
pub(super) fn write_counters(
    trace: &mut TraceWriter<'_>,
    pid: u64,
    timeline: &Timeline,
) -> io::Result<()> {
    let workers: Vec<&Bar> = timeline
        .workers
        .iter()
        .flat_map(|lane| &lane.bars)
        .collect();
    let shown: Vec<Phase> = Phase::ALL
        .into_iter()
        .filter(|phase| workers.iter().any(|bar| bar.phase == *phase))
        .collect();
    let series: Vec<Vec<f64>> = shown
        .iter()
        .map(|phase| {
            means(
                timeline,
                workers.iter().copied().filter(|bar| bar.phase == *phase),
            )
        })
        .collect();
    let track = Track { pid, tid: 0 };
    let width_ns = width_ns(timeline);
    let n_steps = series.first().map_or(0, Vec::len);
    for step in 0..n_steps {
        let values: Map<String, Value> = shown
            .iter()
            .zip(&series)
            .map(|(phase, means)| (phase.label().to_owned(), json!(rounded(means[step]))))
            .collect();
        let at_ns = timeline.start_ns + step as u64 * width_ns;
        trace.counter(track, "workers", at_ns, Value::Object(values))?;
    }
    if timeline.cores.is_empty() {
        return Ok(());
    }
    let computing = timeline.cores.iter().flat_map(|lane| &lane.bars);
    let track = Track {
        pid: pid + 1,
        tid: 0,
    };
    for (step, mean) in means(timeline, computing).into_iter().enumerate() {
        let at_ns = timeline.start_ns + step as u64 * width_ns;
        let values = json!({ "computing": rounded(mean) });
        trace.counter(track, "cores", at_ns, values)?;
    }
    Ok(())
}

fn width_ns(timeline: &Timeline) -> u64 {
    timeline.duration_ns().div_ceil(MAX_STEPS).max(1)
}

/// How many of the bars hold in each step, on average.
fn means<'a>(timeline: &Timeline, bars: impl Iterator<Item = &'a Bar>) -> Vec<f64> {
    let width_ns = width_ns(timeline);
    let n_steps = timeline.duration_ns().div_ceil(width_ns) as usize;
    let mut held_ns = vec![0_u64; n_steps];
    for bar in bars {
        let (start, end) = (
            bar.start_ns - timeline.start_ns,
            bar.end_ns - timeline.start_ns,
        );
        let mut at = start;
        while at < end {
            let step = at / width_ns;
            let until = ((step + 1) * width_ns).min(end);
            held_ns[step as usize] += until - at;
            at = until;
        }
    }
    let width_of = |step: usize| {
        let start = step as u64 * width_ns;
        width_ns.min(timeline.duration_ns() - start)
    };
    held_ns
        .iter()
        .enumerate()
        .map(|(step, ns)| *ns as f64 / width_of(step) as f64)
        .collect()
}

/// Three places are enough for a load, and shorter.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
