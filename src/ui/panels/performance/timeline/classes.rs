//! What the colour of a bar tells: the phase, the core, the pass, or the filter. A view of a run has
//! few colours, so what there is more of shares one, and the legend says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::Color32;

use crate::telemetry::event::{Event, Phase, TileRecord, WorkerChange};
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::summary::{filter_totals, step_name};
use crate::ui::theme::mark::{BackendMark, PhaseMark};
use crate::ui::theme::{SERIES, WELL};

use super::super::marks;
use super::track::{BESIDE, N_CLASSES, STARTING, WAITING};

/// Filters with a colour of their own; the dearest ones have them.
const MOST_FILTERS: usize = SERIES.len() - 1;
/// The colour that all other filters share.
const OTHER_FILTERS: u8 = MOST_FILTERS as u8;

/// See the module's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in super::super) enum ColorBy {
    #[default]
    Phase,
    Core,
    Pass,
    Filter,
}

impl ColorBy {
    pub(super) const ALL: [Self; 4] = [Self::Phase, Self::Core, Self::Pass, Self::Filter];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Phase => "Phase",
            Self::Core => "Core",
            Self::Pass => "Pass",
            Self::Filter => "Filter",
        }
    }
}

/// How a class is painted and what the legend calls it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) class: u8,
    pub(super) label: String,
    pub(super) mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    Phase(PhaseMark),
    Plain(Color32),
}

impl Mark {
    pub(super) const fn color(self) -> Color32 {
        match self {
            Self::Phase(phase) => phase.color(),
            Self::Plain(color) => color,
        }
    }
}

/// The classes of one run in one way of colouring.
#[derive(Debug)]
pub(super) struct Classes {
    by: ColorBy,
    backend: BackendMark,
    /// By pass and step; filters alone.
    filters: BTreeMap<(u16, u16), u8>,
    pub(super) entries: Vec<Entry>,
}

impl Classes {
    /// `all` are the runs shown together, this one among them: a filter has one colour in all of them.
    pub(super) fn of(run: &RunWithEvents, by: ColorBy, all: &[Arc<RunWithEvents>]) -> Self {
        let backend = marks::of_name(&run.record.backend).unwrap_or(BackendMark::Threads);
        let mut classes = Self {
            by,
            backend,
            filters: BTreeMap::new(),
            entries: Vec::new(),
        };
        match by {
            ColorBy::Phase => classes.add_phases(run),
            ColorBy::Core => {
                let cores = run.tiles.iter().filter_map(|tile| tile.core);
                classes.add_numbers("core", cores.collect::<Vec<_>>());
            }
            ColorBy::Pass => {
                let passes = run.tiles.iter().map(|tile| u32::from(tile.pass.0));
                classes.add_numbers("pass", passes.collect::<Vec<_>>());
            }
            ColorBy::Filter => classes.add_filters(run, all),
        }
        if by != ColorBy::Phase {
            let mark = Mark::Plain(WELL.rest);
            classes.add(BESIDE, "not computing".to_owned(), mark);
        }
        if run.events.iter().any(is_start) {
            classes.add(
                STARTING,
                "starting".to_owned(),
                Mark::Phase(PhaseMark::Starting),
            );
        }
        classes.add(
            WAITING,
            "waiting".to_owned(),
            Mark::Phase(PhaseMark::Waiting),
        );
        classes
    }

    fn add(&mut self, class: u8, label: String, mark: Mark) {
        self.entries.push(Entry { class, label, mark });
    }

    fn add_phases(&mut self, run: &RunWithEvents) {
        let mut phases: Vec<Phase> = Vec::new();
        for phase in run.tiles.iter().flat_map(|tile| &tile.phases) {
            if !phases.contains(&phase.phase) {
                phases.push(phase.phase);
            }
        }
        let mut marks: Vec<(u8, PhaseMark)> = phases
            .into_iter()
            .map(|phase| (class_of_phase(phase), marks::of_phase(phase, self.backend)))
            .filter(|(class, _)| *class != WAITING)
            .collect();
        marks.sort_by_key(|(class, _)| *class);
        for (class, mark) in marks {
            self.add(class, mark.label().to_owned(), Mark::Phase(mark));
        }
    }

    /// Colours by turns.
    fn add_numbers(&mut self, what: &str, mut numbers: Vec<u32>) {
        numbers.sort_unstable();
        numbers.dedup();
        for (class, color) in SERIES.iter().enumerate() {
            let of_class = numbers
                .iter()
                .filter(|number| **number as usize % SERIES.len() == class);
            let first: Vec<String> = of_class.take(3).map(u32::to_string).collect();
            if first.is_empty() {
                continue;
            }
            let label = format!("{what} {}", first.join(", "));
            self.add(class as u8, label, Mark::Plain(*color));
        }
    }

    fn add_filters(&mut self, run: &RunWithEvents, all: &[Arc<RunWithEvents>]) {
        let mut by_name: BTreeMap<String, u64> = BTreeMap::new();
        for total in all
            .iter()
            .flat_map(|run| filter_totals(&run.tiles, &run.record.passes))
        {
            *by_name.entry(total.label).or_default() += total.total_ns;
        }
        let mut names: Vec<(String, u64)> = by_name.into_iter().collect();
        names.sort_by_key(|(_, total_ns)| std::cmp::Reverse(*total_ns));
        let rank_of = |name: &str| names.iter().position(|(other, _)| other == name);
        for tile in &run.tiles {
            for step in &tile.steps {
                let key = (tile.pass.0, step.step_idx);
                self.filters.entry(key).or_insert_with(|| {
                    let name = step_name(&run.record.passes, tile.pass, step.step_idx);
                    rank_of(&name).map_or(OTHER_FILTERS, |rank| rank.min(MOST_FILTERS) as u8)
                });
            }
        }
        for (class, (name, _)) in names.iter().take(MOST_FILTERS).enumerate() {
            self.add(class as u8, name.clone(), Mark::Plain(SERIES[class]));
        }
        let n_others = names.len().saturating_sub(MOST_FILTERS);
        if n_others > 0 {
            let mark = Mark::Plain(SERIES[MOST_FILTERS]);
            self.add(OTHER_FILTERS, format!("{n_others} others"), mark);
        }
    }

    /// The class of a stretch that is not split; `None` where a tile's steps divide it.
    pub(super) fn whole(&self, phase: Phase, tile: Option<&TileRecord>) -> Option<u8> {
        let class = class_of_phase(phase);
        let (Phase::Computing, Some(tile)) = (phase, tile) else {
            let is_told = self.by == ColorBy::Phase || class == WAITING;
            return Some(if is_told { class } else { BESIDE });
        };
        match self.by {
            ColorBy::Phase => Some(class),
            ColorBy::Core => Some(tile.core.map_or(BESIDE, turn)),
            ColorBy::Pass => Some(turn(u32::from(tile.pass.0))),
            ColorBy::Filter if tile.steps.iter().all(|step| step.elapsed_ns == 0) => Some(BESIDE),
            ColorBy::Filter => None,
        }
    }

    /// The class of one step of a tile.
    pub(super) fn of_step(&self, tile: &TileRecord, step_idx: u16) -> u8 {
        let class = self.filters.get(&(tile.pass.0, step_idx));
        class.copied().unwrap_or(OTHER_FILTERS)
    }

    /// By class.
    pub(super) fn colors(&self) -> [Color32; N_CLASSES] {
        let mut colors = [WELL.rest; N_CLASSES];
        for entry in &self.entries {
            colors[usize::from(entry.class)] = entry.mark.color();
        }
        colors
    }

    /// What the legend calls a class.
    pub(super) fn label(&self, class: usize) -> &str {
        let entry = self
            .entries
            .iter()
            .find(|entry| usize::from(entry.class) == class);
        entry.map_or("", |entry| &entry.label)
    }

    pub(super) const fn backend(&self) -> BackendMark {
        self.backend
    }
}

fn is_start(event: &Event) -> bool {
    matches!(event, Event::Worker(worker) if worker.change == WorkerChange::Started)
}

const fn turn(number: u32) -> u8 {
    (number as usize % SERIES.len()) as u8
}

/// Stacked in this order where a column holds several.
const fn class_of_phase(phase: Phase) -> u8 {
    match phase {
        Phase::Computing => 0,
        Phase::Sending => 1,
        Phase::Receiving => 2,
        Phase::Writing => 3,
        Phase::LockWait => 4,
        Phase::SlowStorage => 5,
        Phase::Waiting | Phase::Queued => WAITING,
    }
}
