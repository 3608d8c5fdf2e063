//! One contender with all it needs to run again: one hand, or several that start together.

use std::sync::{Arc, Barrier, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::backend::single::Single;
use crate::backend::{Backend, BackendError};
use crate::studio::StudioError;
use crate::studio::engines::Engines;
use crate::telemetry::record::RunRecord;

use super::contender::Contender;
use super::hand::{Hand, Shelf};
use super::job::Scene;
use super::measured::{Lap, Measured};
use super::task::Task;

/// A contender at work, and what it did so far.
pub(super) struct Lane<'a> {
    contender: Contender,
    /// Each is only ever locked by one thread.
    hands: Vec<Mutex<Hand<'a>>>,
    /// A thread a hand, where there are several.
    pool: Option<ThreadPool>,
    laps: Vec<Lap>,
    /// By lap, where one backend edits.
    records: Vec<RunRecord>,
    /// Of the warm-up and of the last run.
    sha256: [Option<String>; 2],
}

impl<'a> Lane<'a> {
    /// Ready and warm: the first run is made here and not counted.
    pub(super) fn new(
        contender: Contender,
        scene: Scene<'a>,
        task: &'a Task<'a>,
        (engines, shelf): (&Engines, &'a Shelf),
    ) -> Result<Self, StudioError> {
        let backends: Vec<Arc<dyn Backend>> = match contender {
            // A pool has one size at a time, and there may be others of its kind in this bench.
            Contender::Backend(choice) => vec![engines.apart().get(choice)?],
            Contender::Ceiling { n_workers } => (0..n_workers)
                .map(|_| Arc::new(Single::default()) as Arc<dyn Backend>)
                .collect(),
        };
        let hands = backends
            .into_iter()
            .map(|backend| Mutex::new(Hand::new(scene, task, backend, shelf)))
            .collect::<Vec<_>>();
        let mut lane = Self {
            contender,
            pool: (hands.len() > 1)
                .then(|| pool_of(hands.len()))
                .transpose()?,
            hands,
            laps: Vec::new(),
            records: Vec::new(),
            sha256: [None, None],
        };
        lane.run()?;
        lane.sha256[0] = lane.output_sha256();
        lane.give_back();
        Ok(lane)
    }

    pub(super) const fn contender(&self) -> Contender {
        self.contender
    }

    /// The output of the last run is hashed, after its clock has stopped.
    pub(super) fn run_counted(&mut self, is_last: bool) -> Result<(), StudioError> {
        let lap = self.run()?;
        self.laps.push(lap);
        if let [hand] = self.hands.as_slice() {
            self.records.extend(lock(hand).take_record());
        }
        if is_last {
            self.sha256[1] = self.output_sha256();
        }
        self.give_back();
        Ok(())
    }

    fn give_back(&self) {
        for hand in &self.hands {
            lock(hand).give_back();
        }
    }

    fn run(&self) -> Result<Lap, StudioError> {
        let Some(pool) = &self.pool else {
            return run_hand(&self.hands[0]);
        };
        let start = Barrier::new(self.hands.len());
        let laps = pool.broadcast(|thread| {
            start.wait();
            run_hand(&self.hands[thread.index()])
        });
        let laps: Result<Vec<Lap>, StudioError> = laps.into_iter().collect();
        Ok(Lap::of_side_by_side(&laps?))
    }

    /// `None` where the hands made different things, which must not be.
    fn output_sha256(&self) -> Option<String> {
        let mut hashes = self.hands.iter().map(|hand| lock(hand).output_sha256());
        let first = hashes.next().flatten()?;
        hashes
            .all(|hash| hash.as_ref() == Some(&first))
            .then_some(first)
    }

    pub(super) fn into_measured(self) -> Measured {
        let [first, last] = self.sha256;
        let is_steady = first == last;
        let (transport, megapixels) = {
            let hand = lock(&self.hands[0]);
            (hand.transport(), hand.megapixels())
        };
        let mut measured = Measured {
            contender: self.contender,
            transport,
            megapixels,
            laps: self.laps,
            output_sha256: last.filter(|_| is_steady),
            record: None,
        };
        let median = measured.median().map(|lap| lap.started_ns);
        let mut records = self.records.into_iter();
        let record = records.find(|record| Some(record.started_ns) == median);
        measured.record = record.map(Box::new);
        measured
    }
}

fn run_hand(hand: &Mutex<Hand<'_>>) -> Result<Lap, StudioError> {
    lock(hand).run()
}

fn lock<'m, 'a>(hand: &'m Mutex<Hand<'a>>) -> std::sync::MutexGuard<'m, Hand<'a>> {
    hand.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pool_of(n_threads: usize) -> Result<ThreadPool, BackendError> {
    ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .thread_name(|thread_idx| format!("side by side {thread_idx}"))
        .build()
        .map_err(|source| BackendError::Start {
            what: format!("{n_threads} threads"),
            source: std::io::Error::other(source),
        })
}
