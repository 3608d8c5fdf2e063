//! The thread that paints previews, and the slot of one request it waits at.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rayon::ThreadPool;

use crate::backend::cancel::Cancel;
use crate::pixels::image::Image;
use crate::recipe::Recipe;

use super::super::StudioError;
use super::super::engines::{BackendChoice, Engines};
use super::super::pyramid::Pyramid;
use super::super::view::View;
use super::frame::PreviewFrame;
use super::painter::{Hands, Painter};

/// A fine picture that would take longer than this is preceded by a coarse one while a hand drags.
const DRAFT_ABOVE_NS: u64 = 45_000_000;

/// How long a hand must rest before the fine picture is computed.
const REST: Duration = Duration::from_millis(90);

/// A photo to preview.
#[derive(Debug, Clone)]
pub struct Subject {
    pub photo: Arc<Image>,
    pub pyramid: Pyramid,
}

/// One wish for a preview; only the newest is granted.
#[derive(Debug, Clone)]
pub struct Request {
    pub seq: u64,
    pub recipe: Recipe,
    pub view: View,
    pub backend: BackendChoice,
    /// Whether the unedited picture is wanted beside it.
    pub with_before: bool,
    /// Whether somebody is dragging, so that a coarse picture in time beats a fine one too late.
    pub is_gesture: bool,
    /// When the input arrived that caused it.
    pub input_ns: u64,
    /// Requests that this one took the place of; the slot counts them.
    pub n_coalesced: u32,
}

/// What a finished (or failed) preview is handed to; called on the preview's thread.
pub(crate) type Deliver = Box<dyn Fn(Result<PreviewFrame, StudioError>) + Send>;

/// Owns the preview thread; ends it when dropped.
pub struct Previewer {
    slot: Arc<Slot>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Slot {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    subject: Option<Arc<Subject>>,
    request: Option<Request>,
    /// The run at work, if stopping it for a newer wish loses nothing.
    refining: Option<Cancel>,
    at_work: Option<Cancel>,
    is_over: bool,
}

impl Previewer {
    /// # Errors
    /// When the system gives no thread.
    pub fn new(
        engines: Arc<Engines>,
        pool: Arc<ThreadPool>,
        deliver: Deliver,
    ) -> std::io::Result<Self> {
        let slot = Arc::<Slot>::default();
        let worker = Worker {
            slot: Arc::clone(&slot),
            engines,
            pool,
            deliver,
            painter: Painter::default(),
            fine_ns: 0,
        };
        let thread = std::thread::Builder::new()
            .name("preview".into())
            .spawn(move || worker.run())?;
        Ok(Self {
            slot,
            thread: Some(thread),
        })
    }

    /// Another photo; wishes for the old one are void.
    pub fn set_subject(&self, subject: Option<Arc<Subject>>) {
        let mut state = self.slot.lock();
        state.subject = subject;
        state.request = None;
        state.stop_all();
    }

    /// Replaces the wish that is waiting, if any.
    pub fn request(&self, mut request: Request) {
        let mut state = self.slot.lock();
        let overtaken = state.request.take();
        request.n_coalesced = overtaken.map_or(0, |old| old.n_coalesced + 1);
        state.request = Some(request);
        if let Some(refining) = &state.refining {
            refining.stop();
        }
        self.slot.changed.notify_one();
    }
}

impl Drop for Previewer {
    fn drop(&mut self) {
        let mut state = self.slot.lock();
        state.is_over = true;
        state.stop_all();
        drop(state);
        self.slot.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported where it happened.
            drop(thread.join());
        }
    }
}

impl Slot {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn stop_all(&self) {
        self.refining
            .iter()
            .chain(&self.at_work)
            .for_each(Cancel::stop);
    }
}

struct Worker {
    slot: Arc<Slot>,
    engines: Arc<Engines>,
    pool: Arc<ThreadPool>,
    deliver: Deliver,
    painter: Painter,
    /// What a fine picture takes, as far as is known.
    fine_ns: u64,
}

/// What a fine picture takes, after one of this coarseness took `took_ns`.
///
/// A coarse one can only lower it, in proportion to its pixels: or one slow picture, such as the first
/// of a photo, would keep all of a drag coarse, for no fine one is tried before the hand rests.
fn fine_after(fine_ns: u64, took_ns: u64, coarseness: f64) -> u64 {
    if coarseness == 1.0 {
        return took_ns;
    }
    let in_proportion = (took_ns as f64 * coarseness * coarseness) as u64;
    fine_ns.min(in_proportion)
}

impl Worker {
    fn run(mut self) {
        while let Some((subject, request)) = self.next() {
            let draft_first = request.is_gesture && self.fine_ns > DRAFT_ABOVE_NS;
            if draft_first {
                let coarseness = (self.fine_ns as f64 / DRAFT_ABOVE_NS as f64)
                    .sqrt()
                    .clamp(1.5, 4.0);
                self.paint(&subject, &request, coarseness);
                if self.is_overtaken_within(REST) {
                    continue;
                }
            }
            self.paint(&subject, &request, 1.0);
        }
    }

    /// Waits for a wish; `None` at the end.
    fn next(&self) -> Option<(Arc<Subject>, Request)> {
        let mut state = self.slot.lock();
        loop {
            if state.is_over {
                return None;
            }
            if let (Some(subject), Some(request)) = (state.subject.clone(), state.request.take()) {
                return Some((subject, request));
            }
            state = self
                .slot
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_overtaken_within(&self, rest: Duration) -> bool {
        let state = self.slot.lock();
        let waited = self.slot.changed.wait_timeout_while(state, rest, |state| {
            state.request.is_none() && !state.is_over
        });
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.request.is_some() || state.is_over
    }

    fn paint(&mut self, subject: &Arc<Subject>, request: &Request, coarseness: f64) {
        let cancel = Cancel::default();
        let is_slow = self.fine_ns > DRAFT_ABOVE_NS;
        {
            let mut state = self.slot.lock();
            state.at_work = Some(cancel.clone());
            // A fine picture after a coarse one may be given up: the coarse one is on the screen.
            state.refining = (is_slow && coarseness == 1.0).then(|| cancel.clone());
            if state.is_over {
                return;
            }
        }
        let result = self
            .engines
            .get(request.backend)
            .map_err(StudioError::from)
            .and_then(|backend| {
                let hands = Hands {
                    backend: &*backend,
                    pool: &self.pool,
                    cancel: &cancel,
                };
                self.painter.paint(subject, request, coarseness, &hands)
            });
        let is_current = {
            let mut state = self.slot.lock();
            state.at_work = None;
            state.refining = None;
            state
                .subject
                .as_ref()
                .is_some_and(|now| Arc::ptr_eq(now, subject))
        };
        if let Ok(frame) = &result {
            self.fine_ns = fine_after(self.fine_ns, frame.stamps.compute_ns(), coarseness);
        }
        let is_stopped = result.as_ref().is_err_and(StudioError::is_stop);
        if is_current && !is_stopped {
            (self.deliver)(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_picture_does_not_keep_a_drag_coarse() {
        let slow_ns = 2 * DRAFT_ABOVE_NS;
        assert_eq!(fine_after(0, slow_ns, 1.0), slow_ns);
        let after_draft_ns = fine_after(slow_ns, DRAFT_ABOVE_NS / 4, 1.5);
        assert!(after_draft_ns < DRAFT_ABOVE_NS, "{after_draft_ns}");
        let still_slow_ns = fine_after(slow_ns, DRAFT_ABOVE_NS, 1.5);
        assert_eq!(still_slow_ns, slow_ns, "a coarse one never makes it dearer");
    }
}
