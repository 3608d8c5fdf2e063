//! How the field of a curve looks: a dark well, a grid of quarters, the diagonal, the line, its points.

use egui::{Rect, Shape, Stroke, Ui, vec2};

use crate::filters::curve_points::CurvePoints;
use crate::filters::kernels::monotone::MonotoneCubic;
use crate::ui::theme::{WELL, rgb, size};

use super::place_of;

const POINT_RADIUS: f32 = 4.0;
const MARKED_RADIUS: f32 = 5.5;
const LINE: f32 = 1.5;
/// Room for points that lie on the edge.
const INSET: f32 = 7.0;

/// The part of the well that stands for 0…1.
pub(super) fn field(rect: Rect) -> Rect {
    rect.shrink2(vec2(INSET, INSET))
}

pub(super) fn curve(
    ui: &Ui,
    rect: Rect,
    curve: &CurvePoints,
    ink: Option<u32>,
    marked: Option<usize>,
) {
    let painter = ui.painter();
    let field = field(rect);
    let ink = ink.map_or(WELL.text, rgb);
    painter.rect_filled(rect, size::RADIUS_CONTROL, WELL.ground);
    let hair = Stroke::new(1.0, WELL.line);
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let at = place_of(field, [share, share]);
        painter.vline(at.x, field.y_range(), hair);
        painter.hline(field.x_range(), at.y, hair);
    }
    let ends = [place_of(field, [0.0, 0.0]), place_of(field, [1.0, 1.0])];
    painter.line_segment(ends, hair);

    let cubic = MonotoneCubic::new(curve);
    let n_steps = (field.width() / 2.0).ceil().max(2.0) as u32;
    let line = (0..=n_steps).map(|step| {
        let x = f64::from(step) / f64::from(n_steps);
        place_of(field, [x, cubic.at(x).clamp(0.0, 1.0)])
    });
    painter.add(Shape::line(line.collect(), Stroke::new(LINE, ink)));
    for (idx, point) in curve.points().iter().enumerate() {
        let at = place_of(field, *point);
        let radius = if marked == Some(idx) {
            MARKED_RADIUS
        } else {
            POINT_RADIUS
        };
        painter.circle_filled(at, radius + 1.5, WELL.ground);
        painter.circle_filled(at, radius, ink);
        if marked != Some(idx) {
            painter.circle_filled(at, radius - LINE, WELL.ground);
        }
    }
}
