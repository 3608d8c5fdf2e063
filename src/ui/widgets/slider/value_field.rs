//! The number at the row's end: read it, click it to type another, turn the wheel over it to step.

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align2, Event, Frame, Key, Margin, Rect, Response, Sense, TextEdit, Ui, Vec2};

use crate::ui::theme::{Theme, font, size};

use super::gesture::Change;
use super::input::take_key;
use super::{Memory, Row, scale};

/// So long after the last wheel click a list counts as lying still.
const WHEEL_REST_S: f32 = 0.3;

impl Row<'_> {
    /// Shows the number or the field to type it.
    pub(super) fn typed(
        &self,
        ui: &mut Ui,
        rect: Rect,
        memory: &mut Memory,
        track: &Response,
    ) -> Option<Change> {
        if memory.typed.is_some() {
            return self.edit_ui(ui, rect, memory, track);
        }
        let response = ui.interact(rect, self.id.with("value"), Sense::CLICK);
        let text = scale::format_value(self.number, memory.gesture.shown(self.value));
        response.widget_info(|| {
            let name = format!("{}: type a value", self.name);
            egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), name)
        });
        self.value_ui(ui, rect, &text, &response);
        let enter = track.has_focus() && ui.input_mut(|input| take_key(input, Key::Enter));
        if response.clicked() || enter {
            let change = memory.gesture.commit();
            memory.typed = Some(
                text.trim_end_matches(self.number.unit.symbol())
                    .trim()
                    .into(),
            );
            return change;
        }
        self.wheel(ui, &response, memory)
    }

    fn value_ui(&self, ui: &Ui, rect: Rect, text: &str, response: &Response) {
        let theme = Theme::of(ui);
        if response.hovered() {
            let ground = rect
                .shrink2(Vec2::new(0.0, 2.0))
                .translate(Vec2::new(4.0, 0.0));
            ui.painter()
                .rect_filled(ground, size::RADIUS_CONTROL, theme.hover);
            ui.ctx().set_cursor_icon(egui::CursorIcon::Text);
        }
        let is_neutral = text == scale::format_value(self.number, scale::neutral(self.number));
        let ink = if !is_neutral {
            theme.text
        } else if response.hovered() {
            theme.faint_on_control
        } else {
            theme.faint
        };
        super::super::text::right(ui, rect, text, font::body(), ink);
    }

    fn wheel(&self, ui: &Ui, response: &Response, memory: &mut Memory) -> Option<Change> {
        let is_over = response.hovered() && !memory.gesture.is_dragging();
        let (n_steps, is_fine, now_s, is_still) = ui.input(|input| {
            let clicks = input.events.iter().filter_map(|event| match event {
                Event::MouseWheel { delta, .. } => Some(f64::from(delta.x + delta.y)),
                _ => None,
            });
            let n_steps: f64 = clicks
                .filter(|amount| *amount != 0.0)
                .map(f64::signum)
                .sum();
            let is_still = input.time_since_last_scroll() > WHEEL_REST_S;
            (n_steps, input.modifiers.shift, input.time, is_still)
        });
        memory.wheel_armed = is_over && (memory.wheel_armed || (n_steps == 0.0 && is_still));
        if !memory.wheel_armed {
            return None;
        }
        ui.input_mut(|input| input.smooth_scroll_delta = Vec2::ZERO);
        if n_steps == 0.0 {
            return None;
        }
        let value = memory.gesture.shown(self.value);
        let stepped = scale::stepped(self.number, value, n_steps, is_fine);
        memory.gesture.step(value, stepped, now_s)
    }

    fn edit_ui(
        &self,
        ui: &mut Ui,
        rect: Rect,
        memory: &mut Memory,
        track: &Response,
    ) -> Option<Change> {
        let theme = Theme::of(ui);
        let mut text = memory.typed.take()?;
        let id = self.id.with("edit");
        let is_first = TextEditState::load(ui.ctx(), id).is_none();
        if is_first {
            let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
            let mut state = TextEditState::default();
            state.cursor.set_char_range(Some(all));
            state.store(ui.ctx(), id);
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        let cancelled = ui.input_mut(|input| take_key(input, Key::Escape));
        let field = rect.translate(Vec2::new(4.0, 0.0));
        ui.painter()
            .rect_filled(field, size::RADIUS_CONTROL, theme.field);
        let edit = TextEdit::singleline(&mut text)
            .id(id)
            .font(font::body())
            .text_color(theme.text)
            .align(Align2::RIGHT_CENTER)
            .frame(Frame::NONE.inner_margin(Margin::symmetric(6, 2)));
        let response = ui
            .name_inputs(self.name, |ui| ui.put(field, edit))
            .on_hover_cursor(egui::CursorIcon::Text);
        super::super::focus::field_ring(ui, &response, field);
        if !cancelled && response.has_focus() {
            memory.typed = Some(text);
            return None;
        }
        ui.data_mut(|data| data.remove::<TextEditState>(id));
        let enter = ui.input(|input| input.key_pressed(Key::Enter));
        if cancelled || enter {
            track.request_focus();
        }
        if cancelled {
            return None;
        }
        let value = scale::parse(self.number, &text)?;
        memory.gesture.commit_at(self.value, value)
    }
}
