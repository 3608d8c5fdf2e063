//! What one worker does of one pass: tiles sent ahead of what it computes, answers checked, pasted
//! and recorded.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::RecvTimeoutError;

use crate::backend::{BackendError, PassWork};
use crate::telemetry::clock::{ClockOffset, now_ns};
use crate::telemetry::event::{Event, Phase, PhaseSpan, TileRecord};
use crate::telemetry::ids::{PassIdx, TileIdx, WorkerIdx};

use super::frame::{Frame, HEAD_LEN, Kind};
use super::ledger::{Ledger, Task};
use super::link::{Closed, Incoming, Outgoing, Refused, SentStamp};
use super::message::{DoneHeader, Failure, TileHeader, decode, encode, harmless};
use super::parcel::pack_regions;
use super::peer::Peer;

/// How often a lane that waits for its worker looks whether the run was stopped.
const TICK: Duration = Duration::from_millis(5);

/// Tiles a worker has at once: one it computes and at least one that is on its way.
const MIN_IN_FLIGHT: usize = 2;
const MAX_IN_FLIGHT: usize = 8;

/// Small tiles are sent further ahead, up to this much, since each costs its turns of threads.
const IN_FLIGHT_BYTES: usize = 512 << 10;

/// One pass of one run, as all lanes see it.
pub(super) struct Pass<'a, 'w, 'c> {
    /// Counts up over the pool's life, so that a late answer never meets a later pass.
    pub(super) job: u64,
    /// The job's header, the same for every worker.
    pub(super) header: Vec<u8>,
    pub(super) work: &'a PassWork<'w, 'c>,
    pub(super) ledger: Ledger,
    pub(super) n_workers: usize,
}

impl Pass<'_, '_, '_> {
    /// Pixels of the largest tile's answer.
    pub(super) fn answer_bytes(&self) -> u64 {
        let bytes = |rect| self.work.canvas.packed_bytes(rect);
        self.work
            .tiles
            .iter()
            .copied()
            .map(bytes)
            .max()
            .unwrap_or(0)
    }

    fn is_stopped(&self) -> bool {
        if self.work.cancel.is_stopped() {
            self.ledger.fail(BackendError::Stopped);
        }
        self.ledger.is_over()
    }
}

/// Why a shift ended before its tiles were done.
pub(super) enum ShiftEnd {
    /// The pass is over; the ledger knows why.
    Over,
    Died(Closed),
    Failed(BackendError),
}

/// A tile at the worker.
struct InFlight {
    task: Task,
    bytes_in: u64,
    stamp: Arc<SentStamp>,
}

/// One worker's part of a pass.
pub(super) struct Shift<'a, 'p, 'w, 'c> {
    peer: &'a mut Peer,
    pass: &'a Pass<'p, 'w, 'c>,
    worker: WorkerIdx,
    in_flight: VecDeque<InFlight>,
    depth: usize,
}

impl<'a, 'p, 'w, 'c> Shift<'a, 'p, 'w, 'c> {
    pub(super) const fn new(
        peer: &'a mut Peer,
        pass: &'a Pass<'p, 'w, 'c>,
        worker: WorkerIdx,
    ) -> Self {
        Self {
            peer,
            pass,
            worker,
            in_flight: VecDeque::new(),
            depth: MIN_IN_FLIGHT,
        }
    }

    /// The tiles the worker still had.
    pub(super) fn into_lost(self) -> Vec<Task> {
        self.in_flight.into_iter().map(|tile| tile.task).collect()
    }

    pub(super) fn run(&mut self) -> Result<(), ShiftEnd> {
        loop {
            self.send_ahead()?;
            if self.in_flight.is_empty() {
                return Ok(());
            }
            match self.peer.link.inbox().recv_timeout(TICK) {
                Ok(Incoming::Frame(frame)) => self.take(frame)?,
                Ok(Incoming::Closed(closed)) => return Err(ShiftEnd::Died(closed)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(ShiftEnd::Died(Closed::Ended));
                }
            }
        }
    }

    /// Gives the worker tiles until it has enough to stay busy.
    fn send_ahead(&mut self) -> Result<(), ShiftEnd> {
        loop {
            if self.pass.is_stopped() {
                return Err(ShiftEnd::Over);
            }
            if self.in_flight.len() >= self.depth {
                return Ok(());
            }
            let Some(task) = self.pass.ledger.take() else {
                return Ok(());
            };
            self.send(task)?;
        }
    }

    fn send(&mut self, task: Task) -> Result<(), ShiftEnd> {
        let work = self.pass.work;
        let output = work.tiles[task.tile_idx];
        let program = work.engine.program();
        let needs = program.needs(&program.rects(output));
        let mut payload = self.peer.link.buffers().take();
        let regions = pack_regions(&needs, work.sources, &mut payload);
        let header = encode(&TileHeader { output, regions });
        let bytes_in = HEAD_LEN + header.len() + payload.len();
        // Towards the end nobody hoards what others could do.
        let share = self.pass.ledger.n_waiting() / (2 * self.pass.n_workers);
        let ahead = (IN_FLIGHT_BYTES / bytes_in).min(share);
        self.depth = ahead.clamp(MIN_IN_FLIGHT, MAX_IN_FLIGHT);
        let stamp = Arc::new(SentStamp::default());
        self.in_flight.push_back(InFlight {
            task,
            bytes_in: bytes_in as u64,
            stamp: Arc::clone(&stamp),
        });
        let sent = self.peer.link.send(Outgoing {
            kind: Kind::Tile,
            job: self.pass.job,
            tile: task.tile_idx as u32,
            header,
            payload,
            stamp: Some(stamp),
        });
        match sent {
            // Its reader says why it is closed, after what the worker said before.
            Ok(()) | Err(Refused::Closed) => Ok(()),
            Err(Refused::Full) => {
                let what = "it does not read its frames".to_owned();
                Err(ShiftEnd::Died(Closed::Nonsense(what)))
            }
        }
    }

    fn take(&mut self, frame: Frame) -> Result<(), ShiftEnd> {
        if frame.job != self.pass.job {
            // It was read before its pass was stopped, and nobody took it.
            self.peer.link.buffers().give(frame.payload);
            return Ok(());
        }
        let tile_idx = frame.tile as usize;
        let is_tile = |tile: &InFlight| tile.task.tile_idx == tile_idx;
        let found = self.in_flight.iter().position(is_tile);
        match (frame.kind, found) {
            (Kind::Failed, _) => Err(failed(&frame)),
            (Kind::Done, Some(idx)) => {
                let header: DoneHeader = decode(&frame.header)
                    .map_err(|error| nonsense(format!("an answer's header: {error}")))?;
                let rect = self.pass.work.tiles[tile_idx];
                let expected_bytes = self.pass.work.canvas.packed_bytes(rect);
                if header.rect != rect || frame.payload.len() as u64 != expected_bytes {
                    return Err(nonsense(format!("tile {tile_idx} of the wrong size")));
                }
                if let Some(tile) = self.in_flight.remove(idx) {
                    self.finish(&tile, frame, header);
                }
                Ok(())
            }
            (kind, _) => Err(nonsense(format!(
                "{kind:?} for tile {tile_idx}, not asked for"
            ))),
        }
    }

    fn finish(&mut self, tile: &InFlight, frame: Frame, header: DoneHeader) {
        let work = self.pass.work;
        let writing_ns = now_ns();
        work.canvas.paste_packed(header.rect, frame.payload.bytes());
        let written_ns = now_ns();
        self.peer.n_done += 1;
        let times = Times {
            sent_ns: tile.stamp.times(),
            offset: self.peer.offset,
            received_ns: frame.ended_ns,
            pasted_ns: (writing_ns, written_ns),
        };
        work.events.record(Event::Tile(TileRecord {
            run: work.run,
            pass: PassIdx(work.pass_idx as u16),
            tile: TileIdx(frame.tile),
            rect_in_frame: header.rect,
            worker: self.worker,
            core: header.core_after,
            core_changed: header.core_after != header.core_before,
            phases: times.phases(&header),
            cpu_ns: header.cpu_ns,
            steps: header.steps,
            bytes_in: tile.bytes_in,
            bytes_out: frame.n_bytes(),
            attempt: tile.task.attempt,
        }));
        self.peer.link.buffers().give(frame.payload);
        self.pass.ledger.done();
    }
}

fn nonsense(what: String) -> ShiftEnd {
    ShiftEnd::Died(Closed::Nonsense(what))
}

fn failed(frame: &Frame) -> ShiftEnd {
    let error = match decode::<Failure>(&frame.header) {
        Ok(Failure::Panicked { filter }) => BackendError::FilterPanicked {
            filter: harmless(&filter),
            tile_idx: frame.tile as usize,
        },
        Ok(Failure::Refused { reason }) => BackendError::PoolLost {
            cause: format!("a worker refused its job: {}", harmless(&reason)),
        },
        Err(error) => return nonsense(format!("a failure's header: {error}")),
    };
    ShiftEnd::Failed(error)
}

/// When what happened to one tile.
struct Times {
    sent_ns: (u64, u64),
    offset: ClockOffset,
    received_ns: u64,
    pasted_ns: (u64, u64),
}

impl Times {
    /// The tile's phases on this process's clock, one after the other. The worker's clock is known
    /// to within its offset's error: its times are moved to where they make sense, and computing
    /// keeps its length.
    fn phases(&self, header: &DoneHeader) -> Vec<PhaseSpan> {
        let (sending_ns, sent_ns) = self.sent_ns;
        let end_ns = self.received_ns.max(sending_ns);
        let computing_ns = header.computed_ns.saturating_sub(header.started_ns);
        let latest_ns = end_ns.saturating_sub(computing_ns).max(sending_ns);
        let started_ns = self
            .offset
            .to_ours(header.started_ns)
            .clamp(sending_ns, latest_ns);
        let computed_ns = started_ns.saturating_add(computing_ns).min(end_ns);
        // The stamp may come late: the worker can be done before the writing thread runs again.
        let is_stamped = sent_ns >= sending_ns;
        let sent_ns = if is_stamped {
            sent_ns.min(started_ns)
        } else {
            started_ns
        };
        let (pasting_ns, pasted_ns) = self.pasted_ns;
        vec![
            PhaseSpan::new(Phase::Sending, sending_ns, sent_ns),
            PhaseSpan::new(Phase::Queued, sent_ns, started_ns),
            PhaseSpan::new(Phase::Computing, started_ns, computed_ns),
            PhaseSpan::new(Phase::Receiving, computed_ns, end_ns),
            PhaseSpan::new(Phase::Writing, pasting_ns, pasted_ns),
        ]
    }
}

#[cfg(test)]
mod tests;
