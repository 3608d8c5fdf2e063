//! Where events go: a trait, a bounded store and two small helpers.
//!
//! A sink is called from working threads and must return at once: no files, no waiting.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::event::Event;

/// Takes events, from any thread, in whatever order threads are scheduled.
pub trait Sink: Send + Sync {
    fn record(&self, event: Event);

    /// Whether anybody looks at the figures of tiles; where nobody does, nobody takes them.
    fn wants_tiles(&self) -> bool {
        true
    }
}

impl<S: Sink + ?Sized> Sink for Arc<S> {
    fn record(&self, event: Event) {
        (**self).record(event);
    }

    fn wants_tiles(&self) -> bool {
        (**self).wants_tiles()
    }
}

/// Takes events and forgets them.
#[derive(Debug, Clone, Copy, Default)]
pub struct NullSink;

impl Sink for NullSink {
    fn record(&self, _event: Event) {}

    fn wants_tiles(&self) -> bool {
        false
    }
}

/// Hands every event to several sinks, in their order.
#[derive(Clone, Default)]
pub struct Tee(pub Vec<Arc<dyn Sink>>);

impl Sink for Tee {
    fn record(&self, event: Event) {
        if let Some((last, others)) = self.0.split_last() {
            for sink in others {
                sink.record(event.clone());
            }
            last.record(event);
        }
    }

    fn wants_tiles(&self) -> bool {
        self.0.iter().any(Sink::wants_tiles)
    }
}

/// Room kept for events that are not tiles, so that a flood of tiles cannot drown a worker's death.
const N_KEPT_FOR_OTHERS: usize = 4096;

/// Keeps events until they are taken; beyond its capacity it counts what it loses.
#[derive(Debug)]
pub struct Recorder {
    events: Mutex<Vec<Event>>,
    capacity: usize,
    n_lost: AtomicU64,
}

/// What a [`Recorder`] held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recorded {
    /// In order of arrival.
    pub events: Vec<Event>,
    pub n_lost: u64,
}

impl Recorder {
    /// Keeps `capacity` events, and some more of those that are not tiles.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            events: Mutex::new(Vec::new()),
            capacity,
            n_lost: AtomicU64::new(0),
        }
    }

    /// Takes what was recorded so far and starts counting anew.
    pub fn take(&self) -> Recorded {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        Recorded {
            events: std::mem::take(&mut *events),
            n_lost: self.n_lost.swap(0, Ordering::Relaxed),
        }
    }
}

impl Sink for Recorder {
    fn record(&self, event: Event) {
        let limit = match event {
            Event::Tile(_) => self.capacity,
            Event::RunStarted { .. }
            | Event::RunEnded { .. }
            | Event::PassStarted { .. }
            | Event::PassEnded { .. }
            | Event::Worker(_)
            | Event::Note { .. } => self.capacity.saturating_add(N_KEPT_FOR_OTHERS),
        };
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() < limit {
            events.push(event);
        } else {
            self.n_lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ids::RunId;
    use super::super::samples::tile;
    use super::*;

    fn ended(at_ns: u64) -> Event {
        Event::Note {
            run: Some(RunId(1)),
            at_ns,
            text: String::new(),
        }
    }

    #[test]
    fn a_full_recorder_counts_lost_tiles_and_keeps_the_rest() {
        let recorder = Recorder::new(3);
        for tile_idx in 0..5 {
            recorder.record(Event::Tile(tile(tile_idx, 0)));
        }
        recorder.record(ended(9));
        let Recorded { events, n_lost } = recorder.take();
        assert_eq!(n_lost, 2);
        assert_eq!(events.len(), 4);
        assert_eq!(events[3], ended(9));
        assert_eq!(recorder.take(), Recorded::default());
    }

    #[test]
    fn other_events_are_bounded_too() {
        let recorder = Recorder::new(0);
        for at_ns in 0..N_KEPT_FOR_OTHERS as u64 + 7 {
            recorder.record(ended(at_ns));
        }
        assert_eq!(recorder.take().n_lost, 7);
    }

    #[test]
    fn threads_record_side_by_side_without_losing_any() {
        let recorder = Recorder::new(10_000);
        std::thread::scope(|scope| {
            for worker in 0..4 {
                let recorder = &recorder;
                scope.spawn(move || {
                    for tile_idx in 0..500 {
                        recorder.record(Event::Tile(tile(tile_idx, worker)));
                    }
                });
            }
        });
        let Recorded { events, n_lost } = recorder.take();
        assert_eq!((events.len(), n_lost), (2000, 0));
    }

    #[test]
    fn a_tee_hands_every_event_to_all() {
        let (first, second) = (Arc::new(Recorder::new(9)), Arc::new(Recorder::new(9)));
        let tee = Tee(vec![first.clone(), second.clone()]);
        tee.record(ended(1));
        assert_eq!(first.take().events, vec![ended(1)]);
        assert_eq!(second.take().events, vec![ended(1)]);
        Tee::default().record(ended(2));
    }
}
