//! What one worker does of one pass: tiles sent ahead of what it computes, answers checked, pasted
//! and recorded.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::RecvTimeoutError;

use crate::backend::BackendError;
use crate::pixels::geometry::Rect;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, Phase, TileRecord};
use crate::telemetry::ids::{PassIdx, TileIdx};

use super::dispatch::{self, Dispatch, Order};
use super::frame::{Frame, Kind};
use super::ledger::Task;
use super::life::Incident;
use super::link::{Closed, Incoming, Outgoing, Refused, SentStamp};
use super::message::{DoneHeader, Failure, KeptId, Part, decode, harmless};
use super::pass::Pass;
use super::patience::{Verdict, Watch};
use super::peer::Peer;
use super::place::{Place, Telling};
use super::times::Times;

/// How often a lane that waits for its worker looks whether the run was stopped.
const TICK: Duration = Duration::from_millis(5);

/// Tiles a worker has at once: one it computes and at least one that is on its way.
pub(super) const MIN_IN_FLIGHT: usize = 2;
const MAX_IN_FLIGHT: usize = 8;

/// Small tiles are sent further ahead, up to this much, since each costs its turns of threads.
pub(super) const IN_FLIGHT_BYTES: usize = 512 << 10;

/// Why a shift ended before its tiles were done.
pub(super) enum ShiftEnd {
    /// The pass is over; the ledger knows why.
    Over,
    Died(Closed),
    /// It gave no sign of progress for too long, in words.
    Overdue(String),
    Failed(BackendError),
}

/// A tile at the worker.
struct InFlight {
    task: Task,
    /// Pixels of all it reads, or makes where that is more: what its cost goes by.
    read_px: u64,
    bytes_in: u64,
    /// Where in the arena its pixels shall be.
    result: Option<Part>,
    /// What the worker keeps once it is done.
    kept: Option<(KeptId, Rect)>,
    stamp: Arc<SentStamp>,
}

/// One worker's part of a pass.
pub(super) struct Shift<'a, 'p, 'w, 'c> {
    peer: &'a mut Peer,
    pass: &'a Pass<'p, 'w, 'c>,
    place: &'a Place,
    telling: Telling<'a>,
    in_flight: VecDeque<InFlight>,
    depth: usize,
    watch: Watch,
    /// Frames that came.
    n_frames: u64,
    seen: Signs,
    is_suspect: bool,
}

/// What changes when a worker gets on: frames that came, the tile it computes, tiles it took in.
type Signs = (u64, Option<u32>, usize);

impl<'a, 'p, 'w, 'c> Shift<'a, 'p, 'w, 'c> {
    pub(super) fn new(
        peer: &'a mut Peer,
        pass: &'a Pass<'p, 'w, 'c>,
        place: &'a Place,
        telling: Telling<'a>,
    ) -> Self {
        Self {
            peer,
            pass,
            place,
            telling,
            in_flight: VecDeque::new(),
            depth: MIN_IN_FLIGHT,
            watch: Watch::new(now_ns()),
            n_frames: 0,
            seen: (0, None, 0),
            is_suspect: false,
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
            self.look_after()?;
        }
    }

    /// Asks a worker that is overdue whether it lives, and gives up on one that is mute or stuck.
    fn look_after(&mut self) -> Result<(), ShiftEnd> {
        let computing = self.peer.computing(self.pass.job);
        let is_sent = |tile: &&InFlight| tile.stamp.times().1 != 0;
        let n_sent = self.in_flight.iter().filter(is_sent).count();
        let signs = (self.n_frames, computing, n_sent);
        if signs != self.seen {
            self.seen = signs;
            self.watch.progressed();
            if std::mem::take(&mut self.is_suspect) {
                self.happen(Incident::Progressed, computing);
            }
        }
        let limit = |tile: &InFlight| self.pass.pace.limit_ns(tile.read_px, tile.task.attempt);
        let limit_ns = self.in_flight.iter().map(limit).max().unwrap_or(u64::MAX);
        let what = match self.watch.look(now_ns(), limit_ns) {
            Verdict::Fine => return Ok(()),
            Verdict::Ask => {
                self.is_suspect = true;
                self.happen(Incident::Overdue, computing);
                // A link that takes no more frames is about to say why.
                let ping = Outgoing::short(Kind::Ping, 0, Vec::new());
                self.peer.link.send(ping).ok();
                return Ok(());
            }
            Verdict::Mute => "it does not answer",
            Verdict::Stuck => "it answers, but its tile does not come",
        };
        let (silent, limit) = (seconds(self.watch.silent_ns()), seconds(limit_ns));
        let words = format!("{what}; silent for {silent:.1} s where {limit:.1} s would be long");
        Err(ShiftEnd::Overdue(words))
    }

    fn happen(&self, incident: Incident, tile: Option<u32>) {
        let pass = PassIdx(self.pass.work.pass_idx as u16);
        let tile = tile.map(|tile| (pass, TileIdx(tile)));
        self.place.happen(incident, tile, self.telling);
    }

    /// Gives the worker tiles until it has enough to stay busy.
    fn send_ahead(&mut self) -> Result<(), ShiftEnd> {
        loop {
            if self.pass.is_stopped() {
                return Err(ShiftEnd::Over);
            }
            let is_surplus = self.pass.is_surplus(self.place.worker());
            if is_surplus || self.in_flight.len() >= self.depth {
                return Ok(());
            }
            let has_relapse = self.in_flight.iter().any(|tile| tile.task.attempt > 1);
            if has_relapse {
                return Ok(());
            }
            let Some(task) = self
                .pass
                .ledger
                .take(self.place.worker(), self.in_flight.is_empty())
            else {
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
        let order = Order {
            identity: (self.pass.job, task.tile_idx as u32),
            output,
            needs: &needs,
            result_bytes: work.canvas.packed_bytes(output),
            has_shared_photo: self.pass.has_shared_photo,
            keep_bytes: self.pass.keep_bytes,
        };
        let Dispatch {
            header,
            payload,
            result,
            bytes_in,
            kept,
        } = Dispatch::pack(self.peer, work.sources, &order);
        // Towards the end nobody hoards what others could do.
        let n_workers = self.pass.wanted.n_workers();
        let share = self.pass.ledger.n_waiting() / (2 * n_workers);
        let ahead = (IN_FLIGHT_BYTES / bytes_in).min(share);
        self.depth = ahead.clamp(MIN_IN_FLIGHT, MAX_IN_FLIGHT);
        let stamp = Arc::new(SentStamp::default());
        if self.in_flight.is_empty() {
            self.happen(Incident::Given, None);
        }
        let read_px: u64 = needs.iter().map(|need| need.rect.area()).sum();
        self.in_flight.push_back(InFlight {
            task,
            read_px: read_px.max(output.area()),
            bytes_in: bytes_in as u64,
            result,
            kept,
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
            Err(Refused::Full) => Err(nonsense("it does not read its frames".to_owned())),
        }
    }

    fn take(&mut self, frame: Frame) -> Result<(), ShiftEnd> {
        if frame.kind == Kind::Pong {
            self.watch.answered();
            return Ok(());
        }
        self.n_frames += 1;
        if frame.job != self.pass.job {
            // It was read before its pass was stopped, and nobody took it.
            self.peer.link.slots().give((frame.job, frame.tile));
            self.peer.link.buffers().give(frame.payload);
            return Ok(());
        }
        let tile_idx = frame.tile as usize;
        let is_tile = |tile: &InFlight| tile.task.tile_idx == tile_idx;
        let found = self.in_flight.iter().position(is_tile);
        match (frame.kind, found) {
            (Kind::Failed, _) => {
                self.peer.link.slots().give((frame.job, frame.tile));
                Err(failed(&frame))
            }
            (Kind::Done, Some(idx)) => {
                let header: DoneHeader = decode(&frame.header)
                    .map_err(|error| nonsense(format!("an answer's header: {error}")))?;
                let rect = self.pass.work.tiles[tile_idx];
                let expected_bytes = if header.is_in_arena {
                    0
                } else {
                    self.pass.work.canvas.packed_bytes(rect)
                };
                let is_lost = header.is_in_arena && self.in_flight[idx].result.is_none();
                if header.rect != rect || frame.payload.len() as u64 != expected_bytes || is_lost {
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
        let n_shared = self.paste(tile, &frame, &header);
        let written_ns = now_ns();
        self.peer.n_done += 1;
        if let Some((id, rect)) = tile.kept {
            self.peer.kept.note(id, rect);
        }
        self.place.tile_done();
        if self.peer.n_done == 1 {
            self.pass.barren.proven(self.peer.started_ns);
        }
        let times = Times {
            sent_ns: tile.stamp.times(),
            offset: self.peer.offset,
            received_ns: frame.ended_ns,
            pasted_ns: (writing_ns, written_ns),
        };
        let phases = times.phases(&header);
        // From its beginning to the last byte of its answer, on our clock.
        let took = phases
            .iter()
            .filter(|span| matches!(span.phase, Phase::Computing | Phase::Receiving));
        let took_ns = took.map(|span| span.duration_ns()).sum();
        self.pass.pace.note(tile.read_px, took_ns);
        work.events.record(Event::Tile(TileRecord {
            run: work.run,
            pass: PassIdx(work.pass_idx as u16),
            tile: TileIdx(frame.tile),
            rect_in_frame: header.rect,
            worker: self.place.worker(),
            core: header.core_after,
            core_changed: header.core_after != header.core_before,
            phases,
            cpu_ns: header.cpu_ns,
            steps: header.steps,
            bytes_in: tile.bytes_in,
            bytes_out: frame.n_bytes() + n_shared,
            attempt: tile.task.attempt,
        }));
        self.peer.link.buffers().give(frame.payload);
        self.pass.ledger.done();
    }
}

impl Shift<'_, '_, '_, '_> {
    /// Puts a tile's pixels where they belong and gives its slot back; answers how many bytes of
    /// them were in the arena.
    fn paste(&self, tile: &InFlight, frame: &Frame, header: &DoneHeader) -> u64 {
        let arena = self.peer.arena.as_ref();
        let part = tile.result.filter(|_| header.is_in_arena);
        let range = part.and_then(dispatch::range);
        let shared = arena
            .zip(range)
            .and_then(|(arena, range)| arena.part(range));
        let bytes = shared.unwrap_or_else(|| frame.payload.bytes());
        self.pass.work.canvas.paste_packed(header.rect, bytes);
        self.peer.link.slots().give((frame.job, frame.tile));
        part.map_or(0, |part| part.n_bytes)
    }
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
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
