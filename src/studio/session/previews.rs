//! Asking for previews, taking them, and waiting for one that will be there in a moment.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;

use crate::studio::StudioError;
use crate::studio::engines::BackendChoice;
use crate::studio::preview::{Deliver, PreviewFrame, Request};
use crate::studio::view::View;
use crate::telemetry::clock::now_ns;
use crate::telemetry::summary::{Rolling, Summary};

use super::update::{Failure, Message, Update};
use super::{Session, Wake};

/// A preview expected later than this is not waited for.
const SHORT_NS: u64 = 30_000_000;

/// The shortest and the longest wait; what is expected at once may be late by a hiccup.
const LEAST_WAIT_NS: u64 = 8_000_000;
const MOST_WAIT_NS: u64 = 40_000_000;

/// Previews of a kind that its expected time is the median of.
const N_EXPECTING: usize = 5;

/// How long to hold back a frame for the picture it asks for; `None` is not at all.
///
/// Where the processor paints the window, a frame costs about as much as a short preview, and the two
/// share the cores: painting the moved knob first makes the picture late by more than a frame. A
/// picture that is due in less than that is worth a moment, and knob and picture then move as one.
/// Before a slower one the knob moves alone, at once.
fn patience(expected_ns: Option<u64>) -> Option<Duration> {
    let expected_ns = expected_ns.filter(|ns| *ns <= SHORT_NS)?;
    let wait_ns = (expected_ns * 3 / 2).clamp(LEAST_WAIT_NS, MOST_WAIT_NS);
    Some(Duration::from_nanos(wait_ns))
}

/// What decides how long a preview takes, other than the recipe.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kind {
    backend: BackendChoice,
    view: View,
    with_before: bool,
}

/// What the next preview will take, by the last ones of its kind.
#[derive(Debug)]
struct Expected {
    kind: Option<Kind>,
    recent: Rolling,
}

impl Default for Expected {
    fn default() -> Self {
        Self {
            kind: None,
            recent: Rolling::new(N_EXPECTING),
        }
    }
}

impl Expected {
    fn note(&mut self, kind: Kind, took_ns: u64) {
        if self.kind != Some(kind) {
            *self = Self::default();
            self.kind = Some(kind);
        }
        self.recent.push(took_ns);
    }

    /// `None` where none of this kind was the last one.
    fn of(&self, kind: Kind) -> Option<u64> {
        let summary = self.recent.summary()?;
        (self.kind == Some(kind)).then_some(summary.median)
    }
}

/// Between the preview's thread and a window that may be waiting for it.
#[derive(Default)]
pub(super) struct Awaited {
    /// Somebody takes the next preview without being woken.
    is_waiting: Arc<AtomicBool>,
    /// What else arrived meanwhile, oldest first.
    held: VecDeque<Message>,
    expected: Expected,
}

impl Awaited {
    /// What the preview's thread hands its pictures to.
    pub(super) fn delivery(&self, sender: Sender<Message>, wake: Wake) -> Deliver {
        let is_waiting = Arc::clone(&self.is_waiting);
        Box::new(move |frame| {
            // A full channel means a window that no longer polls: nobody misses the frame.
            drop(sender.try_send(Message::Preview(Box::new(frame))));
            // A frame that was waited for needs no other one to show it.
            if !is_waiting.load(Ordering::SeqCst) {
                wake();
            }
        })
    }
}

impl Session {
    /// Median and 95th percentile of the latest fine previews, in nanoseconds of computing.
    #[must_use]
    pub fn preview_summary(&self) -> Option<Summary> {
        self.preview_times.summary()
    }

    /// Whether the newest wish for a preview is answered, finely.
    #[must_use]
    pub fn is_preview_settled(&self) -> bool {
        let newest = self.newest_request();
        (self.preview.as_ref()).is_some_and(|frame| frame.seq == newest && !frame.is_draft)
    }

    /// Number of the newest wish for a preview: [`PreviewFrame::seq`] of the frame that answers it.
    #[must_use]
    pub const fn newest_request(&self) -> u64 {
        self.next_seq - 1
    }

    /// When the input arrived that the next changes answer, on the program's clock: previews carry
    /// it, so that the time from hand to screen can be told.
    pub const fn note_input(&mut self, at_ns: u64) {
        self.input_ns = at_ns;
    }

    #[must_use]
    pub const fn view(&self) -> View {
        self.view
    }

    /// Looks at another part of the picture, or at another scale.
    pub fn set_view(&mut self, view: View) {
        self.look_at(view, false);
    }

    /// The same by a hand that is still moving it.
    pub fn drag_view(&mut self, view: View) {
        self.look_at(view, true);
    }

    fn look_at(&mut self, view: View, is_gesture: bool) {
        if self.view != view {
            self.view = view;
            self.request_preview(self.input_time(), is_gesture);
        }
    }

    /// Waits for the newest wish's preview if it is expected in a moment; true when it is there.
    ///
    /// For a frame that a dragging hand asked for, before it is painted: blocks for 40 ms at most,
    /// and not at all where previews take long or an older one is still being computed.
    pub fn await_preview(&mut self) -> bool {
        let seq = self.newest_request();
        let is_next =
            (self.preview.as_ref()).is_some_and(|shown| shown.seq + 1 == seq && !shown.is_draft);
        let expected_ns = self.awaited.expected.of(self.kind());
        let Some(wait) = patience(expected_ns).filter(|_| is_next) else {
            return false;
        };
        self.awaited.is_waiting.store(true, Ordering::SeqCst);
        let is_there = self.take_awaited(seq, Instant::now() + wait);
        self.awaited.is_waiting.store(false, Ordering::SeqCst);
        // A preview that came since the wait was over found nobody to wake.
        self.awaited.held.extend(self.messages.try_iter());
        if !self.awaited.held.is_empty() {
            (self.wake)();
        }
        is_there
    }

    fn take_awaited(&mut self, seq: u64, until: Instant) -> bool {
        while let Ok(message) = self.messages.recv_deadline(until) {
            match message {
                Message::Preview(result) if is_answer(&result, seq) => {
                    let update = self.take_preview(*result);
                    return matches!(update, Update::Preview);
                }
                other => self.awaited.held.push_back(other),
            }
        }
        false
    }

    pub(super) fn next_message(&mut self) -> Option<Message> {
        let held = self.awaited.held.pop_front();
        held.or_else(|| self.messages.try_recv().ok())
    }

    pub(super) fn take_preview(&mut self, frame: Result<PreviewFrame, StudioError>) -> Update {
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => return Update::PreviewFailed(Failure::of(&error)),
        };
        if !frame.is_draft {
            self.preview_times.push(frame.stamps.compute_ns());
        }
        if frame.seq == self.newest_request() && !frame.is_draft {
            let kind = self.kind();
            self.awaited.expected.note(kind, frame.stamps.busy_ns());
        }
        self.preview = Some(frame);
        Update::Preview
    }

    const fn kind(&self) -> Kind {
        Kind {
            backend: self.backend.with_storage_wait_ms(0),
            view: self.view,
            with_before: self.with_before,
        }
    }

    pub(super) fn input_time(&self) -> u64 {
        match self.input_ns {
            0 => now_ns(),
            at_ns => at_ns,
        }
    }

    /// Asks for the picture as it is now.
    pub(super) fn request_preview(&mut self, input_ns: u64, is_gesture: bool) {
        let Some(open) = &self.open else { return };
        self.shown_revision = Some(open.history.revision());
        let shown = self.stand_in.as_ref();
        self.previewer.request(Request {
            seq: self.next_seq,
            recipe: shown.unwrap_or_else(|| open.history.current()).clone(),
            view: self.view,
            backend: self.backend.with_storage_wait_ms(0),
            with_before: self.with_before,
            is_gesture,
            input_ns,
            n_coalesced: 0,
        });
        self.next_seq += 1;
    }
}

fn is_answer(result: &Result<PreviewFrame, StudioError>, seq: u64) -> bool {
    result.as_ref().is_ok_and(|frame| frame.seq == seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn kind(with_before: bool) -> Kind {
        Kind {
            backend: BackendChoice::all_cores(),
            view: View::default(),
            with_before,
        }
    }

    #[test]
    fn only_a_picture_that_is_nearly_there_is_waited_for() {
        let wait_ms = |expected_ms: u64| {
            let wait = patience(Some(expected_ms * MS))?;
            Some(wait.as_millis())
        };
        assert_eq!(patience(None), None, "nothing is known of this kind");
        assert_eq!(wait_ms(31), None, "the knob moves at once");
        assert_eq!(wait_ms(20), Some(30));
        assert_eq!(wait_ms(29), Some(40), "however late it is");
        assert_eq!(wait_ms(1), Some(8));
    }

    #[test]
    fn what_is_expected_follows_the_last_ones_of_the_same_kind() {
        let mut expected = Expected::default();
        expected.note(kind(false), 50 * MS);
        assert_eq!(expected.of(kind(false)), Some(50 * MS));
        assert_eq!(expected.of(kind(true)), None);
        for _ in 0..N_EXPECTING {
            expected.note(kind(true), 7 * MS);
        }
        assert_eq!(expected.of(kind(true)), Some(7 * MS));
        assert_eq!(expected.of(kind(false)), None, "that was another view");
    }
}
