//! A row of a list: words at the left, a figure at the right, the chosen one with a bright bar at its
//! edge. Presets, history, recent files.

use egui::accesskit::Role;
use egui::{Response, Sense, Ui, Widget, WidgetInfo, vec2};

use crate::ui::theme::{Theme, font, size};

use super::{focus, text};

#[must_use = "show it with ui.add"]
pub struct ListRow<'a> {
    label: &'a str,
    figure: &'a str,
    is_chosen: bool,
    is_ahead: bool,
}

impl<'a> ListRow<'a> {
    pub const fn new(label: &'a str) -> Self {
        Self {
            label,
            figure: "",
            is_chosen: false,
            is_ahead: false,
        }
    }

    pub const fn figure(mut self, figure: &'a str) -> Self {
        self.figure = figure;
        self
    }

    pub const fn chosen(mut self, is_chosen: bool) -> Self {
        self.is_chosen = is_chosen;
        self
    }

    /// A step that was undone and could be redone.
    pub const fn ahead(mut self, is_ahead: bool) -> Self {
        self.is_ahead = is_ahead;
        self
    }
}

impl Widget for ListRow<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui);
        let wanted = vec2(ui.available_width(), size::ROW);
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
        response.widget_info(|| {
            let role = Role::ListBoxOption;
            WidgetInfo::selected(role, ui.is_enabled(), self.is_chosen, self.label)
        });
        let painter = ui.painter();
        if self.is_chosen || response.hovered() || response.has_focus() {
            let ground = if self.is_chosen {
                theme.control
            } else {
                theme.card
            };
            painter.rect_filled(rect, 0.0, ground);
        }
        if self.is_chosen {
            painter.rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, theme.accent);
        }
        let ink = if self.is_ahead {
            theme.off
        } else if self.is_chosen || response.hovered() {
            theme.text
        } else {
            theme.soft
        };
        let inside = rect.shrink2(vec2(size::GAP_M, 0.0));
        let figure_ink = if self.is_ahead {
            theme.off
        } else if self.is_chosen {
            theme.faint_on_control
        } else {
            theme.faint
        };
        let figure = text::right(ui, inside, self.figure, font::caption(), figure_ink);
        let words = inside.with_max_x(figure.left() - size::GAP_S);
        text::left(ui, words, self.label, font::body(), ink);
        focus::ring_around(ui, &response, rect.shrink(3.0), 3);
        response
    }
}
