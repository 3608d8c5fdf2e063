//! Entries of a drop-down menu: icon, words, the shortcut at the right.

use egui::accesskit::Role;
use egui::{InnerResponse, Popup, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{Theme, font, size};

use super::icon::Icon;
use super::text;

pub const MENU_WIDTH: f32 = 248.0;

/// Opens `contents` below what was clicked; a click on an entry closes it.
pub fn menu<R>(button: &Response, contents: impl FnOnce(&mut Ui) -> R) -> Option<InnerResponse<R>> {
    Popup::menu(button).width(MENU_WIDTH).show(contents)
}

#[must_use = "call show"]
pub struct MenuItem<'a> {
    label: &'a str,
    icon: Option<Icon>,
    shortcut: &'a str,
    is_chosen: bool,
    is_enabled: bool,
}

impl<'a> MenuItem<'a> {
    pub const fn new(label: &'a str) -> Self {
        Self {
            label,
            icon: None,
            shortcut: "",
            is_chosen: false,
            is_enabled: true,
        }
    }

    pub const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    pub const fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = shortcut;
        self
    }

    pub const fn chosen(mut self, is_chosen: bool) -> Self {
        self.is_chosen = is_chosen;
        self
    }

    pub const fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// True when it was chosen.
    pub fn show(self, ui: &mut Ui) -> bool {
        let theme = Theme::of(ui);
        let width = ui.available_width();
        let sense = if self.is_enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let response = ui.allocate_exact_size(vec2(width, size::ROW), sense).1;
        response.widget_info(|| {
            if self.is_chosen {
                WidgetInfo::selected(Role::MenuItem, self.is_enabled, true, self.label)
            } else {
                WidgetInfo::labeled(Role::MenuItem, self.is_enabled, self.label)
            }
        });
        let is_pointed = self.is_enabled && (response.hovered() || response.has_focus());
        let ground = if is_pointed {
            theme.pressed
        } else {
            theme.control
        };
        let rect = response.rect;
        let painter = ui.painter();
        if is_pointed || self.is_chosen {
            painter.rect_filled(rect, size::RADIUS_CONTROL, ground);
        }
        if self.is_chosen {
            let bar = rect.with_max_x(rect.left() + 2.0).shrink2(vec2(0.0, 6.0));
            painter.rect_filled(bar, 1.0, theme.accent);
        }
        let ink = if self.is_enabled {
            theme.text
        } else {
            theme.off
        };
        let mut label = rect.shrink2(vec2(size::GAP_S, 0.0));
        if let Some(icon) = self.icon {
            let center = pos2(label.left() + size::ICON / 2.0, rect.center().y);
            icon.paint_sized(painter, center, size::ICON - 2.0, theme.soft);
            label.min.x += size::ICON + size::GAP_S;
        }
        text::left(ui, label, self.label, font::body(), ink);
        let quiet = if is_pointed { theme.soft } else { theme.faint };
        text::right(ui, label, self.shortcut, font::caption(), quiet);
        response.clicked()
    }
}
