//! Workers without processes: both ends of two pipes in one, sessions by hand.

use std::io::{Cursor, PipeReader, PipeWriter, pipe};
use std::sync::Mutex;

use super::*;
use crate::backend::engine::PassEngine;
use crate::backend::processes::frame::write_frame;
use crate::backend::processes::message::{
    DoneHeader, Failure, JobRef, KeptId, Piece, RegionForm, RegionKind, TileHeader,
};
use crate::backend::processes::parcel::{PhotoWay, Room, pack_regions};
use crate::backend::processes::payload::Payload;
use crate::backend::regions::Sources;
use crate::filters::registry;
use crate::filters::value::{Value, Values};
use crate::pixels::color::ColorSpace;
use crate::pixels::convert::OutputFormat;
use crate::pixels::geometry::{Rect, Size, tiles_of};
use crate::pixels::image::{Depth, ImageView, Layout, SamplesRef};
use crate::plan::{PhotoForm, Plan, build};
use crate::recipe::Recipe;

const SIZE: Size = Size::new(24, 16);

fn samples() -> Vec<u8> {
    (0..SIZE.area() * 3).map(|i| (i * 7 % 251) as u8).collect()
}

fn view(samples: &[u8]) -> ImageView<'_> {
    ImageView {
        rect: Rect::of(SIZE),
        layout: Layout::Rgb,
        samples: SamplesRef::U8(samples),
    }
}

fn plan() -> Plan {
    let spec = registry::find("exposure").unwrap().spec();
    let values = Values::identity(spec).with(0, Value::Number(0.7));
    let recipe = Recipe::empty().inserted(spec, &values).0;
    let form = PhotoForm {
        full_size: SIZE,
        picture_scale: 1.0,
        scale: 1.0,
        layout: Layout::Rgb,
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
    };
    let output = OutputFormat {
        layout: Layout::Rgb,
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
        dither: false,
    };
    build(&recipe, &form, output).unwrap()
}

fn tiles() -> Vec<Rect> {
    tiles_of(SIZE, Size::new(8, 8))
}

/// What a parent writes: a greeting, a job, its tiles.
fn session() -> Vec<(Kind, u64, u32, Vec<u8>, Payload)> {
    let (plan, samples) = (plan(), samples());
    let engine = PassEngine::new(&plan, 0).unwrap();
    let sources = Sources {
        photo: view(&samples),
        planes: &[],
    };
    let job = JobRef {
        pass_idx: 0,
        plan: &plan,
        photo: None,
        storage_wait_ns: 0,
    };
    let mut frames = vec![
        (Kind::Hello, 0, 0, encode(&Hello::own()), Payload::default()),
        (Kind::Ping, 0, 0, Vec::new(), Payload::default()),
        (Kind::Job, 1, 0, encode(&job), Payload::default()),
    ];
    for (tile_idx, output) in tiles().into_iter().enumerate() {
        let program = engine.program();
        let needs = program.needs(&program.rects(output));
        let mut payload = Payload::default();
        let regions = pack_regions(
            &needs,
            &sources,
            PhotoWay::Sent,
            &mut Room::Payload(&mut payload),
        );
        let header = encode(&TileHeader {
            output,
            regions,
            input: None,
            result: None,
            pieces: Vec::new(),
            is_kept: true,
        });
        frames.push((Kind::Tile, 1, tile_idx as u32, header, payload));
    }
    frames
}

fn stream(frames: &[(Kind, u64, u32, Vec<u8>, Payload)]) -> Vec<u8> {
    let mut stream = Vec::new();
    for (kind, job, tile, header, payload) in frames {
        write_frame(&mut stream, *kind, (*job, *tile), header, payload.bytes()).unwrap();
    }
    stream
}

/// Where a worker under test writes.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Said {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }

    fn frames(&self) -> Vec<Frame> {
        let mut read = Cursor::new(self.bytes());
        let buffers = Buffers::default();
        std::iter::from_fn(|| read_frame(&mut read, || LIMITS, &buffers).unwrap()).collect()
    }
}

/// A worker on a thread of its own, at the other end of two pipes.
fn hire() -> (
    PipeReader,
    PipeWriter,
    thread::JoinHandle<Result<(), WorkerError>>,
) {
    let ((their_read, our_write), (our_read, their_write)) = (pipe().unwrap(), pipe().unwrap());
    let worker = thread::Builder::new()
        .spawn(move || serve(their_read, their_write))
        .unwrap();
    (our_read, our_write, worker)
}

fn next(read: &mut PipeReader) -> Frame {
    read_frame(read, || LIMITS, &Buffers::default())
        .unwrap()
        .unwrap()
}

#[test]
fn a_worker_greets_computes_and_goes() {
    let (mut read, mut write, worker) = hire();
    write.write_all(&stream(&session())).unwrap();
    let hello: Hello = decode(&next(&mut read).header).unwrap();
    assert_eq!(hello, Hello::own());
    assert_eq!(next(&mut read).kind, Kind::Pong);
    for (tile_idx, rect) in tiles().into_iter().enumerate() {
        let started = next(&mut read);
        assert_eq!(
            (started.kind, started.tile),
            (Kind::Started, tile_idx as u32)
        );
        let done = next(&mut read);
        assert_eq!(
            (done.kind, done.job, done.tile),
            (Kind::Done, 1, tile_idx as u32)
        );
        let header: DoneHeader = decode(&done.header).unwrap();
        assert_eq!(header.rect, rect);
        assert!(header.started_ns <= header.computed_ns);
        assert_eq!(done.payload.len() as u64, rect.area() * 3);
    }
    drop(write);
    worker.join().unwrap().unwrap();
    assert!(
        read_frame(&mut read, || LIMITS, &Buffers::default())
            .unwrap()
            .is_none()
    );
}

#[test]
fn tiles_of_a_void_job_are_not_computed_and_a_later_job_is() {
    let mut frames = session();
    let first_tile = 3;
    let cancel = (Kind::Cancel, 1, 0, Vec::new(), Payload::default());
    frames.insert(first_tile, cancel);
    let mut later = session().split_off(2);
    for frame in &mut later {
        frame.1 = 2;
    }
    frames.extend(later);
    let said = Said::default();
    let (read, mut write) = pipe().unwrap();
    let (worker_said, bytes) = (said.clone(), stream(&frames));
    let worker = thread::Builder::new()
        .spawn(move || serve(read, worker_said))
        .unwrap();
    write.write_all(&bytes).unwrap();
    let n_done = || {
        let frames = said.frames();
        frames
            .iter()
            .filter(|frame| frame.kind == Kind::Done)
            .count()
    };
    // An end of the stream voids what is not computed yet, so it waits for the last tile.
    while n_done() < tiles().len() {
        thread::yield_now();
    }
    drop(write);
    worker.join().unwrap().unwrap();
    for frame in said.frames() {
        match frame.kind {
            Kind::Cancelled => assert_eq!(frame.job, 1),
            Kind::Done => assert_eq!(frame.job, 2),
            _ => {}
        }
    }
}

#[test]
fn a_job_this_build_cannot_do_is_refused_in_words() {
    let mut plan = plan();
    plan.version += 1;
    let job = JobRef {
        pass_idx: 0,
        plan: &plan,
        photo: None,
        storage_wait_ns: 0,
    };
    let (mut read, mut write, worker) = hire();
    write_frame(&mut write, Kind::Job, (1, 0), &encode(&job), &[]).unwrap();
    let failed = next(&mut read);
    assert_eq!((failed.kind, failed.job), (Kind::Failed, 1));
    let Failure::Refused { reason } = decode(&failed.header).unwrap() else {
        panic!("refused");
    };
    assert!(reason.contains("plan version"), "{reason}");
    drop(write);
    worker.join().unwrap().unwrap();
}

#[test]
fn a_worker_keeps_what_it_is_told_until_it_is_told_to_forget() {
    let output = tiles()[0];
    let later = |tile: u32, kept: KeptId| {
        let (rect, pixels) = (output, Some(kept));
        let header = encode(&TileHeader {
            output,
            regions: vec![RegionForm {
                rect,
                kind: RegionKind::Pieces,
            }],
            input: None,
            result: None,
            pieces: vec![Piece { rect, kept: pixels }],
            is_kept: false,
        });
        (Kind::Tile, 1, tile, header, Payload::default())
    };
    let here = KeptId { job: 1, tile: 0 };
    let mut frames = session().split_off(2);
    frames.truncate(2);
    frames.push(later(50, here));
    frames.push(later(51, KeptId { job: 1, tile: 9 }));
    frames.push((Kind::Forget, 0, 0, Vec::new(), Payload::default()));
    frames.push(later(52, here));
    let (mut read, mut write, worker) = hire();
    write.write_all(&stream(&frames)).unwrap();
    let mut answers = Vec::new();
    while answers.len() < 4 {
        let frame = next(&mut read);
        if frame.kind != Kind::Started {
            answers.push(frame);
        }
    }
    let kinds: Vec<_> = answers.iter().map(|f| (f.tile, f.kind)).collect();
    let expected = [
        (0, Kind::Done),
        (50, Kind::Done),
        (51, Kind::Failed),
        (52, Kind::Failed),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(answers[0].payload.bytes(), answers[1].payload.bytes());
    drop(write);
    worker.join().unwrap().unwrap();
}

#[test]
fn a_parent_of_another_build_is_answered_and_left() {
    let hello = Hello {
        build: "0.0.1 elsewhere".to_owned(),
        ..Hello::own()
    };
    let (mut read, mut write, worker) = hire();
    write_frame(&mut write, Kind::Hello, (0, 0), &encode(&hello), &[]).unwrap();
    assert_eq!(
        decode::<Hello>(&next(&mut read).header).unwrap(),
        Hello::own()
    );
    let error = worker.join().unwrap().unwrap_err();
    assert!(matches!(error, WorkerError::Mismatch(_)), "{error}");
}

mod garbled;
