//! A parameter's row: name, track, value. What it may be, how it is written and how its track looks
//! comes from the filter's [`NumberSpec`].
//!
//! Drag or arrow keys change it, Shift is finer, the wheel over the value steps, a double click or
//! Delete resets, Enter or a click on the value lets one type, Esc cancels what is in progress.

use egui::{Id, Rect, Response, Ui, vec2};

use crate::filters::spec::NumberSpec;
use crate::ui::theme::{Theme, font, size};

use super::focus;

mod gesture;
mod input;
mod paint;
mod scale;
mod value_field;

pub use gesture::{Change, Stage};
pub use scale::format_value;

#[cfg(test)]
mod tests;

/// One row with a slider.
#[must_use = "call show"]
pub struct ParamSlider<'a> {
    label: &'a str,
    number: &'a NumberSpec,
    name: Option<&'a str>,
    is_title: bool,
    label_width: f32,
}

/// What a slider answers.
#[derive(Debug)]
pub struct SliderOutcome {
    /// Of the track, which has the keyboard.
    pub response: Response,
    /// At most one a frame.
    pub change: Option<Change>,
}

/// Between frames: the gesture, and what is being typed.
#[derive(Debug, Clone, Default)]
struct Memory {
    gesture: gesture::Gesture,
    typed: Option<String>,
    /// The pointer came to the value by itself, not because a list was scrolled under it.
    wheel_armed: bool,
}

impl<'a> ParamSlider<'a> {
    pub const fn new(label: &'a str, number: &'a NumberSpec) -> Self {
        Self {
            label,
            number,
            name: None,
            is_title: false,
            label_width: size::PARAM_LABEL,
        }
    }

    /// For a card of one row: the label is the card's title.
    pub const fn title(mut self) -> Self {
        self.is_title = true;
        self
    }

    /// What screen readers and tests call it, where the label alone would not tell it from another
    /// row's: "Sharpen amount".
    pub const fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Outside cards, where names may be longer.
    pub const fn label_width(mut self, width: f32) -> Self {
        self.label_width = width;
        self
    }

    /// Shows the row over the whole width there is. `id_salt` must stay the same from frame to frame,
    /// as an edit's id and the parameter's do.
    pub fn show(
        self,
        ui: &mut Ui,
        id_salt: impl std::hash::Hash + std::fmt::Debug,
        value: f64,
    ) -> SliderOutcome {
        let id = ui.make_persistent_id(("param", id_salt));
        let mut memory = ui
            .data(|data| data.get_temp::<Memory>(id))
            .unwrap_or_default();
        let columns = self.columns(ui);
        let row = Row {
            id,
            number: self.number,
            name: self.name.unwrap_or(self.label),
            value,
        };
        let was_reset = self.label_ui(ui, columns.label, id);
        let response = row.track_response(ui, columns.track);
        let shown = memory.gesture.shown(value);
        let mut change = row.typed(ui, columns.value, &mut memory, &response);
        if was_reset {
            change = memory.gesture.commit_at(value, scale::neutral(self.number));
        }
        let change = change.or_else(|| row.gestures(ui, &response, &mut memory));
        row.describe(ui, &response, memory.gesture.shown(shown));
        if ui.is_rect_visible(columns.track) {
            paint::slider(ui, &response, self.number, memory.gesture.shown(shown));
            focus::ring_around(ui, &response, columns.track.shrink2(vec2(-2.0, 4.0)), 4);
        }
        if let Some(ends_at_s) = memory.gesture.ends_at_s() {
            let wait_s = (ends_at_s - ui.input(|input| input.time)).clamp(0.0, 1.0);
            ui.ctx()
                .request_repaint_after(std::time::Duration::from_millis((wait_s * 1e3) as u64 + 1));
        }
        ui.data_mut(|data| data.insert_temp(id, memory));
        SliderOutcome { response, change }
    }

    fn columns(&self, ui: &mut Ui) -> Columns {
        let least = self.label_width + size::PARAM_TRACK_MIN + size::PARAM_VALUE;
        let width = ui.available_width().max(least);
        let (_, rect) = ui.allocate_space(vec2(width, size::ROW));
        let (label, rest) = rect.split_left_right_at_x(rect.left() + self.label_width);
        let (track, value) = rest.split_left_right_at_x(rect.right() - size::PARAM_VALUE);
        Columns {
            label,
            track,
            value,
        }
    }

    /// Paints the name; true when it was double-clicked.
    fn label_ui(&self, ui: &Ui, rect: Rect, id: Id) -> bool {
        let theme = Theme::of(ui);
        let response = ui.interact(rect, id.with("label"), egui::Sense::CLICK);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Label, ui.is_enabled(), self.label)
        });
        let (font_id, ink) = if self.is_title {
            (font::title(), theme.text)
        } else {
            (font::body(), theme.soft)
        };
        super::text::left(ui, rect, self.label, font_id, ink);
        response.double_clicked()
    }
}

struct Columns {
    label: Rect,
    track: Rect,
    value: Rect,
}

/// What the parts of the row need to know of it.
struct Row<'a> {
    id: Id,
    number: &'a NumberSpec,
    name: &'a str,
    value: f64,
}
