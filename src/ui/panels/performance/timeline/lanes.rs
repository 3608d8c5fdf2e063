//! Lays the lanes out: workers above, which scroll where they are many, cores below, which stay in
//! sight while they are few.

use std::ops::Range;
use std::sync::Arc;

use egui::{
    Id, Mesh, Pos2, Rect, Response, Role, ScrollArea, Sense, Shape, Stroke, StrokeKind, Tooltip,
    Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::telemetry::log::RunWithEvents;
use crate::ui::state::{DragPath, PointedPhoto};
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::{focus, text};

use super::axis::{self, axis_ui, span_words};
use super::classes::ColorBy;
use super::drag_row::{self, drag_row_ui};
use super::hand::hand;
use super::legend::head_ui;
use super::paint::{Place, lane_mesh};
use super::pointed::{lit_tiles, stretch_on, tip_at};
use super::prepared::{Lane, Owner, Prepared, Preparing};
use super::span::Span;
use super::tip::tip_ui;

/// From one lane to the next: few lanes are drawn higher, many lower.
const STEP_MIN: f32 = 14.0;
const STEP_MAX: f32 = 32.0;
/// Of lanes that would not fit twice over: a hundred workers are seen at once rather than one by one.
const STEP_MANY: f32 = 5.0;
/// Core lanes that stay in sight below workers that scroll.
const MOST_PINNED: usize = 8;
pub(super) const NAME: f32 = 104.0;
const SHARES: f32 = 196.0;
/// Narrower than this the shares stand only in the tip of their lane.
const SHARES_FROM: f32 = 620.0;

/// A lane's triangles and what they were made for.
#[derive(Debug)]
struct Painted {
    place: (Rect, f32, Span),
    mesh: Arc<Mesh>,
}

/// What the timeline remembers between frames.
#[derive(Debug, Default)]
pub(in super::super) struct TimelineState {
    by: ColorBy,
    preparing: Preparing,
    /// Of which run which stretch is shown. Runs are known by where they lie: logs that were opened
    /// have ids of their own.
    shown: Option<(Arc<RunWithEvents>, Span)>,
    /// By lane.
    painted: Vec<Option<Painted>>,
    painted_by: ColorBy,
    scroll_y: f32,
}

/// Where things lie this frame.
#[derive(Debug, Clone, Copy)]
struct Layout {
    shows_shares: bool,
    pixel: f32,
    /// From one lane to the next, in what scrolls.
    step: f32,
    /// Lanes at the end that stay below what scrolls.
    n_pinned: usize,
}

impl Layout {
    fn new(ui: &Ui, lanes: Rect, prepared: &Prepared) -> Self {
        let n_lanes = prepared.lanes.len();
        let is_core = |lane: &&Lane| matches!(lane.owner, Owner::Core(_));
        let n_cores = prepared.lanes.iter().filter(is_core).count();
        let fits = n_lanes as f32 * STEP_MIN <= lanes.height();
        let n_pinned = if fits || n_cores > MOST_PINNED || n_cores == n_lanes {
            0
        } else {
            n_cores
        };
        let height = lanes.height() - n_pinned as f32 * STEP_MIN;
        let step = height / (n_lanes - n_pinned).max(1) as f32;
        let least = if step * 2.0 < STEP_MIN {
            STEP_MANY
        } else {
            STEP_MIN
        };
        Self {
            shows_shares: lanes.width() >= SHARES_FROM,
            pixel: 1.0 / ui.pixels_per_point(),
            step: step.clamp(least, STEP_MAX).floor(),
            n_pinned,
        }
    }
}

/// Head, lanes, axis and the row of the last drag, over the whole room there is.
pub(in super::super) fn timeline_ui(
    ui: &mut Ui,
    run: &Arc<RunWithEvents>,
    state: &mut TimelineState,
    drag: Option<&DragPath>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let by = state.by;
    let span = state.span_of(run);
    let prepared = state.preparing.get(ui.ctx(), run, by);
    let answer = head_ui(ui, by, prepared.map(|prepared| &prepared.classes), &span);
    let Some(prepared) = prepared else {
        text::caption(ui, "Preparing the lanes of this run …");
        return;
    };
    let body = ui.available_rect_before_wrap();
    let foot = axis::HEIGHT + drag.map_or(0.0, |_| drag_row::HEIGHT);
    let lanes = body.with_max_y((body.bottom() - foot).max(body.top()));
    let layout = Layout::new(ui, lanes, prepared);
    if state.painted_by != by || state.painted.len() != prepared.lanes.len() {
        state.painted_by = by;
        state.painted.clear();
        state.painted.resize_with(prepared.lanes.len(), || None);
    }
    let place = place_in(lanes, layout, span);
    let mut canvas = Canvas {
        run,
        prepared,
        layout,
        place,
        painted: &mut state.painted,
    };
    let moved = canvas.lanes_ui(ui, lanes, &mut state.scroll_y);
    foot_ui(ui, body.with_min_y(lanes.bottom()), &place, drag);
    let span = if answer.wants_whole {
        Span::whole(run.record.wall_ns)
    } else {
        moved.unwrap_or(span)
    };
    state.shown = Some((Arc::clone(run), span));
    if let Some(by) = answer.by {
        state.by = by;
        ui.ctx().request_repaint();
    }
}

impl TimelineState {
    /// What is shown of this run: of another one than before, all of it from the top.
    fn span_of(&mut self, run: &Arc<RunWithEvents>) -> Span {
        match &self.shown {
            Some((shown, span)) if Arc::ptr_eq(shown, run) => *span,
            Some(_) | None => {
                self.scroll_y = 0.0;
                self.painted.clear();
                Span::whole(run.record.wall_ns)
            }
        }
    }
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

/// Where the bars lie, on whole pixels.
fn place_in(lanes: Rect, layout: Layout, span: Span) -> Place {
    let right = if layout.shows_shares {
        lanes.right() - SHARES
    } else {
        lanes.right() - size::GAP_M
    };
    let snap = |x: f32| (x / layout.pixel).round() * layout.pixel;
    let rect = Rect::from_min_max(
        pos2(snap(lanes.left() + NAME), lanes.top()),
        pos2(snap(right.max(lanes.left() + NAME + 8.0)), lanes.bottom()),
    );
    Place {
        rect,
        pixel: layout.pixel,
        span,
    }
}

struct Canvas<'a> {
    run: &'a RunWithEvents,
    prepared: &'a Prepared,
    layout: Layout,
    place: Place,
    painted: &'a mut Vec<Option<Painted>>,
}

impl Canvas<'_> {
    /// The lanes that are in sight; returns what the hand makes of the stretch shown.
    fn lanes_ui(&mut self, ui: &mut Ui, lanes: Rect, scroll_y: &mut f32) -> Option<Span> {
        let mut rows: Vec<(usize, Rect)> = Vec::new();
        let lit = lit_tiles(self.run, PointedPhoto::heard(ui.ctx()));
        let wheel_over_names = ui.input(|input| {
            let at = input.pointer.hover_pos();
            at.is_some_and(|at| lanes.contains(at) && at.x < self.place.rect.left())
        });
        let source = egui::scroll_area::ScrollSource {
            mouse_wheel: wheel_over_names,
            ..egui::scroll_area::ScrollSource::default()
        };
        let n_scrolled = self.prepared.lanes.len() - self.layout.n_pinned;
        let pinned = lanes.bottom() - self.layout.n_pinned as f32 * STEP_MIN;
        let (above, below) = lanes.split_top_bottom_at_y(pinned);
        let shown = ui.scope_builder(UiBuilder::new().max_rect(above), |ui| {
            ScrollArea::vertical()
                .id_salt("lanes")
                .auto_shrink(false)
                .vertical_scroll_offset(*scroll_y)
                .scroll_source(source)
                .show(ui, |ui| {
                    let step = self.layout.step;
                    self.rows_ui(ui, (0..n_scrolled, step), &lit, &mut rows);
                })
        });
        *scroll_y = shown.inner.state.clamped_offset().y;
        ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
            let pinned = n_scrolled..self.prepared.lanes.len();
            self.rows_ui(ui, (pinned, STEP_MIN), &lit, &mut rows);
        });
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
        (lanes, step): (Range<usize>, f32),
        lit: &[usize],
        rows: &mut Vec<(usize, Rect)>,
    ) {
        // Names of lanes that are lower than their names stand at some of them.
        let named_every = (STEP_MIN / step).ceil().max(1.0) as usize;
        for lane_idx in lanes {
            let wanted = vec2(ui.available_width(), step);
            let (row, response) = ui.allocate_exact_size(wanted, Sense::hover());
            let lane = &self.prepared.lanes[lane_idx];
            response.widget_info(|| {
                let spoken = format!("{}: {}", lane.name, lane.shares);
                WidgetInfo::labeled(Role::Image, true, spoken)
            });
            if !ui.is_rect_visible(row) {
                continue;
            }
            if lane_idx % named_every == 0 || step >= STEP_MIN {
                self.name_ui(ui, lane, row.with_max_y(row.top() + step.max(STEP_MIN)));
            }
            self.lane_ui(ui, lane_idx, row);
            self.light(ui, lane_idx, row, lit);
            rows.push((lane_idx, row));
        }
    }

    fn name_ui(&self, ui: &Ui, lane: &Lane, row: Rect) {
        let theme = Theme::of(ui);
        let written = text::left(ui, row, &lane.name, font::caption(), theme.soft);
        let beside = row
            .with_min_x(written.right() + 6.0)
            .with_max_x(row.left() + NAME - size::GAP_XS);
        if !lane.remark.is_empty() {
            text::left(ui, beside, &lane.remark, font::caption(), theme.faint);
        }
        if self.layout.shows_shares {
            let words = row.with_min_x(self.place.rect.right() + size::GAP_M);
            text::left_list(ui, words, &lane.shares, font::caption(), theme.faint);
        }
    }

    /// Over the bars alone, so that names and scroll bar keep the wheel.
    fn sense(&self, ui: &Ui, lanes: Rect) -> Response {
        let area = Rect::from_x_y_ranges(self.place.rect.x_range(), lanes.y_range());
        let response = ui.interact(area, Id::unique("timeline"), Sense::click_and_drag());
        response.widget_info(|| {
            let words = format!("Timeline, {}", span_words(&self.place));
            WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), words)
        });
        if response.clicked() {
            response.request_focus();
        }
        focus::ring(ui, &response);
        response
    }

    fn track_of(&self, row: Rect) -> Place {
        let pixel = self.layout.pixel;
        let gap = match row.height() {
            height if height < STEP_MIN => pixel / 2.0,
            height if height < 18.0 => 1.0,
            _ => 2.0,
        };
        let snap = |y: f32| (y / pixel).round() * pixel;
        let rect = Rect::from_x_y_ranges(
            self.place.rect.x_range(),
            snap(row.top() + gap)..=snap(row.bottom() - gap),
        );
        Place { rect, ..self.place }
    }

    fn lane_ui(&mut self, ui: &Ui, lane_idx: usize, row: Rect) {
        let theme = Theme::of(ui);
        let prepared = self.prepared;
        let lane = &prepared.lanes[lane_idx];
        let place = self.track_of(row);
        let painter = ui.painter_at(place.rect);
        painter.rect_filled(place.rect, 0.0, WELL.trough);
        painter.add(Shape::Mesh(self.mesh_of(lane_idx, lane, &place)));
        let lost = Stroke::new(2.0, theme.error);
        for at_ns in &lane.deaths_ns {
            let x = place.x_at(prepared.since_start(*at_ns));
            let middle = place.rect.center().y;
            for slope in [-4.0, 4.0] {
                let reach = vec2(4.0, slope);
                painter.line_segment([pos2(x, middle) - reach, pos2(x, middle) + reach], lost);
            }
        }
    }

    /// Made anew only where something moved.
    fn mesh_of(&mut self, lane_idx: usize, lane: &Lane, place: &Place) -> Arc<Mesh> {
        let key = (place.rect, place.pixel, place.span);
        let slot = &mut self.painted[lane_idx];
        if let Some(painted) = slot.as_ref().filter(|painted| painted.place == key) {
            return Arc::clone(&painted.mesh);
        }
        let mesh = Arc::new(lane_mesh(self.prepared, &lane.track, place));
        *slot = Some(Painted {
            place: key,
            mesh: Arc::clone(&mesh),
        });
        mesh
    }

    /// Outlines the bars of the tiles that the photo is pointed at in.
    fn light(&self, ui: &Ui, lane_idx: usize, row: Rect, lit: &[usize]) {
        let place = self.track_of(row);
        let painter = ui.painter_at(place.rect.expand(1.0));
        let owner = self.prepared.lanes[lane_idx].owner;
        for tile_record in lit {
            let Some((from_ns, to_ns)) = stretch_on(self.run, *tile_record, owner) else {
                continue;
            };
            let x = |at_ns: u64| place.x_at(self.prepared.since_start(at_ns));
            let rect = Rect::from_x_y_ranges(
                x(from_ns)..=x(to_ns).max(x(from_ns) + 2.0),
                place.rect.y_range(),
            );
            painter.rect_filled(rect, 0.0, WELL.on_photo.gamma_multiply(0.35));
            let edge = Stroke::new(1.5, WELL.on_photo);
            painter.rect_stroke(rect, 0.0, edge, StrokeKind::Inside);
        }
    }

    fn point(&self, ui: &Ui, response: &Response, rows: &[(usize, Rect)], at: Pos2) {
        let under = rows.iter().find(|(_, row)| row.y_range().contains(at.y));
        let Some((lane_idx, row)) = under.filter(|_| !response.dragged()) else {
            return;
        };
        let lane = &self.prepared.lanes[*lane_idx];
        let place = self.track_of(*row);
        let lines = tip_at(ui, self.run, self.prepared, lane, (&place, at.x));
        let cursor = Stroke::new(self.layout.pixel, WELL.faint);
        ui.painter().vline(at.x, self.place.rect.y_range(), cursor);
        let tip = Tooltip::always_open(
            ui.ctx().clone(),
            ui.layer_id(),
            response.id,
            egui::PopupAnchor::Pointer,
        );
        tip.gap(size::GAP_M).show(|ui| {
            tip_ui(ui, &lines);
            ui.label(
                egui::RichText::new(format!("{} · {}", lane.name, lane.shares))
                    .font(font::caption())
                    .color(Theme::of(ui).faint),
            );
        });
    }
}
