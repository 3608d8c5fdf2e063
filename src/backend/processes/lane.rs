//! One worker's lane: keeps its worker alive and busy through the passes of a pool's life.
//!
//! A lane takes tiles from the ledger whenever its worker has too few, so the quickest worker gets
//! most. When the worker dies the lane gives its tiles back and starts another.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::backend::BackendError;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, WorkerChange, WorkerEvent};
use crate::telemetry::ids::{RunId, WorkerIdx};
use crate::telemetry::sink::Sink;

use super::frame::Kind;
use super::ledger::{BarrenDeaths, Task};
use super::link::{Closed, Link, Outgoing};
use super::process::{Death, Process, SpawnError, WorkerProgram};
use super::shift::{Pass, Shift, ShiftEnd};

/// Whom to start, whom to tell, and when to give up.
pub(super) struct Crew<'a> {
    pub(super) program: &'a WorkerProgram,
    pub(super) barren: &'a BarrenDeaths,
    pub(super) events: &'a dyn Sink,
    pub(super) run: Option<RunId>,
}

/// A worker's place; whoever dies is replaced in it.
#[derive(Debug)]
pub(super) struct Lane {
    worker: WorkerIdx,
    process: Option<Process>,
    /// Its process's id, 0 for none, for those who must not wait for a pass to end.
    pid: Arc<AtomicU32>,
}

impl Lane {
    pub(super) const fn new(worker_idx: u16, pid: Arc<AtomicU32>) -> Self {
        Self {
            worker: WorkerIdx(worker_idx),
            process: None,
            pid,
        }
    }

    /// Starts a worker where there is none. The calling thread must live as long as the pool.
    ///
    /// # Errors
    /// When the program cannot be started, does not fit, or dies again and again.
    pub(super) fn start(&mut self, crew: &Crew<'_>) -> Result<&mut Process, BackendError> {
        while self.process.is_none() {
            let cannot_start = |source| BackendError::Start {
                what: format!("the worker program {}", crew.program),
                source,
            };
            let name = format!("worker {}", self.worker);
            let mut process = Process::spawn(crew.program, &name).map_err(cannot_start)?;
            let pid = process.pid();
            self.tell(crew, pid, WorkerChange::Started);
            match process.greet() {
                Ok(()) => {
                    self.tell(crew, pid, WorkerChange::Ready);
                    self.pid.store(pid, Ordering::Release);
                    self.process = Some(process);
                }
                Err(SpawnError::Died(death)) => self.count(crew, (pid, 0), &death)?,
                Err(SpawnError::Spawn(error)) => return Err(cannot_start(error)),
                Err(SpawnError::Mismatch(what)) => {
                    return Err(cannot_start(std::io::Error::other(what)));
                }
            }
        }
        self.process.as_mut().ok_or_else(|| BackendError::PoolLost {
            cause: "no worker".to_owned(),
        })
    }

    /// Does tiles of the pass until none waits, or the pass is over.
    pub(super) fn run(&mut self, pass: &Pass<'_, '_, '_>, crew: &Crew<'_>) {
        while !pass.ledger.is_over() && pass.ledger.n_waiting() > 0 {
            if let Err(error) = self.shift(pass, crew) {
                pass.ledger.fail(error);
            }
        }
    }

    fn shift(&mut self, pass: &Pass<'_, '_, '_>, crew: &Crew<'_>) -> Result<(), BackendError> {
        let worker = self.worker;
        let process = self.start(crew)?;
        process.peer.link.begin_job(pass.job, pass.answer_bytes());
        let job = Outgoing::short(Kind::Job, pass.job, pass.header.clone());
        // A link that takes no more frames is about to say why.
        process.peer.link.send(job).ok();
        let mut shift = Shift::new(&mut process.peer, pass, worker);
        let result = shift.run();
        let lost = shift.into_lost();
        match result {
            Ok(()) => Ok(()),
            Err(ShiftEnd::Over) => {
                void(&process.peer.link, pass.job);
                Ok(())
            }
            Err(ShiftEnd::Failed(error)) => {
                void(&process.peer.link, pass.job);
                Err(error)
            }
            Err(ShiftEnd::Died(closed)) => self.bury(pass, crew, (&lost, closed)),
        }
    }

    /// Reaps a worker that died and gives its tiles back.
    fn bury(
        &mut self,
        pass: &Pass<'_, '_, '_>,
        crew: &Crew<'_>,
        (lost, closed): (&[Task], Closed),
    ) -> Result<(), BackendError> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        self.pid.store(0, Ordering::Release);
        let computing = process
            .peer
            .link
            .computing(pass.job)
            .map(|tile| tile as usize);
        let death = process.autopsy(closed);
        let result = pass.ledger.lose(lost, computing, &death);
        self.count(crew, (process.pid(), process.peer.n_done), &death)?;
        result
    }

    /// Tells of a death and gives up when there were too many for nothing.
    fn count(
        &self,
        crew: &Crew<'_>,
        (pid, n_done): (u32, u64),
        death: &Death,
    ) -> Result<(), BackendError> {
        self.tell(crew, pid, WorkerChange::Died(death.cause));
        tracing::warn!(
            worker = self.worker.0,
            pid,
            n_done,
            "a worker died: {death}"
        );
        if n_done == 0 && crew.barren.count(now_ns()) {
            return Err(BackendError::PoolLost {
                cause: format!("{}: {death}", crew.program),
            });
        }
        Ok(())
    }

    fn tell(&self, crew: &Crew<'_>, pid: u32, change: WorkerChange) {
        crew.events.record(Event::Worker(WorkerEvent {
            run: crew.run,
            worker: self.worker,
            pid: Some(pid),
            at_ns: now_ns(),
            change,
        }));
    }
}

/// Lets a worker forget a job; it may be computing for it.
fn void(link: &Link, job: u64) {
    link.void(job);
    let cancel = Outgoing::short(Kind::Cancel, job, Vec::new());
    link.send(cancel).ok();
}
