//! A field that takes a path, beside every "Browse…", because some desktops have no file dialog.

use egui::{Key, Rect, Ui, pos2, vec2};

use crate::ui::theme::{Theme, font, size};

use super::button::Button;
use super::search_field::line_edit;
use super::{focus, text};

/// What the person did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PathOutcome {
    pub is_changed: bool,
    /// Enter in the field.
    pub is_submitted: bool,
    /// "Browse…": ask the desktop.
    pub wants_dialog: bool,
    /// The field's own id, to give it the keyboard.
    pub field: Option<egui::Id>,
}

/// Over the whole width there is. `problem` stands below the field until it is gone.
pub fn path_field(
    ui: &mut Ui,
    name: &str,
    path: &mut String,
    problem: Option<&str>,
) -> PathOutcome {
    let theme = Theme::of(ui);
    let browse_width = text::width(ui, "Browse…", font::title()).ceil() + 2.0 * size::GAP_M;
    let (id, rect) = ui.allocate_space(vec2(ui.available_width(), size::BUTTON));
    let field = rect.with_max_x(rect.right() - browse_width - size::GAP_S);
    ui.painter()
        .rect_filled(field, size::RADIUS_CONTROL, theme.field);
    let edit = line_edit(path, name).id(id.with("path"));
    let inside = field.shrink2(vec2(size::GAP_XS, 0.0));
    let response = ui.put(inside, edit).accessible_name(name);
    focus::field_ring(ui, &response, field);
    let enter = ui.input(|input| input.key_pressed(Key::Enter));
    let button = Rect::from_min_max(pos2(rect.right() - browse_width, rect.top()), rect.max);
    let browse = ui.put(
        button,
        Button::quiet("Browse…").tip("Choose with the desktop's file dialog", ""),
    );
    if let Some(problem) = problem {
        super::notice::sign_line(ui, super::notice::Kind::Error, problem);
    }
    PathOutcome {
        is_changed: response.changed(),
        is_submitted: response.lost_focus() && enter,
        wants_dialog: browse.clicked(),
        field: Some(response.id),
    }
}
