//! The columns of the whole table: what each is called, means, and shows of a run.

use crate::recipe::{Catalogue, RecipeFile};
use crate::studio::run_history::{RunLine, SortKey, Source, Standing};
use crate::telemetry::event::RunOutcome;
use crate::telemetry::record::{RunKind, RunRecord};
use crate::ui::panels::figures;

/// What is not known.
pub(super) const UNKNOWN: &str = "n/a";

/// One column.
#[derive(Debug)]
pub(super) struct RunColumn {
    pub(super) key: SortKey,
    pub(super) head: &'static str,
    pub(super) tip: &'static str,
    /// In points.
    pub(super) width: f32,
    pub(super) is_figure: bool,
}

const fn words(key: SortKey, head: &'static str, width: f32, tip: &'static str) -> RunColumn {
    RunColumn {
        key,
        head,
        tip,
        width,
        is_figure: false,
    }
}

const fn figure(key: SortKey, head: &'static str, width: f32, tip: &'static str) -> RunColumn {
    RunColumn {
        is_figure: true,
        ..words(key, head, width, tip)
    }
}

/// In the order they are shown: what is compared most stands first.
pub(super) static COLUMNS: [RunColumn; 18] = [
    words(SortKey::Started, "when", 126.0, "When the run began, UTC"),
    words(
        SortKey::Name,
        "name",
        132.0,
        "Your own name for it, or what it was for",
    ),
    words(SortKey::Backend, "backend", 104.0, "Who computed"),
    figure(
        SortKey::Workers,
        "workers",
        62.0,
        "Workers at the same time",
    ),
    words(
        SortKey::Transport,
        "transport",
        116.0,
        "How pixels travelled to worker processes",
    ),
    figure(
        SortKey::Wall,
        "wall",
        72.0,
        "From the request to the last byte in memory; of several runs the median",
    ),
    figure(
        SortKey::Cpu,
        "CPU",
        72.0,
        "CPU time of all workers together",
    ),
    figure(
        SortKey::Speedup,
        "speed-up",
        78.0,
        "Against one core at the very same job; “old” where that was measured another day, by \
         another version or on another machine",
    ),
    figure(SortKey::Efficiency, "efficiency", 76.0, "Speed-up a worker"),
    figure(
        SortKey::CeilingShare,
        "of ceiling",
        76.0,
        "Share of what so many cores of this machine can do at best; the scaling lab measures it",
    ),
    words(SortKey::Photo, "photo", 132.0, "File"),
    figure(
        SortKey::Megapixels,
        "MP",
        50.0,
        "Millions of pixels computed",
    ),
    words(SortKey::Recipe, "recipe", 148.0, "Filters of the recipe"),
    figure(SortKey::Tile, "tile", 62.0, "Side of a tile"),
    figure(
        SortKey::BytesMoved,
        "moved",
        72.0,
        "Bytes that travelled between processes, both ways",
    ),
    figure(
        SortKey::Spawn,
        "start",
        68.0,
        "Part of the wall time that went into starting workers",
    ),
    figure(
        SortKey::PeakMemory,
        "memory",
        76.0,
        "Peak memory of this program",
    ),
    figure(
        SortKey::Faults,
        "faults",
        56.0,
        "Workers lost that the run survived",
    ),
];

/// What one cell shows; empty for nothing.
pub(super) fn cell(line: &RunLine, standing: &Standing, key: SortKey) -> String {
    let record = &line.record;
    let percent = |share: Option<f64>| known(share, |share| format!("{:.0} %", share * 100.0));
    match key {
        SortKey::Started => when(&record.started_at),
        SortKey::Name => name(line),
        SortKey::Photo => record.photo.file_name.as_str().to_owned(),
        SortKey::Megapixels => format!("{:.1}", record.megapixels()),
        SortKey::Recipe => recipe_words(&record.recipe),
        SortKey::Backend => record.backend.clone(),
        SortKey::Transport => record.transport.clone().unwrap_or_default(),
        SortKey::Workers => record.n_workers.to_string(),
        SortKey::Tile => format!("{} px", record.tile_size.width),
        SortKey::Wall if record.outcome != RunOutcome::Done => record.outcome.name().to_owned(),
        SortKey::Wall => figures::duration(record.wall_ns),
        SortKey::Cpu => known(record.cpu_ns, figures::duration),
        SortKey::Speedup => {
            let mark = if standing.outdated.is_some() {
                " old"
            } else {
                ""
            };
            known(standing.speedup, |speedup| format!("{speedup:.2}×{mark}"))
        }
        SortKey::Efficiency => percent(standing.efficiency),
        SortKey::CeilingShare => percent(standing.ceiling_share),
        SortKey::BytesMoved if record.bytes_moved == 0 => "0".to_owned(),
        SortKey::BytesMoved => figures::bytes(record.bytes_moved),
        SortKey::Spawn => start_words(record),
        SortKey::PeakMemory => known(record.peak_rss_bytes, figures::bytes),
        SortKey::Faults => record.faults.len().to_string(),
    }
}

fn known<T>(value: Option<T>, text: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), text)
}

/// `11-22 23:41:07` of `2026-11-22T23:41:07.123Z`.
fn when(started_at: &str) -> String {
    let day = started_at.get(5..10).unwrap_or_default();
    let time = started_at.get(11..19).unwrap_or_default();
    format!("{day} {time}").trim().to_owned()
}

fn name(line: &RunLine) -> String {
    if !line.name.is_empty() {
        return line.name.clone();
    }
    match (line.source, line.record.kind) {
        (Source::Log { .. }, _) => "from a log".to_owned(),
        (_, RunKind::Export) => "export".to_owned(),
        (_, RunKind::Bench) => "bench".to_owned(),
        (_, RunKind::Full | RunKind::Preview) if line.n_runs > 1 => {
            format!("median of {}", line.n_runs)
        }
        (_, RunKind::Full | RunKind::Preview) => String::new(),
    }
}

fn start_words(record: &RunRecord) -> String {
    match record.spawn_ns {
        0 if record.worker_pids.is_empty() => "0".to_owned(),
        0 => "warm".to_owned(),
        ns => figures::duration(ns),
    }
}

/// `exposure, blur +2`.
fn recipe_words(recipe: &str) -> String {
    let Ok(file) = RecipeFile::parse(recipe, &Catalogue::all()) else {
        return UNKNOWN.to_owned();
    };
    let mut names = file.recipe.active().map(|edit| edit.label().to_lowercase());
    let Some(first) = names.next() else {
        return "no edits".to_owned();
    };
    match (names.next(), names.count()) {
        (None, _) => first,
        (Some(second), 0) => format!("{first}, {second}"),
        (Some(second), n_more) => format!("{first}, {second} +{n_more}"),
    }
}
