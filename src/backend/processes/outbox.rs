//! A worker's way out: answers wait for the writing thread, but what a parent must know before a kernel
//! can bring the process down is written at once.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::frame::{Kind, write_frame};
use super::parcel::Body;
use super::payload::Buffers;
use super::worker::WorkerError;

/// Answers that wait for the stream before computing waits for them.
const OUTBOX_FRAMES: usize = 8;

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
}

/// The stream, and how many answers wait for it or are being written.
pub(super) struct Stream<W> {
    write: Mutex<W>,
    n_pending: AtomicUsize,
}

impl<W> Clone for Outbox<W> {
    fn clone(&self) -> Self {
        Self {
            answers: self.answers.clone(),
            stream: Arc::clone(&self.stream),
        }
    }
}

impl<W: Write> Outbox<W> {
    /// An outbox, and both ends of it for the thread that writes.
    pub(super) fn new(write: W) -> (Self, Receiver<Answer>, Arc<Stream<W>>) {
        let (answers, to_write) = bounded(OUTBOX_FRAMES);
        let stream = Arc::new(Stream {
            write: Mutex::new(write),
            n_pending: AtomicUsize::new(0),
        });
        let outbox = Self {
            answers,
            stream: Arc::clone(&stream),
        };
        (outbox, to_write, stream)
    }

    /// # Errors
    /// When nobody writes any more.
    pub(super) fn say(&self, answer: Answer) -> Result<(), WorkerError> {
        self.stream.n_pending.fetch_add(1, Ordering::SeqCst);
        self.answers.send(answer).map_err(|_| WorkerError::Gone)
    }

    /// As [`Self::say`], but written before this returns, unless other answers are under way.
    ///
    /// # Errors
    /// When the stream takes no more.
    pub(super) fn say_at_once(&self, answer: Answer) -> Result<(), WorkerError> {
        if self.stream.n_pending.load(Ordering::SeqCst) == 0 {
            match self.stream.write.try_lock() {
                Ok(mut write) => {
                    return write_answer(&mut *write, &answer, true).map_err(|_| WorkerError::Gone);
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
            let mut write = self.write.lock().unwrap_or_else(PoisonError::into_inner);
            write_answer(&mut *write, &answer, answers.is_empty())?;
            drop(write);
            self.n_pending.fetch_sub(1, Ordering::SeqCst);
            if let Body::Payload(payload) = answer.body {
                buffers.give(payload);
            }
        }
        Ok(())
    }
}

fn write_answer(write: &mut impl Write, answer: &Answer, is_last: bool) -> io::Result<()> {
    #[cfg(feature = "fault-injection")]
    if super::spoiled::write_spoiled(write, answer)? {
        return Ok(());
    }
    let identity = (answer.job, answer.tile);
    let payload = answer.body.bytes();
    write_frame(write, answer.kind, identity, &answer.header, payload)?;
    if is_last {
        write.flush()?;
    }
    Ok(())
}
