//! One decoder process as its parent sees it: started, spoken with, and never outlived by anything.

use std::io;
use std::process::{Child, ExitStatus};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::backend::processes::stderr::Stderr;
use crate::codecs::{CodecError, Watch};
use crate::system::handover::{self, ReadHalf, WriteHalf};
use crate::system::lifetime;
use crate::system::sandbox::limits;
use crate::system::shared_memory::Handed;

use super::error::{DecoderError, Stage};
use super::message::{MessageError, Order, Report, read_message, write_message};
use super::program::Decoder;

/// How often one that waits looks whether it shall stop.
const TICK: Duration = Duration::from_millis(5);

/// How often its memory is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// What a process that closed its stream is given to end.
const EXIT_DEADLINE: Duration = Duration::from_millis(500);

/// What Rust's allocator says before it aborts.
const NO_MEMORY: &str = "memory allocation of";

/// What comes from the decoder.
enum Heard {
    Report(Report),
    /// It closed its stream: most likely it died.
    Ended,
    Nonsense(String),
}

/// A running decoder. Dropping it kills and reaps it.
pub(super) struct Worker {
    child: Child,
    write: WriteHalf,
    heard: Option<Receiver<Heard>>,
    reader: Option<JoinHandle<()>>,
    stderr: Stderr,
    pub(super) stage: Stage,
    /// What it may hold at present, used or not.
    pub(super) limit_bytes: u64,
    /// What it may use of it at present.
    pub(super) resident_limit_bytes: u64,
    next_look: Instant,
}

impl Worker {
    /// Starts a decoder without waiting for it. The calling thread must live as long as it: on
    /// Linux it ends with the thread that started it.
    pub(super) fn start(decoder: &Decoder) -> Result<Self, DecoderError> {
        let started = handover::start(&mut decoder.command());
        let (child, read, write) = started.map_err(DecoderError::Start)?;
        Self::of(child, read, write).map_err(DecoderError::Start)
    }

    fn of(child: Child, read: ReadHalf, write: WriteHalf) -> io::Result<Self> {
        let mut child = Guard(Some(child));
        let running = child.0.as_mut().ok_or(io::ErrorKind::NotFound)?;
        let stderr = running.stderr.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let stderr = Stderr::drain(running.id(), stderr)?;
        // It speaks only when spoken to, but for its progress, and that may wait.
        let (sender, heard) = bounded(64);
        let reader = thread::Builder::new()
            .name("decoder reader".to_owned())
            .spawn(move || hear(read, &sender))?;
        let child = child.0.take().ok_or(io::ErrorKind::NotFound)?;
        Ok(Self {
            child,
            write,
            heard: Some(heard),
            reader: Some(reader),
            stderr,
            stage: Stage::Starting,
            limit_bytes: 0,
            resident_limit_bytes: limits::resident_for(0),
            next_look: Instant::now(),
        })
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends an order and the memory it speaks of.
    pub(super) fn order(&mut self, order: &Order, memory: Handed<'_>) -> Result<(), DecoderError> {
        let sent =
            write_message(&mut self.write, order).and_then(|()| self.write.hand_over(memory));
        // A stream that takes nothing has its reason at the other end.
        sent.map_err(|_| self.autopsy(None))
    }

    /// The next report, if it comes before `deadline`.
    pub(super) fn next(
        &mut self,
        (deadline, seconds): (Instant, u64),
        watch: &Watch<'_>,
    ) -> Result<Report, DecoderError> {
        loop {
            if watch.is_cancelled() {
                return Err(CodecError::Cancelled.into());
            }
            self.look_at_memory()?;
            let heard = match &self.heard {
                Some(heard) => heard.recv_timeout(TICK),
                None => Err(RecvTimeoutError::Disconnected),
            };
            match heard {
                Ok(Heard::Report(report)) => return Ok(report),
                Ok(Heard::Nonsense(what)) => return Err(self.nonsense(what)),
                Ok(Heard::Ended) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.autopsy(Some(seconds)));
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(RecvTimeoutError::Timeout) => {
                    return Err(DecoderError::TooSlow {
                        stage: self.stage,
                        pid: self.pid(),
                        seconds,
                    });
                }
            }
        }
    }

    /// Ends one that uses more memory than its file and picture explain: address space, which the
    /// system bounds, is given more generously than what is really taken may be.
    fn look_at_memory(&mut self) -> Result<(), DecoderError> {
        let now = Instant::now();
        if now < self.next_look {
            return Ok(());
        }
        self.next_look = now + LOOK;
        let limit_bytes = self.resident_limit_bytes;
        // Where the system does not tell, its own bound stands.
        if limits::resident_of(self.pid()).is_none_or(|n_bytes| n_bytes <= limit_bytes) {
            return Ok(());
        }
        self.end();
        Err(DecoderError::OutOfMemory {
            stage: self.stage,
            pid: self.pid(),
            limit_bytes,
        })
    }

    pub(super) fn nonsense(&self, what: String) -> DecoderError {
        DecoderError::Nonsense {
            stage: self.stage,
            pid: self.pid(),
            what,
        }
    }

    /// Why a decoder that says nothing more came to an end; `seconds` is how long it had for
    /// what it was doing.
    fn autopsy(&mut self, seconds: Option<u64>) -> DecoderError {
        let deadline = Instant::now() + EXIT_DEADLINE;
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if Instant::now() < deadline => {
                    thread::sleep(Duration::from_micros(500));
                }
                Ok(None) | Err(_) => break None,
            }
        };
        self.end();
        let (stage, pid) = (self.stage, self.pid());
        if let Some(seconds) = seconds.filter(|_| status.is_some_and(used_up_its_time)) {
            return DecoderError::TooSlow {
                stage,
                pid,
                seconds,
            };
        }
        let words = self.stderr.last_words();
        if words.contains(NO_MEMORY) {
            return DecoderError::OutOfMemory {
                stage,
                pid,
                limit_bytes: self.limit_bytes,
            };
        }
        let mut how = match status {
            Some(status) => status.to_string(),
            None => "it closed its stream".to_owned(),
        };
        if !words.is_empty() {
            how.push_str("; it said: ");
            how.push_str(&words);
        }
        DecoderError::Crashed { stage, pid, how }
    }

    /// Ends and reaps it. Whatever it had of shared memory, it has no more.
    pub(super) fn end(&mut self) {
        kill_and_reap(&mut self.child);
        // A reader that waits for room to speak is let go.
        self.heard = None;
        if let Some(reader) = self.reader.take() {
            // It held nothing that its panic could have left half done.
            reader.join().ok();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

/// A child that is killed when something fails before it has an owner.
struct Guard(Option<Child>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            kill_and_reap(child);
        }
    }
}

fn kill_and_reap(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        lifetime::kill_group(child);
    }
    // Both fail only for a child that was reaped already.
    child.kill().ok();
    child.wait().ok();
}

fn hear(mut read: ReadHalf, heard: &Sender<Heard>) {
    loop {
        let (next, is_last) = match read_message(&mut read) {
            Ok(report) => (Heard::Report(report), false),
            Err(MessageError::Ended) => (Heard::Ended, true),
            Err(error) => (Heard::Nonsense(error.to_string()), true),
        };
        if heard.send(next).is_err() || is_last {
            return;
        }
    }
}

/// Whether the system ended it for the processor time it took: on more than one core that may come
/// before the deadline.
#[cfg(unix)]
fn used_up_its_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

/// Other systems set no such limit.
#[cfg(not(unix))]
fn used_up_its_time(_status: ExitStatus) -> bool {
    false
}
