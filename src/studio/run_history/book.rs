//! All lines, how they stand against single core, and the user's names for them.

use std::collections::HashMap;

use crate::telemetry::event::RunOutcome;
use crate::telemetry::machine::Machine;
use crate::telemetry::record::YARDSTICK;

use super::file::Keeping;
use super::line::{LineKey, RunLine, Source};
use super::order::{LineFilter, LineOrder};

/// Lines held, those of opened logs included.
const MAX_LINES: usize = 5000;

/// Why a single-core run is no fair yardstick any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outdated {
    OtherMachine,
    OtherVersion,
    OtherDay,
}

impl Outdated {
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::OtherMachine => "measured on another machine",
            Self::OtherVersion => "measured by another version of Parallax",
            Self::OtherDay => "measured on another day",
        }
    }
}

/// How a run stands against single core at the very same job; `None` where that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    pub speedup: Option<f64>,
    pub efficiency: Option<f64>,
    pub ceiling_share: Option<f64>,
    /// Of the single-core run that was taken.
    pub single_wall_ns: Option<u64>,
    /// Whether, and why, that run should be made again.
    pub outdated: Option<Outdated>,
}

/// Lines in the order they were made, those of this sitting last.
#[derive(Debug, Default)]
pub struct RunHistory {
    lines: Vec<RunLine>,
    /// Single-core runs by job, as indices of lines, oldest first.
    singles: HashMap<String, Vec<usize>>,
    keeping: Option<Keeping>,
}

impl RunHistory {
    /// Lines are written down by `keeping`, where there is one.
    #[must_use]
    pub fn new(keeping: Option<Keeping>) -> Self {
        Self {
            keeping,
            ..Self::default()
        }
    }

    #[must_use]
    pub fn lines(&self) -> &[RunLine] {
        &self.lines
    }

    #[must_use]
    pub fn find(&self, key: &LineKey) -> Option<&RunLine> {
        // The newest are asked for most.
        self.lines.iter().rev().find(|line| line.key == *key)
    }

    /// Lines of earlier days, as the file had them: they stand before all others.
    pub fn take_earlier(&mut self, mut earlier: Vec<RunLine>) {
        earlier.append(&mut self.lines);
        self.lines = earlier;
        self.trim();
        self.index();
    }

    /// A run was made, or a log opened.
    pub fn push(&mut self, line: RunLine) {
        if let (Some(keeping), false) = (&self.keeping, matches!(line.source, Source::Log { .. })) {
            keeping.append(&line);
        }
        self.lines.push(line);
        if self.trim() {
            self.index();
        } else {
            self.index_line(self.lines.len() - 1);
        }
    }

    /// Gives a line the user's own name; an empty one takes it away. Whether there is such a line.
    pub fn rename(&mut self, key: &LineKey, name: &str) -> bool {
        let Some(line) = self.lines.iter_mut().find(|line| line.key == *key) else {
            return false;
        };
        name.trim().clone_into(&mut line.name);
        if let (Some(keeping), false) = (&self.keeping, matches!(line.source, Source::Log { .. })) {
            keeping.rename(key, &line.name);
        }
        true
    }

    /// Indices of the lines that pass, in order.
    #[must_use]
    pub fn sorted(&self, filter: &LineFilter, order: LineOrder) -> Vec<usize> {
        let mut found: Vec<usize> = (0..self.lines.len())
            .filter(|idx| filter.passes(&self.lines[*idx]))
            .collect();
        order.sort(&mut found, |idx| {
            let line = &self.lines[idx];
            (line, self.standing(line))
        });
        found
    }

    /// Against the newest single-core run of the same job that is no fault to compare with; where
    /// there is none, against the newest of all, marked.
    #[must_use]
    pub fn standing(&self, line: &RunLine) -> Standing {
        let record = &line.record;
        let of_job = self
            .singles
            .get(&record.job_key)
            .map_or(&[][..], Vec::as_slice);
        let newest_first = of_job.iter().rev().map(|idx| &self.lines[*idx]);
        let mut singles = newest_first.filter(|other| record.speedup(&other.record).is_some());
        let newest = singles.clone().next();
        let single = if record.backend == YARDSTICK {
            Some(line)
        } else {
            singles
                .find(|single| outdated(single, line).is_none())
                .or(newest)
        };
        Standing {
            speedup: single.and_then(|single| record.speedup(&single.record)),
            efficiency: single.and_then(|single| record.efficiency(&single.record)),
            ceiling_share: record.ceiling_share(),
            single_wall_ns: single.map(|single| single.record.wall_ns),
            outdated: single.and_then(|single| outdated(single, line)),
        }
    }

    /// The ceiling that the newest run of this job with so many workers was given, on this machine and
    /// by this version.
    #[must_use]
    pub fn ceiling_of(&self, job_key: &str, n_workers: u16, machine: &Machine) -> Option<u64> {
        let is_it = |line: &&RunLine| {
            line.record.job_key == job_key
                && line.record.n_workers == n_workers
                && line.cpu_model == machine.cpu_model
                && line.usable_cores == machine.usable_cores
                && line.program_version == machine.program_version
        };
        let mut known = self.lines.iter().rev().filter(is_it);
        known.find_map(|line| line.record.ceiling_wall_ns)
    }

    /// Whether lines went.
    fn trim(&mut self) -> bool {
        let n_over = self.lines.len().saturating_sub(MAX_LINES);
        self.lines.drain(..n_over);
        n_over > 0
    }

    fn index(&mut self) {
        self.singles.clear();
        for idx in 0..self.lines.len() {
            self.index_line(idx);
        }
    }

    fn index_line(&mut self, idx: usize) {
        let record = &self.lines[idx].record;
        let is_done = record.outcome == RunOutcome::Done;
        if is_done && record.backend == YARDSTICK && !record.job_key.is_empty() {
            let of_job = self.singles.entry(record.job_key.clone()).or_default();
            of_job.push(idx);
        }
    }
}

fn outdated(single: &RunLine, line: &RunLine) -> Option<Outdated> {
    if !single.same_machine(line) {
        Some(Outdated::OtherMachine)
    } else if single.program_version != line.program_version {
        Some(Outdated::OtherVersion)
    } else if single.day() != line.day() {
        Some(Outdated::OtherDay)
    } else {
        None
    }
}
