//! The sampler against work that is known to be done.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::CpuSampler;

fn next_sample(sampler: &mut CpuSampler, pids: &[u32]) -> super::CpuSample {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(sample) = sampler.sample(pids) {
            return sample;
        }
        assert!(Instant::now() < deadline, "no sample in twenty seconds");
        black_box((0..10_000u64).map(black_box).sum::<u64>());
    }
}

#[test]
fn a_working_thread_is_seen() {
    let mut sampler = CpuSampler::new();
    assert!(
        sampler.sample(&[]).is_none(),
        "the first sample came too soon"
    );
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(250) {
        black_box((0..10_000u64).map(black_box).sum::<u64>());
    }
    let sample = next_sample(&mut sampler, &[]);
    assert_eq!(sample.processes[0].pid, std::process::id());
    // Other processes may take their part of the cores, but not all of it.
    assert!(sample.own_cores() > 0.02, "{sample:?}");
    for core in &sample.cores {
        assert!((0.0..=1.0).contains(&core.load), "{core:?}");
        assert!(
            core.own.is_none_or(|own| own >= 0.0 && own <= core.load),
            "{core:?}"
        );
    }
}

#[test]
fn processes_that_are_not_and_repeated_ones_do_no_harm() {
    let mut sampler = CpuSampler::new();
    let own = std::process::id();
    let sample = next_sample(&mut sampler, &[u32::MAX, own, own]);
    assert_eq!(sample.processes.len(), 1);
}
