//! Key caps for the sheet of shortcuts.

use egui::{Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::ui::theme::{CLEAR, Theme, font, size};

use super::text;

const CAP_HEIGHT: f32 = 20.0;
const BETWEEN: f32 = 3.0;

/// "Ctrl+Shift+E" as three caps. A plus as a key is written "Plus".
pub fn kbd(ui: &mut Ui, keys: &str) {
    let theme = Theme::of(ui);
    let names: Vec<&str> = keys.split('+').collect();
    let widths: Vec<f32> = names.iter().map(|name| cap_width(ui, name)).collect();
    let gaps = BETWEEN * (names.len().saturating_sub(1)) as f32;
    let total = widths.iter().sum::<f32>() + gaps;
    let (rect, response) = ui.allocate_exact_size(vec2(total, size::ROW), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, keys));
    let mut left = rect.left();
    for (name, width) in names.iter().zip(widths) {
        let cap = Rect::from_min_size(
            pos2(left, rect.center().y - CAP_HEIGHT / 2.0),
            vec2(width, CAP_HEIGHT),
        );
        left += width + BETWEEN;
        let painter = ui.painter();
        painter.rect_filled(cap, 4.0, theme.control);
        let edge = Stroke::new(1.0, theme.pressed);
        painter.rect_stroke(cap, 4.0, edge, StrokeKind::Inside);
        text::center(ui, cap, spelled(name), font::caption(), theme.text);
    }
}

fn cap_width(ui: &Ui, name: &str) -> f32 {
    let width = ui
        .painter()
        .layout_no_wrap(spelled(name).to_owned(), font::caption(), CLEAR)
        .size()
        .x;
    (width + 12.0).ceil().max(CAP_HEIGHT)
}

fn spelled(name: &str) -> &str {
    match name {
        "Plus" => "+",
        "Left" => "←",
        "Right" => "→",
        "Up" => "↑",
        "Down" => "↓",
        other => other,
    }
}
