//! The cards under each other, and what is done to them as commands.

use std::collections::BTreeSet;

use egui::{Key, Response, Ui};

use crate::filters::value::Values;
use crate::recipe::label::{format_opacity, of_change, of_value};
use crate::recipe::{EditId, Recipe};
use crate::ui::command::{Command, EditCommand, FileSlot, Outbox};
use crate::ui::theme::size;
use crate::ui::widgets::{CardAction, FileAsk, Stage};

use super::card::{CardDone, CardFrame, card_ui};
use super::panel::RightView;
use super::params::ParamChange;
use super::reorder::{CardPlace, drop_line, gap_at, landing_idx};
use super::slot::{Slot, SlotKey, slots};

/// What the stack remembers between frames.
#[derive(Debug, Default)]
pub(super) struct StackState {
    folded: BTreeSet<SlotKey>,
    /// A drag was sent and not ended yet.
    is_gesture_open: bool,
    /// The edit whose card gets the keyboard when it appears.
    pub(super) focus_wanted: Option<EditId>,
    /// The card that is being moved by its grip.
    moving: Option<EditId>,
}

pub(super) fn stack_ui(
    ui: &mut Ui,
    view: &RightView<'_>,
    state: &mut StackState,
    outbox: &mut Outbox,
) {
    ui.spacing_mut().item_spacing.y = size::GAP_XS;
    let mut places = Vec::new();
    let mut grips = Vec::new();
    for slot in slots(view.recipe) {
        let key = slot.key(view.recipe);
        let id = slot.edit().map(|edit| edit.id);
        let frame = CardFrame {
            key,
            is_open: !state.folded.contains(&key),
            cost_ns: id.and_then(|id| view.cost_ns(id)),
            is_reduced: view.is_reduced,
            longer_side_px: view.longer_side_px,
        };
        let done = card_ui(ui, &slot, frame);
        if let Some(id) = id {
            state.give_focus(id, &done);
            places.push(CardPlace {
                id,
                rect: done.rect,
            });
            grips.extend(done.grip.map(|grip| (id, grip)));
        }
        if let (Some(id), Some((param_idx, ask))) = (id, done.rows.ask) {
            let slot = FileSlot {
                edit: id,
                param_idx,
            };
            outbox.send(match ask {
                FileAsk::Dialog => Command::ChooseFile(slot),
                FileAsk::Path(path) => Command::LoadFile(slot, path.into()),
            });
        }
        if let Some(change) = done.rows.change {
            state.param_changed(view.recipe, &slot, change, outbox);
        }
        if let Some(action) = done.action {
            state.act(view.recipe, &slot, key, action, outbox);
        }
    }
    for (id, grip) in &grips {
        if let Some(after) = state.drag(ui, view.recipe, (*id, grip), &places) {
            send_step(view.recipe, after, outbox);
        }
    }
    ui.add_space(size::GAP_M);
}

impl StackState {
    fn give_focus(&mut self, id: EditId, done: &CardDone) {
        if self.focus_wanted != Some(id) {
            return;
        }
        self.focus_wanted = None;
        if let Some(first) = done.rows.first.as_ref().or(done.grip.as_ref()) {
            first.request_focus();
            first.scroll_to_me(None);
        }
    }

    fn param_changed(
        &mut self,
        recipe: &Recipe,
        slot: &Slot<'_>,
        change: ParamChange,
        outbox: &mut Outbox,
    ) {
        let (Some(spec), Some(values)) = (slot.spec(), slot.values()) else {
            return;
        };
        let label = of_value(spec, change.param_idx, &change.value);
        let values = values.with(change.param_idx, change.value);
        let after = slot.with_values(recipe, &values);
        self.staged(recipe, (after, label), change.stage, outbox);
    }

    /// A change that may be part of a drag: the whole drag becomes one step.
    fn staged(
        &mut self,
        recipe: &Recipe,
        (after, label): (Recipe, String),
        stage: Stage,
        outbox: &mut Outbox,
    ) {
        match stage {
            Stage::Started | Stage::Moving => {
                self.is_gesture_open = true;
                outbox.edit(EditCommand::Drag { after, label });
            }
            Stage::Committed if self.is_gesture_open => {
                self.is_gesture_open = false;
                if after != *recipe {
                    outbox.edit(EditCommand::Drag { after, label });
                }
                outbox.edit(EditCommand::DragEnd);
            }
            Stage::Committed => {
                if after != *recipe {
                    outbox.edit(EditCommand::Step { after, label });
                }
            }
            Stage::Cancelled => {
                if std::mem::take(&mut self.is_gesture_open) {
                    outbox.edit(EditCommand::DragCancel);
                }
            }
        }
    }

    fn act(
        &mut self,
        recipe: &Recipe,
        slot: &Slot<'_>,
        key: SlotKey,
        action: CardAction,
        outbox: &mut Outbox,
    ) {
        if action == CardAction::Fold {
            if !self.folded.remove(&key) {
                self.folded.insert(key);
            }
            return;
        }
        let Some(edit) = slot.edit() else { return };
        let id = edit.id;
        let step = match action {
            CardAction::Opacity(change) => {
                let after = recipe.with_opacity(id, change.value);
                let label = format!("{}: opacity {}", edit.label(), format_opacity(change.value));
                return self.staged(recipe, (after, label), change.stage, outbox);
            }
            CardAction::Duplicate => {
                let Some((after, copy)) = recipe.duplicated(id) else {
                    return;
                };
                self.focus_wanted = Some(copy);
                let label = format!("Duplicate {}", edit.label());
                return outbox.edit(EditCommand::Step { after, label });
            }
            CardAction::Reset => {
                let Some(spec) = edit.spec() else { return };
                let reset = recipe.with_values(id, &Values::identity(spec));
                let after = reset.with_opacity(id, 1.0);
                let label = format!("Reset {}", edit.label());
                return outbox.edit(EditCommand::Step { after, label });
            }
            CardAction::Toggle => recipe.with_enabled(id, !edit.enabled),
            CardAction::MoveUp => moved_by(recipe, id, -1),
            CardAction::MoveDown => moved_by(recipe, id, 1),
            CardAction::Delete => recipe.without(id),
            CardAction::Fold => return,
        };
        send_step(recipe, step, outbox);
    }

    /// A card under way: the line while it hovers, the step when it is let go, nothing on Esc. Answers
    /// the recipe after the move.
    fn drag(
        &mut self,
        ui: &Ui,
        recipe: &Recipe,
        (id, grip): (EditId, &Response),
        places: &[CardPlace],
    ) -> Option<Recipe> {
        if grip.drag_started() {
            self.moving = Some(id);
        }
        if self.moving != Some(id) {
            return None;
        }
        if ui.input(|input| input.key_pressed(Key::Escape)) {
            self.moving = None;
            return None;
        }
        if grip.drag_stopped() || !grip.dragged() {
            self.moving = None;
        }
        let at = ui.input(|input| input.pointer.interact_pos())?;
        let from_idx = places.iter().position(|place| place.id == id)?;
        let gap = gap_at(places, at.y);
        let to_idx = landing_idx(from_idx, gap)?;
        if grip.dragged() {
            drop_line(ui, places, gap);
        }
        grip.drag_stopped().then(|| recipe.moved(id, to_idx))
    }
}

fn send_step(before: &Recipe, after: Recipe, outbox: &mut Outbox) {
    if after != *before {
        let label = of_change(before, &after);
        outbox.edit(EditCommand::Step { after, label });
    }
}

/// Up by −1, down by 1; unchanged at the ends.
fn moved_by(recipe: &Recipe, id: EditId, by: isize) -> Recipe {
    let to_idx = recipe
        .position(id)
        .and_then(|edit_idx| edit_idx.checked_add_signed(by));
    to_idx.map_or_else(|| recipe.clone(), |to_idx| recipe.moved(id, to_idx))
}
