//! Changing the recipe: every change goes through the history, to the preview and to the disk.

use crate::recipe::action::{BurstKey, GestureId};
use crate::recipe::{History, Recipe};
use crate::telemetry::clock::now_ns;

use super::Session;

impl Session {
    /// One change at once, such as a preset, a new edit or a switch.
    pub fn apply(&mut self, after: Recipe, label: &str) {
        self.change(false, |history, at_ms| {
            history.apply(after, label, at_ms);
        });
    }

    /// Begins a gesture, such as a drag; `None` without a photo.
    pub fn begin_gesture(&mut self) -> Option<GestureId> {
        let at_ms = now_ms();
        self.open.as_mut().map(|open| open.history.begin(at_ms))
    }

    /// Shows what the gesture has come to.
    pub fn update_gesture(&mut self, gesture: GestureId, after: Recipe, label: &str) {
        self.change(true, |history, at_ms| {
            history.update(gesture, after, label, at_ms);
        });
    }

    /// Ends the gesture as one step of the history.
    pub fn commit_gesture(&mut self, gesture: GestureId) {
        self.change(false, |history, _| {
            history.commit(gesture);
        });
        self.keep_edits();
    }

    /// Ends the gesture without a trace.
    pub fn cancel_gesture(&mut self, gesture: GestureId) {
        self.change(false, |history, _| {
            history.cancel(gesture);
        });
    }

    /// One of a burst of small steps (wheel, arrow keys) that become one step of the history.
    pub fn nudge(&mut self, key: BurstKey, after: Recipe, label: &str) {
        self.change(true, |history, at_ms| {
            history.nudge(key, after, label, at_ms);
        });
    }

    pub fn undo(&mut self) {
        self.change(false, |history, _| {
            history.undo();
        });
    }

    pub fn redo(&mut self) {
        self.change(false, |history, _| {
            history.redo();
        });
    }

    /// Goes to the state after the first `n_done` entries.
    pub fn jump(&mut self, n_done: usize) {
        self.change(false, |history, _| {
            history.jump(n_done);
        });
    }

    fn change(&mut self, is_gesture: bool, change: impl FnOnce(&mut History, u64)) {
        let input_ns = self.input_time();
        let Some(open) = &mut self.open else { return };
        change(&mut open.history, now_ms());
        if self.shown_revision != Some(open.history.revision()) {
            self.request_preview(input_ns, is_gesture);
            self.keep_edits();
        } else if !is_gesture {
            // The hand has let go: what was shown coarsely is wanted finely.
            self.request_preview(input_ns, false);
        }
    }

    fn keep_edits(&self) {
        if let Some(open) = self.open.as_ref().filter(|_| self.keeps_edits) {
            self.autosave
                .changed(&open.sidecar, &open.photo, open.history.current());
        }
    }
}

fn now_ms() -> u64 {
    now_ns() / 1_000_000
}
