//! What lies under the pointer: one tile, or all that happened within one pixel of a lane; and which
//! bars belong to the place of the photo that the pointer is on.

use egui::Ui;

use crate::telemetry::event::Phase;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::timeline::Bar;
use crate::ui::panels::figures;
use crate::ui::state::{PointedPhoto, PointedTile};

use super::paint::Place;
use super::prepared::{Lane, Owner, Prepared};
use super::tip::tip_lines;
use super::track::{STARTING, Sum, WAITING};

/// Tiles lit at once; a place of the photo lies in one a pass.
const MOST_LIT: usize = 64;

/// The lines of the tip at `x` of a lane; outlines the tile on the photo where there is one alone.
pub(super) fn tip_at(
    ui: &Ui,
    run: &RunWithEvents,
    prepared: &Prepared,
    lane: &Lane,
    (place, x): (&Place, f32),
) -> Vec<String> {
    let (from_ns, to_ns) = place.column_under(x);
    let middle_ns = prepared.clock(f64::midpoint(from_ns, to_ns));
    if let Some(piece) = lane.track.at(middle_ns).filter(|piece| place.is_bar(piece)) {
        let Some(tile_record) = piece.tile_record() else {
            let what = if piece.class == STARTING {
                "starting"
            } else {
                "waiting"
            };
            return vec![format!("{what} {}", figures::duration(piece.duration_ns()))];
        };
        let bar = Bar {
            start_ns: piece.start_ns,
            end_ns: piece.end_ns,
            phase: phase_of(run, tile_record, piece.start_ns),
            tile_record: Some(tile_record),
        };
        tell_tile(ui, run, prepared, bar);
        return tip_lines(run, bar);
    }
    let (from_ns, to_ns) = (prepared.clock(from_ns), prepared.clock(to_ns));
    let (sum, _) = lane.track.over(0, from_ns, to_ns.max(from_ns + 1));
    column_lines(prepared, &sum, to_ns.saturating_sub(from_ns).max(1))
}

/// What a pixel holds: how many tiles begin in it, and the shares of its time.
fn column_lines(prepared: &Prepared, sum: &Sum, column_ns: u64) -> Vec<String> {
    let n_tiles = figures::counted(sum.n_tiles as usize, "tile", "tiles");
    let busy = sum.busy_ns() as f64 / column_ns as f64 * 100.0;
    let mut lines = vec![
        format!("{n_tiles} in {}", figures::duration(column_ns)),
        format!("busy {busy:.0} %"),
    ];
    let mut shares: Vec<(usize, u64)> = sum.ns.iter().copied().enumerate().collect();
    shares.retain(|(class, ns)| *ns > 0 && *class != usize::from(WAITING));
    shares.sort_by_key(|(_, ns)| std::cmp::Reverse(*ns));
    for (class, ns) in shares.into_iter().take(4) {
        let percent = ns as f64 / column_ns as f64 * 100.0;
        lines.push(format!("{} {percent:.0} %", prepared.classes.label(class)));
    }
    lines
}

/// What its tile was doing then.
fn phase_of(run: &RunWithEvents, tile_record: usize, at_ns: u64) -> Phase {
    let spans = run
        .tiles
        .get(tile_record)
        .map(|tile| tile.phases.as_slice());
    let covers = |span: &&crate::telemetry::event::PhaseSpan| {
        (span.start_ns..span.end_ns.max(span.start_ns + 1)).contains(&at_ns)
    };
    let found = spans.unwrap_or_default().iter().filter(covers);
    // Where phases of one tile overlap, computing has the lane.
    found
        .map(|span| span.phase)
        .max_by_key(|phase| u8::from(*phase == Phase::Computing))
        .unwrap_or(Phase::Computing)
}

/// The canvas outlines it on the photo.
fn tell_tile(ui: &Ui, run: &RunWithEvents, prepared: &Prepared, bar: Bar) {
    let Some(tile) = bar.tile_record.and_then(|idx| run.tiles.get(idx)) else {
        return;
    };
    let core = tile
        .core
        .map_or_else(String::new, |core| format!(" · core {core}"));
    let took = figures::duration(bar.duration_ns());
    let pointed = PointedTile {
        rect_in_frame: tile.rect_in_frame,
        frame: run.record.region_in_frame.size(),
        label: format!("tile {} · worker {}{core} · {took}", tile.tile, tile.worker),
        color: prepared.classes.backend().color(),
    };
    pointed.tell(ui.ctx());
}

/// Tiles of the run that hold the place of the photo under the pointer.
pub(super) fn lit_tiles(run: &RunWithEvents, photo: Option<PointedPhoto>) -> Vec<usize> {
    let of_run = photo.filter(|photo| photo.frame == run.record.region_in_frame.size());
    let Some(photo) = of_run else {
        return Vec::new();
    };
    let [x, y] = photo.at;
    let tiles = run.tiles.iter().enumerate();
    let hit = tiles.filter(|(_, tile)| {
        let rect = tile.rect_in_frame;
        (rect.x..rect.right()).contains(&x) && (rect.y..rect.bottom()).contains(&y)
    });
    hit.map(|(idx, _)| idx).take(MOST_LIT).collect()
}

/// From when to when a tile is to be seen on a lane; `None` where it is on another.
pub(super) fn stretch_on(
    run: &RunWithEvents,
    tile_record: usize,
    owner: Owner,
) -> Option<(u64, u64)> {
    let tile = run.tiles.get(tile_record)?;
    match owner {
        Owner::Worker(worker) => {
            (tile.worker.0 == worker).then(|| (tile.start_ns(), tile.end_ns()))
        }
        Owner::Core(core) => {
            let computing = tile
                .phases
                .iter()
                .filter(|span| span.phase == Phase::Computing);
            let from_ns = computing.clone().map(|span| span.start_ns).min()?;
            let to_ns = computing.map(|span| span.end_ns).max()?;
            (tile.core == Some(core)).then_some((from_ns, to_ns))
        }
    }
}
