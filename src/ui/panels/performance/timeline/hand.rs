//! The hand on the timeline: the wheel zooms at the pointer, a drag pans, arrows do both, Home and a
//! double click show the whole run.

use egui::{CursorIcon, EventFilter, Key, PointerButton, Response, Ui, Vec2};

use super::paint::Place;
use super::span::Span;

/// Points of wheel travel that zoom by a factor of e.
const WHEEL_PER_E: f64 = 220.0;
/// Of an arrow key.
const KEY_PAN: f64 = 0.15;
const KEY_ZOOM: f64 = 1.4;

/// What wheel, drag and keys make of the stretch shown, and by how far the lanes scroll.
pub(super) fn hand(ui: &Ui, response: &Response, place: &Place) -> (Option<Span>, f32) {
    let span = place.span;
    let width = f64::from(place.rect.width().max(1.0));
    if let Some(at) = response.hover_pos().filter(|_| response.contains_pointer()) {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
        if scroll.x != 0.0 {
            return (Some(span.panned(-f64::from(scroll.x) / width)), 0.0);
        }
        let factor = (-f64::from(scroll.y) / WHEEL_PER_E).exp() / f64::from(pinch);
        if factor != 1.0 {
            let share = f64::from(at.x - place.rect.left()) / width;
            return (Some(span.zoomed(factor, share)), 0.0);
        }
    }
    let is_dragged =
        response.dragged_by(PointerButton::Primary) || response.dragged_by(PointerButton::Middle);
    if is_dragged {
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        let by = response.drag_delta();
        if by != Vec2::ZERO {
            return (Some(span.panned(-f64::from(by.x) / width)), by.y);
        }
    }
    if response.double_clicked() {
        return (Some(Span::whole(span.whole_ns())), 0.0);
    }
    (keys(ui, response, span), 0.0)
}

fn keys(ui: &Ui, response: &Response, span: Span) -> Option<Span> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let presses = |key: Key| ui.input(|input| input.num_presses(key) as f64);
    if presses(Key::Home) > 0.0 {
        return Some(Span::whole(span.whole_ns()));
    }
    let pan = presses(Key::ArrowRight) - presses(Key::ArrowLeft);
    let zoom = presses(Key::ArrowDown) - presses(Key::ArrowUp);
    if zoom != 0.0 {
        return Some(span.zoomed(KEY_ZOOM.powf(zoom), 0.5));
    }
    (pan != 0.0).then(|| span.panned(pan * KEY_PAN))
}
