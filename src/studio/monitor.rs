//! The cores, looked at ten times a second by a thread of its own: a little oftener, so that the time
//! a look takes does not make it less.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::telemetry::sampler::{CpuSample, CpuSampler};

use super::workers::BenchWorker;

const INTERVAL: Duration = Duration::from_millis(90);

/// Samples kept: a minute.
const N_KEPT: usize = 660;

/// Tells who the worker processes are; called on the monitor's thread.
type WorkerSource = Box<dyn Fn() -> Vec<BenchWorker> + Send + Sync>;

/// Watches the cores, and the worker processes, until dropped.
pub struct Monitor {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// Oldest first.
    samples: Mutex<VecDeque<CpuSample>>,
    source: WorkerSource,
    workers: Mutex<Vec<BenchWorker>>,
    is_over: AtomicBool,
    is_paused: AtomicBool,
}

impl Monitor {
    /// `source` tells whose time counts as this program's beside its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(
        source: impl Fn() -> Vec<BenchWorker> + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            samples: Mutex::default(),
            source: Box::new(source),
            workers: Mutex::default(),
            is_over: AtomicBool::new(false),
            is_paused: AtomicBool::new(false),
        });
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("core monitor".into())
            .spawn(move || theirs.run())?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// The worker processes when they were last looked at.
    #[must_use]
    pub fn workers(&self) -> Vec<BenchWorker> {
        self.shared
            .workers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Nobody looks: no sampling.
    pub fn pause(&self, is_paused: bool) {
        self.shared.is_paused.store(is_paused, Ordering::Relaxed);
    }

    /// The samples taken after `at_ns`, of the last minute, oldest first.
    #[must_use]
    pub fn newer_than(&self, at_ns: u64) -> Vec<CpuSample> {
        let samples = self
            .shared
            .samples
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let first = samples.partition_point(|sample| sample.at_ns <= at_ns);
        samples.range(first..).cloned().collect()
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic of the thread has been reported where it happened.
            drop(thread.join());
        }
    }
}

impl Shared {
    fn run(&self) {
        let mut sampler = CpuSampler::new();
        while !self.is_over.load(Ordering::Relaxed) {
            std::thread::park_timeout(INTERVAL);
            if self.is_paused.load(Ordering::Relaxed) {
                continue;
            }
            let workers = (self.source)();
            let pids: Vec<u32> = workers
                .iter()
                .filter_map(|worker| worker.view.pid)
                .collect();
            *self.workers.lock().unwrap_or_else(PoisonError::into_inner) = workers;
            if let Some(sample) = sampler.sample(&pids) {
                let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
                if samples.len() >= N_KEPT {
                    samples.pop_front();
                }
                samples.push_back(sample);
            }
        }
    }
}
