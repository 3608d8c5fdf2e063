//! One tile computed by a thread of this process: read, compute, paste, record.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, Phase, PhaseSpan, StepTime, TileRecord};
use crate::telemetry::ids::{PassIdx, TileIdx, WorkerIdx};
use crate::telemetry::usage::{current_core, thread_cpu_ns};

use super::run_tile::{Desk, run_tile};
use super::{BackendError, PassWork};

/// Computes tile `tile_idx` of the pass on the calling thread.
///
/// # Errors
/// When the run was stopped or a kernel panicked; the desk may be used again either way.
pub(super) fn do_tile(
    work: &PassWork<'_, '_>,
    tile_idx: usize,
    worker: WorkerIdx,
    desk: &mut Desk,
) -> Result<(), BackendError> {
    let output = work.tiles[tile_idx];
    let started_ns = now_ns();
    let (core_before, cpu_before_ns) = (current_core(), thread_cpu_ns());
    let program = work.engine.program();
    let needs = program.needs(&program.rects(output));
    let regions: Vec<_> = needs.iter().map(|need| work.sources.region(need)).collect();
    let stop = work.cancel.as_stop();
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
    let (core, cpu_after_ns) = (current_core(), thread_cpu_ns());
    let computed_ns = now_ns();
    work.canvas.paste(output, &pixels);
    let written_ns = now_ns();
    desk.recycle(pixels);
    work.events.record(Event::Tile(TileRecord {
        run: work.run,
        pass: PassIdx(work.pass_idx as u16),
        tile: TileIdx(tile_idx as u32),
        rect_in_frame: output,
        worker,
        core,
        core_changed: core != core_before,
        phases: vec![
            PhaseSpan::new(Phase::Computing, started_ns, computed_ns),
            PhaseSpan::new(Phase::Writing, computed_ns, written_ns),
        ],
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
