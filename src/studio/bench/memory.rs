//! The memory one backend takes: measured in a process that does nothing else, as the sum of the
//! proportional share of it and its workers, looked at while they compute.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crate::backend::Backend;
use crate::studio::StudioError;
use crate::studio::full_run::FullRun;
use crate::telemetry::usage::{peak_rss_bytes, pss_bytes};

/// Between two looks; one takes about a millisecond a process.
const PERIOD: Duration = Duration::from_millis(5);

/// Looks are worth having only from a run that lasts; short ones are repeated.
const MIN_LOOKS: u64 = 8;

/// Runs once or more and tells the most that was seen, the photo itself included. Where the system
/// knows no proportional share: this process's own peak, if that is known.
///
/// # Errors
/// As the run itself.
pub fn peak_memory_bytes(
    full_run: &FullRun<'_>,
    backend: &dyn Backend,
) -> Result<Option<u64>, StudioError> {
    let seen = Seen::default();
    thread::scope(|scope| {
        let look = || seen.look_until_done(backend);
        let sampler = thread::Builder::new()
            .name("memory".to_owned())
            .spawn_scoped(scope, look);
        let ran = seen.run_until_seen(full_run, backend, sampler.is_ok());
        seen.is_done.store(true, Ordering::Relaxed);
        ran
    })?;
    let peak = seen.peak_bytes.load(Ordering::Relaxed);
    Ok(if peak > 0 {
        Some(peak)
    } else {
        peak_rss_bytes(std::process::id())
    })
}

#[derive(Default)]
struct Seen {
    peak_bytes: AtomicU64,
    n_looks: AtomicU64,
    is_done: AtomicBool,
}

impl Seen {
    fn look_until_done(&self, backend: &dyn Backend) {
        while !self.is_done.load(Ordering::Relaxed) {
            let pids = backend
                .worker_pids()
                .into_iter()
                .chain([std::process::id()]);
            let bytes: Option<u64> = pids.map(pss_bytes).sum();
            self.peak_bytes
                .fetch_max(bytes.unwrap_or_default(), Ordering::Relaxed);
            self.n_looks.fetch_add(1, Ordering::Relaxed);
            thread::sleep(PERIOD);
        }
    }

    fn run_until_seen(
        &self,
        full_run: &FullRun<'_>,
        backend: &dyn Backend,
        is_watched: bool,
    ) -> Result<(), StudioError> {
        loop {
            full_run.run(backend)?;
            if !is_watched || self.n_looks.load(Ordering::Relaxed) >= MIN_LOOKS {
                return Ok(());
            }
        }
    }
}
