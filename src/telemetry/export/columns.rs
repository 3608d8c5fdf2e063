//! Every column of the two CSV forms: its name, what it means, and how a cell comes about.
//!
//! Header, cells and the README's tables all read these two tables. What was not measured reads
//! `n/a`. Columns are only ever added at the end while the version stays.

use std::fmt::Display;

use crate::telemetry::event::{Event, Phase, PhaseSpan, TileRecord, WorkerChange};
use crate::telemetry::ids::WorkerIdx;
use crate::telemetry::log::{LOG_VERSION, Log, RunWithEvents};
use crate::telemetry::machine::Machine;
use crate::telemetry::record::{Fault, RunRecord};
use crate::telemetry::summary::{filter_totals, step_name, worker_times};
use crate::telemetry::timeline::{PhaseTimes, Timeline};

/// A table of the log: [`Runs`] or [`Tiles`].
pub trait Table: 'static {
    /// What a row's cells are made from.
    type Row<'a>;
}

/// The table with a row a run.
#[derive(Debug)]
pub enum Runs {}

/// The table with a row an attempt at a tile.
#[derive(Debug)]
pub enum Tiles {}

impl Table for Runs {
    type Row<'a> = RunRow<'a>;
}

impl Table for Tiles {
    type Row<'a> = TileRow<'a>;
}

/// One column of a table.
#[derive(Debug)]
pub struct Column<T: Table> {
    pub name: &'static str,
    /// One line for people, with the unit.
    pub doc: &'static str,
    pub cell: for<'a> fn(&T::Row<'a>) -> String,
}

/// What a row of the table of runs is made from.
#[derive(Debug)]
pub struct RunRow<'a> {
    machine: &'a Machine,
    run: &'a RunWithEvents,
    record: &'a RunRecord,
    single: Option<&'a RunRecord>,
    times: Option<PhaseTimes>,
}

impl<'a> RunRow<'a> {
    /// A run of `log`.
    #[must_use]
    pub fn new(log: &'a Log, run: &'a RunWithEvents) -> Self {
        Self {
            machine: &log.machine,
            run,
            record: &run.record,
            single: log.yardstick_of(&run.record),
            times: if run.tiles.is_empty() {
                run.record.phases
            } else {
                Some(worker_times(&Timeline::of(run)))
            },
        }
    }

    fn times_of(&self, phase: Phase) -> String {
        known(self.times.map(|times| times.of(phase)))
    }
}

/// What a row of the table of tiles is made from.
#[derive(Debug)]
pub struct TileRow<'a> {
    record: &'a RunRecord,
    tile: &'a TileRecord,
    waiting_ns: u64,
    pid: Option<u32>,
}

impl<'a> TileRow<'a> {
    /// All tiles of a run.
    pub fn all_of(run: &'a RunWithEvents) -> impl Iterator<Item = Self> {
        let waiting_ns = waiting_before_tiles(run);
        let tenants = tenants(run);
        let pid_of = move |tile: &TileRecord| {
            let had_it = |(worker, since_ns, _): &&(WorkerIdx, u64, Option<u32>)| {
                *worker == tile.worker && *since_ns <= tile.start_ns()
            };
            tenants
                .iter()
                .rev()
                .find(had_it)
                .and_then(|(_, _, pid)| *pid)
        };
        run.tiles
            .iter()
            .zip(waiting_ns)
            .map(move |(tile, waiting_ns)| Self {
                record: &run.record,
                tile,
                waiting_ns,
                pid: pid_of(tile),
            })
    }

    fn phase(&self, phase: Phase) -> String {
        self.tile.phase_ns(phase).to_string()
    }
}

/// How long each tile's worker had waited when the tile came.
fn waiting_before_tiles(run: &RunWithEvents) -> Vec<u64> {
    let mut waiting_ns = vec![0; run.tiles.len()];
    for lane in Timeline::of(run).workers {
        for pair in lane.bars.windows(2) {
            if let (Phase::Waiting, Some(tile)) = (pair[0].phase, pair[1].tile_record) {
                waiting_ns[tile] += pair[0].duration_ns();
            }
        }
    }
    waiting_ns
}

/// Which process had which lane from when on, in order of time.
fn tenants(run: &RunWithEvents) -> Vec<(WorkerIdx, u64, Option<u32>)> {
    let at_start = (0..).zip(&run.record.worker_pids);
    let at_start = at_start.map(|(worker, pid)| (WorkerIdx(worker), 0, Some(*pid)));
    let later = run.events.iter().filter_map(|event| match event {
        Event::Worker(event)
            if !matches!(event.change, WorkerChange::Busy | WorkerChange::Idle) =>
        {
            Some((event.worker, event.at_ns, event.pid))
        }
        _ => None,
    });
    at_start.chain(later).collect()
}

fn known(value: Option<impl Display>) -> String {
    value.map_or_else(|| "n/a".to_owned(), |value| value.to_string())
}

fn or_unknown(text: &str) -> String {
    known(Some(text).filter(|text| !text.is_empty()))
}

/// A derived figure, to four places.
fn figure(value: Option<f64>) -> String {
    known(value.map(|value| format!("{value:.4}")))
}

fn fault_text(fault: &Fault) -> String {
    let pid = known(fault.pid);
    format!("worker {} pid {pid}: {}", fault.worker, fault.cause)
}

fn change_text(event: &Event) -> Option<String> {
    match event {
        Event::Worker(worker) => Some(format!("{} {}", worker.at_ns, worker.text())),
        _ => None,
    }
}

fn note_text(event: &Event) -> Option<String> {
    match event {
        Event::Note { at_ns, text, .. } => Some(format!("{at_ns} {text}")),
        _ => None,
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(";")
}

fn tile_steps(row: &TileRow<'_>) -> String {
    joined(row.tile.steps.iter().map(|step| {
        let name = step_name(&row.record.passes, row.tile.pass, step.step_idx);
        format!("{name}={}", step.elapsed_ns)
    }))
}

fn tile_phases(row: &TileRow<'_>) -> String {
    let span = |span: &PhaseSpan| format!("{}={}-{}", span.phase, span.start_ns, span.end_ns);
    joined(row.tile.phases.iter().map(span))
}

fn run_steps(row: &RunRow<'_>) -> String {
    let totals = filter_totals(&row.run.tiles, &row.record.passes);
    joined(
        totals
            .into_iter()
            .map(|total| format!("{}={}", total.label, total.total_ns)),
    )
}

macro_rules! columns {
    ($($name:literal: $doc:literal => $cell:expr;)*) => {
        &[$(Column { name: $name, doc: $doc, cell: $cell }),*]
    };
}

/// A row a run.
#[rustfmt::skip]
pub const RUN_COLUMNS: &[Column<Runs>] = columns! {
    "version": "version of this table" => |_| LOG_VERSION.to_string();
    "run": "number of the run in its session" => |r| r.record.id.to_string();
    "started_at": "start, RFC 3339, UTC" => |r| r.record.started_at.clone();
    "kind": "preview, full, bench or export" => |r| r.record.kind.name().to_owned();
    "outcome": "done, stopped or failed" => |r| r.record.outcome.name().to_owned();
    "backend": "way of running: single, threads, processes or global-lock" => |r| r.record.backend.clone();
    "transport": "how tiles travel: pipes or shared-memory; n/a where memory is shared anyway" => |r| known(r.record.transport.as_ref());
    "workers": "number of workers" => |r| r.record.n_workers.to_string();
    "tile_width": "width of a whole tile, px" => |r| r.record.tile_size.width.to_string();
    "tile_height": "height of a whole tile, px" => |r| r.record.tile_size.height.to_string();
    "photo": "file name of the photo, without its folder" => |r| r.record.photo.file_name.as_str().to_owned();
    "photo_width": "width of the upright photo, px" => |r| r.record.photo.size.width.to_string();
    "photo_height": "height of the upright photo, px" => |r| r.record.photo.size.height.to_string();
    "photo_megapixels": "millions of pixels of the photo" => |r| r.record.photo.size.megapixels().to_string();
    "photo_depth_bits": "bits a sample of the file" => |r| r.record.photo.depth_bits.to_string();
    "photo_profile": "name of the colour profile" => |r| r.record.photo.profile.clone();
    "region_x": "left edge of what was computed, px of the scaled frame" => |r| r.record.region_in_frame.x.to_string();
    "region_y": "top edge of what was computed, px of the scaled frame" => |r| r.record.region_in_frame.y.to_string();
    "region_width": "width of what was computed, px" => |r| r.record.region_in_frame.width.to_string();
    "region_height": "height of what was computed, px" => |r| r.record.region_in_frame.height.to_string();
    "scale": "of the frame against the photo; 1 for full runs" => |r| r.record.scale.to_string();
    "output": "what became of the pixels" => |r| r.record.output.clone();
    "job_key": "hash of photo, recipe, region, scale and output; only runs of one key compare" => |r| r.record.job_key.clone();
    "tiles": "number of tiles of all passes" => |r| r.record.n_tiles.to_string();
    "wall_ns": "from request to last byte of output in memory, ns" => |r| r.record.wall_ns.to_string();
    "cpu_ns": "CPU time of all workers, ns" => |r| known(r.record.cpu_ns);
    "spawn_ns": "part of wall_ns that went into starting workers, ns" => |r| r.record.spawn_ns.to_string();
    "waiting_ns": "all workers together: nothing to do, ns; all phases together sum to workers x wall_ns" => |r| r.times_of(Phase::Waiting);
    "sending_ns": "all workers together: input travels and nothing else happens, ns" => |r| r.times_of(Phase::Sending);
    "queued_ns": "all workers together: a tile lies there and nothing else happens, ns" => |r| r.times_of(Phase::Queued);
    "computing_ns": "all workers together: computing, ns" => |r| r.times_of(Phase::Computing);
    "lock_wait_ns": "all workers together: waiting for the lock, ns" => |r| r.times_of(Phase::LockWait);
    "receiving_ns": "all workers together: output travels and nothing else happens, ns" => |r| r.times_of(Phase::Receiving);
    "writing_ns": "all workers together: output is copied into the picture, ns" => |r| r.times_of(Phase::Writing);
    "megapixels_per_s": "computed megapixels a second of wall time" => |r| figure(r.record.megapixels_per_s());
    "speedup": "wall time of the newest single-core run of the same job over this one's" => |r| figure(r.single.and_then(|single| r.record.speedup(single)));
    "efficiency": "speedup a worker" => |r| figure(r.single.and_then(|single| r.record.efficiency(single)));
    "bytes_moved": "bytes that travelled between processes" => |r| r.record.bytes_moved.to_string();
    "peak_rss_bytes": "most memory held during the run, worker processes added, shared pages counted in each, bytes" => |r| known(r.record.peak_rss_bytes);
    "faults": "workers lost and survived, with pid and cause, joined by ;" => |r| joined(r.record.faults.iter().map(fault_text));
    "lost_events": "events that found the recorder full and are missing here" => |r| r.record.n_lost_events.to_string();
    "steps": "filter=ns summed over all tiles and workers, joined by ;" => run_steps;
    "output_sha256": "SHA-256 of the computed samples" => |r| known(r.record.output_sha256.as_ref());
    "simd_level": "vector instructions used" => |r| r.record.simd_level.clone();
    "recipe": "the recipe's text" => |r| r.record.recipe.clone();
    "cpu_model": "name of the processor" => |r| r.machine.cpu_model.clone();
    "physical_cores": "cores of the machine" => |r| known(r.machine.physical_cores);
    "logical_cores": "cores of the machine, each hardware thread counted" => |r| r.machine.logical_cores.to_string();
    "usable_cores": "logical cores this program may use" => |r| r.machine.usable_cores.to_string();
    "memory_bytes": "memory of the machine, bytes" => |r| known(r.machine.memory_bytes);
    "os": "operating system" => |r| r.machine.os.clone();
    "program_version": "version of Parallax" => |r| r.machine.program_version.clone();
    "worker_changes": "every change of a worker's state: when (ns), which worker and process, what and why; joined by ;" => |r| joined(r.run.events.iter().filter_map(change_text));
    "slow_storage_ns": "all workers together: waiting for simulated slow storage, ns" => |r| r.times_of(Phase::SlowStorage);
    "storage_wait_ns": "simulated slow storage: how long each tile waits first, ns; 0 for not at all" => |r| r.record.storage_wait_ns.to_string();
    "switch_interval_ns": "global lock: how long a worker waits before the holder is asked to let go, ns; n/a without a lock" => |r| known(r.record.switch_interval_ns);
    "started_ns": "start, ns of the program's clock" => |r| r.record.started_ns.to_string();
    "photo_sha256": "SHA-256 of the photo's file" => |r| or_unknown(&r.record.photo.sha256);
    "ceiling_wall_ns": "wall time a picture of as many single-core runs side by side, ns; n/a where not measured" => |r| known(r.record.ceiling_wall_ns);
    "ceiling_share": "ceiling_wall_ns over wall_ns: 1 is all this machine has" => |r| figure(r.record.ceiling_share());
    "sandbox": "what held the process that decoded the photo: full, partial or none, and what was missing" => |r| known(r.record.photo.sandbox.as_ref());
    "cause": "why the run failed; n/a where it did not" => |r| known(r.record.cause.as_ref());
    "notes": "what else a reader should know, such as fewer workers for want of memory: when (ns) and what, joined by ;" => |r| joined(r.run.events.iter().filter_map(note_text));
};

/// A row an attempt at a tile.
#[rustfmt::skip]
pub const TILE_COLUMNS: &[Column<Tiles>] = columns! {
    "version": "version of this table" => |_| LOG_VERSION.to_string();
    "run": "number of the run in its session" => |t| t.tile.run.to_string();
    "pass": "number of the pass in the plan, from 0" => |t| t.tile.pass.to_string();
    "tile": "number of the tile in the pass, row by row from 0" => |t| t.tile.tile.to_string();
    "attempt": "from 1; above it a worker died over the tile before" => |t| t.tile.attempt.to_string();
    "x": "left edge, px of the scaled frame" => |t| t.tile.rect_in_frame.x.to_string();
    "y": "top edge, px of the scaled frame" => |t| t.tile.rect_in_frame.y.to_string();
    "width": "width, px" => |t| t.tile.rect_in_frame.width.to_string();
    "height": "height, px" => |t| t.tile.rect_in_frame.height.to_string();
    "worker": "number of the worker, from 0" => |t| t.tile.worker.to_string();
    "pid": "process id of the worker; n/a for threads" => |t| known(t.pid);
    "core": "core it was computed on, as read at the end" => |t| known(t.tile.core);
    "core_changed": "whether another core was read at the start" => |t| t.tile.core_changed.to_string();
    "start_ns": "start of its first phase, ns of the program's clock" => |t| t.tile.start_ns().to_string();
    "end_ns": "end of its last phase, ns of the program's clock" => |t| t.tile.end_ns().to_string();
    "waiting_ns": "how long the worker had had nothing to do when the tile came, ns" => |t| t.waiting_ns.to_string();
    "sending_ns": "input travels to the worker, ns; phases of different tiles overlap" => |t| t.phase(Phase::Sending);
    "queued_ns": "the tile lies at the worker, ns" => |t| t.phase(Phase::Queued);
    "computing_ns": "computing, ns" => |t| t.phase(Phase::Computing);
    "lock_wait_ns": "the worker waits for the lock, ns" => |t| t.phase(Phase::LockWait);
    "receiving_ns": "output travels back, ns" => |t| t.phase(Phase::Receiving);
    "writing_ns": "output is copied into the picture, ns" => |t| t.phase(Phase::Writing);
    "cpu_ns": "CPU time of the worker's thread for the tile, since the one before, writing included, shared by wall time among tiles done within 0.1 ms; of a worker process while it computed, ns" => |t| known(t.tile.cpu_ns);
    "bytes_in": "bytes that travelled to the worker" => |t| t.tile.bytes_in.to_string();
    "bytes_out": "bytes that travelled back" => |t| t.tile.bytes_out.to_string();
    "steps": "filter=ns of each step, joined by ;" => tile_steps;
    "slow_storage_ns": "the tile waits for simulated slow storage, ns" => |t| t.phase(Phase::SlowStorage);
    "phases": "phase=start-end of each stretch, ns of the program's clock, joined by ;" => tile_phases;
};
