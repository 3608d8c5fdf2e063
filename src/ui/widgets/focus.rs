//! The keyboard's ring: 2 px with a dark gap of 1 px, shown when a person moves by keyboard, not
//! when they click.

use egui::{Event, Id, Key, Rect, Response, Stroke, StrokeKind, Ui};

use crate::ui::theme::{Theme, size};

/// Paints the ring around `response` where it has the keyboard.
pub fn ring(ui: &Ui, response: &Response) {
    ring_around(ui, response, response.rect, size::RADIUS_CONTROL);
}

/// As [`ring`], around something other than what senses the pointer.
pub fn ring_around(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if !response.has_focus() || !by_keyboard(ui) {
        return;
    }
    let theme = Theme::of(ui);
    let painter = ui.painter();
    painter.rect_stroke(
        rect,
        radius,
        Stroke::new(size::FOCUS_GAP, theme.focus_gap),
        StrokeKind::Outside,
    );
    painter.rect_stroke(
        rect.expand(size::FOCUS_GAP),
        radius + 1,
        Stroke::new(size::FOCUS_RING, theme.focus),
        StrokeKind::Outside,
    );
}

/// Whether the person last moved the focus by key or assistive technology.
#[must_use]
pub fn by_keyboard(ui: &Ui) -> bool {
    let id = Id::unique("focus moved by keyboard");
    let (moved, clicked) = ui.input(|input| {
        let moved = input.key_pressed(Key::Tab)
            || input.key_pressed(Key::ArrowUp)
            || input.key_pressed(Key::ArrowDown)
            || input.key_pressed(Key::ArrowLeft)
            || input.key_pressed(Key::ArrowRight)
            || input
                .events
                .iter()
                .any(|event| matches!(event, Event::AccessKitActionRequest(_)));
        (moved, input.pointer.any_pressed())
    });
    if moved || clicked {
        ui.data_mut(|data| data.insert_temp(id, moved));
    }
    ui.data(|data| data.get_temp(id).unwrap_or(false))
}

/// Whether anything inside `rect` has the keyboard: what shows on hover shows then as well.
#[must_use]
pub fn is_within(ui: &Ui, rect: Rect) -> bool {
    let Some(focused) = ui.memory(egui::Memory::focused) else {
        return false;
    };
    by_keyboard(ui)
        && ui
            .ctx()
            .read_response(focused)
            .is_some_and(|response| rect.contains_rect(response.rect.shrink(1.0)))
}

/// A text field that is being typed into is always ringed, however it got the focus.
pub fn field_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let theme = Theme::of(ui);
        let stroke = Stroke::new(1.5, theme.focus);
        ui.painter()
            .rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    }
}
