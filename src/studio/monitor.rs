//! The cores, looked at ten times a second by a thread of its own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::telemetry::sampler::{CpuSample, CpuSampler};

const INTERVAL: Duration = Duration::from_millis(100);

/// Samples kept: a minute.
const N_KEPT: usize = 600;

/// Watches the cores until dropped.
pub struct Monitor {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    samples: Mutex<Vec<CpuSample>>,
    worker_pids: Mutex<Vec<u32>>,
    is_over: AtomicBool,
    is_paused: AtomicBool,
}

impl Monitor {
    /// # Errors
    /// When the system gives no thread.
    pub fn new() -> std::io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("core monitor".into())
            .spawn(move || theirs.run())?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Whose time counts as this program's.
    pub fn set_workers(&self, worker_pids: Vec<u32>) {
        *self
            .shared
            .worker_pids
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = worker_pids;
    }

    /// Nobody looks: no sampling.
    pub fn pause(&self, is_paused: bool) {
        self.shared.is_paused.store(is_paused, Ordering::Relaxed);
    }

    /// The newest `n` samples, oldest first.
    #[must_use]
    pub fn latest(&self, n: usize) -> Vec<CpuSample> {
        let samples = self
            .shared
            .samples
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        samples[samples.len().saturating_sub(n)..].to_vec()
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
            let pids = self
                .worker_pids
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            if let Some(sample) = sampler.sample(&pids) {
                let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
                if samples.len() >= N_KEPT {
                    samples.remove(0);
                }
                samples.push(sample);
            }
        }
    }
}
