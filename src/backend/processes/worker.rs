//! A worker's life: three threads between two streams. It knows nothing of processes; see `entry`.
//!
//! The reader takes frames in as they come, so that a cancel is seen while a tile is computed; the
//! calling thread computes; the writer sends answers while the next tile is computed.

use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Sender, bounded};

use super::bench::Bench;
use super::frame::{Frame, FrameError, Kind, Limits, MAX_HEADER_BYTES, read_frame};
use super::message::{Hello, Pong, decode, encode};
use super::orders::Orders;
use super::outbox::{Answer, Outbox};
use super::payload::Buffers;

/// The parent never has as many frames under way; beyond it, its pipe fills.
const INBOX_FRAMES: usize = 64;

/// Above any tile there can be; memory is only taken as bytes arrive.
const LIMITS: Limits = Limits {
    header_bytes: MAX_HEADER_BYTES,
    payload_bytes: 16 << 30,
};

/// Payloads that may be used again: as many as tiles that are kept for a later pass, since that
/// memory is what the next run needs.
const N_BUFFERS: usize = 4096;

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
    let (outbox, answers, stream) = Outbox::new(write);
    let orders = Arc::new(Orders::default());
    let buffers = Arc::new(Buffers::for_at_most(N_BUFFERS));
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
        .spawn(move || stream.write_answers(&answers, &writer_buffers))
        .map_err(WorkerError::Thread)?;
    let computed = Bench::new(outbox, orders, buffers).run(&inbox);
    drop(inbox);
    computed?;
    let heard = reader.join().unwrap_or(Err(WorkerError::Gone));
    // The stream's other end may be gone already: nobody is left to miss an answer.
    writer.join().ok();
    heard
}

struct Reader<W> {
    to_bench: Sender<Frame>,
    outbox: Outbox<W>,
    orders: Arc<Orders>,
    buffers: Arc<Buffers>,
}

impl<W: Write> Reader<W> {
    fn run(self, read: impl Read) -> Result<(), WorkerError> {
        let mut read = BufReader::with_capacity(16 << 10, read);
        let result = self.take_frames(&mut read);
        // Whatever ended it: nobody waits for what is being computed.
        self.orders.void(u64::MAX);
        result
    }

    fn take_frames(&self, read: &mut impl Read) -> Result<(), WorkerError> {
        while let Some(frame) = read_frame(read, || LIMITS, &self.buffers)? {
            match frame.kind {
                Kind::Job | Kind::Tile | Kind::Memory | Kind::Forget => {
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
        self.outbox.say(Answer::short(kind, 0, 0, header))
    }
}

#[cfg(test)]
mod tests;
