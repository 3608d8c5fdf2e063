//! How a slider's track and knob look.

use egui::{Color32, Direction, Painter, Pos2, Rect, Response, Shape, Stroke, Ui, pos2, vec2};

use crate::filters::spec::{NumberSpec, Track};
use crate::ui::theme::{HUE_CIRCLE, Theme, WELL, rgb};

use super::scale;

pub(super) const KNOB_RADIUS: f32 = 6.0;
const KNOB_GAP: f32 = 1.5;
const TRACK_THICKNESS: f32 = 2.0;
const ZERO_MARK: f32 = 8.0;

/// The line the knob's middle runs on.
pub(super) fn rail(rect: Rect) -> Rect {
    Rect::from_center_size(
        rect.center(),
        vec2(rect.width() - 2.0 * KNOB_RADIUS, TRACK_THICKNESS),
    )
}

pub(super) fn knob_x(rail: Rect, position: f64) -> f32 {
    rail.left() + rail.width() * position as f32
}

pub(super) fn slider(ui: &Ui, response: &Response, number: &NumberSpec, value: f64) {
    let theme = Theme::of(ui);
    let painter = ui.painter();
    let rail = rail(response.rect);
    let knob = pos2(
        knob_x(rail, scale::position_of(number, value)),
        rail.center().y,
    );
    let origin = origin(number);
    let origin_x = knob_x(rail, scale::position_of(number, origin));
    painter.rect_filled(rail, 1.0, theme.track);
    match number.track {
        Track::Temperature => gradient(painter, rail, [WELL.cold, theme.track, WELL.warm]),
        Track::Tint => gradient(painter, rail, [WELL.leaf, theme.track, WELL.rose]),
        Track::Hue => hues(painter, rail),
        Track::Blend(codes) => gradient(painter, rail, codes.map(rgb)),
        Track::Plain | Track::Fine | Track::Ratio => {
            let filled =
                Rect::from_two_pos(pos2(origin_x, rail.top()), pos2(knob.x, rail.bottom()));
            painter.rect_filled(filled, 0.0, theme.accent);
        }
    }
    if origin > number.min && origin < number.max {
        let y = rail.center().y;
        let half = ZERO_MARK / 2.0;
        painter.vline(origin_x, y - half..=y + half, Stroke::new(1.0, theme.faint));
    }
    paint_knob(painter, theme, knob, response);
}

/// What the filled part begins at: where the parameter does nothing, or 0 between two signs.
fn origin(number: &NumberSpec) -> f64 {
    let middle = if number.min < 0.0 && number.max > 0.0 {
        0.0
    } else {
        number.min
    };
    number.identity.unwrap_or(middle)
}

/// Once round the circle.
fn hues(painter: &Painter, rail: Rect) {
    let n_parts = HUE_CIRCLE.len() - 1;
    for (idx, pair) in HUE_CIRCLE.windows(2).enumerate() {
        let share = |idx: usize| rail.left() + rail.width() * idx as f32 / n_parts as f32;
        let part = rail.with_min_x(share(idx)).with_max_x(share(idx + 1));
        let ends = [pair[0], pair[1]];
        painter.add(Shape::gradient_rect(part, Direction::LeftToRight, ends));
    }
}

fn paint_knob(painter: &Painter, theme: &Theme, knob: Pos2, response: &Response) {
    let is_held = response.is_pointer_button_down_on();
    let radius = if is_held || response.hovered() {
        KNOB_RADIUS + 0.5
    } else {
        KNOB_RADIUS
    };
    painter.circle_filled(knob, radius + KNOB_GAP, theme.card);
    painter.circle_filled(knob, radius, theme.knob);
}

/// From the lower end over the middle to the upper.
fn gradient(painter: &Painter, rail: Rect, [low, middle, high]: [Color32; 3]) {
    let (left, right) = rail.split_left_right_at_fraction(0.5);
    painter.add(Shape::gradient_rect(
        left,
        Direction::LeftToRight,
        [low, middle],
    ));
    painter.add(Shape::gradient_rect(
        right,
        Direction::LeftToRight,
        [middle, high],
    ));
}
