//! Two runs side by side: their figures, their time by phase, and what they were asked to do.

use crate::recipe::{Catalogue, RecipeFile};
use crate::telemetry::event::Phase;
use crate::telemetry::record::RunRecord;

use super::recipe_changes::recipe_changes;
use super::run_history::RunLine;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Nanoseconds,
    Bytes,
    Count,
    MegapixelsPerSecond,
}

/// One figure of both; `None` where it is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FigurePair {
    pub label: &'static str,
    pub unit: Unit,
    pub first: Option<f64>,
    pub second: Option<f64>,
}

impl FigurePair {
    /// By how much the second differs from the first, in per cent of the first; `None` where one is
    /// not known or the first is nothing.
    #[must_use]
    pub fn change_percent(&self) -> Option<f64> {
        let (first, second) = (self.first?, self.second?);
        if first == second {
            return Some(0.0);
        }
        (first != 0.0).then(|| (second / first - 1.0) * 100.0)
    }
}

/// Two runs, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct RunPair {
    /// Wall, CPU, spawn, bytes …
    pub figures: Vec<FigurePair>,
    /// Time of all workers together by phase; phases that neither run had are left out. Empty where
    /// a run's phases are not known.
    pub phases: Vec<FigurePair>,
    /// Whether both were asked for the same pixels: only then do times compare.
    pub is_same_job: bool,
    /// Whether both made the same pixels; `None` where that cannot be said.
    pub is_identical: Option<bool>,
    /// What the second recipe does differently; empty where both say the same.
    pub recipe_changes: Vec<String>,
    /// What else differed: photo, backend, workers, tile, terms, machine.
    pub other_changes: Vec<String>,
}

impl RunPair {
    #[must_use]
    pub fn of(first: &RunLine, second: &RunLine) -> Self {
        let (one, two) = (&first.record, &second.record);
        Self {
            figures: figures(one, two),
            phases: phases(one, two),
            is_same_job: one.same_job(two),
            is_identical: one.identical_output(two),
            recipe_changes: changes_of(&one.recipe, &two.recipe),
            other_changes: other_changes(first, second),
        }
    }
}

fn figures(one: &RunRecord, two: &RunRecord) -> Vec<FigurePair> {
    type Figure = fn(&RunRecord) -> Option<f64>;
    let figures: [(&'static str, Unit, Figure); 8] = [
        ("wall time", Unit::Nanoseconds, |run| {
            Some(run.wall_ns as f64)
        }),
        ("CPU time", Unit::Nanoseconds, |run| {
            run.cpu_ns.map(|ns| ns as f64)
        }),
        (
            "megapixels a second",
            Unit::MegapixelsPerSecond,
            RunRecord::megapixels_per_s,
        ),
        ("starting workers", Unit::Nanoseconds, |run| {
            Some(run.spawn_ns as f64)
        }),
        ("bytes moved", Unit::Bytes, |run| {
            Some(run.bytes_moved as f64)
        }),
        ("peak memory", Unit::Bytes, |run| {
            run.peak_rss_bytes.map(|bytes| bytes as f64)
        }),
        ("tiles", Unit::Count, |run| Some(f64::from(run.n_tiles))),
        ("faults survived", Unit::Count, |run| {
            Some(run.faults.len() as f64)
        }),
    ];
    let pair = |(label, unit, figure): (&'static str, Unit, Figure)| FigurePair {
        label,
        unit,
        first: figure(one),
        second: figure(two),
    };
    figures.map(pair).to_vec()
}

fn phases(one: &RunRecord, two: &RunRecord) -> Vec<FigurePair> {
    let (Some(first), Some(second)) = (one.phases, two.phases) else {
        return Vec::new();
    };
    let met = Phase::ALL
        .into_iter()
        .filter(|phase| first.of(*phase) + second.of(*phase) > 0);
    let pair = |phase: Phase| FigurePair {
        label: phase.label(),
        unit: Unit::Nanoseconds,
        first: Some(first.of(phase) as f64),
        second: Some(second.of(phase) as f64),
    };
    met.map(pair).collect()
}

fn changes_of(before: &str, after: &str) -> Vec<String> {
    if before == after {
        return Vec::new();
    }
    let catalogue = Catalogue::all();
    let read = |text: &str| RecipeFile::parse(text, &catalogue).map(|file| file.recipe);
    match (read(before), read(after)) {
        (Ok(before), Ok(after)) => recipe_changes(&before, &after),
        _ => vec!["the recipes differ, and one of them cannot be read".to_owned()],
    }
}

fn other_changes(first: &RunLine, second: &RunLine) -> Vec<String> {
    let (one, two) = (&first.record, &second.record);
    let wait = |run: &RunRecord| match run.storage_wait_ns {
        0 => "none".to_owned(),
        ns => format!("{} ms a tile", ns as f64 / 1e6),
    };
    let interval = |run: &RunRecord| match run.switch_interval_ns {
        Some(ns) => format!("{} ms", ns as f64 / 1e6),
        None => "no lock".to_owned(),
    };
    let transport = |run: &RunRecord| run.transport.clone().unwrap_or_else(|| "shared".to_owned());
    let size = |run: &RunRecord| {
        let size = run.region_in_frame.size();
        format!("{} × {}", size.width, size.height)
    };
    let photo = |run: &RunRecord| run.photo.file_name.as_str().to_owned();
    let rows: [(&str, String, String); 11] = [
        ("photo", photo(one), photo(two)),
        ("computed", size(one), size(two)),
        ("output", one.output.clone(), two.output.clone()),
        ("backend", one.backend.clone(), two.backend.clone()),
        ("transport", transport(one), transport(two)),
        (
            "workers",
            one.n_workers.to_string(),
            two.n_workers.to_string(),
        ),
        (
            "tile",
            format!("{} px", one.tile_size.width),
            format!("{} px", two.tile_size.width),
        ),
        ("switch interval", interval(one), interval(two)),
        ("simulated slow storage", wait(one), wait(two)),
        ("machine", first.cpu_model.clone(), second.cpu_model.clone()),
        (
            "version",
            first.program_version.clone(),
            second.program_version.clone(),
        ),
    ];
    let differing = rows.into_iter().filter(|(_, from, to)| from != to);
    differing
        .map(|(what, from, to)| format!("{what} {from} → {to}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::studio::run_log::RunRow;
    use crate::telemetry::log::RunWithEvents;
    use crate::telemetry::machine::Machine;
    use crate::telemetry::timeline::PhaseTimes;

    fn line(backend: &str, wall_ns: u64, recipe: &str) -> RunLine {
        let phases = BTreeMap::from([(Phase::Computing, wall_ns / 2), (Phase::Waiting, 7)]);
        let record = RunRecord {
            backend: backend.into(),
            wall_ns,
            recipe: recipe.into(),
            job_key: "0a".into(),
            phases: Some(PhaseTimes::from(phases)),
            ..RunRecord::default()
        };
        let run = RunWithEvents {
            record,
            ..RunWithEvents::default()
        };
        RunLine::of(&RunRow::once(run), &Machine::default())
    }

    const BLUR: &str = "version = 1\n[[edit]]\nfilter = \"blur\"\nradius = 2.0\n";

    #[test]
    fn figures_and_phases_stand_side_by_side() {
        let first = line("single", 4000, BLUR);
        let second = line("global-lock", 5000, &BLUR.replace("2.0", "4.0"));
        let pair = RunPair::of(&first, &second);
        assert_eq!(pair.figures[0].change_percent(), Some(25.0));
        let cpu = &pair.figures[1];
        assert_eq!((cpu.first, cpu.change_percent()), (None, None));
        let phases: Vec<_> = pair
            .phases
            .iter()
            .map(|row| (row.label, row.change_percent()))
            .collect();
        assert_eq!(phases, [("waiting", Some(0.0)), ("computing", Some(25.0))]);
        assert_eq!(pair.recipe_changes, ["Blur 2.0 px → 4.0 px"]);
        assert_eq!(pair.other_changes, ["backend single → global-lock"]);
        assert!(pair.is_same_job && pair.is_identical.is_none());
    }

    #[test]
    fn a_recipe_that_cannot_be_read_is_said_to_differ() {
        let pair = RunPair::of(&line("single", 1, BLUR), &line("single", 1, "nonsense"));
        assert_eq!(pair.recipe_changes.len(), 1);
        assert!(pair.other_changes.is_empty());
    }
}
