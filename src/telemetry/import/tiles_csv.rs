//! A table of tiles: lanes of runs. What the runs were stands in the other table; here they are as
//! long as their tiles, and their backend is not known.

use std::collections::BTreeMap;

use super::read::{ImportError, check_version};
use super::runs_csv::Row;
use crate::pixels::geometry::{Rect, Size};
use crate::telemetry::event::{Phase, PhaseSpan, StepTime, TileRecord};
use crate::telemetry::ids::{PassIdx, RunId, TileIdx, WorkerIdx};
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::machine::Machine;
use crate::telemetry::record::{PassRecord, RunRecord, StepLabel};

pub(super) fn read(text: &str) -> Result<Log, ImportError> {
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let mut runs: BTreeMap<RunId, RunWithEvents> = BTreeMap::new();
    for row in csv.deserialize() {
        let row = Row(row.map_err(ImportError::Csv)?);
        check_version(row.known("version")?)?;
        let id = RunId(row.value("run")?);
        let run = runs.entry(id).or_default();
        let tile = tile_of(&row, id, &mut run.record.passes)?;
        run.tiles.push(tile);
    }
    for (id, run) in &mut runs {
        fill(*id, run);
    }
    Ok(Log::new(Machine::default(), runs.into_values().collect()))
}

/// What tiles alone tell of their run.
fn fill(id: RunId, run: &mut RunWithEvents) {
    let starts = run.tiles.iter().map(TileRecord::start_ns);
    let ends = run.tiles.iter().map(TileRecord::end_ns);
    let started_ns = starts.min().unwrap_or_default();
    let ended_ns = ends.max().unwrap_or_default();
    let workers = run.tiles.iter().map(|tile| tile.worker.0 + 1);
    let reach = |tile: &TileRecord| (tile.rect_in_frame.right(), tile.rect_in_frame.bottom());
    let size = run.tiles.iter().map(reach).fold((0, 0), |all, one| {
        (u32::max(all.0, one.0), u32::max(all.1, one.1))
    });
    run.record = RunRecord {
        id,
        started_ns,
        wall_ns: ended_ns - started_ns,
        n_workers: workers.max().unwrap_or_default(),
        n_tiles: run.tiles.len() as u32,
        region_in_frame: Rect::of(Size::new(size.0, size.1)),
        cpu_ns: run.tiles.iter().map(|tile| tile.cpu_ns).sum(),
        bytes_moved: run
            .tiles
            .iter()
            .map(|tile| tile.bytes_in + tile.bytes_out)
            .sum(),
        passes: std::mem::take(&mut run.record.passes),
        ..RunRecord::default()
    };
}

fn tile_of(row: &Row, run: RunId, passes: &mut Vec<PassRecord>) -> Result<TileRecord, ImportError> {
    let pass = PassIdx(row.value("pass")?);
    while passes.len() <= usize::from(pass.0) {
        passes.push(PassRecord {
            pass: PassIdx(passes.len() as u16),
            ..PassRecord::default()
        });
    }
    let of_pass = &mut passes[usize::from(pass.0)];
    of_pass.n_tiles += 1;
    Ok(TileRecord {
        run,
        pass,
        tile: TileIdx(row.value("tile")?),
        rect_in_frame: Rect::new(
            row.value("x")?,
            row.value("y")?,
            row.value("width")?,
            row.value("height")?,
        ),
        worker: WorkerIdx(row.value("worker")?),
        core: row.known("core")?,
        core_changed: row.value("core_changed")?,
        phases: phases_of(row.text("phases"))?,
        cpu_ns: row.known("cpu_ns")?,
        steps: steps_of(row.text("steps"), &mut of_pass.steps)?,
        bytes_in: row.value("bytes_in")?,
        bytes_out: row.value("bytes_out")?,
        attempt: row.value("attempt")?,
    })
}

/// `computing=1000-2000;writing=2000-2100`.
fn phases_of(text: &str) -> Result<Vec<PhaseSpan>, ImportError> {
    let span = |text: &str| {
        let (name, times) = text.split_once('=')?;
        let (start, end) = times.split_once('-')?;
        let phase = Phase::ALL.into_iter().find(|phase| phase.name() == name)?;
        Some(PhaseSpan::new(
            phase,
            start.parse().ok()?,
            end.parse().ok()?,
        ))
    };
    let parts = text.split(';').filter(|part| !part.is_empty());
    let spans: Option<Vec<PhaseSpan>> = parts.map(span).collect();
    spans.ok_or(ImportError::Column("phases"))
}

/// `exposure=120;blur=170`; steps are numbered as they are met, those of one name told apart by how
/// often it occurred in the tile.
fn steps_of(text: &str, labels: &mut Vec<StepLabel>) -> Result<Vec<StepTime>, ImportError> {
    let mut steps: Vec<StepTime> = Vec::new();
    for part in text.split(';').filter(|part| !part.is_empty()) {
        let (name, ns) = part.rsplit_once('=').ok_or(ImportError::Column("steps"))?;
        let elapsed_ns = ns.parse().map_err(|_| ImportError::Column("steps"))?;
        let is_taken = |idx: usize| steps.iter().any(|step| usize::from(step.step_idx) == idx);
        let free = (0..labels.len()).find(|idx| labels[*idx].label == name && !is_taken(*idx));
        let step_idx = free.unwrap_or_else(|| {
            labels.push(StepLabel {
                edit: None,
                label: name.to_owned(),
            });
            labels.len() - 1
        });
        steps.push(StepTime {
            step_idx: step_idx as u16,
            elapsed_ns,
        });
    }
    Ok(steps)
}
