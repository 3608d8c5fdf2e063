//! A table of runs: every column that is no figure made of others.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use super::read::{ImportError, check_version};
use crate::pixels::geometry::{Rect, Size};
use crate::telemetry::event::{DeathCause, Phase, RunOutcome};
use crate::telemetry::ids::{RunId, WorkerIdx};
use crate::telemetry::log::{Log, RunWithEvents};
use crate::telemetry::machine::Machine;
use crate::telemetry::record::{Fault, FileName, PhotoFacts, RunKind, RunRecord};
use crate::telemetry::timeline::PhaseTimes;

/// What stands for the unknown.
const UNKNOWN: &str = "n/a";

pub(super) fn read(text: &str) -> Result<Log, ImportError> {
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let mut runs = Vec::new();
    let mut machine = Machine::default();
    for row in csv.deserialize() {
        let row = Row(row.map_err(ImportError::Csv)?);
        check_version(row.known("version")?)?;
        runs.push(RunWithEvents {
            record: row.record()?,
            ..RunWithEvents::default()
        });
        machine = row.machine()?;
    }
    Ok(Log::new(machine, runs))
}

/// Cells of a row by the names of their columns.
pub(super) struct Row(pub(super) HashMap<String, String>);

impl Row {
    /// Columns that an older table lacks are unknown.
    pub(super) fn text(&self, column: &str) -> &str {
        self.0.get(column).map_or(UNKNOWN, String::as_str)
    }

    pub(super) fn known<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, ImportError> {
        match self.text(column) {
            UNKNOWN => Ok(None),
            text => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(ImportError::Column(column)),
            },
        }
    }

    pub(super) fn value<T: FromStr>(&self, column: &'static str) -> Result<T, ImportError> {
        self.known(column)?.ok_or(ImportError::Column(column))
    }

    fn words(&self, column: &str) -> String {
        let text = self.text(column);
        if text == UNKNOWN {
            String::new()
        } else {
            text.to_owned()
        }
    }

    fn size(&self, width: &'static str, height: &'static str) -> Result<Size, ImportError> {
        Ok(Size::new(self.value(width)?, self.value(height)?))
    }

    fn record(&self) -> Result<RunRecord, ImportError> {
        let region = self.size("region_width", "region_height")?;
        let (x, y) = (self.value("region_x")?, self.value("region_y")?);
        Ok(RunRecord {
            id: RunId(self.value("run")?),
            started_at: self.words("started_at"),
            started_ns: self.known("started_ns")?.unwrap_or_default(),
            kind: kind_of(self.text("kind"))?,
            outcome: outcome_of(self.text("outcome"))?,
            cause: self.known("cause")?,
            backend: self.words("backend"),
            transport: self.known("transport")?,
            n_workers: self.value("workers")?,
            worker_pids: Vec::new(),
            tile_size: self.size("tile_width", "tile_height")?,
            photo: PhotoFacts {
                file_name: FileName::from(self.words("photo")),
                size: self.size("photo_width", "photo_height")?,
                depth_bits: self.value("photo_depth_bits")?,
                profile: self.words("photo_profile"),
                sha256: self.words("photo_sha256"),
                sandbox: self.known("sandbox")?,
            },
            recipe: self.words("recipe"),
            region_in_frame: Rect::new(x, y, region.width, region.height),
            scale: self.value("scale")?,
            output: self.words("output"),
            job_key: self.words("job_key"),
            wall_ns: self.value("wall_ns")?,
            cpu_ns: self.known("cpu_ns")?,
            spawn_ns: self.value("spawn_ns")?,
            bytes_moved: self.value("bytes_moved")?,
            peak_rss_bytes: self.known("peak_rss_bytes")?,
            n_tiles: self.value("tiles")?,
            faults: faults_of(self.text("faults")),
            simd_level: self.words("simd_level"),
            output_sha256: self.known("output_sha256")?,
            n_lost_events: self.value("lost_events")?,
            switch_interval_ns: self.known("switch_interval_ns")?,
            storage_wait_ns: self.known("storage_wait_ns")?.unwrap_or_default(),
            phases: self.phases()?,
            ceiling_wall_ns: self.known("ceiling_wall_ns")?,
            ..RunRecord::default()
        })
    }

    fn phases(&self) -> Result<Option<PhaseTimes>, ImportError> {
        const COLUMNS: [(Phase, &str); 8] = [
            (Phase::Waiting, "waiting_ns"),
            (Phase::Sending, "sending_ns"),
            (Phase::Queued, "queued_ns"),
            (Phase::Computing, "computing_ns"),
            (Phase::LockWait, "lock_wait_ns"),
            (Phase::Receiving, "receiving_ns"),
            (Phase::Writing, "writing_ns"),
            (Phase::SlowStorage, "slow_storage_ns"),
        ];
        if self.text("waiting_ns") == UNKNOWN {
            return Ok(None);
        }
        let mut by_phase = BTreeMap::new();
        for (phase, column) in COLUMNS {
            by_phase.insert(phase, self.known(column)?.unwrap_or_default());
        }
        Ok(Some(PhaseTimes::from(by_phase)))
    }

    fn machine(&self) -> Result<Machine, ImportError> {
        Ok(Machine {
            cpu_model: self.text("cpu_model").to_owned(),
            physical_cores: self.known("physical_cores")?,
            logical_cores: self.known("logical_cores")?.unwrap_or_default(),
            usable_cores: self.known("usable_cores")?.unwrap_or_default(),
            memory_bytes: self.known("memory_bytes")?,
            os: self.text("os").to_owned(),
            kernel: None,
            simd_level: self.text("simd_level").to_owned(),
            program_version: self.text("program_version").to_owned(),
        })
    }
}

fn kind_of(name: &str) -> Result<RunKind, ImportError> {
    let kinds = [
        RunKind::Preview,
        RunKind::Full,
        RunKind::Bench,
        RunKind::Export,
    ];
    let found = kinds.into_iter().find(|kind| kind.name() == name);
    found.ok_or(ImportError::Column("kind"))
}

fn outcome_of(name: &str) -> Result<RunOutcome, ImportError> {
    let outcomes = [RunOutcome::Done, RunOutcome::Stopped, RunOutcome::Failed];
    let found = outcomes.into_iter().find(|outcome| outcome.name() == name);
    found.ok_or(ImportError::Column("outcome"))
}

/// `worker 1 pid 42: signal 9`, joined by semicolons; what cannot be read is left out.
fn faults_of(text: &str) -> Vec<Fault> {
    text.split(';').filter_map(fault_of).collect()
}

fn fault_of(text: &str) -> Option<Fault> {
    let (who, cause) = text.strip_prefix("worker ")?.split_once(": ")?;
    let (worker, pid) = who.split_once(" pid ")?;
    let number = |words: &str| cause.strip_prefix(words).and_then(|text| text.parse().ok());
    let cause = match (number("signal "), number("exit code "), cause) {
        (Some(signal), _, _) => DeathCause::Signal(signal),
        (_, Some(code), _) => DeathCause::ExitCode(code),
        (_, _, "deadline") => DeathCause::Deadline,
        (_, _, "protocol") => DeathCause::Protocol,
        _ => return None,
    };
    Some(Fault {
        at_ns: 0,
        worker: WorkerIdx(worker.parse().ok()?),
        pid: pid.parse().ok(),
        cause,
        tile: None,
    })
}
