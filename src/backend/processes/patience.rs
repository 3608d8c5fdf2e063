//! How long a worker may be silent: a multiple of what tiles of this pass were measured to cost.
//!
//! Nothing here guesses what a tile costs. Before the first tile of a pass is done, the plan's
//! estimate stands in, taken a thousandfold, since it knows ratios and no machine. A worker that is
//! silent for longer is asked whether it lives; one that answers gets as much time again.

use std::sync::atomic::{AtomicU64, Ordering};

/// A tile may take this many times what the slowest one of its pass took, by its pixels.
const SLOWER: u64 = 20;

/// Estimates are of a machine of 2024 and of a filter like any other; the dearest filter is some
/// hundred times dearer, and a build for debugging ten times slower.
const ESTIMATE_OFF: u64 = 1000;

/// What a busy machine may add to anything: turns of threads and processes, never a tile's cost.
const TURNS_NS: u64 = 1_000_000_000;

/// A worker that is asked whether it lives answers without computing: it needs a turn, no more.
const ANSWER_NS: u64 = TURNS_NS / 2;

/// Whoever waits looks every few milliseconds. When far more passed since the last look, this
/// process did not run (the machine slept, or was frozen, or had too much to do), and the worker
/// may not have run either: of such a gap only this much counts.
const MAX_STEP_NS: u64 = 50_000_000;

/// What tiles of one pass cost, as far as it is known.
#[derive(Debug)]
pub(super) struct Pace {
    /// Nanoseconds a tile is estimated to take, by the plan.
    estimated_ns: u64,
    /// What it waits on order before that, for simulated slow storage.
    waits_ns: u64,
    /// Of the slowest tile that was done, picoseconds a pixel read; 0 before the first.
    slowest_ps: AtomicU64,
}

impl Pace {
    pub(super) const fn new(estimated_ns: u64) -> Self {
        Self {
            estimated_ns,
            waits_ns: 0,
            slowest_ps: AtomicU64::new(0),
        }
    }

    /// Every tile waits so long on order, before it is computed.
    pub(super) const fn after_waits_of(self, waits_ns: u64) -> Self {
        Self { waits_ns, ..self }
    }

    /// A tile that reads `read_px` pixels took this long.
    pub(super) fn note(&self, read_px: u64, took_ns: u64) {
        let ps = took_ns.saturating_mul(1000) / read_px.max(1);
        self.slowest_ps.fetch_max(ps.max(1), Ordering::Relaxed);
    }

    /// How long a worker may be silent over a tile that reads `read_px` pixels. Every attempt after
    /// the first gets more, so that no machine is too slow for ever.
    pub(super) fn limit_ns(&self, read_px: u64, attempt: u16) -> u64 {
        let cost_ns = match self.slowest_ps.load(Ordering::Relaxed) {
            0 => self.estimated_ns.saturating_mul(ESTIMATE_OFF),
            ps => (read_px.saturating_mul(ps) / 1000).saturating_mul(SLOWER),
        };
        let limit_ns = cost_ns
            .saturating_add(self.waits_ns)
            .saturating_add(TURNS_NS);
        limit_ns.saturating_mul(u64::from(attempt.max(1)))
    }
}

/// What to do about a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    /// Ask whether it lives.
    Ask,
    /// It does not answer.
    Mute,
    /// It answers, but its tile does not come.
    Stuck,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Not,
    /// When it had been silent for so long.
    At(u64),
    Answered,
}

/// How long one worker has been silent, on a clock that never goes back.
#[derive(Debug)]
pub(super) struct Watch {
    silent_ns: u64,
    looked_ns: u64,
    asked: Asked,
}

impl Watch {
    pub(super) const fn new(now_ns: u64) -> Self {
        Self {
            silent_ns: 0,
            looked_ns: now_ns,
            asked: Asked::Not,
        }
    }

    /// It got on with its work.
    pub(super) const fn progressed(&mut self) {
        self.silent_ns = 0;
        self.asked = Asked::Not;
    }

    /// It said that it lives, which is no progress yet.
    pub(super) fn answered(&mut self) {
        if self.asked != Asked::Not {
            self.asked = Asked::Answered;
        }
    }

    /// Looks at the clock; `limit_ns` as [`Pace`] has it.
    pub(super) fn look(&mut self, now_ns: u64, limit_ns: u64) -> Verdict {
        let step_ns = now_ns.saturating_sub(self.looked_ns).min(MAX_STEP_NS);
        self.looked_ns = now_ns;
        self.silent_ns = self.silent_ns.saturating_add(step_ns);
        match self.asked {
            Asked::Not if self.silent_ns >= limit_ns => {
                self.asked = Asked::At(self.silent_ns);
                Verdict::Ask
            }
            Asked::At(asked_ns) if self.silent_ns - asked_ns >= ANSWER_NS => Verdict::Mute,
            Asked::Answered if self.silent_ns >= limit_ns.saturating_mul(2) => Verdict::Stuck,
            Asked::Not | Asked::At(_) | Asked::Answered => Verdict::Fine,
        }
    }

    pub(super) const fn silent_ns(&self) -> u64 {
        self.silent_ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    /// Looks every 5 ms from `from_ms` on until something is to be done; the verdict, and when.
    fn until_verdict(watch: &mut Watch, from_ms: u64, limit_ms: u64) -> (Verdict, u64) {
        (from_ms..)
            .step_by(5)
            .map(|ms| (watch.look(ms * MS, limit_ms * MS), ms))
            .find(|(verdict, _)| *verdict != Verdict::Fine)
            .unwrap()
    }

    #[test]
    fn a_mute_worker_is_asked_and_then_given_up() {
        let mut watch = Watch::new(0);
        assert_eq!(until_verdict(&mut watch, 0, 1200), (Verdict::Ask, 1200));
        assert_eq!(until_verdict(&mut watch, 1205, 1200), (Verdict::Mute, 1700));
    }

    #[test]
    fn one_that_answers_gets_as_much_time_again() {
        let mut watch = Watch::new(0);
        watch.answered();
        assert_eq!(until_verdict(&mut watch, 0, 1000), (Verdict::Ask, 1000));
        watch.answered();
        let verdict = until_verdict(&mut watch, 1005, 1000);
        assert_eq!(verdict, (Verdict::Stuck, 2000));
        watch.progressed();
        assert_eq!(until_verdict(&mut watch, 2005, 1000).0, Verdict::Ask);
    }

    #[test]
    fn time_in_which_nobody_looked_does_not_count() {
        let mut watch = Watch::new(0);
        let mut now_ns = 0;
        // Asleep for an hour, time after time: never long enough for one look to be too many.
        for _ in 0..10 {
            now_ns += 3600 * 1000 * MS;
            assert_eq!(watch.look(now_ns, 1000 * MS), Verdict::Fine);
        }
        // A clock that jumps back changes nothing either.
        assert_eq!(watch.look(0, 1000 * MS), Verdict::Fine);
        assert_eq!(watch.silent_ns(), 10 * MAX_STEP_NS);
    }

    #[test]
    fn deadlines_follow_what_was_measured() {
        let waiting = Pace::new(2 * MS).after_waits_of(40 * MS);
        let pace = Pace::new(2 * MS);
        assert_eq!(waiting.limit_ns(1, 1), pace.limit_ns(1, 1) + 40 * MS);
        assert_eq!(pace.limit_ns(1000, 1), 2000 * MS + TURNS_NS);
        pace.note(1000, 3 * MS);
        pace.note(2000, 4 * MS);
        assert_eq!(pace.limit_ns(1000, 1), 60 * MS + TURNS_NS);
        assert_eq!(pace.limit_ns(4000, 1), 240 * MS + TURNS_NS);
        assert_eq!(pace.limit_ns(1000, 3), 3 * (60 * MS + TURNS_NS));
        pace.note(0, 0);
        assert_eq!(Pace::new(u64::MAX).limit_ns(u64::MAX, 9), u64::MAX);
    }
}
