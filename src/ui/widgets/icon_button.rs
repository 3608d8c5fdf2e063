//! A button that is an icon: toolbar, cards, panel heads. Its name is for screen readers and the
//! tooltip.

use egui::{Response, Role, Sense, Ui, Vec2, Widget, WidgetInfo};

use crate::ui::theme::{CLEAR, Theme, size};

use super::icon::Icon;
use super::{focus, spoken, tooltip};

#[must_use = "show it with ui.add"]
pub struct IconButton<'a> {
    icon: Icon,
    name: &'a str,
    shortcut: &'a str,
    chosen: Option<bool>,
    is_enabled: bool,
    is_shown: bool,
    size: Vec2,
}

impl<'a> IconButton<'a> {
    /// `name` says what it does: "Undo".
    pub fn new(icon: Icon, name: &'a str) -> Self {
        Self {
            icon,
            name,
            shortcut: "",
            chosen: None,
            is_enabled: true,
            is_shown: true,
            size: Vec2::splat(size::BUTTON),
        }
    }

    /// The text of its key, for the tooltip.
    pub const fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = shortcut;
        self
    }

    /// Makes it a switch that is on or off.
    pub const fn chosen(mut self, is_on: bool) -> Self {
        self.chosen = Some(is_on);
        self
    }

    pub const fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// Where it is not shown it can still be reached by Tab, and shows then.
    pub const fn shown(mut self, is_shown: bool) -> Self {
        self.is_shown = is_shown;
        self
    }

    /// The smaller hit box of rows and cards.
    pub const fn small(mut self) -> Self {
        self.size = Vec2::splat(size::HIT);
        self
    }

    pub const fn width(mut self, width: f32) -> Self {
        self.size.x = width;
        self
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui);
        let sense = if self.is_enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let response = ui.allocate_exact_size(self.size, sense).1;
        let is_on = self.chosen == Some(true);
        response.widget_info(|| match self.chosen {
            Some(is_on) => WidgetInfo::selected(Role::Button, self.is_enabled, is_on, self.name),
            None => WidgetInfo::labeled(Role::Button, self.is_enabled, self.name),
        });
        spoken::pressable(ui, &response);
        let is_visible = self.is_shown || response.has_focus();
        if ui.is_rect_visible(response.rect) && is_visible {
            let rest = if is_on { theme.pressed } else { CLEAR };
            let fill = if self.is_enabled {
                theme.surface(&response, rest)
            } else {
                rest
            };
            let ink = if !self.is_enabled {
                theme.off
            } else if is_on || response.hovered() || response.has_focus() {
                theme.text
            } else {
                theme.soft
            };
            ui.painter()
                .rect_filled(response.rect, size::RADIUS_CONTROL, fill);
            self.icon.paint(ui.painter(), response.rect, ink);
            focus::ring(ui, &response);
        }
        tooltip::tip(response, self.name, self.shortcut)
    }
}
