//! Undo and redo: a line of actions and a place on it. Clocks and saving are left to the caller.
//!
//! What a person feels as one change is one action: a drag ([`History::begin`], [`History::update`],
//! [`History::commit`]), a burst of the wheel ([`History::nudge`]), a preset ([`History::apply`]).

use std::collections::VecDeque;

use super::action::{Action, BurstKey, Cause, GestureId};
use super::stack::Recipe;

/// The oldest actions are forgotten beyond this many.
pub const MAX_ACTIONS: usize = 1000;

/// Steps of one key that follow each other no later than this are one burst.
pub const BURST_MS: u64 = 700;

/// An open photo's recipe with everything that led to it.
#[derive(Debug, Clone)]
pub struct History {
    current: Recipe,
    actions: VecDeque<Action>,
    /// How many of `actions` are in effect; the rest can be redone.
    n_done: usize,
    open: Option<OpenGesture>,
    next_gesture: u64,
    revision: u64,
}

#[derive(Debug, Clone)]
struct OpenGesture {
    id: GestureId,
    before: Recipe,
    label: String,
    at_ms: u64,
}

impl History {
    /// Nothing to undo: `recipe` is how the photo was opened.
    #[must_use]
    pub const fn new(recipe: Recipe) -> Self {
        Self {
            current: recipe,
            actions: VecDeque::new(),
            n_done: 0,
            open: None,
            next_gesture: 1,
            revision: 0,
        }
    }

    /// What the picture shows now, a gesture in progress included.
    #[must_use]
    pub const fn current(&self) -> &Recipe {
        &self.current
    }

    /// Rises whenever [`Self::current`] changes.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Oldest first, those that can be redone included.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Action> + DoubleEndedIterator {
        self.actions.iter()
    }

    /// How many entries are in effect, from the oldest on.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.n_done
    }

    /// Whether [`Self::undo`] would change anything.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.n_done > 0 || self.open_change().is_some()
    }

    /// Whether [`Self::redo`] would change anything.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.n_done < self.actions.len() && self.open_change().is_none()
    }

    /// What undo would take back.
    #[must_use]
    pub fn undo_label(&self) -> Option<&str> {
        let done_label = || Some(&*self.actions.get(self.n_done.checked_sub(1)?)?.label);
        let open_label = self.open_change().map(|open| &*open.label);
        open_label.or_else(done_label)
    }

    /// What redo would do again.
    #[must_use]
    pub fn redo_label(&self) -> Option<&str> {
        let action = self.actions.get(self.n_done)?;
        self.can_redo().then_some(&*action.label)
    }

    /// One action at once. Nothing is entered, and `false` returned, where nothing changes.
    pub fn apply(&mut self, after: Recipe, label: impl Into<String>, at_ms: u64) -> bool {
        self.commit_open();
        let before = self.current.clone();
        self.show(after);
        self.enter(before, label.into(), at_ms, Cause::Step)
    }

    /// Starts a gesture. One still open is committed first.
    pub fn begin(&mut self, at_ms: u64) -> GestureId {
        self.commit_open();
        let id = GestureId(self.next_gesture);
        self.next_gesture += 1;
        self.open = Some(OpenGesture {
            id,
            before: self.current.clone(),
            label: String::new(),
            at_ms,
        });
        id
    }

    /// Shows what the gesture has come to. `false`, and nothing happens, where it is over.
    pub fn update(
        &mut self,
        gesture: GestureId,
        after: Recipe,
        label: impl Into<String>,
        at_ms: u64,
    ) -> bool {
        let Some(open) = self.open.as_mut().filter(|open| open.id == gesture) else {
            return false;
        };
        open.label = label.into();
        open.at_ms = at_ms;
        self.show(after);
        true
    }

    /// Ends the gesture as one action. `false` where it is over already or changed nothing.
    pub fn commit(&mut self, gesture: GestureId) -> bool {
        self.is_open(gesture) && self.commit_open()
    }

    /// Ends the gesture without a trace. `false` where it is over already.
    pub fn cancel(&mut self, gesture: GestureId) -> bool {
        match self.open.take_if(|open| open.id == gesture) {
            Some(open) => {
                self.show(open.before);
                true
            }
            None => false,
        }
    }

    /// Whether the gesture is still being made.
    #[must_use]
    pub fn is_open(&self, gesture: GestureId) -> bool {
        self.open.as_ref().is_some_and(|open| open.id == gesture)
    }

    /// Whether any gesture is being made.
    #[must_use]
    pub const fn has_open_gesture(&self) -> bool {
        self.open.is_some()
    }

    /// A small step, such as a click of the wheel: continues the last action if that was a step of
    /// the same `key` at most [`BURST_MS`] ago, and is an action of its own otherwise.
    pub fn nudge(
        &mut self,
        key: BurstKey,
        after: Recipe,
        label: impl Into<String>,
        at_ms: u64,
    ) -> bool {
        self.commit_open();
        let previous = self.current.clone();
        self.show(after);
        let continues = self.n_done == self.actions.len()
            && self.actions.back().is_some_and(|last| {
                last.cause == Cause::Burst(key) && at_ms.saturating_sub(last.at_ms) <= BURST_MS
            });
        let before = match continues.then(|| self.actions.pop_back()).flatten() {
            Some(last) => {
                self.n_done -= 1;
                last.before
            }
            None => previous,
        };
        self.enter(before, label.into(), at_ms, Cause::Burst(key))
    }

    /// Takes the last action back. A gesture in progress is committed first, so that it is what is
    /// taken back, and can be redone.
    pub fn undo(&mut self) -> bool {
        self.commit_open();
        self.n_done > 0 && self.jump(self.n_done - 1)
    }

    /// Does the last undone action again.
    pub fn redo(&mut self) -> bool {
        self.commit_open();
        self.jump(self.n_done + 1)
    }

    /// To where `n_done` entries are in effect: 0 is how the photo was opened (or the oldest state
    /// still known). `false` where there are not as many or nothing changes.
    pub fn jump(&mut self, n_done: usize) -> bool {
        self.commit_open();
        if n_done > self.actions.len() || n_done == self.n_done {
            return false;
        }
        let state = match n_done.checked_sub(1) {
            Some(action_idx) => &self.actions[action_idx].after,
            None => &self.actions[0].before,
        };
        let state = state.clone();
        self.n_done = n_done;
        self.show(state);
        true
    }

    /// The gesture in progress, if it has changed anything yet.
    fn open_change(&self) -> Option<&OpenGesture> {
        self.open
            .as_ref()
            .filter(|open| open.before != self.current)
    }

    fn commit_open(&mut self) -> bool {
        self.open.take().is_some_and(|open| {
            let cause = Cause::Gesture(open.id);
            self.enter(open.before, open.label, open.at_ms, cause)
        })
    }

    fn show(&mut self, recipe: Recipe) {
        let recipe = recipe.past_ids_of(&self.current);
        if recipe != self.current {
            self.revision += 1;
        }
        self.current = recipe;
    }

    /// Makes the way from `before` to the current recipe the last action.
    fn enter(&mut self, before: Recipe, label: String, at_ms: u64, cause: Cause) -> bool {
        if before == self.current {
            return false;
        }
        self.actions.truncate(self.n_done);
        self.actions.push_back(Action {
            before,
            after: self.current.clone(),
            label,
            at_ms,
            cause,
        });
        if self.actions.len() > MAX_ACTIONS {
            self.actions.pop_front();
        }
        self.n_done = self.actions.len();
        true
    }
}

#[cfg(test)]
mod tests;
