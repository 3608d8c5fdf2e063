//! A run made ready for drawing: its lanes with sums over them, in one way of colouring. Made once, on
//! a thread of its own where the run is long, so that the window goes on meanwhile.

use std::sync::Arc;

use crossbeam_channel::Receiver;
use egui::Context;

use crate::telemetry::event::{Event, Phase, WorkerChange};
use crate::telemetry::ids::WorkerIdx;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::summary::shares_text;
use crate::telemetry::timeline::{Bar, Timeline};

use super::classes::{Classes, ColorBy};
use super::track::{Piece, STARTING, Track, WAITING};

/// Runs of more tiles than this are prepared beside the window's thread.
const MOST_AT_ONCE: usize = 2_000;

/// Who a lane belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Worker(u16),
    Core(u32),
}

/// A lane as it is drawn.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) owner: Owner,
    pub(super) name: String,
    /// A process id, in the quiet grey behind the name.
    pub(super) remark: String,
    /// What became of its time, in words.
    pub(super) shares: String,
    /// When a worker on this lane died.
    pub(super) deaths_ns: Vec<u64>,
    pub(super) track: Track,
}

/// See the module's own words.
#[derive(Debug)]
pub(in super::super) struct Prepared {
    /// On the clock of the events.
    pub(super) start_ns: u64,
    /// Workers, then cores.
    pub(super) lanes: Vec<Lane>,
    pub(super) classes: Classes,
}

impl Prepared {
    /// `all` are the runs shown together, this one among them.
    pub(in super::super) fn of(
        run: &RunWithEvents,
        by: ColorBy,
        all: &[Arc<RunWithEvents>],
    ) -> Self {
        Self::of_lanes(run, &Timeline::of(run), Classes::of(run, by, all))
    }

    /// Of a run that goes on: what a worker does after its last tile is not known yet.
    fn of_live(run: &Arc<RunWithEvents>, by: ColorBy) -> Self {
        let mut timeline = Timeline::of(run);
        for lane in &mut timeline.workers {
            lane.bars
                .pop_if(|last| last.phase == Phase::Waiting && lane.n_tiles > 0);
        }
        let classes = Classes::of(run, by, std::slice::from_ref(run));
        Self::of_lanes(run, &timeline, classes)
    }

    fn of_lanes(run: &RunWithEvents, timeline: &Timeline, classes: Classes) -> Self {
        let track = |bars: &[Bar], starts: &[(u64, u64)]| {
            let pieces = pieces_of(run, &classes, bars, starts);
            Track::new(pieces, run.tiles.len())
        };
        let workers = timeline.workers.iter().map(|lane| Lane {
            owner: Owner::Worker(lane.worker.0),
            name: format!("worker {}", lane.worker),
            remark: lane.pids.last().map_or_else(String::new, u32::to_string),
            shares: shares_text(&lane.times()),
            deaths_ns: lane.deaths_ns.clone(),
            track: track(&lane.bars, &starts_of(run, lane.worker)),
        });
        let cores = timeline.cores.iter().map(|lane| {
            let busy = lane.busy_ns() as f64 / timeline.duration_ns().max(1) as f64;
            Lane {
                owner: Owner::Core(lane.core),
                name: format!("core {}", lane.core),
                remark: String::new(),
                shares: format!("busy {:.0} %", busy * 100.0),
                deaths_ns: Vec::new(),
                track: track(&lane.bars, &[]),
            }
        });
        let lanes = workers.chain(cores).collect();
        Self {
            start_ns: timeline.start_ns,
            lanes,
            classes,
        }
    }

    /// Nanoseconds since the run's start, of a moment on the clock of the events.
    pub(super) fn since_start(&self, at_ns: u64) -> f64 {
        at_ns.saturating_sub(self.start_ns) as f64
    }

    /// Back to the clock of the events.
    pub(super) fn clock(&self, since_start_ns: f64) -> u64 {
        self.start_ns + since_start_ns.max(0.0) as u64
    }
}

fn pieces_of(
    run: &RunWithEvents,
    classes: &Classes,
    bars: &[Bar],
    starts: &[(u64, u64)],
) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(bars.len());
    for bar in bars {
        let tile = bar.tile_record.and_then(|idx| run.tiles.get(idx));
        if bar.phase == Phase::Waiting {
            add_waiting(&mut pieces, bar, starts);
            continue;
        }
        let (Some(tile), Some(idx)) = (tile, bar.tile_record) else {
            continue;
        };
        if let Some(class) = classes.whole(bar.phase, Some(tile)) {
            let piece = Piece::new(bar.start_ns, bar.end_ns, class);
            let moved = tile.core_changed && bar.phase == Phase::Computing;
            pieces.push(piece.of_tile(idx, moved));
            continue;
        }
        // Steps take turns strip by strip: what is shown are their parts, not their order.
        let total_ns: u64 = tile.steps.iter().map(|step| step.elapsed_ns).sum();
        let mut done_ns = 0;
        let at = |done_ns: u64| {
            let share = done_ns as f64 / total_ns.max(1) as f64;
            bar.start_ns + (share * bar.duration_ns() as f64) as u64
        };
        for step in &tile.steps {
            let from_ns = at(done_ns);
            done_ns += step.elapsed_ns;
            let class = classes.of_step(tile, step.step_idx);
            let piece = Piece::new(from_ns, at(done_ns), class);
            pieces.push(piece.of_tile(idx, tile.core_changed));
        }
    }
    pieces.retain(|piece| piece.duration_ns() > 0);
    pieces
}

/// Waiting, but for the time in which the worker was being started.
fn add_waiting(pieces: &mut Vec<Piece>, bar: &Bar, starts: &[(u64, u64)]) {
    let mut at_ns = bar.start_ns;
    for (from_ns, to_ns) in starts {
        let from_ns = (*from_ns).max(at_ns);
        let to_ns = (*to_ns).min(bar.end_ns);
        if from_ns < to_ns {
            pieces.push(Piece::new(at_ns, from_ns, WAITING));
            pieces.push(Piece::new(from_ns, to_ns, STARTING));
            at_ns = to_ns;
        }
    }
    pieces.push(Piece::new(at_ns, bar.end_ns, WAITING));
}

/// From when to when a worker of this lane was being started, in order of time.
fn starts_of(run: &RunWithEvents, worker: WorkerIdx) -> Vec<(u64, u64)> {
    let mut starts = Vec::new();
    let mut began_ns = None;
    for event in &run.events {
        let Event::Worker(event) = event else {
            continue;
        };
        match event.change {
            _ if event.worker != worker => {}
            WorkerChange::Started => began_ns = Some(event.at_ns),
            WorkerChange::Ready => {
                starts.extend(began_ns.take().map(|began_ns| (began_ns, event.at_ns)));
            }
            WorkerChange::Died(_) => began_ns = None,
            _ => {}
        }
    }
    starts
}

/// Keeps the runs that are looked at prepared.
#[derive(Debug, Default)]
pub(in super::super) struct Preparing {
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    subject: Subject,
    made: Made,
}

#[derive(Debug)]
enum Made {
    Ready(Prepared),
    UnderWay(Receiver<Prepared>),
}

/// A run, how it is coloured, and beside which others.
#[derive(Debug, Clone)]
struct Subject {
    run: Arc<RunWithEvents>,
    by: ColorBy,
    all: Arc<[Arc<RunWithEvents>]>,
    is_live: bool,
}

impl Subject {
    fn is(&self, other: &Self) -> bool {
        let is_beside_the_same = || {
            let both = self.all.iter().zip(&*other.all);
            self.all.len() == other.all.len() && both.into_iter().all(|(a, b)| Arc::ptr_eq(a, b))
        };
        Arc::ptr_eq(&self.run, &other.run)
            && self.by == other.by
            && (self.by != ColorBy::Filter || is_beside_the_same())
    }

    fn prepared(&self) -> Prepared {
        if self.is_live {
            Prepared::of_live(&self.run, self.by)
        } else {
            Prepared::of(&self.run, self.by, &self.all)
        }
    }
}

impl Preparing {
    /// All the runs, as soon as they are ready; `None` while one is being prepared.
    pub(in super::super) fn get(
        &mut self,
        ctx: &Context,
        runs: &[Arc<RunWithEvents>],
        (by, is_live): (ColorBy, bool),
    ) -> Option<Vec<&Prepared>> {
        let all: Arc<[_]> = runs.into();
        let subject = |run: &Arc<RunWithEvents>| Subject {
            run: Arc::clone(run),
            by,
            all: Arc::clone(&all),
            is_live,
        };
        let wanted: Vec<Subject> = runs.iter().map(subject).collect();
        self.slots
            .retain(|slot| wanted.iter().any(|subject| slot.subject.is(subject)));
        for subject in &wanted {
            match self.slots.iter_mut().find(|slot| slot.subject.is(subject)) {
                Some(slot) => slot.look(),
                None => self.slots.push(Slot::begin(ctx, subject.clone())),
            }
        }
        let of = |subject: &Subject| {
            let mut slots = self.slots.iter();
            match &slots.find(|slot| slot.subject.is(subject))?.made {
                Made::Ready(prepared) => Some(prepared),
                Made::UnderWay(_) => None,
            }
        };
        wanted.iter().map(of).collect()
    }
}

impl Slot {
    fn begin(ctx: &Context, subject: Subject) -> Self {
        let made = if subject.run.tiles.len() <= MOST_AT_ONCE {
            Made::Ready(subject.prepared())
        } else {
            let (sender, receiver) = crossbeam_channel::bounded(1);
            let (theirs, waking) = (subject.clone(), ctx.clone());
            let spawned = std::thread::Builder::new()
                .name("lanes".into())
                .spawn(move || {
                    // Nobody may be waiting any more.
                    drop(sender.try_send(theirs.prepared()));
                    waking.request_repaint();
                });
            match spawned {
                Ok(_) => Made::UnderWay(receiver),
                // Without a thread it takes its time here.
                Err(_) => Made::Ready(subject.prepared()),
            }
        };
        Self { subject, made }
    }

    fn look(&mut self) {
        if let Made::UnderWay(receiver) = &self.made
            && let Ok(prepared) = receiver.try_recv()
        {
            self.made = Made::Ready(prepared);
        }
    }
}
