//! The crop's overlay: the picture outside darkened, thirds, eight handles, and a strip with aspects.

use egui::{
    Area, CursorIcon, Frame, Id, Key, Margin, Order, Pos2, Rect, Role, Sense, Stroke, StrokeKind,
    Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::ui::command::{Outbox, ShowCommand};
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::{Button, Icon, IconButton, Segment, Segmented, text};

use super::crop::{Aspect, CropBox, GRIPS, Grip};
use super::crop_tool::CropTool;

/// How far from an edge a hand can still take it, in points.
const REACH: f32 = 14.0;

/// Pixels of the picture an arrow key moves the rectangle by.
const KEY_STEP_PX: f64 = 10.0;

/// Draws the overlay over the whole picture at `photo` and takes mouse and keyboard.
pub(super) fn crop_ui(ui: &mut Ui, photo: Rect, tool: &mut CropTool, outbox: &mut Outbox) {
    paint(ui, photo, inside(photo, &tool.area));
    drag_ui(ui, photo, tool);
    keys_ui(ui, tool, outbox);
    strip_ui(ui, photo, tool, outbox);
}

fn inside(photo: Rect, area: &CropBox) -> Rect {
    let [left, top, right, bottom] = area.edge_shares();
    let at = |x: f32, y: f32| photo.min + vec2(x, y) * photo.size();
    Rect::from_min_max(at(left, top), at(right, bottom))
}

fn paint(ui: &Ui, photo: Rect, crop: Rect) {
    let painter = ui.painter();
    let shade = WELL.cropped_away;
    let (top, bottom) = (crop.y_range().min, crop.y_range().max);
    painter.rect_filled(photo.with_max_y(top), 0.0, shade);
    painter.rect_filled(photo.with_min_y(bottom), 0.0, shade);
    let band = Rect::from_x_y_ranges(photo.x_range(), top..=bottom);
    painter.rect_filled(band.with_max_x(crop.left()), 0.0, shade);
    painter.rect_filled(band.with_min_x(crop.right()), 0.0, shade);
    let thirds = Stroke::new(1.0, WELL.on_photo.gamma_multiply(0.45));
    for share in [1.0 / 3.0, 2.0 / 3.0] {
        painter.vline(crop.left() + crop.width() * share, crop.y_range(), thirds);
        painter.hline(crop.x_range(), crop.top() + crop.height() * share, thirds);
    }
    let dark = Stroke::new(3.0, WELL.on_photo_edge);
    let light = Stroke::new(1.0, WELL.on_photo);
    painter.rect_stroke(crop, 0.0, dark, StrokeKind::Middle);
    painter.rect_stroke(crop, 0.0, light, StrokeKind::Middle);
    for grip in GRIPS {
        handle(ui, crop, grip);
    }
}

/// Corners are angles, edges short bars.
fn handle(ui: &Ui, crop: Rect, grip: Grip) {
    let stroke = Stroke::new(3.0, WELL.on_photo);
    let at = grip_at(crop, grip);
    let length = 16.0_f32.min(crop.width() / 4.0).min(crop.height() / 4.0);
    let painter = ui.painter();
    let [x, y] = grip.map(f32::from);
    if x != 0.0 && y != 0.0 {
        let corner = at + vec2(x, y);
        painter.line_segment(
            [corner + vec2(x * 1.5, 0.0), corner - vec2(x * length, 0.0)],
            stroke,
        );
        painter.line_segment(
            [corner + vec2(0.0, y * 1.5), corner - vec2(0.0, y * length)],
            stroke,
        );
    } else {
        let along = vec2(y.abs(), x.abs()) * length / 2.0;
        painter.line_segment([at - along, at + along], stroke);
    }
}

fn grip_at(crop: Rect, grip: Grip) -> Pos2 {
    let share = grip.map(|side| f32::midpoint(f32::from(side), 1.0));
    crop.min + vec2(share[0], share[1]) * crop.size()
}

fn grip_under(crop: Rect, at: Pos2) -> Option<Grip> {
    let side = |low: f32, high: f32, at: f32| {
        let (to_low, to_high) = ((at - low).abs(), (at - high).abs());
        match to_low.min(to_high) <= REACH {
            true if to_low <= to_high => -1,
            true => 1,
            false => 0,
        }
    };
    if !crop.expand(REACH).contains(at) {
        return None;
    }
    Some([
        side(crop.left(), crop.right(), at.x),
        side(crop.top(), crop.bottom(), at.y),
    ])
}

fn drag_ui(ui: &Ui, photo: Rect, tool: &mut CropTool) {
    let sensed = photo.expand(REACH).intersect(ui.clip_rect());
    let response = ui.interact(sensed, Id::unique("crop"), Sense::click_and_drag());
    response.widget_info(|| {
        let [width, height] = tool.area.size_px();
        let name = format!("Crop rectangle, {width} × {height} pixels");
        WidgetInfo::labeled(Role::Image, ui.is_enabled(), name)
    });
    let crop = inside(photo, &tool.area);
    let pressed_at = ui.input(|input| input.pointer.press_origin());
    if response.drag_started() {
        let grip = pressed_at.and_then(|at| grip_under(crop, at));
        tool.grabbed = grip.map(|grip| (grip, tool.area.edges));
    }
    let pointed = response.hover_pos().and_then(|at| grip_under(crop, at));
    if let Some(grip) = tool.grabbed.map(|(grip, _)| grip).or(pointed) {
        ui.ctx().set_cursor_icon(cursor(grip));
    }
    if response.drag_stopped() {
        tool.grabbed = None;
    }
    let now_at = ui.input(|input| input.pointer.latest_pos());
    if let (Some((grip, from)), Some(began), Some(now)) = (tool.grabbed, pressed_at, now_at) {
        let per_point = tool.area.size_px_of_frame()[0] / f64::from(photo.width().max(1.0));
        let by: Vec2 = now - began;
        let by_px = [by.x, by.y].map(|points| f64::from(points) * per_point);
        tool.area.drag(grip, from, by_px);
    }
}

const fn cursor(grip: Grip) -> CursorIcon {
    match grip {
        [0, 0] => CursorIcon::Move,
        [0, _] => CursorIcon::ResizeVertical,
        [_, 0] => CursorIcon::ResizeHorizontal,
        [-1, -1] | [1, 1] => CursorIcon::ResizeNwSe,
        _ => CursorIcon::ResizeNeSw,
    }
}

/// Enter and Escape are in the table of keys; the arrows belong to the rectangle.
fn keys_ui(ui: &Ui, tool: &mut CropTool, outbox: &mut Outbox) {
    if ui.ctx().text_edit_focused() || ui.memory(|memory| memory.focused().is_some()) {
        return;
    }
    if ui.input(|input| input.key_pressed(Key::Enter)) {
        outbox.show(ShowCommand::ToggleCrop);
    }
    let (by, is_sizing) = ui.input(|input| {
        let presses = |key: Key| input.num_presses(key) as f64;
        let x = presses(Key::ArrowRight) - presses(Key::ArrowLeft);
        let y = presses(Key::ArrowDown) - presses(Key::ArrowUp);
        ([x * KEY_STEP_PX, y * KEY_STEP_PX], input.modifiers.shift)
    });
    if by != [0.0, 0.0] {
        let grip = if is_sizing { [1, 1] } else { [0, 0] };
        tool.area.drag(grip, tool.area.edges, by);
    }
}

fn strip_ui(ui: &Ui, photo: Rect, tool: &mut CropTool, outbox: &mut Outbox) {
    let theme = Theme::of(ui);
    let canvas = ui.clip_rect();
    let at = pos2(photo.center().x, canvas.bottom() - size::GAP_M);
    let frame = Frame::NONE
        .fill(theme.card)
        .stroke(Stroke::new(1.0, theme.line_outer))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(Margin::symmetric(8, 6));
    Area::new(Id::unique("crop strip"))
        .order(Order::Middle)
        .pivot(egui::Align2::CENTER_BOTTOM)
        .fixed_pos(at)
        .show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                ui.horizontal(|ui| strip_contents(ui, tool, outbox));
            });
        });
}

fn strip_contents(ui: &mut Ui, tool: &mut CropTool, outbox: &mut Outbox) {
    let theme = Theme::of(ui);
    let segments = Aspect::ALL.map(|aspect| Segment::new(aspect.label()));
    let chosen = Aspect::ALL
        .iter()
        .position(|aspect| *aspect == tool.area.aspect);
    if let Some(idx) = Segmented::new("Aspect", &segments).show(ui, chosen) {
        tool.area.choose(Aspect::ALL[idx], tool.area.is_turned);
    }
    let swap = IconButton::new(Icon::RotateRight, "Exchange width and height")
        .enabled(tool.area.aspect != Aspect::Free);
    if ui.add(swap).clicked() {
        tool.area.choose(tool.area.aspect, !tool.area.is_turned);
    }
    let [width, height] = tool.area.size_px();
    let (rect, _) = ui.allocate_exact_size(vec2(104.0, size::BUTTON), Sense::hover());
    let size_text = format!("{width} × {height}");
    text::center(ui, rect, &size_text, font::caption(), theme.soft);
    let reset = IconButton::new(Icon::Reset, "The whole picture again");
    if ui.add(reset).clicked() {
        tool.area.reset();
    }
    if ui.add(Button::quiet("Cancel").tip("", "Esc")).clicked() {
        outbox.show(ShowCommand::Dismiss);
    }
    if ui.add(Button::main("Crop").tip("", "Enter")).clicked() {
        outbox.show(ShowCommand::ToggleCrop);
    }
}
