//! One tile computed by a thread of this process: read, compute, paste, record.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::filters::kernel::Stop;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, Phase, PhaseSpan, StepTime, TileRecord};
use crate::telemetry::ids::{PassIdx, TileIdx, WorkerIdx};
use crate::telemetry::usage::{current_core, thread_cpu_ns};

use super::cancel::Cancel;
use super::global_lock::Turn;
use super::run_tile::{Desk, run_tile};
use super::{BackendError, PassWork};

/// Longest sleep between two looks at the stop flag.
const STOP_LOOK: Duration = Duration::from_millis(20);

/// Who computes, and on what terms.
pub(super) struct Seat<'a> {
    pub(super) worker: WorkerIdx,
    /// How long every tile waits for storage first, simulated.
    pub(super) storage_wait: Duration,
    /// Where only the holder of a lock computes.
    pub(super) turn: Option<Turn<'a>>,
    /// The thread's CPU time when its last tile was done: where the next one's begins, for asking the
    /// system takes as long as some tiles' arithmetic.
    cpu_mark_ns: Cell<Option<u64>>,
}

impl<'a> Seat<'a> {
    pub(super) const fn new(
        worker: WorkerIdx,
        storage_wait: Duration,
        turn: Option<Turn<'a>>,
    ) -> Self {
        Self {
            worker,
            storage_wait,
            turn,
            cpu_mark_ns: Cell::new(None),
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
        let (started_ns, started) = (now_ns(), Instant::now());
        while !cancel.is_stopped() {
            let rest = self.storage_wait.saturating_sub(started.elapsed());
            if rest.is_zero() {
                break;
            }
            std::thread::sleep(rest.min(STOP_LOOK));
        }
        phases.push(PhaseSpan::new(Phase::SlowStorage, started_ns, now_ns()));
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
    let before = is_measured.then(|| {
        let mark_ns = seat.cpu_mark_ns.get();
        (mark_ns.or_else(thread_cpu_ns), current_core())
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
    let Some((cpu_before_ns, core_before)) = before else {
        work.canvas.paste(output, &pixels);
        desk.recycle(pixels);
        return Ok(());
    };
    let core = current_core();
    let computed_ns = seat.end(started_ns, &mut phases);
    work.canvas.paste(output, &pixels);
    phases.push(PhaseSpan::new(Phase::Writing, computed_ns, now_ns()));
    desk.recycle(pixels);
    let cpu_after_ns = thread_cpu_ns();
    seat.cpu_mark_ns.set(cpu_after_ns);
    work.events.record(Event::Tile(TileRecord {
        run: work.run,
        pass: PassIdx(work.pass_idx as u16),
        tile: TileIdx(tile_idx as u32),
        rect_in_frame: output,
        worker: seat.worker,
        core,
        core_changed: core != core_before,
        phases,
        cpu_ns: cpu_before_ns
            .zip(cpu_after_ns)
            .map(|(before, after)| after - before),
        steps: step_times(desk.step_ns()),
        bytes_in: 0,
        bytes_out: 0,
        attempt: 1,
    }));
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
