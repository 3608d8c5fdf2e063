//! The six dots that a card is moved by: dragged, or with the keyboard by Alt and an arrow.

use egui::{CursorIcon, Id, Key, Modifiers, Rect, Response, Role, Sense, Ui, WidgetInfo};

use crate::ui::theme::{Theme, size};
use crate::ui::widgets::icon::Icon;
use crate::ui::widgets::{focus, tooltip};

use super::{CardAction, CardView};

pub(super) fn show(
    ui: &Ui,
    id: Id,
    row: Rect,
    view: &CardView<'_>,
    shows_controls: bool,
) -> (Option<Response>, Option<CardAction>) {
    if !view.is_edit {
        return (None, None);
    }
    let rect = row.with_max_x(row.left() + size::CARD_GRIP);
    let response = ui
        .interact(rect, id.with("grip"), Sense::drag())
        .on_hover_and_drag_cursor(CursorIcon::Grab);
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Button,
            ui.is_enabled(),
            format!("Move: {}", view.title),
        )
    });
    let theme = Theme::of(ui);
    if shows_controls || response.has_focus() || response.dragged() {
        let ink = if response.hovered() || response.dragged() {
            theme.text
        } else {
            theme.off
        };
        Icon::Grip.paint(ui.painter(), rect, ink);
    }
    focus::ring(ui, &response);
    let action = if response.has_focus() {
        moved_by_key(ui)
    } else {
        None
    };
    let response = tooltip::tip(response, "Drag to move", "Alt+↑ Alt+↓");
    (Some(response), action)
}

fn moved_by_key(ui: &Ui) -> Option<CardAction> {
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::ALT, Key::ArrowUp) {
            Some(CardAction::MoveUp)
        } else if input.consume_key(Modifiers::ALT, Key::ArrowDown) {
            Some(CardAction::MoveDown)
        } else {
            None
        }
    })
}
