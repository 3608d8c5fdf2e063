//! What undo takes back: one change of a recipe, with the words for it.

use super::edit::EditId;
use super::stack::Recipe;

/// Names one drag, typed value or other change that is shown while it is still being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GestureId(pub(super) u64);

/// What a burst of small steps turns: steps of the same key in quick succession are one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BurstKey {
    pub edit: EditId,
    pub part: Part,
}

/// The part of an edit that a step changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Index of the parameter in its spec.
    Param(usize),
    Opacity,
}

/// One entry of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    pub before: Recipe,
    pub after: Recipe,
    /// What was done, such as `Exposure +0.70 EV`.
    pub label: String,
    /// When it was finished, by the clock of whoever did it.
    pub at_ms: u64,
    pub cause: Cause,
}

/// How an action came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// At once: a button, a preset, a reset.
    Step,
    /// Shown while it was made, such as a drag.
    Gesture(GestureId),
    /// Turns of the wheel or strokes of an arrow key.
    Burst(BurstKey),
}
