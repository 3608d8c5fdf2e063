//! A field in which a curve is drawn: points one drags, the line between them as the filter runs it.
//!
//! Drag moves a point, a double click adds one, a right click or dragging it out of the field removes
//! it. With the keyboard: Page Up and Page Down choose a point, arrows move it (Shift is finer), Insert
//! adds one behind it, Delete removes it. Esc cancels a drag. One gesture is one step.

use egui::{Id, Rect, Response, Sense, Ui, WidgetInfo, vec2};

use crate::filters::curve_points::CurvePoints;
use crate::ui::theme::size;

use super::focus;
use super::slider::Stage;

mod gesture;
mod paint;

use gesture::Gesture;

#[cfg(test)]
mod tests;

/// What the field answers.
#[derive(Debug)]
pub struct CurveOutcome {
    pub response: Response,
    /// At most one a frame.
    pub change: Option<(CurvePoints, Stage)>,
}

/// Shows `curve` over the whole width there is. `ink` is the line's, as 0xRRGGBB; `None` for the
/// writing's own.
pub fn param_curve(
    ui: &mut Ui,
    name: &str,
    id_salt: impl std::hash::Hash + std::fmt::Debug,
    curve: &CurvePoints,
    ink: Option<u32>,
) -> CurveOutcome {
    let id: Id = ui.make_persistent_id(("curve", id_salt));
    let width = ui.available_width();
    let (_, outer) = ui.allocate_space(vec2(width, HEIGHT + 2.0 * size::GAP_XS));
    let rect = outer.shrink2(vec2(0.0, size::GAP_XS));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let mut gesture: Gesture = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let field = paint::field(rect);
    let change = gesture.step(ui, &response, field, curve);
    let shown = gesture.shown(curve).clone();
    describe(ui, &response, name, &shown, gesture.selected(&shown));
    if ui.is_rect_visible(rect) {
        let mark = gesture.marked(ui, &response, field, &shown);
        paint::curve(ui, rect, &shown, ink, mark);
        focus::ring_around(ui, &response, rect, size::RADIUS_CONTROL);
    }
    if let Some(wait) = gesture.wait(ui) {
        ui.ctx().request_repaint_after(wait);
    }
    ui.data_mut(|data| data.insert_temp(id, gesture));
    CurveOutcome { response, change }
}

/// As high as a few rows, so that a card stays a card.
const HEIGHT: f32 = 168.0;

fn describe(ui: &Ui, response: &Response, name: &str, curve: &CurvePoints, selected: usize) {
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Canvas, ui.is_enabled(), name));
    let points = curve.points();
    let [x, y] = points[selected.min(points.len() - 1)];
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(format!(
            "point {} of {}: {:.0} to {:.0} per cent",
            selected + 1,
            points.len(),
            x * 100.0,
            y * 100.0
        ));
    });
}

/// Where a point of the curve lies in the field.
fn place_of(field: Rect, [x, y]: [f64; 2]) -> egui::Pos2 {
    egui::pos2(
        field.left() + field.width() * x as f32,
        field.bottom() - field.height() * y as f32,
    )
}

/// The point of the curve under a place in the field, held to the field.
fn point_at(field: Rect, at: egui::Pos2) -> [f64; 2] {
    let x = (at.x - field.left()) / field.width();
    let y = (field.bottom() - at.y) / field.height();
    [x, y].map(|share| (f64::from(share) * 1000.0).round().clamp(0.0, 1000.0) / 1000.0)
}
