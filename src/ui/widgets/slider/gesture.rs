//! What turns presses, drags, keys and wheel clicks into undo steps: one gesture is one step.
//!
//! A drag runs from press to release. Keys and wheel come in bursts that end after a pause. A click on
//! the track waits for a double click to follow, so that jump and reset are one step. Esc cancels.

/// A change to a value, and where in its gesture it stands.
///
/// `Started` and `Moving` are for showing; `Committed` is one undo step; `Cancelled` carries the value
/// from before the gesture and leaves no step. `Committed` may come without `Started` (a typed value,
/// a reset).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    pub value: f64,
    pub stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Started,
    Moving,
    Committed,
    Cancelled,
}

/// How long after the last key or wheel click a burst is over.
const BURST_PAUSE_S: f64 = 0.6;
/// How long a click on the track waits for a second one.
const DOUBLE_CLICK_S: f64 = 0.35;

/// The gesture in progress, if any.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gesture {
    running: Option<Running>,
    /// Cancelled with the button still down: nothing more until it is released.
    is_dead: bool,
}

#[derive(Debug, Clone, Copy)]
struct Running {
    before: f64,
    last: f64,
    has_started: bool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// `position` is where the knob would be without rounding.
    Drag {
        pointer_x: f32,
        position: f64,
        has_moved: bool,
    },
    Burst {
        ends_at_s: f64,
    },
}

impl Gesture {
    /// The value to show: the gesture's own while it runs.
    pub(super) fn shown(&self, value: f64) -> f64 {
        self.running.map_or(value, |running| running.last)
    }

    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    pub(super) fn is_dragging(&self) -> bool {
        matches!(
            self.running,
            Some(Running {
                kind: Kind::Drag { .. },
                ..
            })
        )
    }

    pub(super) fn is_dead(&self) -> bool {
        self.is_dead
    }

    /// When a pause would end it, in seconds of egui's clock.
    pub(super) fn ends_at_s(&self) -> Option<f64> {
        match self.running?.kind {
            Kind::Burst { ends_at_s } => Some(ends_at_s),
            Kind::Drag { .. } => None,
        }
    }

    fn begin(&mut self, value: f64, kind: Kind) -> &mut Running {
        let running = self.running.get_or_insert(Running {
            before: value,
            last: value,
            has_started: false,
            kind,
        });
        running.kind = kind;
        running
    }

    /// The button went down on the track, the knob being (or jumping) at `position`.
    pub(super) fn grab(&mut self, value: f64, pointer_x: f32, position: f64) {
        let kind = Kind::Drag {
            pointer_x,
            position,
            has_moved: false,
        };
        self.begin(value, kind);
    }

    /// The pointer is now at `pointer_x`; returns the knob's new unrounded position. `gain` is
    /// positions a point.
    pub(super) fn pull(&mut self, pointer_x: f32, gain: f64) -> Option<f64> {
        let running = self.running.as_mut()?;
        let Kind::Drag {
            pointer_x: last_x,
            position,
            has_moved,
        } = &mut running.kind
        else {
            return None;
        };
        let moved = f64::from(pointer_x - *last_x);
        *position = (*position + moved * gain).clamp(0.0, 1.0);
        *last_x = pointer_x;
        *has_moved |= moved != 0.0;
        Some(*position)
    }

    /// The value became `value` within the running gesture.
    pub(super) fn move_to(&mut self, value: f64) -> Option<Change> {
        let running = self.running.as_mut()?;
        if running.last == value {
            return None;
        }
        running.last = value;
        let stage = if running.has_started {
            Stage::Moving
        } else {
            Stage::Started
        };
        running.has_started = true;
        Some(Change { value, stage })
    }

    /// The button was released.
    pub(super) fn release(&mut self, now_s: f64) -> Option<Change> {
        self.is_dead = false;
        let running = self.running.as_mut()?;
        match running.kind {
            Kind::Drag {
                has_moved: false, ..
            } => {
                running.kind = Kind::Burst {
                    ends_at_s: now_s + DOUBLE_CLICK_S,
                };
                None
            }
            Kind::Drag { .. } => self.commit(),
            Kind::Burst { .. } => None,
        }
    }

    /// A key or wheel click made `before` into `value`.
    pub(super) fn step(&mut self, before: f64, value: f64, now_s: f64) -> Option<Change> {
        let ends_at_s = now_s + BURST_PAUSE_S;
        self.begin(before, Kind::Burst { ends_at_s });
        self.move_to(value)
    }

    /// Ends a burst whose pause is over.
    pub(super) fn tick(&mut self, now_s: f64) -> Option<Change> {
        if now_s < self.ends_at_s()? {
            return None;
        }
        self.commit()
    }

    /// Ends whatever runs as one step; as none where it came back to its start.
    pub(super) fn commit(&mut self) -> Option<Change> {
        let running = self.running.take()?;
        if !running.has_started {
            return None;
        }
        let stage = if running.last == running.before {
            Stage::Cancelled
        } else {
            Stage::Committed
        };
        Some(Change {
            value: running.last,
            stage,
        })
    }

    /// Ends whatever runs with `value` as one step.
    pub(super) fn commit_at(&mut self, before: f64, value: f64) -> Option<Change> {
        let running = self.begin(
            before,
            Kind::Burst {
                ends_at_s: f64::INFINITY,
            },
        );
        running.has_started |= running.last != value;
        running.last = value;
        self.commit()
    }

    /// Esc: back to the value from before.
    pub(super) fn cancel(&mut self) -> Option<Change> {
        self.is_dead = self.is_dragging();
        let running = self.running.take()?;
        running.has_started.then_some(Change {
            value: running.before,
            stage: Stage::Cancelled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_is_one_step() {
        let mut gesture = Gesture::default();
        gesture.grab(0.0, 10.0, 0.5);
        assert_eq!(gesture.move_to(0.0), None);
        let started = gesture.move_to(1.0).map(|change| change.stage);
        assert_eq!(started, Some(Stage::Started));
        let moving = gesture.move_to(2.0).map(|change| change.stage);
        assert_eq!(moving, Some(Stage::Moving));
        gesture.pull(12.0, 0.01);
        let value = 2.0;
        let stage = Stage::Committed;
        assert_eq!(gesture.release(0.0), Some(Change { value, stage }));
        assert!(!gesture.is_running());
    }

    #[test]
    fn a_drag_back_to_its_start_leaves_no_step() {
        let mut gesture = Gesture::default();
        gesture.grab(3.0, 10.0, 0.5);
        gesture.pull(20.0, 0.01);
        gesture.move_to(4.0);
        gesture.move_to(3.0);
        let stage = gesture.release(0.0).map(|change| change.stage);
        assert_eq!(stage, Some(Stage::Cancelled));
    }

    #[test]
    fn a_burst_ends_after_its_pause() {
        let mut gesture = Gesture::default();
        gesture.step(0.0, 1.0, 0.0);
        gesture.step(1.0, 2.0, 0.3);
        assert_eq!(gesture.tick(0.7), None);
        let value = 2.0;
        let stage = Stage::Committed;
        assert_eq!(gesture.tick(1.0), Some(Change { value, stage }));
    }

    #[test]
    fn a_click_followed_by_a_reset_is_one_step() {
        let mut gesture = Gesture::default();
        gesture.grab(5.0, 10.0, 0.9);
        gesture.move_to(9.0);
        assert_eq!(gesture.release(0.0), None, "waits for the second click");
        gesture.grab(9.0, 10.0, 0.9);
        let value = 0.0;
        let stage = Stage::Committed;
        assert_eq!(gesture.commit_at(9.0, 0.0), Some(Change { value, stage }));
    }

    #[test]
    fn esc_brings_the_old_value_back() {
        let mut gesture = Gesture::default();
        gesture.grab(5.0, 10.0, 0.9);
        gesture.move_to(9.0);
        let value = 5.0;
        let stage = Stage::Cancelled;
        assert_eq!(gesture.cancel(), Some(Change { value, stage }));
        assert!(gesture.is_dead(), "until the button is up");
        gesture.release(1.0);
        assert!(!gesture.is_dead());
    }
}
