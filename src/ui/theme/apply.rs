//! Hands the tables to egui, so that its own parts (text fields, menus, scroll bars, tooltips) look
//! like ours.

use egui::style::{Selection, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, Context, CornerRadius, FontFamily, Id, Margin, Shadow, Stroke, Style, TextStyle,
    ThemePreference, Visuals, vec2,
};

use super::{Theme, font, size};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeChoice {
    #[default]
    Dark,
    Light,
    /// As the desktop says.
    System,
}

impl ThemeChoice {
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::System];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dark => "Dark",
            Self::Light => "Light",
            Self::System => "As the desktop",
        }
    }
}

impl Theme {
    /// Installs fonts and both tables once, then makes `choice` the theme. Call it when the window
    /// is made and whenever the choice changes.
    pub fn apply(ctx: &Context, choice: ThemeChoice) {
        let installed = Id::unique("parallax theme installed");
        if ctx.data(|data| data.get_temp::<bool>(installed)).is_none() {
            ctx.data_mut(|data| data.insert_temp(installed, true));
            ctx.set_fonts(font::definitions());
            ctx.all_styles_mut(set_sizes);
            ctx.set_visuals_of(egui::Theme::Dark, visuals(Self::dark()));
            ctx.set_visuals_of(egui::Theme::Light, visuals(Self::light()));
        }
        ctx.set_theme(match choice {
            ThemeChoice::Dark => ThemePreference::Dark,
            ThemeChoice::Light => ThemePreference::Light,
            ThemeChoice::System => ThemePreference::System,
        });
    }
}

fn set_sizes(style: &mut Style) {
    style.text_styles = [
        (TextStyle::Body, font::body()),
        (TextStyle::Button, font::body()),
        (TextStyle::Small, font::caption()),
        (TextStyle::Heading, font::name()),
        (
            TextStyle::Monospace,
            egui::FontId::new(12.0, FontFamily::Monospace),
        ),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(size::GAP_S, size::GAP_XS);
    spacing.button_padding = vec2(size::GAP_S, size::GAP_XS);
    spacing.interact_size = vec2(size::HIT, size::ROW);
    spacing.menu_margin = Margin::same(4);
    spacing.window_margin = Margin::same(16);
    spacing.scroll.bar_width = 8.0;
    spacing.scroll.floating_width = 4.0;
    spacing.tooltip_width = 320.0;
    // Motion only where it explains.
    style.animation_time = 0.08;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.6;
}

fn visuals(theme: &Theme) -> Visuals {
    let base = if theme.is_dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let radius = CornerRadius::same(size::RADIUS_CONTROL);
    Visuals {
        override_text_color: None,
        weak_text_color: Some(theme.faint),
        widgets: widgets(theme, radius),
        selection: Selection {
            bg_fill: theme.selection,
            stroke: Stroke::new(size::FOCUS_RING, theme.focus),
        },
        hyperlink_color: theme.text,
        faint_bg_color: theme.card,
        extreme_bg_color: theme.field,
        text_edit_bg_color: Some(theme.field),
        code_bg_color: theme.control,
        warn_fg_color: theme.warning,
        error_fg_color: theme.error,
        window_corner_radius: CornerRadius::same(size::RADIUS_CARD),
        window_shadow: Shadow::NONE,
        window_fill: theme.card,
        window_stroke: Stroke::new(1.0, theme.pressed),
        menu_corner_radius: CornerRadius::same(size::RADIUS_CARD),
        panel_fill: theme.panel,
        popup_shadow: Shadow::NONE,
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(1.5, theme.text),
            ..base.text_cursor
        },
        slider_trailing_fill: true,
        interact_cursor: None,
        ..base
    }
}

fn widgets(theme: &Theme, corner_radius: CornerRadius) -> Widgets {
    let look = |fill: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::NONE,
        corner_radius,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: WidgetVisuals {
            bg_stroke: Stroke::new(1.0, theme.line_inner),
            ..look(theme.panel, theme.text)
        },
        inactive: look(theme.control, theme.text),
        hovered: look(theme.hover, theme.text),
        active: look(theme.pressed, theme.text),
        open: look(theme.pressed, theme.text),
    }
}
