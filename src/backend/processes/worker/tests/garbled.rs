//! Sessions as they were recorded, garbled by thousands of seeds, put before either end.

use super::*;
use crate::backend::canvas::Canvas;
use crate::backend::processes::ledger::{BarrenDeaths, Ledger};
use crate::backend::processes::link::Link;
use crate::backend::processes::patience::Pace;
use crate::backend::processes::peer::Peer;
use crate::backend::processes::place::{Place, Telling};
use crate::backend::processes::shift::{Pass, Shift};
use crate::backend::processes::wanted::Wanted;
use crate::backend::{PassWork, cancel::Cancel};
use crate::pixels::image::Samples;
use crate::telemetry::ids::{RunId, WorkerIdx};
use crate::telemetry::sink::NullSink;

/// Mutations of each end's session: ten thousand in the long form.
fn n_seeds() -> u64 {
    let is_long = std::env::var_os("PARALLAX_LONG_TESTS").is_some_and(|value| value != "0");
    if is_long { 10_000 } else { 300 }
}

/// Pseudo-random numbers: a session garbled by a seed is garbled the same way every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        // Knuth's MMIX constants.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }

    /// Turns a few bytes, or cuts some off.
    fn garble(&mut self, bytes: &mut Vec<u8>) {
        if self.below(8) == 0 {
            bytes.truncate(self.below(bytes.len()));
        }
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let byte = self.below(256) as u8;
            if let Some(target) = bytes.get_mut(at) {
                *target = byte;
            }
        }
    }

    /// Garbles a stream: as a whole, or within frames whose checksums are right again.
    fn garbled(&mut self, mut frames: Vec<(Kind, u64, u32, Vec<u8>, Payload)>) -> Vec<u8> {
        if self.below(3) == 0 {
            let mut bytes = stream(&frames);
            self.garble(&mut bytes);
            return bytes;
        }
        for _ in 0..=self.below(3) {
            let at = self.below(frames.len());
            let other = Kind::ALL[self.below(Kind::ALL.len())];
            let (kind, job, tile, header, payload) = &mut frames[at];
            match self.below(6) {
                0 => *kind = other,
                1 => *job = self.below(4) as u64,
                2 => *tile = self.below(1 << 20) as u32,
                3 => payload.set_len(self.below(3000)),
                _ => self.garble(header),
            }
        }
        stream(&frames)
    }
}

#[test]
fn a_garbled_parent_never_breaks_a_worker() {
    for seed in 0..n_seeds() {
        let bytes = Dice(seed).garbled(session());
        // It returns, whatever it says; a panic would be the worker's death and this test's.
        serve(Cursor::new(bytes), io::sink()).ok();
    }
}

#[test]
fn a_garbled_worker_never_breaks_its_parent() {
    let (mut read, mut write, worker) = hire();
    write.write_all(&stream(&session().split_off(2))).unwrap();
    let mut answers = Vec::new();
    while answers.len() < 2 * tiles().len() {
        let frame = next(&mut read);
        answers.push((
            frame.kind,
            frame.job,
            frame.tile,
            frame.header,
            frame.payload,
        ));
    }
    drop(write);
    worker.join().unwrap().unwrap();
    let answers = || {
        let copy = |payload: &Payload| {
            let mut copied = Payload::default();
            copied
                .extend(payload.len())
                .copy_from_slice(payload.bytes());
            copied
        };
        let frames = answers.iter();
        frames
            .map(|(kind, job, tile, header, payload)| {
                (*kind, *job, *tile, header.clone(), copy(payload))
            })
            .collect::<Vec<_>>()
    };
    assert!(
        is_taken(stream(&answers())),
        "the session as it was recorded is good"
    );
    for seed in 0..n_seeds() {
        is_taken(Dice(seed).garbled(answers()));
    }
}

/// Lets a parent take what a worker seems to say; whether that finished the pass.
fn is_taken(said: Vec<u8>) -> bool {
    let (plan, samples, tiles) = (plan(), samples(), tiles());
    let engine = PassEngine::new(&plan, 0).unwrap();
    let mut picture = Samples::zeroed(Depth::Eight, samples.len());
    let work = PassWork {
        run: RunId(1),
        series: 1,
        plan: &plan,
        pass_idx: 0,
        engine: &engine,
        tiles: &tiles,
        sources: &Sources {
            photo: view(&samples),
            planes: &[],
        },
        canvas: &Canvas::for_samples(Rect::of(SIZE), 3, &mut picture, 8),
        events: &NullSink,
        cancel: &Cancel::default(),
    };
    let pass = Pass {
        job: 1,
        header: Vec::new(),
        work: &work,
        has_shared_photo: false,
        keep_bytes: 1 << 20,
        ledger: Ledger::new(tiles.iter().map(|_| None)),
        barren: &BarrenDeaths::default(),
        pace: Pace::new(1_000_000),
        wanted: &Wanted::new(1),
    };
    // Its answers come only once it was asked: a job that is not begun yet is none of ours.
    let (gate_read, mut gate) = pipe().unwrap();
    let link = Link::new("fake", gate_read.chain(Cursor::new(said)), io::sink()).unwrap();
    let mut peer = Peer::new(link);
    peer.link.begin_job(1, pass.answer_bytes());
    gate.flush().unwrap();
    drop(gate);
    let telling = Telling {
        events: &NullSink,
        run: None,
    };
    let place = Place::new(WorkerIdx(0));
    Shift::new(&mut peer, &pass, &place, telling).run().ok();
    peer.link.join();
    pass.ledger.is_settled()
}
