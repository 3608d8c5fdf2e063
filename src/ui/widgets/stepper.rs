//! A whole number with a minus and a plus: the worker count. Click it to type, arrows or wheel to
//! step.

use egui::accesskit::{Action, ActionData, Role};
use egui::text_edit::TextEditState;
use egui::{
    Align2, Event, EventFilter, Frame, Key, Margin, Rect, Response, Sense, TextEdit, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};
use std::ops::RangeInclusive;

use crate::ui::theme::{Theme, font, size};

use super::icon::Icon;
use super::{focus, text, tooltip};

const SIGN: f32 = 24.0;
const DIGITS: f32 = 32.0;

#[must_use = "call show"]
pub struct Stepper<'a> {
    name: &'a str,
    tip: &'a str,
    range: RangeInclusive<u32>,
}

impl<'a> Stepper<'a> {
    pub const fn new(name: &'a str, range: RangeInclusive<u32>) -> Self {
        Self {
            name,
            tip: "",
            range,
        }
    }

    pub const fn tip(mut self, tip: &'a str) -> Self {
        self.tip = tip;
        self
    }

    /// The number that the person set just now.
    pub fn show(self, ui: &mut Ui, number: u32) -> Option<u32> {
        let theme = Theme::of(ui);
        let (id, rect) = ui.allocate_space(vec2(2.0 * SIGN + DIGITS, size::BUTTON));
        ui.painter().rect_filled(
            rect.shrink2(vec2(0.0, 1.0)),
            size::RADIUS_CONTROL,
            theme.field,
        );
        let minus = rect.with_max_x(rect.left() + SIGN);
        let plus = rect.with_min_x(rect.right() - SIGN);
        let middle = Rect::from_min_max(pos2(minus.right(), rect.top()), plus.left_bottom());
        let typed = ui.data(|data| data.get_temp::<String>(id));
        let set = match typed {
            Some(typed) => self.typed_ui(ui, middle, id, typed),
            None => self.number_ui(ui, (rect, middle), id, number),
        };
        let sign = |ui: &Ui, rect: Rect, icon: Icon, by: i64| {
            let response = ui.interact(rect, id.with(by), Sense::CLICK);
            response.widget_info(|| {
                let word = if by < 0 { "fewer" } else { "more" };
                let name = format!("{}: {word}", self.name);
                WidgetInfo::labeled(Role::Button, ui.is_enabled(), name)
            });
            let ink = if response.hovered() {
                theme.text
            } else {
                theme.faint
            };
            icon.paint_sized(ui.painter(), rect.center(), 12.0, ink);
            response.clicked().then(|| self.stepped(number, by))
        };
        let fewer = sign(ui, minus, Icon::Minus, -1);
        let more = sign(ui, plus, Icon::Plus, 1);
        set.or(fewer).or(more).filter(|set| *set != number)
    }

    fn stepped(&self, number: u32, by: i64) -> u32 {
        let stepped = u32::try_from((i64::from(number) + by).max(0)).unwrap_or(u32::MAX);
        stepped.clamp(*self.range.start(), *self.range.end())
    }

    fn number_ui(
        &self,
        ui: &Ui,
        (whole, rect): (Rect, Rect),
        id: egui::Id,
        number: u32,
    ) -> Option<u32> {
        let theme = Theme::of(ui);
        let response = ui.interact(rect, id.with("number"), Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::drag_value(ui.is_enabled(), f64::from(number));
            info.label = Some(self.name.to_owned());
            info
        });
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(f64::from(*self.range.start()));
            node.set_max_numeric_value(f64::from(*self.range.end()));
            for action in [Action::SetValue, Action::Increment, Action::Decrement] {
                node.add_action(action);
            }
        });
        text::center(ui, rect, &number.to_string(), font::title(), theme.text);
        let ring = whole.shrink2(vec2(0.0, 1.0));
        focus::ring_around(ui, &response, ring, size::RADIUS_CONTROL);
        let starts_typing = response.clicked();
        let asked = self.asked(ui, &response, number);
        tooltip::tip(response, self.tip, "");
        if starts_typing {
            ui.data_mut(|data| data.insert_temp(id, number.to_string()));
        }
        asked
    }

    /// By key, wheel or assistive technology.
    fn asked(&self, ui: &Ui, response: &Response, number: u32) -> Option<u32> {
        let mut by = 0.0;
        if response.has_focus() {
            let filter = EventFilter {
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            by += ui.input(|input| {
                input.num_presses(Key::ArrowUp) as f32 - input.num_presses(Key::ArrowDown) as f32
            });
        }
        if response.hovered() {
            by += ui.input(|input| {
                let clicks = input.events.iter().filter_map(|event| match event {
                    Event::MouseWheel { delta, .. } if delta.y != 0.0 => Some(delta.y.signum()),
                    _ => None,
                });
                clicks.sum::<f32>()
            });
            ui.input_mut(|input| input.smooth_scroll_delta = Vec2::ZERO);
        }
        let (steps, set) = ui.input(|input| {
            let steps = input.num_accesskit_action_requests(response.id, Action::Increment) as f32
                - input.num_accesskit_action_requests(response.id, Action::Decrement) as f32;
            let set = input
                .accesskit_action_requests(response.id, Action::SetValue)
                .filter_map(|request| match request.data {
                    Some(ActionData::NumericValue(value)) => Some(value),
                    _ => None,
                })
                .last();
            (steps, set)
        });
        by += steps;
        let set = set.map(|value| self.stepped(0, value.round() as i64));
        set.or_else(|| (by != 0.0).then(|| self.stepped(number, by as i64)))
    }

    fn typed_ui(&self, ui: &mut Ui, rect: Rect, id: egui::Id, mut typed: String) -> Option<u32> {
        let cancelled = ui.input(|input| input.key_pressed(Key::Escape));
        let edit = TextEdit::singleline(&mut typed)
            .id(id.with("edit"))
            .font(font::title())
            .char_limit(4)
            .align(Align2::CENTER_CENTER)
            .frame(Frame::NONE.inner_margin(Margin::symmetric(2, 2)));
        let edit_id = id.with("edit");
        if TextEditState::load(ui.ctx(), edit_id).is_none() {
            ui.memory_mut(|memory| memory.request_focus(edit_id));
        }
        let response = ui.name_inputs(self.name, |ui| ui.put(rect, edit));
        focus::field_ring(ui, &response, rect.shrink(2.0));
        if !cancelled && response.has_focus() {
            ui.data_mut(|data| data.insert_temp(id, typed));
            return None;
        }
        ui.data_mut(|data| {
            data.remove::<String>(id);
            data.remove::<TextEditState>(edit_id);
        });
        if cancelled {
            return None;
        }
        let number: u32 = typed.trim().parse().ok()?;
        Some(number.clamp(*self.range.start(), *self.range.end()))
    }
}
