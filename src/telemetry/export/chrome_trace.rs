//! A log as a trace for Perfetto: each run is two processes, its workers and its cores.
//!
//! A worker has a track for what it does, whose slices partition the run, and, when tiles travel, one
//! for each way; arrows lead a tile from sending over computing to receiving. Counters tell how many
//! workers were in each phase, and how many cores computed.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::trace_counters::write_counters;
use super::trace_event::{TraceWriter, Track};
use crate::telemetry::event::{Event, Phase, TileRecord};
use crate::telemetry::ids::PassIdx;
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::record::RunRecord;
use crate::telemetry::summary::step_name;
use crate::telemetry::timeline::{Bar, Timeline};

/// Tracks of one worker, by what they show.
const TRACKS_A_WORKER: u64 = 3;

pub(super) fn write(log: &Log, out: &mut dyn Write) -> io::Result<()> {
    let records: Vec<&RunRecord> = log.runs.iter().map(|run| &run.record).collect();
    let about = json!({
        "version": log.version,
        "program": "Parallax",
        "clock": "monotonic, ns / 1000",
        "machine": log.machine,
        "runs": records,
    });
    let mut trace = TraceWriter::begin(out, &about)?;
    for (idx, run) in log.runs.iter().enumerate() {
        let pid = 2 * idx as u64 + 1;
        let timeline = Timeline::of(run);
        let run = RunTrace { run, pid };
        run.write_run(&mut trace)?;
        run.write_workers(&mut trace, &timeline)?;
        run.write_pipes(&mut trace)?;
        run.write_cores(&mut trace, &timeline)?;
        write_counters(&mut trace, pid, &timeline)?;
    }
    trace.end()
}

/// One run and the number of its first process in the trace.
pub(super) struct RunTrace<'a> {
    pub(super) run: &'a RunWithEvents,
    pub(super) pid: u64,
}

impl RunTrace<'_> {
    fn write_run(&self, trace: &mut TraceWriter<'_>) -> io::Result<()> {
        let record = &self.run.record;
        let transport = record
            .transport
            .as_ref()
            .map_or(String::new(), |by| format!(", {by}"));
        let mut title = format!(
            "run {}: {}, {} workers{transport}",
            record.id, record.backend, record.n_workers
        );
        if let Some(interval_ns) = record.switch_interval_ns {
            title.push_str(", switch interval ");
            title.push_str(&milliseconds(interval_ns));
        }
        if record.storage_wait_ns > 0 {
            let wait = milliseconds(record.storage_wait_ns);
            title.push_str(", simulated slow storage, a tile ");
            title.push_str(&wait);
        }
        if !self.run.tells_tiles() {
            title.push_str(", its tiles no longer kept");
        }
        let track = self.overview();
        trace.process(self.pid, &title)?;
        trace.track(track, "passes")?;
        let args = json!({
            "photo": record.photo.file_name.as_str(),
            "sandbox": record.photo.sandbox,
            "started_at": record.started_at,
            "job_key": record.job_key,
            "recipe": record.recipe,
            "outcome": record.outcome.name(),
        });
        trace.slice(track, "run", (record.started_ns, record.ended_ns()), args)?;
        for event in &self.run.events {
            match event {
                Event::PassEnded { pass, at_ns, .. } => {
                    let start_ns = self.pass_start_ns(*pass);
                    let name = format!("pass {pass}");
                    trace.slice(track, &name, (start_ns, *at_ns), Value::Null)?;
                }
                Event::Note { at_ns, text, .. } => trace.instant(track, text, *at_ns)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Of a run whose tiles are gone no lane is drawn: it would claim that its workers only waited.
    fn write_workers(&self, trace: &mut TraceWriter<'_>, timeline: &Timeline) -> io::Result<()> {
        if !self.run.tells_tiles() {
            return Ok(());
        }
        for lane in &timeline.workers {
            let track = self.worker_track(u64::from(lane.worker.0), Phase::Computing);
            let mut name = vec![format!("worker {}", lane.worker)];
            name.extend(lane.pids.iter().map(|pid| format!("pid {pid}")));
            trace.track(track, &name.join(" "))?;
            let mut last_told = None;
            for bar in &lane.bars {
                let is_first = bar.phase == Phase::Computing && bar.tile_record != last_told;
                last_told = bar.tile_record.filter(|_| is_first).or(last_told);
                self.write_worker_bar(trace, track, bar, is_first)?;
            }
        }
        for event in &self.run.events {
            if let Event::Worker(event) = event {
                let track = self.worker_track(u64::from(event.worker.0), Phase::Computing);
                let what = event.change.to_string();
                trace.instant(track, &what, event.at_ns)?;
            }
        }
        Ok(())
    }

    fn write_cores(&self, trace: &mut TraceWriter<'_>, timeline: &Timeline) -> io::Result<()> {
        if timeline.cores.is_empty() {
            return Ok(());
        }
        let pid = self.pid + 1;
        trace.process(pid, &format!("run {}: cores", self.run.record.id))?;
        for lane in &timeline.cores {
            let track = Track {
                pid,
                tid: u64::from(lane.core) + 1,
            };
            trace.track(track, &format!("core {}", lane.core))?;
            for bar in &lane.bars {
                self.write_bar(trace, track, bar)?;
            }
        }
        Ok(())
    }

    /// Of a worker's own time: while its tile travels it waits.
    fn write_worker_bar(
        &self,
        trace: &mut TraceWriter<'_>,
        track: Track,
        bar: &Bar,
        is_first: bool,
    ) -> io::Result<()> {
        let tile = bar.tile_record.and_then(|idx| self.run.tiles.get(idx));
        let mut args = tile.map_or(Value::Null, |tile| self.tile_args(tile));
        if travels(bar.phase) {
            args["for"] = json!(bar.phase.label());
            let waiting = Phase::Waiting.label();
            return trace.slice(track, waiting, (bar.start_ns, bar.end_ns), args);
        }
        if let Some(tile) = tile.filter(|_| is_first) {
            // What the reader of a trace makes the tile of.
            args["measured"] = json!(tile);
        }
        trace.slice(track, bar.phase.label(), (bar.start_ns, bar.end_ns), args)
    }

    fn write_bar(&self, trace: &mut TraceWriter<'_>, track: Track, bar: &Bar) -> io::Result<()> {
        let tile = bar.tile_record.and_then(|idx| self.run.tiles.get(idx));
        let args = tile.map_or(Value::Null, |tile| self.tile_args(tile));
        trace.slice(track, bar.phase.label(), (bar.start_ns, bar.end_ns), args)
    }

    pub(super) fn tile_args(&self, tile: &TileRecord) -> Value {
        let steps = tile.steps.iter().map(|step| {
            let name = step_name(&self.run.record.passes, tile.pass, step.step_idx);
            json!({ "step": name, "ns": step.elapsed_ns })
        });
        let rect = tile.rect_in_frame;
        json!({
            "pass": tile.pass,
            "tile": tile.tile,
            "rect": [rect.x, rect.y, rect.width, rect.height],
            "worker": tile.worker,
            "core": tile.core,
            "core_changed": tile.core_changed,
            "cpu_ns": tile.cpu_ns,
            "bytes_in": tile.bytes_in,
            "bytes_out": tile.bytes_out,
            "attempt": tile.attempt,
            "steps": steps.collect::<Value>(),
        })
    }

    const fn overview(&self) -> Track {
        Track {
            pid: self.pid,
            tid: 1,
        }
    }

    /// The track of a worker that shows a phase.
    pub(super) const fn worker_track(&self, worker: u64, phase: Phase) -> Track {
        let place = match phase {
            Phase::Sending => 1,
            Phase::Receiving => 2,
            Phase::Waiting
            | Phase::Queued
            | Phase::Computing
            | Phase::LockWait
            | Phase::Writing
            | Phase::SlowStorage => 0,
        };
        Track {
            pid: self.pid,
            tid: 2 + worker * TRACKS_A_WORKER + place,
        }
    }

    fn pass_start_ns(&self, wanted: PassIdx) -> u64 {
        let started = self.run.events.iter().find_map(|event| match event {
            Event::PassStarted { pass, at_ns, .. } if *pass == wanted => Some(*at_ns),
            _ => None,
        });
        started.unwrap_or(self.run.record.started_ns)
    }
}

fn milliseconds(ns: u64) -> String {
    format!("{} ms", ns as f64 / 1e6)
}

pub(super) const fn travels(phase: Phase) -> bool {
    matches!(phase, Phase::Sending | Phase::Receiving)
}
