//! Lays the lanes out: those of one run over the whole room, workers above, which scroll where they are
//! many, cores below, which stay in sight while they are few; those of several runs one run below
//! the other, on one scale of time.

use std::ops::Range;
use std::sync::Arc;

use egui::{
    Id, Pos2, Rect, Response, Role, ScrollArea, Sense, Stroke, Tooltip, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use crate::telemetry::log::RunWithEvents;
use crate::ui::state::{DragPath, PointedPhoto};
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::{focus, text};

use super::axis::{self, axis_ui, span_words};
use super::classes::ColorBy;
use super::drag_row::{self, drag_row_ui};
use super::group::{Group, HEADING, NAME, Painted, STEP_MIN, track_of};
use super::hand::hand;
use super::legend::{head_ui, legend_of};
use super::paint::Place;
use super::pointed::{lit_tiles, tip_at};
use super::prepared::{Lane, Owner, Prepared, Preparing};
use super::span::Span;
use super::tip::tip_ui;

/// From one lane to the next: few lanes are drawn higher, many lower.
const STEP_MAX: f32 = 32.0;
/// Of lanes that would not fit twice over: a hundred workers are seen at once rather than one by one.
const STEP_MANY: f32 = 5.0;
/// The same where several runs stand below each other, and how high one of them gets at most.
const STEP_AMONG_MANY: f32 = 1.0;
const GROUP_MOST: f32 = 128.0;
/// Core lanes that stay in sight below workers that scroll.
const MOST_PINNED: usize = 8;
const SHARES: f32 = 196.0;
/// Narrower than this the shares stand only in the tip of their lane.
const SHARES_FROM: f32 = 620.0;

/// A run to be shown.
#[derive(Debug, Clone)]
pub(in super::super) struct RunLanes {
    pub(in super::super) run: Arc<RunWithEvents>,
    /// Above its lanes, where several runs are shown.
    pub(in super::super) heading: String,
}

/// What is shown.
#[derive(Clone, Copy)]
pub(in super::super) struct TimelineView<'a> {
    /// From top to bottom.
    pub(in super::super) runs: &'a [RunLanes],
    /// Of a run under way: how far the scale reaches at least; 0 of runs that ended.
    pub(in super::super) least_ns: u64,
    pub(in super::super) drag: Option<&'a DragPath>,
}

impl TimelineView<'_> {
    fn whole_ns(&self) -> u64 {
        let runs_ns = self.runs.iter().map(|it| it.run.record.wall_ns);
        runs_ns.max().unwrap_or(0).max(self.least_ns)
    }
}

/// What the timeline remembers between frames.
#[derive(Debug, Default)]
pub(in super::super) struct TimelineState {
    by: ColorBy,
    preparing: Preparing,
    /// Of which runs which stretch is shown. Runs are known by where they lie: logs that were opened
    /// have ids of their own.
    shown: Option<(Vec<Arc<RunWithEvents>>, Span)>,
    /// By run and lane.
    painted: Vec<Vec<Option<Painted>>>,
    painted_by: ColorBy,
    scroll_y: f32,
}

/// Head, lanes, axis and the row of the last drag, over the whole room there is.
pub(in super::super) fn timeline_ui(
    ui: &mut Ui,
    view: &TimelineView<'_>,
    state: &mut TimelineState,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let runs: Vec<_> = view.runs.iter().map(|it| Arc::clone(&it.run)).collect();
    let by = state.by;
    let span = state.span_of(&runs, view.whole_ns());
    let how = (by, view.least_ns > 0);
    let prepared = state.preparing.get(ui.ctx(), &runs, how);
    let legend = prepared.as_deref().map(legend_of).unwrap_or_default();
    let answer = head_ui(ui, by, &legend, &span);
    let Some(prepared) = prepared else {
        text::caption(ui, "Preparing the lanes …");
        return;
    };
    let body = ui.available_rect_before_wrap();
    let foot = axis::HEIGHT + view.drag.map_or(0.0, |_| drag_row::HEIGHT);
    let lanes = body.with_max_y((body.bottom() - foot).max(body.top()));
    keep_painted((&mut state.painted, &mut state.painted_by), by, &prepared);
    let (steps, n_pinned) = steps_of(lanes.height(), &prepared);
    let place = place_in(lanes, ui.pixels_per_point(), span);
    let pointed = PointedPhoto::heard(ui.ctx());
    let several = view.runs.len() > 1;
    let painted = state.painted.iter_mut();
    let groups = view.runs.iter().zip(prepared).zip(painted).zip(steps);
    let mut canvas = Canvas {
        groups: groups
            .map(|(((shown, prepared), painted), step)| Group {
                run: &shown.run,
                heading: if several { &shown.heading } else { "" },
                prepared,
                painted,
                lit: lit_tiles(&shown.run, pointed),
                step,
            })
            .collect(),
        n_pinned,
        place,
    };
    let moved = canvas.lanes_ui(ui, lanes, &mut state.scroll_y);
    foot_ui(ui, body.with_min_y(lanes.bottom()), &place, view.drag);
    let span = if answer.wants_whole {
        Span::whole(view.whole_ns())
    } else {
        moved.unwrap_or(span)
    };
    state.shown = Some((runs, span));
    if let Some(by) = answer.by {
        state.by = by;
        ui.ctx().request_repaint();
    }
}

/// Nothing is painted yet where the lanes are others or have other colours.
fn keep_painted(
    (painted, painted_by): (&mut Vec<Vec<Option<Painted>>>, &mut ColorBy),
    by: ColorBy,
    prepared: &[&Prepared],
) {
    let fits = |(painted, prepared): (&Vec<_>, &&Prepared)| painted.len() == prepared.lanes.len();
    let is_same = *painted_by == by && painted.len() == prepared.len();
    if is_same && painted.iter().zip(prepared).all(fits) {
        return;
    }
    *painted_by = by;
    painted.clear();
    painted.extend(prepared.iter().map(|prepared| {
        let blank = std::iter::repeat_with(|| None);
        blank.take(prepared.lanes.len()).collect::<Vec<_>>()
    }));
}

impl TimelineState {
    /// What is shown of these runs: of others than before, all of them from the top.
    fn span_of(&mut self, runs: &[Arc<RunWithEvents>], whole_ns: u64) -> Span {
        let is_it = |shown: &Vec<Arc<RunWithEvents>>| {
            shown.len() == runs.len() && shown.iter().zip(runs).all(|(a, b)| Arc::ptr_eq(a, b))
        };
        match &self.shown {
            Some((shown, span)) if is_it(shown) => *span,
            Some(_) | None => {
                self.scroll_y = 0.0;
                self.painted.clear();
                Span::whole(whole_ns)
            }
        }
    }
}

/// From one lane to the next, by run, in what scrolls; and how many lanes at the end stay below it.
fn steps_of(height: f32, prepared: &[&Prepared]) -> (Vec<f32>, usize) {
    if let [alone] = prepared {
        let (step, n_pinned) = step_alone(height, alone);
        return (vec![step], n_pinned);
    }
    let n_all: usize = prepared.iter().map(|it| it.lanes.len()).sum();
    let free = height - HEADING * prepared.len() as f32;
    let even = (free / n_all.max(1) as f32).clamp(STEP_MIN, STEP_MAX);
    let step = |prepared: &&Prepared| {
        let least = GROUP_MOST / prepared.lanes.len().max(1) as f32;
        let step = if least < STEP_MIN { least } else { even };
        step.floor().max(STEP_AMONG_MANY)
    };
    (prepared.iter().map(step).collect(), 0)
}

fn step_alone(height: f32, prepared: &Prepared) -> (f32, usize) {
    let n_lanes = prepared.lanes.len();
    let is_core = |lane: &&Lane| matches!(lane.owner, Owner::Core(_));
    let n_cores = prepared.lanes.iter().filter(is_core).count();
    let fits = n_lanes as f32 * STEP_MIN <= height;
    let n_pinned = if fits || n_cores > MOST_PINNED || n_cores == n_lanes {
        0
    } else {
        n_cores
    };
    let height = height - n_pinned as f32 * STEP_MIN;
    let step = height / (n_lanes - n_pinned).max(1) as f32;
    let least = if step * 2.0 < STEP_MIN {
        STEP_MANY
    } else {
        STEP_MIN
    };
    (step.clamp(least, STEP_MAX).floor(), n_pinned)
}

/// The axis, and below it the way of the last drag.
fn foot_ui(ui: &mut Ui, foot: Rect, place: &Place, drag: Option<&DragPath>) {
    let axis = foot.with_max_y(foot.top() + axis::HEIGHT);
    axis_ui(ui, axis, place);
    if let Some(drag) = drag {
        let row = foot.with_min_y(foot.bottom() - drag_row::HEIGHT);
        drag_row_ui(ui, row, place.rect.x_range(), drag);
    }
}

/// Where the bars lie, on whole pixels; at the right there is room for the shares, where there is any.
fn place_in(lanes: Rect, per_point: f32, span: Span) -> Place {
    let right = if lanes.width() >= SHARES_FROM {
        lanes.right() - SHARES
    } else {
        lanes.right() - size::GAP_M
    };
    let pixel = 1.0 / per_point;
    let snap = |x: f32| (x / pixel).round() * pixel;
    let rect = Rect::from_min_max(
        pos2(snap(lanes.left() + NAME), lanes.top()),
        pos2(snap(right.max(lanes.left() + NAME + 8.0)), lanes.bottom()),
    );
    Place { rect, pixel, span }
}

/// A lane of a run and where it lies.
struct Row {
    group_idx: usize,
    lane_idx: usize,
    rect: Rect,
}

struct Canvas<'a> {
    groups: Vec<Group<'a>>,
    /// Lanes at the end of a run that stands alone, which stay below what scrolls.
    n_pinned: usize,
    place: Place,
}

impl Canvas<'_> {
    /// The lanes that are in sight; returns what the hand makes of the stretch shown.
    fn lanes_ui(&mut self, ui: &mut Ui, lanes: Rect, scroll_y: &mut f32) -> Option<Span> {
        let mut rows: Vec<Row> = Vec::new();
        let wheel_over_names = ui.input(|input| {
            let at = input.pointer.hover_pos();
            at.is_some_and(|at| lanes.contains(at) && at.x < self.place.rect.left())
        });
        let source = egui::scroll_area::ScrollSource {
            mouse_wheel: wheel_over_names,
            ..egui::scroll_area::ScrollSource::default()
        };
        let pinned = lanes.bottom() - self.n_pinned as f32 * STEP_MIN;
        let (above, below) = lanes.split_top_bottom_at_y(pinned);
        let shown = ui.scope_builder(UiBuilder::new().max_rect(above), |ui| {
            ScrollArea::vertical()
                .id_salt("lanes")
                .auto_shrink(false)
                .vertical_scroll_offset(*scroll_y)
                .scroll_source(source)
                .show(ui, |ui| {
                    for group_idx in 0..self.groups.len() {
                        self.groups[group_idx].heading_ui(ui);
                        let group = &self.groups[group_idx];
                        let lanes = 0..group.prepared.lanes.len() - self.n_pinned;
                        self.rows_ui(ui, (group_idx, lanes, group.step), &mut rows);
                    }
                })
        });
        *scroll_y = shown.inner.state.clamped_offset().y;
        if self.n_pinned > 0 {
            ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
                let n_lanes = self.groups[0].prepared.lanes.len();
                let pinned = n_lanes - self.n_pinned..n_lanes;
                self.rows_ui(ui, (0, pinned, STEP_MIN), &mut rows);
            });
        }
        let response = self.sense(ui, lanes);
        if let Some(at) = response.hover_pos() {
            self.point(ui, &response, &rows, at);
        }
        let (span, scrolled) = hand(ui, &response, &self.place);
        *scroll_y = (*scroll_y - scrolled).max(0.0);
        span
    }

    /// Adds those in sight to `rows`, each with where it lies.
    fn rows_ui(
        &mut self,
        ui: &mut Ui,
        (group_idx, lanes, step): (usize, Range<usize>, f32),
        rows: &mut Vec<Row>,
    ) {
        let group = &mut self.groups[group_idx];
        for lane_idx in lanes {
            let wanted = vec2(ui.available_width(), step);
            let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, group.spoken(lane_idx)));
            if !ui.is_rect_visible(rect) {
                continue;
            }
            group.row_ui(ui, lane_idx, rect, &self.place);
            rows.push(Row {
                group_idx,
                lane_idx,
                rect,
            });
        }
    }

    /// Over the bars alone, so that names and scroll bar keep the wheel.
    fn sense(&self, ui: &Ui, lanes: Rect) -> Response {
        let area = Rect::from_x_y_ranges(self.place.rect.x_range(), lanes.y_range());
        let response = ui.interact(area, Id::unique("timeline"), Sense::click_and_drag());
        response.widget_info(|| {
            let words = match self.groups.len() {
                1 => format!("Timeline, {}", span_words(&self.place)),
                n => format!("Timeline of {n} runs, {}", span_words(&self.place)),
            };
            WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), words)
        });
        if response.clicked() {
            response.request_focus();
        }
        focus::ring(ui, &response);
        response
    }

    fn point(&self, ui: &Ui, response: &Response, rows: &[Row], at: Pos2) {
        let under = rows.iter().find(|row| row.rect.y_range().contains(at.y));
        let Some(row) = under.filter(|_| !response.dragged()) else {
            return;
        };
        let group = &self.groups[row.group_idx];
        let lane = &group.prepared.lanes[row.lane_idx];
        let place = track_of(row.rect, &self.place);
        let lines = tip_at(ui, group.run, group.prepared, lane, (&place, at.x));
        let cursor = Stroke::new(self.place.pixel, WELL.faint);
        ui.painter().vline(at.x, self.place.rect.y_range(), cursor);
        let tip = Tooltip::always_open(
            ui.ctx().clone(),
            ui.layer_id(),
            response.id,
            egui::PopupAnchor::Pointer,
        );
        tip.gap(size::GAP_M).show(|ui| {
            tip_ui(ui, &lines);
            let whose = egui::RichText::new(group.spoken(row.lane_idx)).font(font::caption());
            ui.label(whose.color(Theme::of(ui).faint));
        });
    }
}
