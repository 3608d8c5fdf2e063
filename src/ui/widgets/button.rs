//! Buttons with words: the one main action of a place is bright, all others are quiet.

use egui::{Align2, FontId, Response, Role, Sense, Ui, Widget, WidgetInfo, pos2, vec2};

use crate::ui::theme::{CLEAR, Theme, font, size};

use super::icon::Icon;
use super::{focus, spoken, tooltip};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Main,
    Quiet,
    /// Without a ground until pointed at: actions inside notices and tables.
    Text,
}

#[must_use = "show it with ui.add"]
pub struct Button<'a> {
    text: &'a str,
    icon: Option<Icon>,
    tip: &'a str,
    shortcut: &'a str,
    weight: Weight,
    is_enabled: bool,
    progress: Option<f32>,
    min_width: f32,
    height: f32,
    is_figure: bool,
}

impl<'a> Button<'a> {
    pub fn main(text: &'a str) -> Self {
        Self::with_weight(text, Weight::Main)
    }

    pub fn quiet(text: &'a str) -> Self {
        Self::with_weight(text, Weight::Quiet)
    }

    pub fn text(text: &'a str) -> Self {
        Self::with_weight(text, Weight::Text)
    }

    const fn with_weight(text: &'a str, weight: Weight) -> Self {
        Self {
            text,
            icon: None,
            tip: "",
            shortcut: "",
            weight,
            is_enabled: true,
            progress: None,
            is_figure: false,
            min_width: 0.0,
            height: match weight {
                Weight::Main | Weight::Quiet => size::BUTTON,
                Weight::Text => size::HIT,
            },
        }
    }

    pub const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// What it does, where the word alone does not say it, and its key.
    pub const fn tip(mut self, tip: &'a str, shortcut: &'a str) -> Self {
        self.tip = tip;
        self.shortcut = shortcut;
        self
    }

    pub const fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// Fills the ground from the left, 0…1: a job that this button started and can stop.
    pub const fn progress(mut self, share: f32) -> Self {
        self.progress = Some(share);
        self
    }

    /// Keeps its place where the text changes, as from "Run" to "Stop".
    pub const fn min_width(mut self, width: f32) -> Self {
        self.min_width = width;
        self
    }

    /// Written as the figures of a table are.
    pub const fn figure(mut self) -> Self {
        self.is_figure = true;
        self
    }

    fn font(&self) -> FontId {
        if self.is_figure {
            return font::caption();
        }
        match self.weight {
            Weight::Main => font::name(),
            Weight::Quiet | Weight::Text => font::title(),
        }
    }

    fn paint(&self, ui: &Ui, response: &Response) {
        let theme = Theme::of(ui);
        let rect = response.rect;
        let is_bright = self.weight == Weight::Main && self.is_enabled && self.progress.is_none();
        let (fill, ink) = if is_bright {
            let fill = if response.is_pointer_button_down_on() {
                theme.accent_pressed
            } else if response.hovered() {
                theme.accent_hover
            } else {
                theme.accent
            };
            (fill, theme.on_accent)
        } else {
            let rest = match self.weight {
                Weight::Text => CLEAR,
                Weight::Main | Weight::Quiet => theme.control,
            };
            let ink = if self.is_enabled {
                theme.text
            } else {
                theme.off_on_control
            };
            let fill = if self.is_enabled {
                theme.surface(response, rest)
            } else {
                rest
            };
            (fill, ink)
        };
        let painter = ui.painter();
        painter.rect_filled(rect, size::RADIUS_CONTROL, fill);
        if let Some(share) = self.progress {
            let mut done = rect;
            done.set_width(rect.width() * share.clamp(0.0, 1.0));
            painter
                .with_clip_rect(painter.clip_rect().intersect(done))
                .rect_filled(rect, size::RADIUS_CONTROL, theme.selection);
        }
        let galley = painter.layout_no_wrap(self.text.to_owned(), self.font(), ink);
        let icon_width = self.icon.map_or(0.0, |_| size::ICON + size::GAP_XS + 2.0);
        let left = rect.center().x - f32::midpoint(icon_width, galley.size().x);
        if let Some(icon) = self.icon {
            let center = pos2(left + size::ICON / 2.0, rect.center().y);
            icon.paint_sized(painter, center, size::ICON - 1.0, ink);
        }
        let text_at = Align2::LEFT_CENTER
            .anchor_size(pos2(left + icon_width, rect.center().y), galley.size());
        painter.galley(text_at.min, galley, ink);
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let galley =
            ui.painter()
                .layout_no_wrap(self.text.to_owned(), self.font(), Theme::of(ui).text);
        let icon_width = self.icon.map_or(0.0, |_| size::ICON + size::GAP_XS);
        let padding = match self.weight {
            Weight::Main | Weight::Quiet => size::GAP_M,
            Weight::Text => size::GAP_S,
        };
        let width = (galley.size().x + icon_width + 2.0 * padding).max(self.min_width);
        let sense = if self.is_enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let response = ui
            .allocate_exact_size(vec2(width.round(), self.height), sense)
            .1;
        response.widget_info(|| WidgetInfo::labeled(Role::Button, self.is_enabled, self.text));
        spoken::pressable(ui, &response);
        if ui.is_rect_visible(response.rect) {
            self.paint(ui, &response);
            focus::ring(ui, &response);
        }
        tooltip::tip(response, self.tip, self.shortcut)
    }
}
