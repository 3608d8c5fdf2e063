//! One run as lanes: a lane a worker, whose time its phases fill, then a lane a core.

use egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::telemetry::log::RunWithEvents;
use crate::telemetry::summary::shares_text;
use crate::telemetry::timeline::{Bar, Timeline};
use crate::ui::panels::figures;
use crate::ui::state::PointedTile;
use crate::ui::theme::mark::{BackendMark, PhaseMark};
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::text;

use super::lane_tip::tip_ui;
use super::marks;

/// From one lane to the next: few lanes are drawn higher.
const LANE_STEP_MIN: f32 = 20.0;
const LANE_STEP_MAX: f32 = 28.0;
const LANE_GAP: f32 = 4.0;
const NAME: f32 = 104.0;
const SHARES_MIN: f32 = 200.0;
/// Narrower than this the shares stand only in the tooltip of their lane.
const SHARES_FROM: f32 = 620.0;
const AXIS: f32 = 20.0;
const TICK_LABEL: f32 = 44.0;

/// A lane as it is drawn, whatever it stands for.
struct Lane<'a> {
    name: String,
    /// A process id, in the quiet grey behind the name.
    remark: String,
    bars: &'a [Bar],
    deaths_ns: &'a [u64],
    shares: String,
}

/// How all lanes of a run are drawn.
#[derive(Debug, Clone, Copy)]
struct Look {
    backend: BackendMark,
    shows_shares: bool,
    step: f32,
}

/// The legend, the lanes and the axis; put it into a scroll area.
pub(super) fn lanes_ui(ui: &mut Ui, run: &RunWithEvents, timeline: &Timeline) {
    let backend = marks::of_name(&run.record.backend).unwrap_or(BackendMark::Threads);
    ui.spacing_mut().item_spacing.y = 0.0;
    legend_ui(ui, timeline, backend);
    let n_lanes = timeline.workers.len() + timeline.cores.len();
    let spare = ui.available_height() - AXIS;
    let look = Look {
        backend,
        shows_shares: ui.available_width() >= SHARES_FROM,
        step: (spare / n_lanes.max(1) as f32)
            .clamp(LANE_STEP_MIN, LANE_STEP_MAX)
            .floor(),
    };
    for lane in &timeline.workers {
        let lane = Lane {
            name: format!("worker {}", lane.worker),
            remark: lane.pids.last().map_or_else(String::new, u32::to_string),
            bars: &lane.bars,
            deaths_ns: &lane.deaths_ns,
            shares: shares_text(&lane.times()),
        };
        lane_ui(ui, run, timeline, &lane, look);
    }
    for lane in &timeline.cores {
        let busy = lane.busy_ns() as f64 / timeline.duration_ns().max(1) as f64;
        let lane = Lane {
            name: format!("core {}", lane.core),
            remark: String::new(),
            bars: &lane.bars,
            deaths_ns: &[],
            shares: format!("busy {:.0} %", busy * 100.0),
        };
        lane_ui(ui, run, timeline, &lane, look);
    }
    axis_ui(ui, timeline.duration_ns(), look.shows_shares);
}

fn legend_ui(ui: &mut Ui, timeline: &Timeline, backend: BackendMark) {
    let theme = Theme::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::ROW));
    let mut marks_shown: Vec<PhaseMark> = Vec::new();
    for bar in timeline.workers.iter().flat_map(|lane| &lane.bars) {
        let mark = marks::of_phase(bar.phase, backend);
        if !marks_shown.contains(&mark) {
            marks_shown.push(mark);
        }
    }
    marks_shown.sort_by_key(|mark| legend_rank(*mark));
    let mut left = rect.left() + NAME;
    for mark in marks_shown {
        let square = Rect::from_center_size(pos2(left + 5.0, rect.center().y), vec2(10.0, 10.0));
        mark.paint(ui.painter(), square);
        let words = rect.with_min_x(square.right() + 6.0);
        let written = text::left(ui, words, mark.label(), font::caption(), theme.soft);
        left = written.right() + size::GAP_L;
    }
}

const fn legend_rank(mark: PhaseMark) -> u8 {
    match mark {
        PhaseMark::Sending => 0,
        PhaseMark::Computing(_) => 1,
        PhaseMark::Receiving => 2,
        PhaseMark::Writing => 3,
        PhaseMark::LockWait => 4,
        PhaseMark::Waiting => 5,
    }
}

/// Where the bars of a row lie.
fn track_of(row: Rect, shows_shares: bool) -> Rect {
    let right = if shows_shares {
        row.right() - SHARES_MIN
    } else {
        row.right() - size::GAP_S
    };
    Rect::from_min_max(
        pos2(row.left() + NAME, row.top()),
        pos2(right, row.bottom()),
    )
}

fn lane_ui(ui: &mut Ui, run: &RunWithEvents, timeline: &Timeline, lane: &Lane<'_>, look: Look) {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), look.step);
    let (row, response) = ui.allocate_exact_size(wanted, Sense::hover());
    response.widget_info(|| {
        let spoken = format!("{}: {}", lane.name, lane.shares);
        WidgetInfo::labeled(Role::Image, true, spoken)
    });
    let written = text::left(ui, row, &lane.name, font::caption(), theme.soft);
    let beside = row
        .with_min_x(written.right() + 6.0)
        .with_max_x(row.left() + NAME - size::GAP_XS);
    text::left(ui, beside, &lane.remark, font::caption(), theme.faint);
    let track = track_of(row, look.shows_shares).shrink2(vec2(0.0, LANE_GAP / 2.0));
    if look.shows_shares {
        let words = row.with_min_x(track.right() + size::GAP_M);
        text::left_list(ui, words, &lane.shares, font::caption(), theme.faint);
    }
    ui.painter().rect_filled(track, 2.0, WELL.trough);
    paint_bars(ui, timeline, lane, track, look.backend);
    let pointed = response
        .hover_pos()
        .filter(|at| track.contains(*at))
        .and_then(|at| bar_at(lane, timeline, (at.x - track.left()) / track.width()));
    if let Some(bar) = pointed {
        tell_tile(ui, run, bar, look.backend);
        response.on_hover_ui_at_pointer(|ui| tip_ui(ui, run, bar));
    } else if !look.shows_shares && !lane.shares.is_empty() {
        crate::ui::widgets::tooltip::tip(response, &lane.shares, "");
    }
}

/// The canvas outlines it on the photo.
fn tell_tile(ui: &Ui, run: &RunWithEvents, bar: Bar, backend: BackendMark) {
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
        color: backend.color(),
    };
    pointed.tell(ui.ctx());
}

/// Bars narrower than a pixel are drawn a pixel wide, but not more than one a pixel and mark.
fn paint_bars(ui: &Ui, timeline: &Timeline, lane: &Lane<'_>, track: Rect, backend: BackendMark) {
    let painter = ui.painter_at(track);
    let pixel = 1.0 / ui.ctx().pixels_per_point();
    let x_of = |at_ns: u64| track.left() + track.width() * share_of(timeline, at_ns);
    let mut last: Option<(f32, PhaseMark)> = None;
    for bar in lane.bars {
        let mark = marks::of_phase(bar.phase, backend);
        let (from, to) = (x_of(bar.start_ns), x_of(bar.end_ns));
        let is_seen = last.is_none_or(|(right, same)| to > right + pixel || same != mark);
        if !is_seen {
            continue;
        }
        let gap = if to - from > 3.0 { pixel } else { 0.0 };
        let rect = track
            .with_min_x(from)
            .with_max_x((to - gap).max(from + pixel));
        mark.paint(&painter, rect);
        last = Some((to, mark));
    }
    let lost = Stroke::new(2.0, Theme::of(ui).error);
    for at_ns in lane.deaths_ns {
        let (x, middle) = (x_of(*at_ns), track.center().y);
        for slope in [-4.0, 4.0] {
            let reach = vec2(4.0, slope);
            painter.line_segment([pos2(x, middle) - reach, pos2(x, middle) + reach], lost);
        }
    }
}

fn share_of(timeline: &Timeline, at_ns: u64) -> f32 {
    let since = at_ns.saturating_sub(timeline.start_ns) as f64;
    (since / timeline.duration_ns().max(1) as f64) as f32
}

fn bar_at(lane: &Lane<'_>, timeline: &Timeline, share: f32) -> Option<Bar> {
    let at_ns = timeline.start_ns + (f64::from(share) * timeline.duration_ns() as f64) as u64;
    let covers = |bar: &&Bar| bar.start_ns <= at_ns && at_ns < bar.end_ns;
    lane.bars.iter().find(covers).copied()
}

fn axis_ui(ui: &mut Ui, duration_ns: u64, shows_shares: bool) {
    let theme = Theme::of(ui);
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), AXIS));
    let track = track_of(row, shows_shares);
    let step_ns = tick_step_ns(duration_ns, (track.width() / 72.0) as u64);
    let line = Stroke::new(1.0, theme.line_inner);
    let mut at_ns = 0;
    while at_ns <= duration_ns {
        let share = at_ns as f32 / duration_ns.max(1) as f32;
        let x = track.left() + track.width() * share;
        ui.painter()
            .vline(x, egui::Rangef::new(row.top(), row.top() + 3.0), line);
        let middle = x.min(row.right() - TICK_LABEL / 2.0);
        let words = Rect::from_center_size(pos2(middle, row.center().y + 2.0), vec2(72.0, AXIS));
        let label = if at_ns == 0 {
            "0".to_owned()
        } else {
            figures::duration(at_ns)
        };
        text::center(ui, words, &label, font::caption(), theme.faint);
        at_ns += step_ns.max(1);
    }
}

/// 1, 2 or 5 times a power of ten, so that at most `n_most` ticks fit.
fn tick_step_ns(duration_ns: u64, n_most: u64) -> u64 {
    let least = duration_ns / n_most.max(1);
    let mut decade = 1;
    loop {
        for factor in [1, 2, 5] {
            if decade * factor > least {
                return decade * factor;
            }
        }
        decade *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_never_crowd() {
        assert_eq!(tick_step_ns(268_000_000, 6), 50_000_000);
        assert_eq!(tick_step_ns(9_000_000, 4), 5_000_000);
        assert_eq!(tick_step_ns(0, 5), 1);
        for duration_ns in [1, 999, 123_456_789, 98_765_432_100] {
            assert!(duration_ns / tick_step_ns(duration_ns, 7) <= 7);
        }
    }
}
