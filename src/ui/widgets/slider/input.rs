//! What mouse, keys and assistive technology do to the track.

use egui::accesskit::{Action, ActionData};
use egui::{Event, EventFilter, Key, Modifiers, Rect, Response, Sense, Ui, WidgetInfo};

use super::gesture::Change;
use super::{Memory, Row, paint, scale};

/// Shift drags this many times slower.
const FINE: f64 = 0.1;
/// A press this near to the knob's middle takes the knob where it is; farther off, the knob jumps.
const GRAB_REACH: f32 = 9.0;
const PAGE_STEPS: f64 = 10.0;

impl Row<'_> {
    pub(super) fn track_response(&self, ui: &Ui, rect: Rect) -> Response {
        ui.interact(rect, self.id.with("track"), Sense::click_and_drag())
    }

    /// Whatever was done to the track in this frame.
    pub(super) fn gestures(
        &self,
        ui: &Ui,
        response: &Response,
        memory: &mut Memory,
    ) -> Option<Change> {
        let Memory { gesture, .. } = memory;
        let value = gesture.shown(self.value);
        if gesture.is_running() && ui.input_mut(|input| take_key(input, Key::Escape)) {
            return gesture.cancel();
        }
        if response.double_clicked() {
            return gesture.commit_at(value, scale::neutral(self.number));
        }
        if let Some(change) = self.pointer(ui, response, memory) {
            return Some(change);
        }
        let Memory { gesture, .. } = memory;
        if gesture.is_dragging() {
            return None;
        }
        let now_s = ui.input(|input| input.time);
        if let Some(changed) = self.keys(ui, response, value) {
            return gesture.step(value, changed, now_s);
        }
        if let Some(asked) = asked_value(ui, response) {
            return gesture.commit_at(value, scale::rounded(self.number, asked));
        }
        if response.lost_focus() && gesture.is_running() {
            return gesture.commit();
        }
        gesture.tick(now_s)
    }

    fn pointer(&self, ui: &Ui, response: &Response, memory: &mut Memory) -> Option<Change> {
        let gesture = &mut memory.gesture;
        let (is_down, is_fine, now_s) = ui.input(|input| {
            (
                input.pointer.primary_down(),
                input.modifiers.shift,
                input.time,
            )
        });
        if !is_down {
            let was_dragging = gesture.is_dragging();
            let change = gesture.release(now_s);
            // A press and its release within one frame were not seen as a drag.
            if response.clicked() && !was_dragging && change.is_none() {
                response.request_focus();
                return self.jump(response, memory, now_s);
            }
            return change;
        }
        if gesture.is_dead() {
            return None;
        }
        let pointer = response.interact_pointer_pos()?;
        let rail = paint::rail(response.rect);
        if !gesture.is_dragging() {
            if !response.is_pointer_button_down_on() {
                return None;
            }
            response.request_focus();
            let position = self.grabbed_position(rail, pointer.x, gesture.shown(self.value));
            gesture.grab(self.value, pointer.x, position);
            return gesture.move_to(self.at_position(position, gesture.shown(self.value)));
        }
        let gain = if is_fine { FINE } else { 1.0 } / f64::from(rail.width());
        let position = gesture.pull(pointer.x, gain)?;
        let shown = gesture.shown(self.value);
        gesture.move_to(self.at_position(position, shown))
    }

    fn jump(&self, response: &Response, memory: &mut Memory, now_s: f64) -> Option<Change> {
        let gesture = &mut memory.gesture;
        let pointer = response.interact_pointer_pos()?;
        let rail = paint::rail(response.rect);
        let position = self.grabbed_position(rail, pointer.x, gesture.shown(self.value));
        gesture.grab(self.value, pointer.x, position);
        let shown = gesture.shown(self.value);
        let change = gesture.move_to(self.at_position(position, shown));
        gesture.release(now_s);
        change
    }

    /// The knob's own place where it was taken, the pointer's otherwise.
    fn grabbed_position(&self, rail: Rect, pointer_x: f32, value: f64) -> f64 {
        let own = scale::position_of(self.number, value);
        if (paint::knob_x(rail, own) - pointer_x).abs() <= GRAB_REACH {
            own
        } else {
            f64::from((pointer_x - rail.left()) / rail.width()).clamp(0.0, 1.0)
        }
    }

    /// The value at a position; the shown one where that is its position already, so that taking the
    /// knob does not round a value that came from a recipe.
    fn at_position(&self, position: f64, shown: f64) -> f64 {
        if scale::position_of(self.number, shown) == position {
            shown
        } else {
            scale::value_at(self.number, position)
        }
    }

    fn keys(&self, ui: &Ui, response: &Response, value: f64) -> Option<f64> {
        let asked = asked_steps(ui, response);
        let mut changed = scale::stepped(self.number, value, asked, false);
        let mut is_changed = asked != 0.0;
        if response.has_focus() {
            let filter = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            ui.input(|input| {
                for event in &input.events {
                    if let Some(next) = self.after_key(event, changed) {
                        changed = next;
                        is_changed = true;
                    }
                }
            });
        }
        is_changed.then_some(changed)
    }

    /// What a key makes of the value; `None` for keys that are not ours.
    fn after_key(&self, event: &Event, value: f64) -> Option<f64> {
        let Event::Key {
            key,
            pressed: true,
            modifiers,
            ..
        } = event
        else {
            return None;
        };
        if modifiers.command || modifiers.alt {
            return None;
        }
        let step = |n_steps| Some(scale::stepped(self.number, value, n_steps, modifiers.shift));
        match key {
            Key::ArrowRight => step(1.0),
            Key::ArrowLeft => step(-1.0),
            Key::PageUp => step(PAGE_STEPS),
            Key::PageDown => step(-PAGE_STEPS),
            Key::Home => Some(self.number.min),
            Key::End => Some(self.number.max),
            Key::Delete | Key::Backspace => Some(scale::neutral(self.number)),
            _ => None,
        }
    }

    /// Name, number and bounds for screen readers.
    pub(super) fn describe(&self, ui: &Ui, response: &Response, value: f64) {
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), value, self.name));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_value(scale::format_value(self.number, value));
            node.set_min_numeric_value(self.number.min);
            node.set_max_numeric_value(self.number.max);
            node.set_numeric_value_step(self.number.step);
            for action in [Action::SetValue, Action::Increment, Action::Decrement] {
                node.add_action(action);
            }
        });
    }
}

pub(super) fn take_key(input: &mut egui::InputState, key: Key) -> bool {
    input.consume_key(Modifiers::NONE, key)
}

fn asked_steps(ui: &Ui, response: &Response) -> f64 {
    ui.input(|input| {
        input.num_accesskit_action_requests(response.id, Action::Increment) as f64
            - input.num_accesskit_action_requests(response.id, Action::Decrement) as f64
    })
}

fn asked_value(ui: &Ui, response: &Response) -> Option<f64> {
    ui.input(|input| {
        input
            .accesskit_action_requests(response.id, Action::SetValue)
            .filter_map(|request| match request.data {
                Some(ActionData::NumericValue(value)) => Some(value),
                _ => None,
            })
            .last()
    })
}
