//! A worker's way out. Answers with pixels wait for the writing thread, so that the next tile is computed
//! meanwhile; what a parent must know before a kernel can bring the process down is written at once; and
//! answers without pixels are held for a few milliseconds, so that several small tiles cost the parent
//! one turn.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::system::shared_memory::Mark;
use crate::telemetry::clock::now_ns;

use super::computing::Computing;
use super::frame::{Kind, encode_front, write_frame};
use super::parcel::Body;
use super::payload::Buffers;
use super::worker::WorkerError;

/// Answers that wait for the stream before computing waits for them.
const OUTBOX_FRAMES: usize = 8;

/// Answers held until others go with them.
const MAX_HELD: usize = 4;

/// Frames that wait for a worker that holds answers: with fewer it would run dry while its parent learns
/// that there is room for more.
pub(super) const MIN_WAITING: usize = 3;

/// Tiles that take longer are said to be done when they are.
const MAX_HELD_NS: u64 = 4_000_000;

/// An answer on its way to the parent.
pub(super) struct Answer {
    pub(super) kind: Kind,
    pub(super) job: u64,
    pub(super) tile: u32,
    pub(super) header: Vec<u8>,
    pub(super) body: Body,
}

impl Answer {
    /// One that is said by its kind and header alone.
    pub(super) const fn short(kind: Kind, job: u64, tile: u32, header: Vec<u8>) -> Self {
        Self {
            kind,
            job,
            tile,
            header,
            body: Body::Empty,
        }
    }
}

/// Where answers are put; the stream is shared with the thread that writes them.
pub(super) struct Outbox<W> {
    answers: Sender<Answer>,
    stream: Arc<Stream<W>>,
    /// Where to write down what is being computed, if both ends map such memory.
    pub(super) mark: Option<Mark>,
}

/// The stream, and how many answers wait for it or are being written.
pub(super) struct Stream<W> {
    way: Mutex<Way<W>>,
    n_pending: AtomicUsize,
}

/// The stream, and frames that go with the next.
struct Way<W> {
    write: W,
    held: Vec<u8>,
    n_held: usize,
    flushed_ns: u64,
}

impl<W> Clone for Outbox<W> {
    fn clone(&self) -> Self {
        Self {
            answers: self.answers.clone(),
            stream: Arc::clone(&self.stream),
            mark: self.mark.clone(),
        }
    }
}

impl<W: Write> Outbox<W> {
    /// An outbox, and both ends of it for the thread that writes.
    pub(super) fn new(write: W) -> (Self, Receiver<Answer>, Arc<Stream<W>>) {
        let (answers, to_write) = bounded(OUTBOX_FRAMES);
        let stream = Arc::new(Stream {
            way: Mutex::new(Way {
                write,
                held: Vec::new(),
                n_held: 0,
                flushed_ns: 0,
            }),
            n_pending: AtomicUsize::new(0),
        });
        let outbox = Self {
            answers,
            stream: Arc::clone(&stream),
            mark: None,
        };
        (outbox, to_write, stream)
    }

    /// # Errors
    /// When nobody writes any more.
    pub(super) fn say(&self, answer: Answer) -> Result<(), WorkerError> {
        self.stream.n_pending.fetch_add(1, Ordering::SeqCst);
        self.answers.send(answer).map_err(|_| WorkerError::Gone)
    }

    /// Lets the parent know which tile is being computed, before its kernel can bring the process down.
    ///
    /// # Errors
    /// When the stream takes no more.
    pub(super) fn begins(&self, job: u64, tile: u32) -> Result<(), WorkerError> {
        if let Some(mark) = &self.mark {
            mark.set(Computing::of(job, tile).0);
            return Ok(());
        }
        self.put(
            Answer::short(Kind::Started, job, tile, Vec::new()),
            Way::flush,
        )
    }

    /// Nothing is computed any more.
    pub(super) fn ended(&self) {
        if let Some(mark) = &self.mark {
            mark.set(Computing::NOTHING.0);
        }
    }

    /// As [`Self::say`], but an answer without pixels may be held until others are said or [`Self::flush`]
    /// is called; not where the last one went more than a few milliseconds ago.
    ///
    /// # Errors
    /// When the stream takes no more.
    pub(super) fn say_soon(&self, answer: Answer) -> Result<(), WorkerError> {
        match answer.body {
            Body::Empty => self.put(answer, Way::flush_if_due),
            _ => self.say(answer),
        }
    }

    /// Writes what is held.
    ///
    /// # Errors
    /// When the stream takes no more.
    pub(super) fn flush(&self) -> Result<(), WorkerError> {
        let mut way = self.stream.way.lock();
        let way = way.as_mut().map_err(|_| WorkerError::Gone)?;
        way.flush().map_err(|_| WorkerError::Gone)
    }

    /// Answers before the next, unless others are under way: then it waits its turn.
    fn put(
        &self,
        answer: Answer,
        then: impl FnOnce(&mut Way<W>) -> io::Result<()>,
    ) -> Result<(), WorkerError> {
        if self.stream.n_pending.load(Ordering::SeqCst) == 0 {
            match self.stream.way.try_lock() {
                Ok(mut way) => {
                    let put = way.put(&answer).and_then(|()| then(&mut way));
                    return put.map_err(|_| WorkerError::Gone);
                }
                Err(TryLockError::WouldBlock | TryLockError::Poisoned(_)) => {}
            }
        }
        self.say(answer)
    }
}

impl<W: Write> Stream<W> {
    /// Writes answers until nobody is left to give any.
    ///
    /// # Errors
    /// When the stream takes no more.
    pub(super) fn write_answers(
        &self,
        answers: &Receiver<Answer>,
        buffers: &Buffers,
    ) -> io::Result<()> {
        for answer in answers {
            let mut way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
            way.put(&answer)?;
            way.flush()?;
            drop(way);
            self.n_pending.fetch_sub(1, Ordering::SeqCst);
            if let Body::Payload(payload) = answer.body {
                buffers.give(payload);
            }
        }
        Ok(())
    }
}

impl<W: Write> Way<W> {
    /// Holds an answer without pixels, writes any other.
    fn put(&mut self, answer: &Answer) -> io::Result<()> {
        #[cfg(feature = "fault-injection")]
        if answer.kind == Kind::Done && crate::backend::faults::is_ordered(answer.tile) {
            self.flush()?;
            if super::spoiled::write_spoiled(&mut self.write, answer)? {
                return Ok(());
            }
        }
        let identity = (answer.job, answer.tile);
        let payload = answer.body.bytes();
        if payload.is_empty() {
            let front = encode_front(answer.kind, identity, &answer.header, payload);
            self.held.extend(front);
            self.n_held += 1;
            return Ok(());
        }
        self.flush()?;
        write_frame(
            &mut self.write,
            answer.kind,
            identity,
            &answer.header,
            payload,
        )
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.held.is_empty() {
            self.write.write_all(&self.held)?;
            self.held.clear();
            self.n_held = 0;
            self.flushed_ns = now_ns();
        }
        self.write.flush()
    }

    fn flush_if_due(&mut self) -> io::Result<()> {
        let is_due =
            self.n_held >= MAX_HELD || now_ns().saturating_sub(self.flushed_ns) > MAX_HELD_NS;
        if is_due { self.flush() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::payload::Payload;
    use super::*;

    fn way() -> Way<Vec<u8>> {
        Way {
            write: Vec::new(),
            held: Vec::new(),
            n_held: 0,
            // So late that no answer is ever due for its age.
            flushed_ns: u64::MAX,
        }
    }

    const fn done(tile: u32) -> Answer {
        Answer::short(Kind::Done, 1, tile, Vec::new())
    }

    #[test]
    fn short_answers_go_together_in_their_order() {
        let mut way = way();
        for tile in 0..3 {
            way.put(&done(tile)).unwrap();
            way.flush_if_due().unwrap();
            assert!(way.write.is_empty(), "{tile}");
        }
        way.put(&done(3)).unwrap();
        way.flush_if_due().unwrap();
        let four: Vec<u8> = (0..4)
            .flat_map(|tile| encode_front(Kind::Done, (1, tile), &[], &[]))
            .collect();
        assert_eq!(way.write, four);
        assert!(way.held.is_empty() && way.n_held == 0);
    }

    #[test]
    fn answers_that_are_old_or_followed_by_pixels_wait_no_longer() {
        let mut old = way();
        old.flushed_ns = 0;
        let started = std::time::Instant::now();
        while now_ns() <= MAX_HELD_NS {
            assert!(started.elapsed().as_secs() < 1);
            std::thread::yield_now();
        }
        old.put(&done(0)).unwrap();
        old.flush_if_due().unwrap();
        assert!(!old.write.is_empty());

        let mut way = way();
        way.put(&done(0)).unwrap();
        let mut payload = Payload::default();
        payload.set_len(8);
        let with_pixels = Answer {
            body: Body::Payload(payload),
            ..done(1)
        };
        way.put(&with_pixels).unwrap();
        let first = encode_front(Kind::Done, (1, 0), &[], &[]);
        assert!(way.write.starts_with(&first) && way.write.len() > 2 * first.len());
    }
}
