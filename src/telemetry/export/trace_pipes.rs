//! What travels to a worker and back, as it was measured: it overlaps computing, so it has tracks of
//! its own; where several tiles travel at once, as answers do that wait behind each other in a pipe,
//! each has a row, for slices of one track must not cross.

use std::collections::BTreeMap;
use std::io;

use super::chrome_trace::{RunTrace, travels};
use super::trace_event::{Flow, TraceWriter, Track};
use crate::telemetry::event::{Phase, PhaseSpan, TileRecord};
use crate::telemetry::ids::WorkerIdx;

/// Tracks of rows after the first have numbers from here on …
const FIRST_FREE_TID: u64 = 1 << 20;
/// … and so many of them a worker and a way: far more than tiles that travel at once.
const MOST_ROWS: usize = 64;

/// By index of tile and of its span.
type Rows = BTreeMap<(usize, usize), usize>;

impl RunTrace<'_> {
    pub(super) fn write_pipes(&self, trace: &mut TraceWriter<'_>) -> io::Result<()> {
        let mut rows = Rows::new();
        for phase in [Phase::Sending, Phase::Receiving] {
            for (worker, spans) in travelling(&self.run.tiles, phase) {
                let n_rows = place(&spans, &mut rows);
                for row in 0..n_rows {
                    let name = match row {
                        0 => format!("worker {worker} {phase}"),
                        row => format!("worker {worker} {phase}, {}", row + 1),
                    };
                    trace.track(self.pipe_track(worker, phase, row), &name)?;
                }
            }
        }
        for (tile_idx, tile) in self.run.tiles.iter().enumerate() {
            let mut first = BTreeMap::new();
            for (span_idx, span) in tile.phases.iter().enumerate() {
                if !travels(span.phase) {
                    continue;
                }
                let row = rows.get(&(tile_idx, span_idx)).copied().unwrap_or(0);
                let track = self.pipe_track(tile.worker, span.phase, row);
                first.entry(span.phase).or_insert((track, span.start_ns));
                let times = (span.start_ns, span.end_ns);
                trace.slice(track, span.phase.label(), times, self.tile_args(tile))?;
            }
            self.write_flow(trace, tile, &first)?;
        }
        Ok(())
    }

    fn write_flow(
        &self,
        trace: &mut TraceWriter<'_>,
        tile: &TileRecord,
        first: &BTreeMap<Phase, (Track, u64)>,
    ) -> io::Result<()> {
        let computing = |span: &&PhaseSpan| span.phase == Phase::Computing;
        let (Some(sending), Some(computing), Some(receiving)) = (
            first.get(&Phase::Sending),
            tile.phases.iter().find(computing),
            first.get(&Phase::Receiving),
        ) else {
            return Ok(());
        };
        let TileRecord {
            run,
            pass,
            tile: tile_idx,
            attempt,
            ..
        } = tile;
        let id = format!("{run}.{pass}.{tile_idx}.{attempt}");
        let at_work = self.worker_track(u64::from(tile.worker.0), Phase::Computing);
        let stations = [
            (*sending, Flow::Start),
            ((at_work, computing.start_ns), Flow::Step),
            (*receiving, Flow::End),
        ];
        for ((track, at_ns), flow) in stations {
            trace.flow(track, &id, flow, at_ns)?;
        }
        Ok(())
    }

    fn pipe_track(&self, worker: WorkerIdx, phase: Phase, row: usize) -> Track {
        let worker = u64::from(worker.0);
        if row == 0 {
            return self.worker_track(worker, phase);
        }
        let way = u64::from(phase == Phase::Receiving);
        Track {
            pid: self.pid,
            tid: FIRST_FREE_TID + (2 * worker + way) * MOST_ROWS as u64 + row as u64,
        }
    }
}

/// A span and the indices it is known by.
type Travelling = (PhaseSpan, (usize, usize));

/// By worker, in order of time.
fn travelling(tiles: &[TileRecord], phase: Phase) -> BTreeMap<WorkerIdx, Vec<Travelling>> {
    let mut by_worker: BTreeMap<WorkerIdx, Vec<Travelling>> = BTreeMap::new();
    for (tile_idx, tile) in tiles.iter().enumerate() {
        for (span_idx, span) in tile.phases.iter().enumerate() {
            if span.phase == phase {
                let of_worker = by_worker.entry(tile.worker).or_default();
                of_worker.push((*span, (tile_idx, span_idx)));
            }
        }
    }
    for spans in by_worker.values_mut() {
        spans.sort_by_key(|(span, _)| (span.start_ns, span.end_ns));
    }
    by_worker
}

/// Each into the first row that is free when it begins; how many rows that takes.
fn place(spans: &[Travelling], rows: &mut Rows) -> usize {
    let mut free_from_ns: Vec<u64> = Vec::new();
    for (span, known_by) in spans {
        let is_free = |until_ns: &u64| *until_ns <= span.start_ns;
        let row = free_from_ns.iter().position(is_free);
        let row = row.unwrap_or_else(|| {
            if free_from_ns.len() < MOST_ROWS {
                free_from_ns.push(0);
            }
            free_from_ns.len() - 1
        });
        free_from_ns[row] = free_from_ns[row].max(span.end_ns);
        rows.insert(*known_by, row);
    }
    free_from_ns.len()
}
