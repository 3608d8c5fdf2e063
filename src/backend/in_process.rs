//! One tile computed by a thread of this process: read, compute, paste, record.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::filters::kernel::Stop;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, Phase, PhaseSpan, StepTime, TileRecord};
use crate::telemetry::ids::{PassIdx, TileIdx, WorkerIdx};
use crate::telemetry::sink::Sink;
use crate::telemetry::usage::{current_core, thread_cpu_ns};

use super::cancel::Cancel;
use super::global_lock::Turn;
use super::run_tile::{Desk, run_tile};
use super::slow_storage;
use super::{BackendError, PassWork};

/// Tiles that are done within so much time are asked for their CPU time together: asking takes the
/// system as long as a tenth of a small tile.
const ASK_AFTER_NS: u64 = 100_000;

/// Who computes, and on what terms.
pub(super) struct Seat<'a> {
    pub(super) worker: WorkerIdx,
    /// How long every tile waits for storage first, simulated.
    pub(super) storage_wait: Duration,
    /// Where only the holder of a lock computes.
    pub(super) turn: Option<Turn<'a>>,
    events: &'a dyn Sink,
    unasked: RefCell<Unasked>,
}

/// Tiles that are done, whose CPU time was not asked for yet.
#[derive(Default)]
struct Unasked {
    /// The thread's CPU time before the first of them; where the next one's begins.
    mark_ns: Option<u64>,
    tiles: Vec<TileRecord>,
}

impl Unasked {
    /// Asks, tells of every tile, and begins anew.
    fn settle(&mut self, events: &dyn Sink) {
        if self.tiles.is_empty() {
            return;
        }
        let after_ns = thread_cpu_ns();
        let all_ns = self.mark_ns.zip(after_ns);
        share_out(&mut self.tiles, all_ns.map(|(mark, after)| after - mark));
        self.mark_ns = after_ns;
        for tile in self.tiles.drain(..) {
            events.record(Event::Tile(tile));
        }
    }
}

/// Shares CPU time out by how long each tile took: together they have all of it.
fn share_out(tiles: &mut [TileRecord], cpu_ns: Option<u64>) {
    let Some(cpu_ns) = cpu_ns else {
        return;
    };
    let took = |tile: &TileRecord| u128::from((tile.end_ns() - tile.start_ns()).max(1));
    let all: u128 = tiles.iter().map(took).sum();
    let (mut done, mut given_ns) = (0, 0);
    for tile in tiles {
        done += took(tile);
        let until_ns = (u128::from(cpu_ns) * done / all) as u64;
        tile.cpu_ns = Some(until_ns - given_ns);
        given_ns = until_ns;
    }
}

impl<'a> Seat<'a> {
    pub(super) const fn new(
        worker: WorkerIdx,
        storage_wait: Duration,
        turn: Option<Turn<'a>>,
        events: &'a dyn Sink,
    ) -> Self {
        Self {
            worker,
            storage_wait,
            turn,
            events,
            unasked: RefCell::new(Unasked {
                mark_ns: None,
                tiles: Vec::new(),
            }),
        }
    }

    /// Before a tile whose figures are wanted.
    fn mark(&self) {
        let mut unasked = self.unasked.borrow_mut();
        if unasked.mark_ns.is_none() {
            unasked.mark_ns = thread_cpu_ns();
        }
    }

    /// A tile is done. Who may have to wait before the next one tells of it at once.
    fn done(&self, tile: TileRecord, ended_ns: u64) {
        let mut unasked = self.unasked.borrow_mut();
        unasked.tiles.push(tile);
        let began_ns = unasked.tiles[0].start_ns();
        let may_wait = self.turn.is_some() || !self.storage_wait.is_zero();
        if may_wait || ended_ns.saturating_sub(began_ns) >= ASK_AFTER_NS {
            unasked.settle(self.events);
        }
    }

    /// Waits as one who reads from slow storage would: without the lock, asleep.
    fn wait_for_storage(&self, cancel: &Cancel, phases: &mut Vec<PhaseSpan>) {
        if self.storage_wait.is_zero() {
            return;
        }
        if let Some(turn) = &self.turn {
            turn.leave();
        }
        phases.push(slow_storage::wait(self.storage_wait, &|| {
            cancel.is_stopped()
        }));
    }

    fn begin(&self) -> u64 {
        if let Some(turn) = &self.turn {
            turn.begin();
        }
        now_ns()
    }

    /// Adds what was done since [`Self::begin`]; when it ended.
    fn end(&self, started_ns: u64, phases: &mut Vec<PhaseSpan>) -> u64 {
        if let Some(turn) = &self.turn {
            return turn.end(phases);
        }
        let ended_ns = now_ns();
        phases.push(PhaseSpan::new(Phase::Computing, started_ns, ended_ns));
        ended_ns
    }

    fn stop<'s>(&'s self, cancel: &'s Cancel) -> Stop<'s> {
        let stop = cancel.as_stop();
        match &self.turn {
            Some(turn) => stop.passing(turn),
            None => stop,
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.unasked.get_mut().settle(self.events);
    }
}

/// Computes tile `tile_idx` of the pass on the calling thread.
///
/// # Errors
/// When the run was stopped or a kernel panicked; the desk may be used again either way.
pub(super) fn do_tile(
    work: &PassWork<'_, '_>,
    tile_idx: usize,
    seat: &Seat<'_>,
    desk: &mut Desk,
) -> Result<(), BackendError> {
    let output = work.tiles[tile_idx];
    let mut phases = Vec::with_capacity(4);
    seat.wait_for_storage(work.cancel, &mut phases);
    let is_measured = work.events.wants_tiles();
    desk.measure(is_measured);
    let core_before = is_measured.then(|| {
        seat.mark();
        current_core()
    });
    let started_ns = seat.begin();
    let program = work.engine.program();
    let needs = program.needs(&program.rects(output));
    let regions: Vec<_> = needs.iter().map(|need| work.sources.region(need)).collect();
    let stop = seat.stop(work.cancel);
    // A kernel only touches its desk and its own tile, both of which are rewritten before reading.
    let computed = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "fault-injection")]
        super::faults::while_computing(tile_idx as u32);
        run_tile(work.engine, output, &regions, desk, stop)
    }));
    let pixels = computed.map_err(|_| BackendError::FilterPanicked {
        filter: work.engine.step_labels()[desk.step_idx()].clone(),
        tile_idx,
    })??;
    let Some(core_before) = core_before else {
        work.canvas.paste(output, &pixels);
        desk.recycle(pixels);
        return Ok(());
    };
    let core = current_core();
    let computed_ns = seat.end(started_ns, &mut phases);
    work.canvas.paste(output, &pixels);
    let ended_ns = now_ns();
    phases.push(PhaseSpan::new(Phase::Writing, computed_ns, ended_ns));
    desk.recycle(pixels);
    let tile = TileRecord {
        run: work.run,
        pass: PassIdx(work.pass_idx as u16),
        tile: TileIdx(tile_idx as u32),
        rect_in_frame: output,
        worker: seat.worker,
        core,
        core_changed: core != core_before,
        phases,
        cpu_ns: None,
        steps: step_times(desk.step_ns()),
        bytes_in: 0,
        bytes_out: 0,
        attempt: 1,
    };
    seat.done(tile, ended_ns);
    Ok(())
}

/// Step times as events carry them; steps that took no time are left out.
pub(super) fn step_times(step_ns: &[u64]) -> Vec<StepTime> {
    let timed = step_ns
        .iter()
        .enumerate()
        .filter(|(_, elapsed_ns)| **elapsed_ns > 0);
    timed
        .map(|(step_idx, elapsed_ns)| StepTime {
            step_idx: step_idx as u16,
            elapsed_ns: *elapsed_ns,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::samples::tile;
    use crate::telemetry::sink::Recorder;

    #[test]
    fn tiles_asked_for_together_have_all_the_time_and_each_its_part() {
        let mut tiles = vec![tile(0, 0), tile(1, 0), tile(2, 0)];
        let last = tiles[2].phases.last_mut().unwrap();
        last.end_ns += 900;
        let all_ns: u64 = tiles.iter().map(|it| it.end_ns() - it.start_ns()).sum();
        share_out(&mut tiles, Some(all_ns + 1));
        let cpu_ns: Vec<u64> = tiles.iter().filter_map(|it| it.cpu_ns).collect();
        assert_eq!(cpu_ns.iter().sum::<u64>(), all_ns + 1);
        for (tile, cpu_ns) in tiles.iter().zip(&cpu_ns) {
            assert!(cpu_ns.abs_diff(tile.end_ns() - tile.start_ns()) <= 1);
        }
    }

    #[test]
    fn a_seat_tells_of_every_tile_before_it_is_left() {
        let recorder = Recorder::new(100);
        let told = std::cell::Cell::new(0);
        let n_tiles = || {
            told.set(told.get() + recorder.take().events.len());
            told.get()
        };
        let seat = Seat::new(WorkerIdx(0), Duration::ZERO, None, &recorder);
        seat.mark();
        seat.done(tile(0, 0), 1450);
        assert_eq!(n_tiles(), 0, "short ones together");
        seat.done(tile(1, 0), 1000 + ASK_AFTER_NS);
        assert_eq!(n_tiles(), 2);
        seat.done(tile(2, 0), 3450);
        drop(seat);
        assert_eq!(n_tiles(), 3);
        let waiting = Seat::new(WorkerIdx(0), Duration::from_millis(1), None, &recorder);
        waiting.done(tile(3, 0), 4450);
        assert_eq!(n_tiles(), 4, "at once, for it waits next");
    }
}
