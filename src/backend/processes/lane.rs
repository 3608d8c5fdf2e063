//! One worker's lane: keeps its worker alive and busy through the passes of a pool's life.
//!
//! A lane takes tiles from the ledger whenever its worker has too few, so the quickest worker gets
//! most. When the worker dies the lane gives its tiles back and starts another.

use std::sync::Arc;
use std::time::Duration;

use crate::backend::BackendError;
use crate::pixels::geometry::Rect;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{DeathCause, EndCause};
use crate::telemetry::ids::{PassIdx, TileIdx};

use super::foreman::Foreman;
use super::frame::Kind;
use super::ledger::{BarrenDeaths, Task};
use super::life::Incident;
use super::link::{Link, Outgoing};
use super::pass::Pass;
use super::place::{Place, Telling};
use super::process::{Death, Process, SpawnError, WorkerProgram};
use super::shift::{Shift, ShiftEnd};
use super::transport::Transport;

/// How often a lane without tiles looks whether somebody lost some.
const LOOK_AROUND: Duration = Duration::from_millis(20);

/// Whom to start, whom to tell, and when to give up.
#[derive(Clone, Copy)]
pub(super) struct Crew<'a> {
    pub(super) program: &'a WorkerProgram,
    pub(super) transport: Transport,
    pub(super) foreman: &'a Foreman,
    pub(super) barren: &'a BarrenDeaths,
    pub(super) telling: Telling<'a>,
    /// A worker that did so many tiles makes room for a fresh one.
    pub(super) max_tiles: u64,
}

/// Why a lane left a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// The pass is done, or failed.
    Settled,
    /// Fewer workers are wanted than there were.
    Dismissed,
    /// The system starts no worker here; the ledger knows why.
    Alone,
}

/// A worker's place; whoever dies is replaced in it.
#[derive(Debug)]
pub(super) struct Lane {
    place: Arc<Place>,
    process: Option<Process>,
}

impl Lane {
    pub(super) const fn new(place: Arc<Place>) -> Self {
        Self {
            place,
            process: None,
        }
    }

    /// Starts a worker where there is none.
    ///
    /// # Errors
    /// When the program cannot be started, does not fit, or dies again and again; or when
    /// `is_stopped` meanwhile.
    pub(super) fn start(
        &mut self,
        crew: &Crew<'_>,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<&mut Process, BackendError> {
        while self.process.is_none() {
            self.hire(crew, is_stopped)?;
        }
        self.process.as_mut().ok_or_else(|| BackendError::PoolLost {
            cause: "no worker".to_owned(),
        })
    }

    fn hire(&mut self, crew: &Crew<'_>, is_stopped: &dyn Fn() -> bool) -> Result<(), BackendError> {
        let cannot_start = |source| {
            self.happen(Incident::Lost(DeathCause::Spawn), crew.telling);
            BackendError::Start {
                what: format!("the worker program {}", crew.program),
                source,
            }
        };
        let name = format!("worker {}", self.place.worker());
        let mut process = Process::spawn(crew.program, crew.transport, &name, crew.foreman)
            .map_err(cannot_start)?;
        self.place
            .hire(process.child(), process.pid(), crew.telling);
        match process.greet(is_stopped) {
            Ok(()) => {
                if crew.transport == Transport::SharedMemory {
                    process.peer.share_memory();
                }
                self.happen(Incident::Greeted, crew.telling);
                self.process = Some(process);
                Ok(())
            }
            Err(SpawnError::Died(death)) => self.count(crew, &process, (None, &death)),
            Err(SpawnError::Spawn(error)) => Err(cannot_start(error)),
            Err(SpawnError::Mismatch(what)) => Err(cannot_start(std::io::Error::other(what))),
            Err(SpawnError::Stopped) => {
                self.happen(Incident::Dismissed(EndCause::Stopped), crew.telling);
                Err(BackendError::Stopped)
            }
        }
    }

    /// Whether its worker keeps anything of a run's photo.
    pub(super) fn keeps_of(&self, series: u64) -> bool {
        let kept = self.process.as_ref().map(|process| &process.peer.kept);
        kept.is_some_and(|kept| kept.series() == series && kept.n_bytes() > 0)
    }

    /// Whether its worker keeps the middle of a region of the photo it keeps anything of.
    pub(super) fn keeps_middle_of(&self, rect: Rect) -> bool {
        let kept = self.process.as_ref().map(|process| &process.peer.kept);
        kept.is_some_and(|kept| kept.holds_middle_of(rect))
    }

    /// Sends the worker home, if there is one.
    pub(super) fn end(&mut self, cause: EndCause, telling: Telling<'_>) {
        if let Some(process) = self.process.take() {
            // Told first: whoever kills by process id must not meet one that was reaped.
            self.happen(Incident::Dismissed(cause), telling);
            drop(process);
        }
    }

    /// Frees what is kept for the next tile; the worker frees its own by itself.
    pub(super) fn trim(&mut self) {
        if let Some(process) = &mut self.process {
            process.peer.trim();
        }
    }

    /// Does tiles of the pass until it is over or this lane is not wanted any more.
    pub(super) fn run(&mut self, pass: &Pass<'_, '_, '_>, crew: &Crew<'_>) -> Left {
        let is_over = || pass.is_stopped();
        loop {
            if pass.ledger.is_settled() {
                return Left::Settled;
            }
            if pass.is_surplus(self.place.worker()) {
                self.end(EndCause::Resize, crew.telling);
                return Left::Dismissed;
            }
            if pass.ledger.n_waiting() == 0 {
                // Whoever has the last tiles may yet lose them.
                pass.ledger.wait(LOOK_AROUND);
                continue;
            }
            let is_worn = |process: &mut Process| process.peer.n_done >= crew.max_tiles;
            if self.process.as_mut().is_some_and(is_worn) {
                self.end(EndCause::Recycled, crew.telling);
            }
            match self.start(crew, &is_over).map(|_| ()) {
                Ok(()) => {}
                Err(error @ BackendError::Start { .. }) => {
                    pass.ledger.lack(error);
                    return Left::Alone;
                }
                Err(error) => {
                    pass.ledger.fail(error);
                    return Left::Settled;
                }
            }
            if let Err(error) = self.shift(pass, crew) {
                pass.ledger.fail(error);
            }
        }
    }

    fn shift(&mut self, pass: &Pass<'_, '_, '_>, crew: &Crew<'_>) -> Result<(), BackendError> {
        let Some(process) = &mut self.process else {
            return Ok(());
        };
        process.peer.link.begin_job(pass.job, pass.answer_bytes());
        process.peer.keep_for(pass.work.series);
        let job = Outgoing::short(Kind::Job, pass.job, pass.header.clone());
        // A link that takes no more frames is about to say why.
        process.peer.link.send(job).ok();
        let mut shift = Shift::new(&mut process.peer, pass, &self.place, crew.telling);
        let result = shift.run();
        let lost = shift.into_lost();
        match result {
            Ok(()) => {
                if pass.keep_bytes == 0 {
                    process.peer.keep_for(0);
                }
                self.happen(Incident::Emptied, crew.telling);
                Ok(())
            }
            Err(ShiftEnd::Over) => {
                void(&process.peer.link, pass.job);
                self.happen(Incident::Emptied, crew.telling);
                Ok(())
            }
            Err(ShiftEnd::Failed(error)) => {
                void(&process.peer.link, pass.job);
                self.happen(Incident::Emptied, crew.telling);
                Err(error)
            }
            Err(died) => self.bury(pass, crew, (&lost, died)),
        }
    }

    /// Reaps a worker that died and gives its tiles back.
    fn bury(
        &mut self,
        pass: &Pass<'_, '_, '_>,
        crew: &Crew<'_>,
        (lost, died): (&[Task], ShiftEnd),
    ) -> Result<(), BackendError> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        let computing = process.peer.computing(pass.job);
        let death = match died {
            ShiftEnd::Died(closed) => process.autopsy(closed),
            ShiftEnd::Overdue(what) => process.end(DeathCause::Deadline, &what),
            ShiftEnd::Over | ShiftEnd::Failed(_) => process.end(DeathCause::Protocol, ""),
        };
        let tile = computing.map(|tile| (PassIdx(pass.work.pass_idx as u16), TileIdx(tile)));
        let computing = computing.map(|tile| tile as usize);
        let rect = computing.and_then(|tile| pass.work.tiles.get(tile));
        let death = death.weighed(rect.copied());
        let result = pass.ledger.lose(lost, computing, &death);
        self.count(crew, &process, (tile, &death))?;
        result
    }

    /// Tells of a death and gives up when there were too many for nothing.
    fn count(
        &self,
        crew: &Crew<'_>,
        process: &Process,
        (tile, death): (Option<(PassIdx, TileIdx)>, &Death),
    ) -> Result<(), BackendError> {
        self.place
            .happen(Incident::Lost(death.cause), tile, crew.telling);
        let (pid, n_done) = (process.pid(), process.peer.n_done);
        tracing::warn!(
            worker = self.place.worker().0,
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

    fn happen(&self, incident: Incident, telling: Telling<'_>) {
        self.place.happen(incident, None, telling);
    }
}

/// Lets a worker forget a job; it may be computing for it.
fn void(link: &Link, job: u64) {
    link.void(job);
    let cancel = Outgoing::short(Kind::Cancel, job, Vec::new());
    link.send(cancel).ok();
}
