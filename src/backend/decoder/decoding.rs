//! One file's way through a decoder: greeted, opened, filled; each step a value that only the step
//! before can give.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::codecs::{Decoded, Limits, Note, Watch};
use crate::pixels::image::{Image, Samples, SharedSamples};
use crate::system::sandbox::{SandboxState, limits as bounds};
use crate::system::shared_memory::SharedMemory;

use super::error::{DecoderError, Stage};
use super::held::Held;
use super::message::{HeaderReport, Order, Report};
use super::photo_file::PhotoFile;
use super::program::Decoder;
use super::trust::{believed, believed_notes, depth, fault};
use super::worker::Worker;

/// What holds more memory than this at most, file and picture together, is over every limit.
pub(super) const MOST_BYTES: u64 = 8 << 30;

/// How long a decoder may take. Generous: who waits for a large photo on a busy machine shall get
/// it, and who was handed a loop learns it within half a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patience {
    pub at_least: Duration,
    pub per_megapixel: Duration,
    /// Of the file.
    pub per_megabyte: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            at_least: Duration::from_secs(20),
            per_megapixel: Duration::from_millis(500),
            per_megabyte: Duration::from_millis(100),
        }
    }
}

impl Patience {
    fn header(&self, n_file_bytes: usize) -> Duration {
        self.at_least + self.per_megabyte.mul_f64(n_file_bytes as f64 / 1e6)
    }

    fn pixels(&self, n_file_bytes: usize, megapixels: f64) -> Duration {
        self.header(n_file_bytes) + self.per_megapixel.mul_f64(megapixels)
    }
}

fn until(patience: Duration) -> (Instant, u64) {
    (Instant::now() + patience, patience.as_secs())
}

/// A decoded file, and what held its decoder.
#[derive(Debug)]
pub struct DecodedPhoto {
    pub decoded: Decoded,
    pub sandbox: SandboxState,
}

/// A decoder that said what holds it; it has no file yet.
pub(super) struct Greeted {
    worker: Worker,
    pub(super) sandbox: SandboxState,
}

impl Greeted {
    pub(super) fn greet(
        mut worker: Worker,
        decoder: &Decoder,
        watch: &Watch<'_>,
    ) -> Result<Self, DecoderError> {
        let deadline = until(decoder.patience.header(0));
        let hello = match worker.next(deadline, watch)? {
            Report::Hello(hello) if hello.fits() => hello,
            Report::Hello(_) => return Err(worker.nonsense("it is another build".to_owned())),
            _ => return Err(worker.nonsense("it did not say who it is".to_owned())),
        };
        let sandbox = hello.sandbox;
        if decoder.requires_sandbox && !sandbox.is_full() {
            return Err(DecoderError::NotHeld(sandbox));
        }
        Ok(Self { worker, sandbox })
    }

    /// Hands the file over and learns what its header says.
    pub(super) fn open(
        self,
        file: &PhotoFile,
        limits: &Limits,
        decoder: &Decoder,
        watch: &Watch<'_>,
    ) -> Result<Opened, DecoderError> {
        let Self {
            mut worker,
            sandbox,
        } = self;
        worker.stage = Stage::Header;
        let n_file_bytes = file.bytes().len();
        let patience = decoder.patience.header(n_file_bytes);
        allow(&mut worker, n_file_bytes as u64, MOST_BYTES, patience)?;
        let order = Order::Open { limits: *limits };
        worker.order(&order, file.memory.handed())?;
        let header = match worker.next(until(patience), watch)? {
            Report::Header(header) => believed(*header, limits),
            Report::Failed(what) => return Err(fault(what).into()),
            _ => Err("no header".to_owned()),
        };
        Ok(Opened {
            header: header.map_err(|what| worker.nonsense(what))?,
            worker,
            sandbox,
            n_file_bytes,
        })
    }
}

/// A file whose header is believed; its decoder waits for memory.
pub(super) struct Opened {
    worker: Worker,
    sandbox: SandboxState,
    pub(super) header: HeaderReport,
    n_file_bytes: usize,
}

impl Opened {
    /// Takes memory for the picture and lets it be filled.
    pub(super) fn fill(
        self,
        decoder: &Decoder,
        watch: &Watch<'_>,
    ) -> Result<DecodedPhoto, DecoderError> {
        let Self {
            mut worker,
            sandbox,
            header,
            n_file_bytes,
        } = self;
        worker.stage = Stage::Pixels;
        let n_bytes = header.info.n_bytes();
        let megapixels = header.info.size.megapixels();
        let patience = decoder.patience.pixels(n_file_bytes, megapixels);
        let budget = n_bytes.saturating_add(n_file_bytes as u64);
        allow(&mut worker, budget, budget, patience)?;
        let memory = SharedMemory::new(n_bytes as usize).map_err(DecoderError::Memory)?;
        worker.order(&Order::Fill, memory.handed())?;
        let found = await_done(&mut worker, until(patience), (watch, &memory))?;
        // Once it is gone nobody has the memory but this process, and then nobody writes to it.
        worker.end();
        let frozen = memory.freeze().map_err(DecoderError::Memory)?;
        let samples = SharedSamples::new(depth(&header), Arc::new(Held(frozen)))
            .ok_or_else(|| worker.nonsense("samples that are none".to_owned()))?;
        Ok(DecodedPhoto {
            decoded: picture(header, found, Samples::Shared(samples)),
            sandbox,
        })
    }
}

/// What was found out on the way, once the memory is full.
fn await_done(
    worker: &mut Worker,
    deadline: (Instant, u64),
    (watch, memory): (&Watch<'_>, &SharedMemory),
) -> Result<Vec<Note>, DecoderError> {
    loop {
        match worker.next(deadline, watch)? {
            Report::Progress(share) => {
                watch.step(share)?;
                // What is said to be there is put in place here while the rest is decoded. Where it
                // cannot be mapped now, that is told in the end.
                let n_bytes = f64::from(share.clamp(0.0, 1.0)) * memory.len() as f64;
                memory.settle(n_bytes as usize).ok();
            }
            Report::Done(notes) => {
                return believed_notes(notes).map_err(|what| worker.nonsense(what));
            }
            Report::Failed(what) => return Err(fault(what).into()),
            Report::Hello(_) | Report::Header(_) => {
                return Err(worker.nonsense("it begins again".to_owned()));
            }
        }
    }
}

/// Bounds a decoder's memory, now and at most, and its time.
fn allow(
    worker: &mut Worker,
    n_bytes: u64,
    most_bytes: u64,
    patience: Duration,
) -> Result<(), DecoderError> {
    // Processor time is the backstop of the deadline, for when nobody is left to watch it.
    let cpu_s = 2 * patience.as_secs() + 10;
    worker.limit_bytes = bounds::address_space_for(n_bytes);
    worker.resident_limit_bytes = bounds::resident_for(n_bytes);
    bounds::of_child(worker.pid(), (n_bytes, most_bytes), cpu_s).map_err(DecoderError::Start)
}

fn picture(header: HeaderReport, found: Vec<Note>, samples: Samples) -> Decoded {
    let HeaderReport {
        info,
        metadata,
        mut notes,
        color,
        ..
    } = header;
    notes.extend(found);
    let image = Image::new(info.size, info.opening.layout, samples, Arc::new(color));
    Decoded {
        image,
        header: info,
        metadata,
        notes,
    }
}
