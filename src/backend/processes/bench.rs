//! Where a worker computes: the pass of the job at hand, a desk, and tile after tile.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::backend::canvas::TilePixels;
use crate::backend::engine::PassEngine;
use crate::backend::in_process::step_times;
use crate::backend::regions::Region;
use crate::backend::run_tile::{Desk, run_tile_into};
use crate::backend::slow_storage;
use crate::pixels::geometry::Rect;
use crate::pixels::scratch::Scratch;
use crate::system::shared_memory::{Arena, Frozen};
use crate::system::spare_memory::give_back;
use crate::telemetry::clock::now_ns;
use crate::telemetry::usage::{current_core, thread_cpu_ns};

use super::dispatch::parts;
use super::frame::{Frame, Kind};
use super::message::{
    DoneHeader, Failure, Job, KeptId, MemoryHeader, RegionKind, SharedPhoto, TileHeader, decode,
    encode,
};
use super::orders::Orders;
use super::outbox::{Answer, MIN_WAITING, Outbox};
use super::parcel::{Body, Origin, Rooms, Unpacked, lay_out, pack_output, unpack_regions};
use super::payload::Buffers;
use super::setup::Setup;
use super::store::Store;
use super::worker::WorkerError;

/// Passes kept ready: a recipe's passes come again with every preview.
const MAX_RECENT: usize = 8;

/// Without a frame for so long, all that is kept for the next tile is given back to the system.
const TRIM_AFTER: Duration = Duration::from_secs(2);

/// Tiles of this worker and what they need.
pub(super) struct Bench<W> {
    outbox: Outbox<W>,
    orders: Arc<Orders>,
    buffers: Arc<Buffers>,
    job: Option<(u64, Arc<Setup>)>,
    /// By the bytes of the job's header, newest first.
    recent: Vec<(Vec<u8>, Arc<Setup>)>,
    desk: Desk,
    /// For regions that are planes; apart from the desk, which the tile routine holds meanwhile.
    scratch: Scratch,
    /// What tiles travel in, if not by pipe; or why it could not be opened.
    arena: Option<Result<Arena, String>>,
    /// The photo at hand, where it is shared whole.
    photo: Option<(u64, Arc<Frozen>)>,
    /// Parts of the photo for later passes, until the parent says otherwise.
    store: Store,
}

/// What computing a tile came to.
enum Outcome {
    Pixels(TilePixels, DoneHeader),
    Stopped,
    Failed(Failure),
}

impl<W: Write> Bench<W> {
    pub(super) fn new(outbox: Outbox<W>, orders: Arc<Orders>, buffers: Arc<Buffers>) -> Self {
        Self {
            outbox,
            orders,
            buffers,
            job: None,
            recent: Vec::new(),
            desk: Desk::default(),
            scratch: Scratch::default(),
            arena: None,
            photo: None,
            store: Store::default(),
        }
    }

    /// # Errors
    /// When a message makes no sense or answers are not taken.
    pub(super) fn run(mut self, inbox: &Receiver<Frame>) -> Result<(), WorkerError> {
        let mut is_trimmed = true;
        loop {
            let mut frame = match self.next(inbox, is_trimmed)? {
                Ok(frame) => frame,
                Err(RecvTimeoutError::Timeout) => {
                    self.trim();
                    is_trimmed = true;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            let was_trimmed = std::mem::replace(&mut is_trimmed, false);
            let job = frame.job;
            match frame.kind {
                Kind::Job => self.begin(job, frame.header)?,
                Kind::Memory => {
                    let MemoryHeader { name } = decode(&frame.header)?;
                    let arena = Arena::open(&name).map_err(|error| error.to_string());
                    self.outbox.mark = arena.as_ref().ok().map(Arena::mark);
                    self.arena = Some(arena);
                }
                Kind::Forget => {
                    self.store.forget(&self.buffers);
                    if was_trimmed {
                        self.trim();
                        is_trimmed = true;
                    }
                }
                _ => {
                    // Apart from the rest of the bench, which is at work while it is read.
                    let mut arena = self.arena.take();
                    let done = self.tile(&mut frame, &mut arena);
                    self.arena = arena;
                    done?;
                    self.buffers.give(frame.payload);
                }
            }
        }
    }

    /// The next frame; where few are left, what was said is let go first.
    fn next(
        &self,
        inbox: &Receiver<Frame>,
        is_trimmed: bool,
    ) -> Result<Result<Frame, RecvTimeoutError>, WorkerError> {
        if inbox.len() < MIN_WAITING {
            self.outbox.flush()?;
        }
        Ok(if is_trimmed {
            inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            inbox.recv_timeout(TRIM_AFTER)
        })
    }

    /// Gives back all memory but that of the job at hand, which may go on, and what is kept for it.
    fn trim(&mut self) {
        let job = self.job.as_ref().map(|(_, setup)| Arc::clone(setup));
        let is_at_hand =
            |setup: &Arc<Setup>| job.as_ref().is_some_and(|job| Arc::ptr_eq(job, setup));
        self.recent.retain(|(_, setup)| is_at_hand(setup));
        self.photo = None;
        self.desk = Desk::default();
        self.scratch = Scratch::default();
        self.buffers.clear();
        give_back();
    }

    fn begin(&mut self, job: u64, header: Vec<u8>) -> Result<(), WorkerError> {
        self.job = None;
        let found = self.recent.iter().position(|(bytes, _)| *bytes == header);
        let entry = match found {
            Some(idx) => self.recent.remove(idx),
            None => match self.set_up(&decode(&header)?) {
                Ok(setup) => (header, Arc::new(setup)),
                Err(reason) => return self.fail(job, 0, &Failure::Refused { reason }),
            },
        };
        self.job = Some((job, Arc::clone(&entry.1)));
        self.recent.insert(0, entry);
        self.recent.truncate(MAX_RECENT);
        Ok(())
    }

    /// A job made ready, its photo opened where it is shared.
    fn set_up(&mut self, job: &Job) -> Result<Setup, String> {
        let photo = match &job.photo {
            None => None,
            Some(SharedPhoto { id, name }) => match &self.photo {
                Some((known, photo)) if known == id => Some(Arc::clone(photo)),
                _ => {
                    let opened = Frozen::open(name);
                    let why = |error| format!("the photo's memory cannot be opened: {error}");
                    let photo = Arc::new(opened.map_err(why)?);
                    self.photo = Some((*id, Arc::clone(&photo)));
                    Some(photo)
                }
            },
        };
        Setup::new(job, photo)
    }

    fn tile(
        &mut self,
        frame: &mut Frame,
        arena: &mut Option<Result<Arena, String>>,
    ) -> Result<(), WorkerError> {
        let (job, tile) = (frame.job, frame.tile);
        let header: TileHeader = decode(&frame.header)?;
        let setup = match &self.job {
            Some((current, setup)) if *current == job => Arc::clone(setup),
            // Its job was refused, which was said.
            _ => return self.say(Answer::short(Kind::Cancelled, job, tile, Vec::new())),
        };
        let stop = self.orders.flag_for(job);
        if stop.is_stopped() {
            return self.say(Answer::short(Kind::Cancelled, job, tile, Vec::new()));
        }
        let refused = |reason: &str| Failure::Refused {
            reason: reason.to_owned(),
        };
        let arena = match arena {
            Some(Ok(arena)) => Some(arena),
            Some(Err(why)) if header.input.or(header.result).is_some() => {
                let why = format!("its shared memory cannot be opened: {why}");
                return self.fail(job, tile, &refused(&why));
            }
            Some(Err(_)) | None => None,
        };
        let parts = parts(&header, arena, frame.payload.bytes());
        let regions = parts.and_then(|(packed, room)| {
            let regions = self.regions(&setup, &header, packed)?;
            Some((regions, room))
        });
        let Some((regions, mut room)) = regions else {
            return self.fail(job, tile, &refused("the tile does not fit its pass"));
        };
        let storage_ns = match setup.storage_wait {
            Duration::ZERO => 0,
            some => slow_storage::wait(some, &|| stop.is_stopped()).duration_ns(),
        };
        self.outbox.begins(job, tile)?;
        let views = regions.iter().map(|region| region.region(&setup.source));
        let views: Vec<Region<'_>> = views.collect();
        let times = (frame.ended_ns, storage_ns);
        let outcome = self.compute(&setup, header.output, times, |engine, desk| {
            #[cfg(feature = "fault-injection")]
            crate::backend::faults::while_computing(tile);
            let output = (header.output, room.as_deref_mut().unwrap_or_default());
            run_tile_into(engine, output, &views, desk, stop.as_stop())
        });
        drop(views);
        self.outbox.ended();
        self.put_away(regions);
        if matches!(outcome, Outcome::Pixels(..)) {
            self.keep(frame, &header, &setup);
        }
        self.answer(job, tile, outcome, room)
    }

    /// Memory of a tile's regions, for the next.
    fn put_away(&mut self, regions: Vec<Unpacked<'_>>) {
        for region in regions {
            match region {
                Unpacked::Planes(planes) => self.scratch.give_tile(planes),
                Unpacked::Assembled(_, payload) => self.buffers.give(payload),
                Unpacked::Photo(_) => {}
            }
        }
    }

    /// Keeps a tile's part of the photo, where the parent asks for it.
    fn keep(&mut self, frame: &mut Frame, header: &TileHeader, setup: &Setup) {
        let photo = header.regions.first();
        let photo = photo.filter(|form| form.kind == RegionKind::Photo && header.is_kept);
        if let (Some(form), None) = (photo, header.input) {
            let id = KeptId {
                job: frame.job,
                tile: frame.tile,
            };
            let pixel_bytes = setup.source.layout.channels() * setup.source.depth.bytes();
            let payload = std::mem::take(&mut frame.payload);
            let refused = self.store.keep(id, (form.rect, pixel_bytes), payload);
            frame.payload = refused.unwrap_or_default();
        }
    }

    /// The tile's regions, if they are exactly what the pass reads for it.
    fn regions<'f>(
        &mut self,
        setup: &'f Setup,
        header: &TileHeader,
        packed: &'f [u8],
    ) -> Option<Vec<Unpacked<'f>>> {
        setup.expects(header).then_some(())?;
        let origin = Origin {
            source: &setup.source,
            photo: setup.photo.as_deref().map(|photo| &photo[..]),
            pieces: &header.pieces,
            store: &self.store,
        };
        let mut rooms = Rooms {
            scratch: &mut self.scratch,
            buffers: &self.buffers,
        };
        unpack_regions(&header.regions, origin, packed, &mut rooms).ok()
    }

    fn compute(
        &mut self,
        setup: &Setup,
        rect: Rect,
        (received_ns, storage_ns): (u64, u64),
        run: impl FnOnce(&PassEngine, &mut Desk) -> Result<TilePixels, crate::filters::kernel::Stopped>,
    ) -> Outcome {
        let (core_before, cpu_before_ns) = (current_core(), thread_cpu_ns());
        let started_ns = now_ns();
        // A kernel only touches its desk, which is rewritten before it is read.
        let computed = catch_unwind(AssertUnwindSafe(|| run(&setup.engine, &mut self.desk)));
        let computed_ns = now_ns();
        let (core_after, cpu_after_ns) = (current_core(), thread_cpu_ns());
        match computed {
            Ok(Ok(pixels)) => Outcome::Pixels(
                pixels,
                DoneHeader {
                    rect,
                    received_ns,
                    started_ns,
                    computed_ns,
                    storage_ns,
                    core_before,
                    core_after,
                    cpu_ns: cpu_before_ns
                        .zip(cpu_after_ns)
                        .map(|(before, after)| after.saturating_sub(before)),
                    steps: step_times(self.desk.step_ns()),
                    is_in_arena: false,
                },
            ),
            Ok(Err(_stopped)) => Outcome::Stopped,
            Err(_panic) => {
                let mut labels = setup.engine.step_labels();
                let step_idx = self.desk.step_idx().min(labels.len() - 1);
                let filter = labels.swap_remove(step_idx);
                Outcome::Failed(Failure::Panicked { filter })
            }
        }
    }

    /// `room` is where the pixels shall go, if not into the answer.
    fn answer(
        &mut self,
        job: u64,
        tile: u32,
        outcome: Outcome,
        room: Option<&mut [u8]>,
    ) -> Result<(), WorkerError> {
        match outcome {
            Outcome::Pixels(pixels, mut header) => {
                let fits = |room: &&mut [u8]| match pixels {
                    TilePixels::Laid => true,
                    _ => room.len() as u64 == pixels.n_bytes(),
                };
                let room = room.filter(fits);
                header.is_in_arena = room.is_some();
                let body = if let Some(room) = room {
                    lay_out(&pixels, room);
                    self.desk.recycle(pixels);
                    Body::Empty
                } else {
                    let (body, planes) = pack_output(pixels, || self.buffers.take());
                    if let Some(planes) = planes {
                        self.desk.recycle(TilePixels::Planes(planes));
                    }
                    body
                };
                self.outbox.say_soon(Answer {
                    kind: Kind::Done,
                    job,
                    tile,
                    header: encode(&header),
                    body,
                })
            }
            Outcome::Stopped => self.say(Answer::short(Kind::Cancelled, job, tile, Vec::new())),
            Outcome::Failed(failure) => self.fail(job, tile, &failure),
        }
    }

    fn fail(&self, job: u64, tile: u32, failure: &Failure) -> Result<(), WorkerError> {
        self.say(Answer::short(Kind::Failed, job, tile, encode(failure)))
    }

    fn say(&self, answer: Answer) -> Result<(), WorkerError> {
        self.outbox.say(answer)
    }
}
