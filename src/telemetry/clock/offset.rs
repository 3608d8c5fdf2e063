//! What another process's clock reads against ours, learnt from one question and its answer.

/// Translates times of another process's [`super::now_ns`] into ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClockOffset {
    /// Theirs less ours.
    offset_ns: i64,
    /// The true offset lies at most this far from `offset_ns`.
    error_ns: u64,
}

impl ClockOffset {
    /// From a question sent and its answer received on our clock, with the time they read between
    /// the two: at best the offset holds for the middle of the two, at worst for either end.
    #[must_use]
    pub fn estimate(sent_ns: u64, theirs_ns: u64, received_ns: u64) -> Self {
        let round_trip_ns = received_ns.saturating_sub(sent_ns);
        let middle_ns = sent_ns + round_trip_ns / 2;
        Self {
            offset_ns: theirs_ns.wrapping_sub(middle_ns) as i64,
            error_ns: round_trip_ns.div_ceil(2),
        }
    }

    /// Our time of one of theirs; 0 for what was before our clock began.
    #[must_use]
    pub fn to_ours(self, theirs_ns: u64) -> u64 {
        let ours = i128::from(theirs_ns) - i128::from(self.offset_ns);
        u64::try_from(ours.max(0)).unwrap_or(u64::MAX)
    }

    /// Bound of the error, in nanoseconds.
    #[must_use]
    pub const fn error_ns(self) -> u64 {
        self.error_ns
    }

    /// Of two estimates the one with the smaller bound.
    #[must_use]
    pub fn better(self, other: Self) -> Self {
        if other.error_ns < self.error_ns {
            other
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_offset_is_found_within_the_bound() {
        // Their clock began 5000 ns after ours; the answer's way took thrice the question's.
        let theirs_of = |ours: u64| ours - 5000;
        let (sent, read, received) = (10_000, theirs_of(10_100), 10_400);
        let offset = ClockOffset::estimate(sent, read, received);
        assert_eq!(offset.error_ns(), 200);
        assert!(offset.to_ours(theirs_of(20_000)).abs_diff(20_000) <= offset.error_ns());
    }

    #[test]
    fn either_clock_may_have_begun_first() {
        for (theirs, expected) in [(1_000_000, 1_000_700), (0, 700)] {
            let offset = ClockOffset::estimate(500, 0, 900);
            assert_eq!(offset.to_ours(theirs), expected);
        }
        let ahead = ClockOffset::estimate(0, 9_000, 0);
        assert_eq!(ahead.to_ours(10_000), 1_000);
        assert_eq!(ahead.to_ours(10), 0);
    }

    #[test]
    fn the_better_of_two_estimates_has_the_smaller_bound() {
        let slow = ClockOffset::estimate(0, 500, 1000);
        let quick = ClockOffset::estimate(0, 500, 100);
        assert_eq!(slow.better(quick), quick);
        assert_eq!(quick.better(slow), quick);
    }
}
