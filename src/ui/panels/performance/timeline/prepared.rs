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
    pub(in super::super) fn of(run: &RunWithEvents, by: ColorBy) -> Self {
        let timeline = Timeline::of(run);
        let classes = Classes::of(run, by);
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

/// Keeps the run that is looked at prepared.
#[derive(Debug, Default)]
pub(in super::super) struct Preparing {
    ready: Option<(Subject, Prepared)>,
    under_way: Option<(Subject, Receiver<Prepared>)>,
}

/// A run and how it is coloured.
#[derive(Debug, Clone)]
struct Subject {
    run: Arc<RunWithEvents>,
    by: ColorBy,
}

impl Subject {
    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.run, &other.run) && self.by == other.by
    }
}

impl Preparing {
    /// The run, as soon as it is ready; `None` while it is being prepared.
    pub(in super::super) fn get(
        &mut self,
        ctx: &Context,
        run: &Arc<RunWithEvents>,
        by: ColorBy,
    ) -> Option<&Prepared> {
        let run = Arc::clone(run);
        let wanted = Subject { run, by };
        if let Some((subject, receiver)) = &self.under_way {
            match receiver.try_recv() {
                Ok(prepared) => {
                    self.ready = Some((subject.clone(), prepared));
                    self.under_way = None;
                }
                Err(_) if subject.is(&wanted) => {}
                Err(_) => self.under_way = None,
            }
        }
        let is_ready = |(ready, _): &(Subject, Prepared)| ready.is(&wanted);
        if !self.ready.as_ref().is_some_and(is_ready) && self.under_way.is_none() {
            self.begin(ctx, wanted.clone());
        }
        let ready = self.ready.as_ref();
        ready
            .filter(|ready| ready.0.is(&wanted))
            .map(|(_, ready)| ready)
    }

    fn begin(&mut self, ctx: &Context, subject: Subject) {
        let (run, by) = (&subject.run, subject.by);
        if run.tiles.len() <= MOST_AT_ONCE {
            let prepared = Prepared::of(run, by);
            self.ready = Some((subject, prepared));
            return;
        }
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let (theirs, waking) = (Arc::clone(run), ctx.clone());
        let spawned = std::thread::Builder::new()
            .name("lanes".into())
            .spawn(move || {
                // Nobody may be waiting any more.
                drop(sender.try_send(Prepared::of(&theirs, by)));
                waking.request_repaint();
            });
        if spawned.is_ok() {
            self.under_way = Some((subject, receiver));
        } else {
            // Without a thread it takes its time here.
            let prepared = Prepared::of(run, by);
            self.ready = Some((subject, prepared));
        }
    }
}
