//! What a piece of a lane is, in words, under the pointer.

use egui::{RichText, Ui};

use crate::telemetry::log::RunWithEvents;
use crate::telemetry::summary::step_name;
use crate::telemetry::timeline::Bar;
use crate::ui::panels::figures;
use crate::ui::theme::{Theme, font};

/// Steps named of one tile, the longest first.
const MOST_STEPS: usize = 6;

/// Lines for the bar: its phase and time, its tile, and what its steps took.
#[must_use]
pub(super) fn tip_lines(run: &RunWithEvents, bar: Bar) -> Vec<String> {
    let mut lines = vec![format!(
        "{} {}",
        bar.phase.label(),
        figures::duration(bar.duration_ns())
    )];
    let Some(tile) = bar.tile_record.and_then(|idx| run.tiles.get(idx)) else {
        return lines;
    };
    let core = match tile.core {
        Some(core) if tile.core_changed => format!(" · core {core}, begun on another"),
        Some(core) => format!(" · core {core}"),
        None => String::new(),
    };
    lines.push(format!("tile {} · worker {}{core}", tile.tile, tile.worker));
    let rect = tile.rect_in_frame;
    lines.push(format!(
        "pass {} · {} × {} px at {}, {}",
        tile.pass, rect.width, rect.height, rect.x, rect.y
    ));
    if tile.bytes_in + tile.bytes_out > 0 {
        let (sent, received) = (
            figures::bytes(tile.bytes_in),
            figures::bytes(tile.bytes_out),
        );
        lines.push(format!("{sent} sent, {received} received"));
    }
    if tile.attempt > 1 {
        lines.push(format!("attempt {}, after a worker was lost", tile.attempt));
    }
    let mut steps = tile.steps.clone();
    steps.sort_by_key(|step| std::cmp::Reverse(step.elapsed_ns));
    for step in steps.iter().take(MOST_STEPS) {
        let name = step_name(&run.record.passes, tile.pass, step.step_idx);
        lines.push(format!("{name} {}", figures::duration(step.elapsed_ns)));
    }
    lines
}

pub(super) fn tip_ui(ui: &mut Ui, lines: &[String]) {
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    for (idx, line) in lines.iter().enumerate() {
        let ink = if idx == 0 { theme.text } else { theme.soft };
        ui.label(RichText::new(line).font(font::caption()).color(ink));
    }
}
