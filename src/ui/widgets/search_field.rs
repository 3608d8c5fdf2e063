//! A field to search with: a magnifier, words, and a cross once there is something to clear.

use egui::{Align2, Frame, Key, Margin, Rect, Response, TextEdit, Ui, pos2, vec2};

use crate::ui::theme::{Theme, font, size};

use super::focus;
use super::icon::Icon;
use super::icon_button::IconButton;

/// What the person did with the field.
#[derive(Debug)]
pub struct SearchOutcome {
    pub response: Response,
    pub is_changed: bool,
    /// Enter: take the first that was found.
    pub is_submitted: bool,
    /// Esc or the cross; the text is empty now.
    pub is_cleared: bool,
}

/// Over the whole width there is. `name` is its accessible name and its hint: "Add a filter".
pub fn search_field(ui: &mut Ui, name: &str, text: &mut String) -> SearchOutcome {
    let theme = Theme::of(ui);
    let (id, rect) = ui.allocate_space(vec2(ui.available_width(), size::BUTTON));
    ui.painter()
        .rect_filled(rect, size::RADIUS_CONTROL, theme.field);
    let glass = pos2(
        rect.left() + size::GAP_S + size::ICON / 2.0,
        rect.center().y,
    );
    Icon::Search.paint_sized(ui.painter(), glass, 16.0, theme.faint);
    let cross_width = if text.is_empty() { 0.0 } else { size::HIT };
    let inside = Rect::from_min_max(
        pos2(glass.x + size::ICON / 2.0 + size::GAP_XS, rect.top()),
        pos2(rect.right() - cross_width - size::GAP_XS, rect.bottom()),
    );
    let edit = line_edit(text, name).id(id.with("text"));
    let response = ui.put(inside, edit).accessible_name(name);
    focus::field_ring(ui, &response, rect);
    let (enter, esc) = ui.input(|input| {
        (
            input.key_pressed(Key::Enter),
            input.key_pressed(Key::Escape),
        )
    });
    let mut is_cleared = response.lost_focus() && esc;
    if cross_width > 0.0 {
        let cross = Rect::from_min_max(
            pos2(rect.right() - size::HIT - 2.0, rect.top()),
            rect.right_bottom(),
        );
        let button = IconButton::new(Icon::Close, "Clear the search").small();
        is_cleared |= ui.put(cross, button).clicked();
    }
    if is_cleared {
        text.clear();
    }
    SearchOutcome {
        is_changed: response.changed() || is_cleared,
        is_submitted: response.lost_focus() && enter,
        is_cleared,
        response,
    }
}

/// One line without a frame of its own, for fields that paint theirs.
pub(super) fn line_edit<'a>(text: &'a mut String, hint: &str) -> TextEdit<'a> {
    TextEdit::singleline(text)
        .hint_text(hint.to_owned())
        .font(font::body())
        .align(Align2::LEFT_CENTER)
        .frame(Frame::NONE.inner_margin(Margin::symmetric(4, 2)))
}
