//! A worker as the parent speaks with it, whatever it runs in: a link, and what the handshake told.

use std::time::Duration;

use crossbeam_channel::RecvTimeoutError;
use serde::de::DeserializeOwned;

use crate::system::shared_memory::Arena;
use crate::telemetry::clock::{ClockOffset, now_ns};

use super::computing::Computing;
use super::frame::{Frame, Kind};
use super::kept::Kept;
use super::link::{Closed, Incoming, Link, Outgoing};
use super::message::{Hello, MemoryHeader, Pong, decode, encode};
use super::patience::{Verdict, Watch};
use super::slots::ARENA_BYTES;

/// A program that is a worker answers within milliseconds; a machine may be very busy.
const HELLO_NS: u64 = 10_000_000_000;

/// How often one who waits for an answer looks whether it is still wanted.
const TICK: Duration = Duration::from_millis(5);

/// Questions asked to learn a worker's clock, until one answer is this quick; the quickest counts.
const MAX_PINGS: usize = 8;
const GOOD_ERROR_NS: u64 = 25_000;

/// Why a worker was not greeted.
#[derive(Debug)]
pub(super) enum GreetError {
    /// It is of another build, in words.
    Mismatch(String),
    Closed(Closed),
    /// It did not answer in time.
    Silent,
    /// Nobody waits for it any more.
    Stopped,
}

/// One worker.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) link: Link,
    /// Of the worker's clock.
    pub(super) offset: ClockOffset,
    pub(super) started_ns: u64,
    /// Tiles finished since it was started.
    pub(super) n_done: u64,
    /// Memory that tiles travel in, where they do not travel by pipe.
    pub(super) arena: Option<Arena>,
    /// What it has of the photo at hand.
    pub(super) kept: Kept,
}

impl Peer {
    pub(super) fn new(link: Link) -> Self {
        Self {
            link,
            offset: ClockOffset::default(),
            started_ns: now_ns(),
            n_done: 0,
            arena: None,
            kept: Kept::default(),
        }
    }

    /// What it keeps from now on is of another photo, or none.
    pub(super) fn keep_for(&mut self, series: u64) {
        if self.kept.series() == series {
            return;
        }
        if self.kept.n_bytes() > 0 {
            // A closed link says why in its inbox.
            let forget = Outgoing::short(Kind::Forget, 0, Vec::new());
            self.link.send(forget).ok();
        }
        self.kept = Kept::of(series);
    }

    /// From now on tiles travel in memory that both map. Where the system has none they travel by
    /// pipe as before.
    pub(super) fn share_memory(&mut self) {
        match Arena::new(ARENA_BYTES).and_then(|arena| Ok((arena.name()?, arena))) {
            Ok((name, arena)) => {
                let header = encode(&MemoryHeader { name });
                // A closed link says why in its inbox.
                self.link
                    .send(Outgoing::short(Kind::Memory, 0, header))
                    .ok();
                self.arena = Some(arena);
            }
            Err(error) => tracing::warn!("tiles travel by pipe: no shared memory: {error}"),
        }
    }

    /// The tile of `job` the worker computes at this moment, or did when it died: as it marks in the
    /// memory both map, or said.
    pub(super) fn computing(&self, job: u64) -> Option<u32> {
        let marked = self.arena.as_ref().map(|arena| arena.mark().get());
        let marked = marked.and_then(|mark| Computing(mark).tile_of(job));
        marked.or_else(|| self.link.computing(job))
    }

    /// Frees what is kept for the next tile; the worker frees its own by itself.
    pub(super) fn trim(&mut self) {
        self.keep_for(0);
        self.link.buffers().clear();
        if let (Some(arena), true) = (&mut self.arena, self.link.slots().are_all_free()) {
            arena.clear();
        }
    }

    /// Asks who it is and what its clock reads.
    ///
    /// # Errors
    /// When it is another build, makes no sense, or is gone; or `is_stopped` meanwhile.
    pub(super) fn greet(&mut self, is_stopped: &dyn Fn() -> bool) -> Result<(), GreetError> {
        let ours = Hello::own();
        let frame = self.ask(Kind::Hello, encode(&ours), is_stopped)?;
        if let Some(what) = ours.mismatch(&parse(&frame)?) {
            return Err(GreetError::Mismatch(what));
        }
        for ping_idx in 0..MAX_PINGS {
            let sent_ns = now_ns();
            let frame = self.ask(Kind::Ping, Vec::new(), is_stopped)?;
            let pong: Pong = parse(&frame)?;
            let offset = ClockOffset::estimate(sent_ns, pong.clock_ns, frame.ended_ns);
            self.offset = match ping_idx {
                0 => offset,
                _ => self.offset.better(offset),
            };
            if self.offset.error_ns() <= GOOD_ERROR_NS {
                break;
            }
        }
        Ok(())
    }

    fn ask(
        &self,
        question: Kind,
        header: Vec<u8>,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Frame, GreetError> {
        let expected = match question {
            Kind::Ping => Kind::Pong,
            same => same,
        };
        // A closed link says why in its inbox.
        self.link.send(Outgoing::short(question, 0, header)).ok();
        let mut watch = Watch::new(now_ns());
        loop {
            match self.link.inbox().recv_timeout(TICK) {
                Ok(Incoming::Frame(frame)) if frame.kind == expected => return Ok(frame),
                Ok(Incoming::Frame(frame)) => {
                    let what = format!("{:?} instead of {expected:?}", frame.kind);
                    return Err(GreetError::Closed(Closed::Nonsense(what)));
                }
                Ok(Incoming::Closed(closed)) => return Err(GreetError::Closed(closed)),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(GreetError::Closed(Closed::Ended));
                }
                Err(RecvTimeoutError::Timeout) if is_stopped() => return Err(GreetError::Stopped),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if watch.look(now_ns(), HELLO_NS) != Verdict::Fine {
                return Err(GreetError::Silent);
            }
        }
    }
}

fn parse<T: DeserializeOwned>(frame: &Frame) -> Result<T, GreetError> {
    decode(&frame.header).map_err(|error| GreetError::Closed(Closed::Nonsense(error.to_string())))
}
