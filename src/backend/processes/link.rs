//! The parent's end of one worker's streams: a thread that writes, a thread that reads.
//!
//! A tile whose pixels are in shared memory is a few hundred bytes: the lane writes those itself and
//! spares a turn of threads, as long as the worker has so few before it that its pipe cannot be full.
//!
//! The reader believes nothing: kinds only workers send, jobs that were asked for, payloads no
//! longer than the longest answer asked for. Late answers to void jobs end here.

use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use crate::telemetry::clock::now_ns;

use super::computing::Computing;
use super::frame::{Frame, FrameError, HEAD_LEN, Kind, Limits, read_frame, write_frame};
use super::message::MAX_TEXT_BYTES;
use super::payload::{Buffers, Payload};
use super::slots::Slots;

/// Frames that wait for a worker. Far more than are ever under way to one that reads: when they
/// fill up, it does not.
const OUTBOX_FRAMES: usize = 64;

/// Answers that wait for their lane; more than a worker is ever asked for at once.
const INBOX_FRAMES: usize = 64;

/// The longest header of an answer: a filter's name and the times of a few hundred steps.
const MAX_ANSWER_HEADER_BYTES: u32 = 4 * MAX_TEXT_BYTES as u32;

/// Tiles a lane may write itself while the worker has not answered them, and how long each may be:
/// together less than the smallest pipe holds, so that no lane ever waits for a worker to read.
const MAX_AT_ONCE: usize = 8;
const MAX_AT_ONCE_BYTES: usize = 4096 / MAX_AT_ONCE - HEAD_LEN;

/// When a frame was written, told by the writing thread to who waits for the answer.
#[derive(Debug, Default)]
pub(super) struct SentStamp {
    began_ns: AtomicU64,
    ended_ns: AtomicU64,
}

impl SentStamp {
    /// Both 0 until they happened.
    pub(super) fn times(&self) -> (u64, u64) {
        let [began_ns, ended_ns] = [&self.began_ns, &self.ended_ns];
        (
            began_ns.load(Ordering::Acquire),
            ended_ns.load(Ordering::Acquire),
        )
    }
}

/// A frame for the worker.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) kind: Kind,
    pub(super) job: u64,
    pub(super) tile: u32,
    pub(super) header: Vec<u8>,
    pub(super) payload: Payload,
    pub(super) stamp: Option<Arc<SentStamp>>,
}

impl Outgoing {
    pub(super) fn short(kind: Kind, job: u64, header: Vec<u8>) -> Self {
        Self {
            kind,
            job,
            tile: 0,
            header,
            payload: Payload::default(),
            stamp: None,
        }
    }
}

/// What comes from the worker's side.
#[derive(Debug)]
pub(super) enum Incoming {
    Frame(Frame),
    /// Nothing more will come.
    Closed(Closed),
}

/// Why a link ended.
#[derive(Debug)]
pub(super) enum Closed {
    /// The worker's stream ended, or it does not take ours: most likely it died.
    Ended,
    /// The worker said something that makes no sense.
    Nonsense(String),
}

/// What both threads and the lane look at.
#[derive(Debug)]
struct Shared {
    /// Jobs before it are void.
    job: AtomicU64,
    max_payload_bytes: AtomicU64,
    /// What the worker said it computes now, a [`Computing`].
    computing: AtomicU64,
    /// Tiles written that were not answered yet.
    n_unanswered: AtomicUsize,
    /// Frames handed to the writing thread that are not written yet.
    n_queued: AtomicUsize,
    buffers: Buffers,
    slots: Slots,
}

/// The worker's input; empty once the writing thread has ended.
struct Wire(Mutex<Option<Box<dyn Write + Send>>>);

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

/// Two threads and what connects them with a lane. They end when the streams do.
#[derive(Debug)]
pub(super) struct Link {
    outbox: Option<Sender<Outgoing>>,
    inbox: Receiver<Incoming>,
    wire: Arc<Wire>,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// The worker takes no more frames.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// So many wait already that it cannot be reading.
    Full,
    Closed,
}

impl Link {
    /// # Errors
    /// When the system gives no more threads.
    pub(super) fn new(
        name: &str,
        read: impl Read + Send + 'static,
        write: impl Write + Send + 'static,
    ) -> io::Result<Self> {
        let (outbox, to_write) = bounded(OUTBOX_FRAMES);
        let (to_lane, inbox) = bounded(INBOX_FRAMES);
        let shared = Arc::new(Shared {
            job: AtomicU64::new(0),
            max_payload_bytes: AtomicU64::new(0),
            computing: AtomicU64::new(0),
            n_unanswered: AtomicUsize::new(0),
            n_queued: AtomicUsize::new(0),
            buffers: Buffers::default(),
            slots: Slots::default(),
        });
        let wire = Arc::new(Wire(Mutex::new(Some(Box::new(write)))));
        let writer = {
            let (shared, to_lane) = (Arc::clone(&shared), to_lane.clone());
            let wire = Arc::clone(&wire);
            thread::Builder::new()
                .name(format!("{name} writer"))
                .spawn(move || {
                    let written = write_frames(&wire, &to_write, &shared);
                    // The worker's stream ends with its writer.
                    *wire.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
                    if written.is_err() {
                        // A lane that is gone does not need to know.
                        to_lane.send(Incoming::Closed(Closed::Ended)).ok();
                    }
                })?
        };
        let reader = {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name(format!("{name} reader"))
                .spawn(move || {
                    let closed = read_frames(read, &to_lane, &shared);
                    to_lane.send(Incoming::Closed(closed)).ok();
                })?
        };
        Ok(Self {
            outbox: Some(outbox),
            inbox,
            wire,
            shared,
            threads: vec![writer, reader],
        })
    }

    pub(super) const fn inbox(&self) -> &Receiver<Incoming> {
        &self.inbox
    }

    /// Payloads for tiles to send; those of answers are given back here.
    pub(super) fn buffers(&self) -> &Buffers {
        &self.shared.buffers
    }

    /// Parts of the worker's arena, if it has one.
    pub(super) fn slots(&self) -> &Slots {
        &self.shared.slots
    }

    /// From now on only answers to `job` pass, each at most `answer_bytes` of pixels long.
    pub(super) fn begin_job(&self, job: u64, answer_bytes: u64) {
        // Late answers to an earlier job may be longer than this one's.
        let max = &self.shared.max_payload_bytes;
        max.fetch_max(answer_bytes, Ordering::AcqRel);
        self.shared.job.store(job, Ordering::Release);
    }

    /// Drops every answer to `job` that is still to come, and tiles of it not yet sent.
    pub(super) fn void(&self, job: u64) {
        self.shared.job.store(job + 1, Ordering::Release);
    }

    /// The tile of `job` the worker computes at this moment.
    pub(super) fn computing(&self, job: u64) -> Option<u32> {
        Computing(self.shared.computing.load(Ordering::Acquire)).tile_of(job)
    }

    /// Writes a short tile, or hands a frame to the writing thread, without waiting.
    pub(super) fn send(&self, frame: Outgoing) -> Result<(), Refused> {
        let Some(outbox) = &self.outbox else {
            return Err(Refused::Closed);
        };
        if self.is_written_at_once(&frame) {
            return Ok(());
        }
        self.shared.n_queued.fetch_add(1, Ordering::SeqCst);
        outbox.try_send(frame).map_err(|error| {
            self.shared.n_queued.fetch_sub(1, Ordering::SeqCst);
            match error {
                TrySendError::Full(_) => Refused::Full,
                TrySendError::Disconnected(_) => Refused::Closed,
            }
        })
    }

    /// Whether a frame is on its way already: not what would wait, overtake others or has failed, which
    /// the writing thread shall find out.
    fn is_written_at_once(&self, frame: &Outgoing) -> bool {
        let shared = &self.shared;
        let is_short = frame.payload.is_empty() && frame.header.len() <= MAX_AT_ONCE_BYTES;
        let has_room = shared.n_unanswered.load(Ordering::Acquire) < MAX_AT_ONCE;
        if frame.kind != Kind::Tile || !is_short || !has_room {
            return false;
        }
        if shared.n_queued.load(Ordering::SeqCst) > 0 {
            return false;
        }
        match self.wire.0.try_lock() {
            Ok(mut wire) => match &mut *wire {
                Some(write) => shared.write(write, frame).is_ok(),
                None => false,
            },
            Err(TryLockError::WouldBlock | TryLockError::Poisoned(_)) => false,
        }
    }

    /// Waits for the threads; the caller made the streams end.
    pub(super) fn join(&mut self) {
        self.outbox = None;
        // A reader that waits for its lane must find room to say its last word.
        while self.inbox.recv().is_ok() {}
        for thread in self.threads.drain(..) {
            // It held nothing that its panic could have left half done.
            thread.join().ok();
        }
    }
}

fn write_frames(wire: &Wire, frames: &Receiver<Outgoing>, shared: &Shared) -> io::Result<()> {
    for frame in frames {
        let is_void = frame.job < shared.job.load(Ordering::Acquire);
        if frame.kind == Kind::Tile && is_void {
            shared.slots.give((frame.job, frame.tile));
        } else {
            let mut wire = wire.0.lock().unwrap_or_else(PoisonError::into_inner);
            let write = wire.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
            shared.write(write, &frame)?;
        }
        shared.n_queued.fetch_sub(1, Ordering::SeqCst);
        shared.buffers.give(frame.payload);
    }
    Ok(())
}

fn read_frames(read: impl Read, to_lane: &Sender<Incoming>, shared: &Shared) -> Closed {
    let mut read = BufReader::with_capacity(16 << 10, read);
    loop {
        let limits = || Limits {
            header_bytes: MAX_ANSWER_HEADER_BYTES,
            payload_bytes: shared.max_payload_bytes.load(Ordering::Acquire),
        };
        let frame = match read_frame(&mut read, limits, &shared.buffers) {
            Ok(Some(frame)) => frame,
            Ok(None) | Err(FrameError::Truncated | FrameError::Io(_)) => return Closed::Ended,
            Err(error) => return Closed::Nonsense(error.to_string()),
        };
        match shared.sort(frame) {
            Ok(Some(frame)) => {
                if to_lane.send(Incoming::Frame(frame)).is_err() {
                    return Closed::Ended;
                }
            }
            Ok(None) => {}
            Err(nonsense) => return Closed::Nonsense(nonsense),
        }
    }
}

impl Shared {
    fn write(&self, write: &mut impl Write, frame: &Outgoing) -> io::Result<()> {
        if let Some(stamp) = &frame.stamp {
            stamp.began_ns.store(now_ns(), Ordering::Release);
        }
        if frame.kind == Kind::Tile {
            self.n_unanswered.fetch_add(1, Ordering::AcqRel);
        }
        let identity = (frame.job, frame.tile);
        let payload = frame.payload.bytes();
        write_frame(write, frame.kind, identity, &frame.header, payload)?;
        write.flush()?;
        if let Some(stamp) = &frame.stamp {
            stamp.ended_ns.store(now_ns(), Ordering::Release);
        }
        Ok(())
    }

    /// The frame, if its lane must see it.
    fn sort(&self, frame: Frame) -> Result<Option<Frame>, String> {
        let job = self.job.load(Ordering::Acquire);
        if let Kind::Done | Kind::Cancelled | Kind::Failed = frame.kind {
            let one_less = |n: usize| n.checked_sub(1);
            // One that answers what nobody asked for is found out by its lane.
            self.n_unanswered
                .fetch_update(Ordering::AcqRel, Ordering::Acquire, one_less)
                .ok();
        }
        match frame.kind {
            Kind::Hello | Kind::Pong => Ok(Some(frame)),
            Kind::Ping
            | Kind::Job
            | Kind::Tile
            | Kind::Memory
            | Kind::Forget
            | Kind::Cancel
            | Kind::Goodbye => Err(format!("{:?} from a worker", frame.kind)),
            Kind::Started | Kind::Done | Kind::Cancelled | Kind::Failed if frame.job > job => Err(
                format!("an answer to job {}, which does not exist", frame.job),
            ),
            Kind::Started | Kind::Done | Kind::Cancelled | Kind::Failed if frame.job < job => {
                if frame.kind != Kind::Started {
                    self.slots.give((frame.job, frame.tile));
                }
                self.buffers.give(frame.payload);
                Ok(None)
            }
            Kind::Started => {
                let Computing(bits) = Computing::of(frame.job, frame.tile);
                self.computing.store(bits, Ordering::Release);
                Ok(None)
            }
            Kind::Done | Kind::Cancelled | Kind::Failed => {
                self.computing.store(0, Ordering::Release);
                Ok(Some(frame))
            }
        }
    }
}
