//! One run among the lanes: its heading where there are several, and each of its lanes painted into a
//! row.

use std::sync::Arc;

use egui::{Mesh, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::telemetry::log::RunWithEvents;
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::text;

use super::paint::{Place, lane_mesh};
use super::pointed::stretch_on;
use super::prepared::{Lane, Prepared};
use super::span::Span;

/// From one lane to the next, at least; lanes that are lower have no names of their own.
pub(super) const STEP_MIN: f32 = 14.0;
/// Of the line above the lanes of a run, where there are several runs.
pub(super) const HEADING: f32 = 22.0;
pub(super) const NAME: f32 = 104.0;

/// A lane's triangles and what they were made for.
#[derive(Debug)]
pub(super) struct Painted {
    place: (Rect, f32, Span),
    mesh: Arc<Mesh>,
}

/// See the module's own words.
pub(super) struct Group<'a> {
    pub(super) run: &'a RunWithEvents,
    /// Empty where the run stands alone.
    pub(super) heading: &'a str,
    pub(super) prepared: &'a Prepared,
    /// By lane.
    pub(super) painted: &'a mut Vec<Option<Painted>>,
    /// Its tiles at the place of the photo that is pointed at.
    pub(super) lit: Vec<usize>,
    /// From one lane to the next.
    pub(super) step: f32,
}

impl Group<'_> {
    /// What the run was, above its lanes; nothing where it stands alone.
    pub(super) fn heading_ui(&self, ui: &mut Ui) {
        if self.heading.is_empty() {
            return;
        }
        let wanted = vec2(ui.available_width(), HEADING);
        let (row, response) = ui.allocate_exact_size(wanted, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, self.heading));
        let theme = Theme::of(ui);
        let row = row.with_min_y(row.top() + 4.0);
        let at = pos2(row.left() + size::DOT / 2.0, row.center().y);
        let mark = self.prepared.classes.backend();
        mark.paint(ui.painter(), theme, at, size::DOT);
        let words = row.with_min_x(row.left() + size::DOT + size::GAP_S);
        text::left_list(ui, words, self.heading, font::caption(), theme.text);
    }

    /// A lane in its row, with name, shares and the tiles that are pointed at.
    pub(super) fn row_ui(&mut self, ui: &Ui, lane_idx: usize, row: Rect, place: &Place) {
        // Names of lanes that are lower than their names stand at some of them, and within the run.
        let named_every = (STEP_MIN / row.height()).ceil().max(1.0) as usize;
        let has_room = lane_idx + named_every <= self.prepared.lanes.len();
        if row.height() >= STEP_MIN || (lane_idx.is_multiple_of(named_every) && has_room) {
            let high = row.height().max(STEP_MIN);
            let named = row.with_max_y(row.top() + high);
            name_ui(ui, &self.prepared.lanes[lane_idx], named, place);
        }
        let track = track_of(row, place);
        self.lane_ui(ui, lane_idx, &track);
        self.light(ui, lane_idx, &track);
    }

    /// What a lane is called by who cannot see it.
    pub(super) fn spoken(&self, lane_idx: usize) -> String {
        let lane = &self.prepared.lanes[lane_idx];
        if self.heading.is_empty() {
            format!("{}: {}", lane.name, lane.shares)
        } else {
            format!("{}: {}, of {}", lane.name, lane.shares, self.heading)
        }
    }

    fn lane_ui(&mut self, ui: &Ui, lane_idx: usize, place: &Place) {
        let theme = Theme::of(ui);
        let prepared = self.prepared;
        let lane = &prepared.lanes[lane_idx];
        let painter = ui.painter_at(place.rect);
        // On a scale that longer runs share, a run ends where its lanes end.
        let end = place.x_at(self.run.record.wall_ns as f64).ceil();
        let trough = place.rect.with_max_x(end.min(place.rect.right()));
        if trough.is_positive() {
            painter.rect_filled(trough, 0.0, WELL.trough);
        }
        painter.add(Shape::Mesh(self.mesh_of(lane_idx, lane, place)));
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
    fn light(&self, ui: &Ui, lane_idx: usize, place: &Place) {
        let painter = ui.painter_at(place.rect.expand(1.0));
        let owner = self.prepared.lanes[lane_idx].owner;
        for tile_record in &self.lit {
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
}

fn name_ui(ui: &Ui, lane: &Lane, row: Rect, place: &Place) {
    let theme = Theme::of(ui);
    let written = text::left(ui, row, &lane.name, font::caption(), theme.soft);
    let beside = row
        .with_min_x(written.right() + 6.0)
        .with_max_x(row.left() + NAME - size::GAP_XS);
    if !lane.remark.is_empty() {
        text::left(ui, beside, &lane.remark, font::caption(), theme.faint);
    }
    let words = row.with_min_x(place.rect.right() + size::GAP_M);
    if words.width() > NAME {
        text::left_list(ui, words, &lane.shares, font::caption(), theme.faint);
    }
}

/// Where the bars of a row lie, on whole pixels.
pub(super) fn track_of(row: Rect, place: &Place) -> Place {
    let pixel = place.pixel;
    let gap = match row.height() {
        height if height < 3.0 => 0.0,
        height if height < STEP_MIN => pixel / 2.0,
        height if height < 18.0 => 1.0,
        _ => 2.0,
    };
    let snap = |y: f32| (y / pixel).round() * pixel;
    let rect = Rect::from_x_y_ranges(
        place.rect.x_range(),
        snap(row.top() + gap)..=snap(row.bottom() - gap),
    );
    Place { rect, ..*place }
}
