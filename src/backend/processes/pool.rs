//! The pool: worker processes started together, kept warm, and one lane of tiles for each.
//!
//! Lanes outlive passes; the threads that work on them do not. Their number may change while a pass
//! runs: the thread that asked for the pass sees to it that every lane wanted has somebody.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::Duration;

use crate::backend::{Backend, BackendError, PassWork};
use crate::plan::graph::Input;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, WorkerState};
use crate::telemetry::worker::WorkerView;

use super::admission::admit;
use super::foreman::Foreman;
use super::lane::{Crew, Left};
use super::ledger::{BarrenDeaths, Ledger};
use super::message::{JobRef, encode};
use super::pass::{Pass, estimate_ns, shared_photo};
use super::patience::Pace;
use super::place::Telling;
use super::process::WorkerProgram;
use super::roster::{Roster, Slot, Upkeep};
use super::transport::Transport;

/// How often the one who waits for a pass looks whether lanes came or went.
const LOOK: Duration = Duration::from_millis(20);

/// How often the foreman looks whether workers may rest: seldom against the times of [`Upkeep`].
const LOOKS_A_REST: u32 = 8;

/// N worker processes that compute tiles sent to them through pipes.
#[derive(Debug)]
pub struct Processes {
    roster: Arc<Roster>,
    /// Ended after the workers, which are ended by `drop`.
    foreman: Foreman,
    program: WorkerProgram,
    transport: Transport,
    storage_wait_ns: AtomicU64,
    last_job: AtomicU64,
    barren: BarrenDeaths,
    starts: Mutex<Vec<Start>>,
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
        Self::with_upkeep(n_workers, program, Upkeep::default())
    }

    /// As [`Self::new`], with other times of rest.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_upkeep(
        n_workers: usize,
        program: WorkerProgram,
        upkeep: Upkeep,
    ) -> Result<Self, BackendError> {
        let roster = Arc::new(Roster::new(n_workers, upkeep));
        let theirs = Arc::clone(&roster);
        let shortest = upkeep.trim_after.min(upkeep.rest_after);
        let every = (shortest / LOOKS_A_REST).max(Duration::from_millis(1));
        let foreman =
            Foreman::new(every, move || theirs.rest()).map_err(|source| BackendError::Start {
                what: "a thread that starts workers".to_owned(),
                source,
            })?;
        Ok(Self {
            roster,
            foreman,
            program,
            transport: Transport::default(),
            storage_wait_ns: AtomicU64::new(0),
            last_job: AtomicU64::new(0),
            barren: BarrenDeaths::default(),
            starts: Mutex::default(),
        })
    }

    /// Pixels travel this way; to be said before the first worker starts.
    #[must_use]
    pub const fn by(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// How pixels travel.
    #[must_use]
    pub const fn way(&self) -> Transport {
        self.transport
    }

    /// Starts all workers that do not run, side by side, and waits until they are ready. What
    /// happened is told to the next run.
    ///
    /// # Errors
    /// When the worker program cannot be started, does not fit, or does not stay alive.
    pub fn start(&self) -> Result<(), BackendError> {
        let _at_work = self.roster.at_work(&|| false);
        self.start_missing(&self.crew(self.roster.between_runs()), &|| false)
    }

    /// Changes the number of workers, also while they work: new ones join the pass that runs, those
    /// too many end when the tiles they have are done.
    pub fn resize(&self, n_workers: usize) {
        self.roster.resize(n_workers);
    }

    /// From the next pass on every tile first waits so long for slow storage, simulated.
    pub fn set_storage_wait(&self, storage_wait: Duration) {
        let wait_ns = u64::try_from(storage_wait.as_nanos()).unwrap_or(u64::MAX);
        self.storage_wait_ns.store(wait_ns, Ordering::Relaxed);
    }

    /// Every worker as it is at this moment, in the order of lanes; memory is not looked at.
    #[must_use]
    pub fn workers(&self) -> Vec<WorkerView> {
        self.roster.views()
    }

    /// Kills the worker of this process id, and tells whether there was one. Its tiles are done by
    /// others, and another process takes its place.
    pub fn kill_worker(&self, pid: u32) -> bool {
        self.roster.kill(pid)
    }

    /// Starts whom the lanes lack. Fewer workers than asked for are better than none: a lane that
    /// the system starts nobody for is left alone while another has somebody.
    fn start_missing(
        &self,
        crew: &Crew<'_>,
        is_stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), BackendError> {
        let slots = self.roster.wanted_slots();
        let missing: Vec<&Slot> = slots
            .iter()
            .filter(|slot| slot.place.view().pid.is_none())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let at_ns = now_ns();
        let start = |slot: &Slot| slot.lock().start(crew, is_stopped).map(|_| ());
        let started: Vec<Result<(), BackendError>> = thread::scope(|scope| {
            let hand = |slot| {
                let name = "lane start".to_owned();
                let builder = thread::Builder::new().name(name);
                builder.spawn_scoped(scope, move || start(slot))
            };
            let hands: Vec<_> = missing.iter().map(|slot| hand(*slot)).collect();
            hands.into_iter().map(started_by).collect()
        });
        let elapsed_ns = now_ns() - at_ns;
        let mut starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        starts.push(Start { at_ns, elapsed_ns });
        drop(starts);
        let is_anybody_there = slots.iter().any(|slot| slot.place.view().pid.is_some());
        for error in started.into_iter().filter_map(Result::err) {
            let is_lack = matches!(error, BackendError::Start { .. });
            if !(is_lack && is_anybody_there) {
                return Err(error);
            }
            tracing::warn!("there is a worker less than asked for: {error}");
        }
        Ok(())
    }

    fn crew<'a>(&'a self, telling: Telling<'a>) -> Crew<'a> {
        Crew {
            program: &self.program,
            transport: self.transport,
            foreman: &self.foreman,
            barren: &self.barren,
            telling,
            max_tiles: self.roster.upkeep.max_tiles,
        }
    }
}

/// What became of a lane's start on a thread of its own.
fn started_by(
    hand: std::io::Result<ScopedJoinHandle<'_, Result<(), BackendError>>>,
) -> Result<(), BackendError> {
    match hand.map(ScopedJoinHandle::join) {
        Ok(Ok(started)) => started,
        Ok(Err(_panic)) => Err(broken_lane()),
        Err(source) => Err(BackendError::Start {
            what: "a lane's thread".to_owned(),
            source,
        }),
    }
}

fn broken_lane() -> BackendError {
    BackendError::PoolLost {
        cause: "a lane's thread panicked".to_owned(),
    }
}

/// Who works on a lane during a pass.
enum Hand<'scope> {
    /// Nobody, and somebody may.
    Free,
    At(ScopedJoinHandle<'scope, Left>),
    /// Nobody, and nobody can.
    Gone,
}

impl Backend for Processes {
    fn name(&self) -> &'static str {
        "processes"
    }

    fn n_workers(&self) -> usize {
        self.roster.wanted().n_workers()
    }

    fn transport(&self) -> Option<&'static str> {
        Some(self.transport.id())
    }

    fn worker_pids(&self) -> Vec<u32> {
        let is_ready = |view: &WorkerView| view.state != WorkerState::Starting;
        let ready = self.workers().into_iter().filter(is_ready);
        ready.filter_map(|view| view.pid).collect()
    }

    fn spawn_ns_since(&self, since_ns: u64) -> u64 {
        let starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        let since = starts.iter().filter(|start| start.at_ns >= since_ns);
        since.map(|start| start.elapsed_ns).sum()
    }

    fn storage_wait(&self) -> Duration {
        Duration::from_nanos(self.storage_wait_ns.load(Ordering::Relaxed))
    }

    fn run_pass(&self, work: &PassWork<'_, '_>) -> Result<(), BackendError> {
        let is_stopped = || work.cancel.is_stopped();
        let Some(_at_work) = self.roster.at_work(&is_stopped) else {
            return Err(BackendError::Stopped);
        };
        for event in self.roster.early_events.take().events {
            work.events.record(event);
        }
        let crew = self.crew(Telling {
            events: work.events,
            run: Some(work.run),
        });
        let keep_bytes = self.admit(work);
        self.start_missing(&crew, &is_stopped)?;
        let photo = match self.transport {
            Transport::Pipes => None,
            Transport::SharedMemory => shared_photo(work),
        };
        let storage_wait_ns = self.storage_wait_ns.load(Ordering::Relaxed);
        let pass = Pass {
            job: self.last_job.fetch_add(1, Ordering::Relaxed) + 1,
            header: encode(&JobRef {
                pass_idx: work.pass_idx as u16,
                plan: work.plan,
                photo: photo.as_ref(),
                storage_wait_ns,
            }),
            has_shared_photo: photo.is_some(),
            keep_bytes,
            work,
            ledger: Ledger::new(self.roster.homes(work)),
            barren: &self.barren,
            pace: Pace::new(estimate_ns(work)).after_waits_of(storage_wait_ns),
            wanted: self.roster.wanted(),
        };
        self.run_lanes(&pass, &crew);
        self.roster.dismiss_surplus();
        pass.ledger.into_result()
    }
}

impl Processes {
    /// Lets as many work as there is memory for, says so where that is not all, and answers how much
    /// of the photo each may keep.
    fn admit(&self, work: &PassWork<'_, '_>) -> u64 {
        let wanted = self.roster.wanted();
        let (admission, words) = admit(work, wanted.n_asked(), self.roster.n_running());
        // Who asks for more while the pass runs is not held to what was enough before.
        let most = if admission.is_all {
            usize::MAX
        } else {
            admission.n_workers
        };
        let before = wanted.admit(most);
        self.roster.dismiss_surplus();
        if let Some(text) = words {
            if admission.n_workers < before {
                tracing::warn!("{text}");
            }
            work.events.record(Event::Note {
                run: Some(work.run),
                at_ns: now_ns(),
                text,
            });
        }
        let later = &work.plan.passes[work.pass_idx + 1..];
        let is_read_later = later.iter().any(|pass| pass.input == Some(Input::Photo));
        match self.transport {
            Transport::Pipes if is_read_later => admission.keep_bytes,
            // What a tile reads is copied once, as it would be to be kept.
            Transport::Pipes | Transport::SharedMemory => 0,
        }
    }

    fn run_lanes(&self, pass: &Pass<'_, '_, '_>, crew: &Crew<'_>) {
        thread::scope(|scope| {
            let mut hands: Vec<Hand<'_>> = Vec::new();
            while !pass.ledger.is_settled() {
                let slots = self.roster.wanted_slots();
                hands.resize_with(slots.len().max(hands.len()), || Hand::Free);
                for hand in &mut hands {
                    hand.settle(pass);
                }
                for (hand, slot) in hands.iter_mut().zip(slots) {
                    if matches!(hand, Hand::Free) {
                        *hand = Hand::take_up(scope, slot, (pass, crew));
                    }
                }
                if hands.iter().any(|hand| matches!(hand, Hand::At(_))) {
                    pass.ledger.wait(LOOK);
                } else {
                    pass.ledger.abandon();
                }
            }
        });
    }
}

impl<'scope> Hand<'scope> {
    fn take_up<'env>(
        scope: &'scope Scope<'scope, 'env>,
        slot: Slot,
        (pass, crew): (&'scope Pass<'_, '_, '_>, &'scope Crew<'_>),
    ) -> Self {
        let builder = thread::Builder::new().name(format!("lane {}", slot.place.worker()));
        match builder.spawn_scoped(scope, move || slot.lock().run(pass, crew)) {
            Ok(hand) => Self::At(hand),
            Err(source) => {
                pass.ledger.lack(BackendError::Start {
                    what: "a lane's thread".to_owned(),
                    source,
                });
                Self::Gone
            }
        }
    }

    /// Looks whether somebody left.
    fn settle(&mut self, pass: &Pass<'_, '_, '_>) {
        let is_finished = matches!(self, Self::At(hand) if hand.is_finished());
        if !is_finished {
            return;
        }
        if let Self::At(hand) = std::mem::replace(self, Self::Gone) {
            match hand.join() {
                Ok(Left::Dismissed) => *self = Self::Free,
                Ok(Left::Settled | Left::Alone) => {}
                Err(_panic) => pass.ledger.fail(broken_lane()),
            }
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.roster.close();
    }
}
