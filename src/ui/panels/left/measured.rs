//! What each step of the history cost to show, taken from the first fine preview after it.

use crate::recipe::History;
use crate::studio::preview::PreviewFrame;

/// Preview times by place in the history.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// When the step was done (which tells it from a later one in the same place), and its time.
    steps: Vec<Option<(u64, u64)>>,
    seen_seq: u64,
}

impl Measured {
    /// Looks at the newest preview; cheap when it was seen before.
    pub(super) fn take(&mut self, history: &History, preview: Option<&PreviewFrame>) {
        let Some(preview) = preview.filter(|preview| !preview.is_draft) else {
            return;
        };
        if preview.seq == self.seen_seq {
            return;
        }
        self.seen_seq = preview.seq;
        let taken_ms = preview.stamps.taken_ns / 1_000_000;
        self.note(history, taken_ms, preview.stamps.compute_ns());
    }

    fn note(&mut self, history: &History, taken_ms: u64, compute_ns: u64) {
        let Some(step_idx) = history.position().checked_sub(1) else {
            return;
        };
        let Some(action) = history.entries().nth(step_idx) else {
            return;
        };
        // A picture begun before the step shows what was before it.
        if taken_ms < action.at_ms || self.of(step_idx, action.at_ms).is_some() {
            return;
        }
        if self.steps.len() <= step_idx {
            self.steps.resize(step_idx + 1, None);
        }
        self.steps[step_idx] = Some((action.at_ms, compute_ns));
    }

    /// Nanoseconds; `None` where the step's picture was never seen.
    pub(super) fn of(&self, step_idx: usize, at_ms: u64) -> Option<u64> {
        let (done_at_ms, ns) = (*self.steps.get(step_idx)?)?;
        (done_at_ms == at_ms).then_some(ns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::registry;
    use crate::filters::value::Values;
    use crate::recipe::Recipe;

    fn step(history: &mut History, at_ms: u64) {
        let spec = registry::find("exposure").unwrap().spec();
        let (after, _) = history.current().inserted(spec, &Values::on_add(spec));
        history.apply(after, "Exposure", at_ms);
    }

    #[test]
    fn a_step_keeps_the_time_of_its_own_first_preview() {
        let mut history = History::new(Recipe::empty());
        let mut measured = Measured::default();
        step(&mut history, 100);
        measured.note(&history, 90, 5);
        assert_eq!(measured.of(0, 100), None, "begun before the step");
        measured.note(&history, 100, 7);
        measured.note(&history, 300, 9);
        assert_eq!(measured.of(0, 100), Some(7));
        history.undo();
        step(&mut history, 400);
        assert_eq!(measured.of(0, 400), None, "another step in the same place");
    }
}
