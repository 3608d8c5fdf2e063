//! What is exported: a machine, its runs, and every event of each.

use serde::{Deserialize, Serialize};

use super::event::{Event, TileRecord};
use super::machine::Machine;
use super::record::{RunRecord, YARDSTICK};

/// Version of the exported forms; raised when a field changes its meaning or goes away.
pub const LOG_VERSION: u32 = 1;

/// A timing log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Log {
    pub version: u32,
    pub machine: Machine,
    /// Oldest first.
    pub runs: Vec<RunWithEvents>,
}

impl Log {
    #[must_use]
    pub fn new(machine: Machine, runs: Vec<RunWithEvents>) -> Self {
        Self {
            version: LOG_VERSION,
            machine,
            runs,
        }
    }

    /// The newest single-core run of the same job that was done: what speed-ups are measured
    /// against. Of a single-core run itself, that run.
    #[must_use]
    pub fn yardstick_of<'a>(&'a self, record: &'a RunRecord) -> Option<&'a RunRecord> {
        if record.backend == YARDSTICK {
            return Some(record);
        }
        let newest_first = self.runs.iter().rev().map(|run| &run.record);
        let mut comparable = newest_first.filter(|single| record.speedup(single).is_some());
        comparable.next()
    }
}

/// One run with all that was recorded while it ran.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunWithEvents {
    pub record: RunRecord,
    /// In order of completion, failed attempts included.
    pub tiles: Vec<TileRecord>,
    /// All other events, in order of arrival.
    pub events: Vec<Event>,
}

impl RunWithEvents {
    /// Whether its tiles are told one by one; of runs long past only the record is kept.
    #[must_use]
    pub fn tells_tiles(&self) -> bool {
        !self.tiles.is_empty() || self.record.n_tiles == 0
    }

    /// Keeps the events of the record's run, and those of workers that belong to no run.
    #[must_use]
    pub fn new(record: RunRecord, recorded: Vec<Event>) -> Self {
        let mut run = Self {
            record,
            ..Self::default()
        };
        for event in recorded {
            match event {
                Event::Tile(tile) if tile.run == run.record.id => run.tiles.push(tile),
                Event::Tile(_) => {}
                other if other.run().is_none_or(|id| id == run.record.id) => {
                    run.events.push(other);
                }
                _ => {}
            }
        }
        run
    }
}

#[cfg(test)]
mod tests {
    use super::super::ids::RunId;
    use super::super::samples::{run, tile};
    use super::*;

    #[test]
    fn a_run_keeps_its_own_events_and_those_of_no_run() {
        let note = |run: Option<u64>| Event::Note {
            run: run.map(RunId),
            at_ns: 5,
            text: "x".into(),
        };
        let mut foreign = tile(1, 0);
        foreign.run = RunId(99);
        let record = run("threads", 2, 10);
        let id = record.id.0;
        let recorded = vec![
            Event::Tile(tile(0, 0)),
            Event::Tile(foreign),
            note(None),
            note(Some(id)),
            note(Some(99)),
        ];
        let kept = RunWithEvents::new(record, recorded);
        assert_eq!(kept.tiles, vec![tile(0, 0)]);
        assert_eq!(kept.events, vec![note(None), note(Some(id))]);
    }
}
