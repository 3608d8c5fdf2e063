//! The line between before and after on the photo, with a knob to take it by.

use egui::{
    Color32, CursorIcon, EventFilter, Id, Key, Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

use crate::ui::theme::{Theme, WELL, font, size};

use super::{focus, text};

const KNOB_RADIUS: f32 = 12.0;
const KEY_STEP: f32 = 0.02;

/// Over the photo's rectangle; `share` is the width that shows before, 0…1. Returns where the person
/// moved it.
pub fn wipe_handle(ui: &Ui, photo: Rect, share: f32) -> Option<f32> {
    let x = photo.left() + photo.width() * share.clamp(0.0, 1.0);
    let grip = Rect::from_center_size(pos2(x, photo.center().y), vec2(size::HIT, photo.height()));
    let response = ui
        .interact(grip, Id::unique("before and after"), Sense::drag())
        .on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    response.widget_info(|| {
        WidgetInfo::slider(
            ui.is_enabled(),
            f64::from(share),
            "Between before and after",
        )
    });
    paint(ui, photo, x, &response);
    let moved = moved_by_keys(ui, &response).map(|by| share + by);
    let dragged = response
        .dragged()
        .then(|| response.interact_pointer_pos())
        .flatten()
        .map(|pointer| (pointer.x - photo.left()) / photo.width());
    dragged.or(moved).map(|share| share.clamp(0.0, 1.0))
}

fn paint(ui: &Ui, photo: Rect, x: f32, response: &Response) {
    let theme = Theme::of(ui);
    let painter = ui.painter();
    painter.vline(x, photo.y_range(), Stroke::new(3.0, WELL.on_photo_edge));
    painter.vline(x, photo.y_range(), Stroke::new(1.0, WELL.on_photo));
    let knob = pos2(x, photo.center().y);
    let edge = Stroke::new(1.0, WELL.on_photo_edge);
    painter.circle(knob, KNOB_RADIUS, WELL.on_photo, edge);
    let ink = Stroke::new(1.7, WELL.on_light_mark);
    for side in [-1.0, 1.0] {
        let tip = knob + vec2(6.5 * side, 0.0);
        let back = vec2(-3.2 * side, 3.2);
        painter.line_segment([tip, tip + back], ink);
        painter.line_segment([tip, tip + vec2(back.x, -back.y)], ink);
    }
    if response.has_focus() && focus::by_keyboard(ui) {
        let gap = Stroke::new(size::FOCUS_GAP, theme.focus_gap);
        painter.circle_stroke(knob, KNOB_RADIUS + 1.0, gap);
        let ring = Stroke::new(size::FOCUS_RING, WELL.on_photo);
        painter.circle_stroke(knob, KNOB_RADIUS + 2.5, ring);
    }
}

fn moved_by_keys(ui: &Ui, response: &Response) -> Option<f32> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let by = ui.input(|input| {
        input.num_presses(Key::ArrowRight) as f32 - input.num_presses(Key::ArrowLeft) as f32
    });
    (by != 0.0).then_some(by * KEY_STEP)
}

/// "Before", "After": a word in a corner of the photo. `is_left` puts it at the left.
pub fn photo_badge(ui: &Ui, photo: Rect, word: &str, is_left: bool) {
    let width = text::width(ui, word, font::caption()) + 2.0 * size::GAP_S;
    let top = photo.top() + size::GAP_M;
    let left = if is_left {
        photo.left() + size::GAP_M
    } else {
        photo.right() - size::GAP_M - width
    };
    let rect = Rect::from_min_size(pos2(left, top), vec2(width, 22.0));
    ui.painter().rect_filled(rect, 4.0, WELL.badge);
    text::center(ui, rect, word, font::caption(), WELL.text);
    let response = ui.interact(rect, Id::unique(("badge", word)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, word));
}

/// The outline of a tile with what is known of it, while pointing at the timeline.
pub fn tile_outline(ui: &Ui, tile: Rect, label: &str, color: Color32) {
    let painter = ui.painter();
    let stroke = Stroke::new(1.0, color);
    painter.rect_stroke(tile, 0.0, stroke, egui::StrokeKind::Inside);
    let width = text::width(ui, label, font::caption()) + 2.0 * 6.0;
    let tab = Rect::from_min_size(
        pos2(tile.left(), tile.top() - 18.0),
        vec2(width.max(tile.width().min(width)), 18.0),
    );
    painter.rect_filled(tab, 2.0, color);
    text::center(ui, tab, label, font::caption(), WELL.on_light_mark);
}
