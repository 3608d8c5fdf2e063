//! What `parallax worker --role decode` runs: enters the sandbox, reads one file, fills one memory.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crossbeam_channel::bounded;

use crate::codecs::{CodecError, Reading, Watch};
use crate::pixels::color::ColorSpace;
use crate::system::handover::{self, ReadHalf, WriteHalf};
use crate::system::shared_memory::{Frozen, SharedMemory};
use crate::system::{lifetime, sandbox};

use super::decoding::MOST_BYTES;
use super::message::{
    Fault, HeaderReport, Hello, MessageError, Order, Report, read_message, write_message,
};

/// Messages of progress a picture is worth.
const N_PROGRESS_STEPS: f32 = 50.0;

/// Why a decoder process ended other than by its parent's wish.
#[derive(Debug, thiserror::Error)]
pub enum DecoderMainError {
    #[error("cannot tie the decoder to its parent")]
    Lifetime(#[source] io::Error),
    #[error("cannot speak with the parent")]
    Stream(#[from] io::Error),
    #[error("the parent makes no sense: {0}")]
    Parent(String),
}

impl From<MessageError> for DecoderMainError {
    fn from(error: MessageError) -> Self {
        Self::Parent(error.to_string())
    }
}

/// Decodes one file for the process that started this one.
///
/// # Errors
/// When the parent makes no sense or is gone; the caller says so on stderr and ends the process.
pub fn run_decoder_main() -> Result<(), DecoderMainError> {
    let (mut read, mut write) = begin()?;
    serve(&mut read, &mut write)
}

/// Puts up the walls, before anything of a file is here, and tells which stand.
pub(super) fn begin() -> Result<(ReadHalf, WriteHalf), DecoderMainError> {
    lifetime::set_process_name(c"parallax-decode");
    lifetime::end_with_parent().map_err(DecoderMainError::Lifetime)?;
    lifetime::give_way();
    // How long the file is comes later, and with it the right to hold more.
    let state = sandbox::enter(0, MOST_BYTES);
    let (read, mut write) = handover::to_parent()?;
    write_message(&mut write, &Report::Hello(Hello::new(state)))?;
    Ok((read, write))
}

fn serve(read: &mut ReadHalf, write: &mut WriteHalf) -> Result<(), DecoderMainError> {
    let Order::Open { limits } = read_message(read)? else {
        return Err(DecoderMainError::Parent("no file to open".to_owned()));
    };
    let file = Frozen::received(read.take_over()?)?;
    let reading = match Reading::open(&file, &limits) {
        Ok(reading) => reading,
        Err(error) => return Ok(write_message(write, &Report::Failed(Fault::of(&error)))?),
    };
    write_message(write, &Report::Header(Box::new(header_of(&reading))))?;
    let Order::Fill = read_message(read)? else {
        return Err(DecoderMainError::Parent("no memory to fill".to_owned()));
    };
    let memory = SharedMemory::received(read.take_over()?)?;
    let report = match fill(reading, &memory, write) {
        Ok(report) => report,
        Err(error) => Report::Failed(Fault::of(&error)),
    };
    Ok(write_message(write, &report)?)
}

fn header_of(reading: &Reading<'_>) -> HeaderReport {
    let color = reading.color();
    HeaderReport {
        info: reading.info().clone(),
        metadata: reading.metadata().clone(),
        notes: reading.notes().to_vec(),
        is_color_embedded: color.icc.is_some(),
        color: ColorSpace {
            icc: None,
            ..ColorSpace::clone(color)
        },
    }
}

fn fill(
    reading: Reading<'_>,
    memory: &SharedMemory,
    write: &mut WriteHalf,
) -> Result<Report, CodecError> {
    let unmapped =
        |error: io::Error| CodecError::Unsupported(format!("the memory cannot be mapped: {error}"));
    let mut map = memory.map().map_err(unmapped)?;
    let settler = map.settler();
    let told = Teller {
        write: Mutex::new(write),
        n_steps: AtomicU32::new(0),
    };
    let progress = |share: f32| told.tell(share);
    let (never, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        // Without a thread for it, pages come as they are touched.
        let beside = thread::Builder::new().name("memory".to_owned());
        let (decoding, is_decoded) = bounded::<()>(0);
        let is_over = &is_over;
        let settle = move || {
            settler.run(is_over);
            // Nothing is ever sent: it ends with the decoding.
            is_decoded.recv().ok();
            settler.let_go_back();
        };
        beside.spawn_scoped(scope, settle).ok();
        let decoded = reading.decode_into(&mut map, &Watch::new(&never, &progress));
        is_over.store(true, Ordering::Relaxed);
        // The parent waits until nobody has the memory for writing: the two halves go side by side.
        drop(decoding);
        map.let_go_front();
        decoded.map(Report::Done)
    })
}

/// Tells the parent how far the picture is.
struct Teller<'a> {
    write: Mutex<&'a mut WriteHalf>,
    n_steps: AtomicU32,
}

impl Teller<'_> {
    fn tell(&self, share: f32) {
        let n_steps = (share * N_PROGRESS_STEPS) as u32;
        if n_steps > self.n_steps.fetch_max(n_steps, Ordering::Relaxed) {
            let mut write = self.write.lock().unwrap_or_else(PoisonError::into_inner);
            // A parent that is gone takes this process with it.
            write_message(&mut **write, &Report::Progress(share)).ok();
        }
    }
}
