//! A worker's life: three threads between two streams. It knows nothing of processes; see `entry`.
//!
//! The reader takes frames in as they come, so that a cancel is seen while a tile is computed; the
//! calling thread computes; the writer sends answers while the next tile is computed.

use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::bench::Bench;
use super::frame::{Frame, FrameError, Kind, Limits, MAX_HEADER_BYTES, read_frame, write_frame};
use super::message::{Hello, Pong, decode, encode};
use super::orders::Orders;
use super::parcel::Body;
use super::payload::Buffers;

/// The parent never has as many frames under way; beyond it, its pipe fills.
const INBOX_FRAMES: usize = 64;

/// Answers that wait for the stream before computing waits for them.
const OUTBOX_FRAMES: usize = 8;

/// Above any tile there can be; memory is only taken as bytes arrive.
const LIMITS: Limits = Limits {
    header_bytes: MAX_HEADER_BYTES,
    payload_bytes: 16 << 30,
};

/// Why a worker gave up.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
    #[error("the parent's frames make no sense")]
    Frame(#[from] FrameError),
    #[error("the parent's messages make no sense")]
    Message(#[from] postcard::Error),
    #[error("the parent sent {0:?}, which only workers send")]
    NotForWorkers(Kind),
    #[error("the parent is another build: {0}")]
    Mismatch(String),
    #[error("the parent does not read answers any more")]
    Gone,
}

/// An answer on its way to the writer.
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

/// Computes tiles as the parent asks until its stream ends.
///
/// # Errors
/// When the parent's frames make no sense or it does not take answers. The parent's stream may
/// then still be open, and the thread that reads it ends only with it.
pub fn serve(
    read: impl Read + Send + 'static,
    write: impl Write + Send + 'static,
) -> Result<(), WorkerError> {
    let (to_bench, inbox) = bounded(INBOX_FRAMES);
    let (outbox, answers) = bounded(OUTBOX_FRAMES);
    let orders = Arc::new(Orders::default());
    let buffers = Arc::new(Buffers::default());
    let reader = Reader {
        to_bench,
        outbox: outbox.clone(),
        orders: Arc::clone(&orders),
        buffers: Arc::clone(&buffers),
    };
    let writer_buffers = Arc::clone(&buffers);
    let reader = thread::Builder::new()
        .name("reader".to_owned())
        .spawn(move || reader.run(read))
        .map_err(WorkerError::Thread)?;
    let writer = thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || write_answers(write, &answers, &writer_buffers))
        .map_err(WorkerError::Thread)?;
    let computed = Bench::new(outbox, orders, buffers).run(&inbox);
    drop(inbox);
    computed?;
    let heard = reader.join().unwrap_or(Err(WorkerError::Gone));
    // The stream's other end may be gone already: nobody is left to miss an answer.
    writer.join().ok();
    heard
}

struct Reader {
    to_bench: Sender<Frame>,
    outbox: Sender<Answer>,
    orders: Arc<Orders>,
    buffers: Arc<Buffers>,
}

impl Reader {
    fn run(self, read: impl Read) -> Result<(), WorkerError> {
        let mut read = BufReader::with_capacity(16 << 10, read);
        let result = self.take_frames(&mut read);
        // Whatever ended it: nobody waits for what is being computed.
        self.orders.void(u64::MAX);
        result
    }

    fn take_frames(&self, read: &mut impl Read) -> Result<(), WorkerError> {
        while let Some(frame) = read_frame(read, LIMITS, &self.buffers)? {
            match frame.kind {
                Kind::Job | Kind::Tile => {
                    self.to_bench.send(frame).map_err(|_| WorkerError::Gone)?;
                }
                Kind::Cancel => self.orders.void(frame.job),
                Kind::Ping => self.answer(Kind::Pong, encode(&Pong::now()))?,
                Kind::Hello => self.greet(&frame.header)?,
                Kind::Goodbye => return Ok(()),
                Kind::Pong | Kind::Started | Kind::Done | Kind::Cancelled | Kind::Failed => {
                    return Err(WorkerError::NotForWorkers(frame.kind));
                }
            }
        }
        Ok(())
    }

    fn greet(&self, header: &[u8]) -> Result<(), WorkerError> {
        let (ours, theirs) = (Hello::own(), decode::<Hello>(header)?);
        // The answer comes first: the parent says in its own words what does not fit.
        self.answer(Kind::Hello, encode(&ours))?;
        match ours.mismatch(&theirs) {
            None => Ok(()),
            Some(what) => Err(WorkerError::Mismatch(what)),
        }
    }

    fn answer(&self, kind: Kind, header: Vec<u8>) -> Result<(), WorkerError> {
        let answer = Answer::short(kind, 0, 0, header);
        self.outbox.send(answer).map_err(|_| WorkerError::Gone)
    }
}

fn write_answers(
    mut write: impl Write,
    answers: &Receiver<Answer>,
    buffers: &Buffers,
) -> io::Result<()> {
    for answer in answers {
        #[cfg(feature = "fault-injection")]
        if super::spoiled::write_spoiled(&mut write, &answer)? {
            continue;
        }
        let identity = (answer.job, answer.tile);
        write_frame(
            &mut write,
            answer.kind,
            identity,
            &answer.header,
            answer.body.bytes(),
        )?;
        if answers.is_empty() {
            write.flush()?;
        }
        if let Body::Payload(payload) = answer.body {
            buffers.give(payload);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
