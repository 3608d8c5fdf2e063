//! The pool: worker processes started together, kept warm, and one lane of tiles for each.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::backend::{Backend, BackendError, PassWork};
use crate::telemetry::clock::now_ns;
use crate::telemetry::ids::RunId;
use crate::telemetry::sink::{Recorder, Sink};

use super::lane::{Crew, Lane};
use super::ledger::{BarrenDeaths, Ledger};
use super::message::{JobRef, encode};
use super::process::WorkerProgram;
use super::shift::Pass;

/// Events kept from a start that no run asked for.
const N_EARLY_EVENTS: usize = 256;

/// N worker processes that compute tiles sent to them through pipes.
#[derive(Debug)]
pub struct Processes {
    /// Before the threads, which workers must not outlive: see [`super::process::Process::spawn`].
    lanes: Vec<Mutex<Lane>>,
    /// One a lane.
    threads: ThreadPool,
    pids: Vec<Arc<AtomicU32>>,
    program: WorkerProgram,
    last_job: AtomicU64,
    barren: BarrenDeaths,
    starts: Mutex<Vec<Start>>,
    early_events: Recorder,
}

/// One start of all workers.
#[derive(Debug, Clone, Copy)]
struct Start {
    at_ns: u64,
    elapsed_ns: u64,
}

impl Processes {
    /// A pool that starts its workers when they are first needed.
    ///
    /// # Errors
    /// [`BackendError::Start`] when the system gives no more threads.
    pub fn new(n_workers: usize, program: WorkerProgram) -> Result<Self, BackendError> {
        let n_workers = n_workers.clamp(1, usize::from(u16::MAX));
        let threads = ThreadPoolBuilder::new()
            .num_threads(n_workers)
            .thread_name(|worker_idx| format!("lane {worker_idx}"))
            .build()
            .map_err(|source| BackendError::Start {
                what: format!("{n_workers} threads"),
                source: std::io::Error::other(source),
            })?;
        let pids: Vec<_> = (0..n_workers).map(|_| Arc::default()).collect();
        let lane = |(idx, pid): (usize, &Arc<_>)| Lane::new(idx as u16, Arc::clone(pid));
        Ok(Self {
            lanes: pids.iter().enumerate().map(lane).map(Mutex::new).collect(),
            threads,
            pids,
            program,
            last_job: AtomicU64::new(0),
            barren: BarrenDeaths::default(),
            starts: Mutex::default(),
            early_events: Recorder::new(N_EARLY_EVENTS),
        })
    }

    /// Starts all workers that do not run, side by side, and waits until they are ready. What
    /// happened is told to the next run.
    ///
    /// # Errors
    /// When the worker program cannot be started, does not fit, or does not stay alive.
    pub fn start(&self) -> Result<(), BackendError> {
        self.start_all(&self.crew(&self.early_events, None))
    }

    fn start_all(&self, crew: &Crew<'_>) -> Result<(), BackendError> {
        let at_ns = now_ns();
        let started = self.threads.broadcast(|thread| {
            let mut lane = self.lane(thread.index());
            lane.start(crew).map(|_| ())
        });
        let elapsed_ns = now_ns() - at_ns;
        let mut starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        starts.push(Start { at_ns, elapsed_ns });
        started.into_iter().collect()
    }

    fn crew<'a>(&'a self, events: &'a dyn Sink, run: Option<RunId>) -> Crew<'a> {
        Crew {
            program: &self.program,
            barren: &self.barren,
            events,
            run,
        }
    }

    fn lane(&self, worker_idx: usize) -> std::sync::MutexGuard<'_, Lane> {
        let lane = &self.lanes[worker_idx];
        lane.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_started(&self) -> bool {
        let starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        !starts.is_empty()
    }
}

impl Backend for Processes {
    fn name(&self) -> &'static str {
        "processes"
    }

    fn n_workers(&self) -> usize {
        self.lanes.len()
    }

    fn transport(&self) -> Option<&'static str> {
        Some("pipes")
    }

    fn worker_pids(&self) -> Vec<u32> {
        let pids = self.pids.iter().map(|pid| pid.load(Ordering::Acquire));
        pids.filter(|pid| *pid != 0).collect()
    }

    fn spawn_ns_since(&self, since_ns: u64) -> u64 {
        let starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        let since = starts.iter().filter(|start| start.at_ns >= since_ns);
        since.map(|start| start.elapsed_ns).sum()
    }

    fn run_pass(&self, work: &PassWork<'_, '_>) -> Result<(), BackendError> {
        for event in self.early_events.take().events {
            work.events.record(event);
        }
        let crew = self.crew(work.events, Some(work.run));
        if !self.has_started() {
            self.start_all(&crew)?;
        }
        let pass = Pass {
            job: self.last_job.fetch_add(1, Ordering::Relaxed) + 1,
            header: encode(&JobRef {
                pass_idx: work.pass_idx as u16,
                plan: work.plan,
            }),
            work,
            ledger: Ledger::new(work.tiles.len()),
            n_workers: self.lanes.len(),
        };
        while !pass.ledger.is_settled() {
            self.threads
                .broadcast(|thread| self.lane(thread.index()).run(&pass, &crew));
        }
        pass.ledger.into_result()
    }
}
