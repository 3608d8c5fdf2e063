//! A parameter's row with one of a few named options: side by side while there are three or fewer, a
//! drop-down otherwise.

use egui::accesskit::Role;
use egui::{Color32, FontId, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::filters::spec::ChoiceSpec;
use crate::ui::theme::{Theme, font, size};

use super::icon::Icon;
use super::menu::{MenuItem, menu};
use super::segmented::{Segment, Segmented};
use super::{focus, text};

const MOST_SIDE_BY_SIDE: usize = 3;

/// One row: name and options. Returns the newly chosen option's index.
pub fn param_choice(ui: &mut Ui, label: &str, choice: &ChoiceSpec, chosen: u16) -> Option<u16> {
    let ink = Theme::of(ui).soft;
    row(ui, (label, font::body(), ink), choice, chosen)
}

/// As [`param_choice`], for a card of one row: the label is the card's title.
pub fn titled_choice(ui: &mut Ui, title: &str, choice: &ChoiceSpec, chosen: u16) -> Option<u16> {
    let ink = Theme::of(ui).text;
    row(ui, (title, font::title(), ink), choice, chosen)
}

fn row(
    ui: &mut Ui,
    (label, font_id, ink): (&str, FontId, Color32),
    choice: &ChoiceSpec,
    chosen: u16,
) -> Option<u16> {
    let labels: Vec<&str> = choice.options.iter().map(|option| option.label).collect();
    let picked = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let (_, rect) = ui.allocate_space(vec2(size::PARAM_LABEL, size::BUTTON));
        text::left(ui, rect, label, font_id, ink);
        if labels.len() <= MOST_SIDE_BY_SIDE {
            let segments: Vec<Segment<'_>> = labels.iter().map(|text| Segment::new(text)).collect();
            Segmented::new(label, &segments)
                .fill_width()
                .show(ui, Some(usize::from(chosen)))
        } else {
            drop_down(ui, label, &labels, usize::from(chosen))
        }
    });
    picked.inner.and_then(|idx| u16::try_from(idx).ok())
}

/// A button with the chosen option that opens the list of all. Returns the newly chosen index.
pub fn drop_down(ui: &mut Ui, name: &str, labels: &[&str], chosen: usize) -> Option<usize> {
    let width = ui.available_width();
    let current = labels.get(chosen).copied().unwrap_or("–");
    let response = drop_down_button(ui, name, current, width);
    let picked = menu(&response, |ui| {
        let mut picked = None;
        for (idx, label) in labels.iter().enumerate() {
            if MenuItem::new(label).chosen(idx == chosen).show(ui) {
                picked = Some(idx);
            }
        }
        picked
    });
    picked
        .and_then(|shown| shown.inner)
        .filter(|idx| *idx != chosen)
}

fn drop_down_button(ui: &mut Ui, name: &str, current: &str, width: f32) -> Response {
    let theme = Theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::BUTTON), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), name);
        info.current_text_value = Some(current.to_owned());
        info
    });
    let fill = theme.surface(&response, theme.control);
    ui.painter().rect_filled(rect, size::RADIUS_CONTROL, fill);
    let inside = rect.shrink2(vec2(size::GAP_S, 0.0));
    let label = Rect::from_min_max(
        inside.min,
        pos2(inside.right() - size::ICON, inside.bottom()),
    );
    text::left(ui, label, current, font::body(), theme.text);
    let at = pos2(inside.right() - size::GAP_XS, rect.center().y);
    Icon::ChevronDown.paint_sized(ui.painter(), at, 14.0, theme.soft);
    focus::ring(ui, &response);
    response
}
