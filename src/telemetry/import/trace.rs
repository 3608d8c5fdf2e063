//! A trace: runs stand beside the events, tiles in the arguments of their first computing slice.

use serde::Deserialize as _;
use serde_json::Value;

use super::read::{ImportError, check_version};
use crate::telemetry::event::TileRecord;
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::machine::Machine;
use crate::telemetry::record::RunRecord;

pub(super) fn read(trace: &Value) -> Result<Log, ImportError> {
    let about = trace.get("otherData").unwrap_or(&Value::Null);
    check_version(about.get("version").and_then(Value::as_u64))?;
    let part = |name: &'static str| {
        let part = about.get(name);
        part.ok_or(ImportError::NotOurs(
            "a trace, but none that Parallax wrote",
        ))
    };
    let machine = Machine::deserialize(part("machine")?).map_err(ImportError::Json)?;
    let records = Vec::<RunRecord>::deserialize(part("runs")?).map_err(ImportError::Json)?;
    let mut runs: Vec<RunWithEvents> = records
        .into_iter()
        .map(|record| RunWithEvents {
            record,
            ..RunWithEvents::default()
        })
        .collect();
    let events = trace.get("traceEvents").and_then(Value::as_array);
    for event in events.into_iter().flatten() {
        let measured = event.get("args").and_then(|args| args.get("measured"));
        // Runs have two processes each, in their order, counted from 1.
        let run_idx = event.get("pid").and_then(Value::as_u64);
        let run_idx = run_idx.and_then(|pid| usize::try_from(pid.checked_sub(1)? / 2).ok());
        let (Some(measured), Some(run_idx)) = (measured, run_idx) else {
            continue;
        };
        let Some(run) = runs.get_mut(run_idx) else {
            return Err(ImportError::NotOurs("a tile of a run that is not there"));
        };
        let tile = TileRecord::deserialize(measured).map_err(ImportError::Json)?;
        run.tiles.push(tile);
    }
    for run in &mut runs {
        // In order of completion, as they were.
        run.tiles.sort_by_key(TileRecord::end_ns);
    }
    Ok(Log::new(machine, runs))
}
