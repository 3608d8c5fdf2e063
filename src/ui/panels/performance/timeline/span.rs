//! The stretch of a run that the lanes show: all of it at first, then what zooming and panning leave.

/// No shorter stretch is shown.
const SHORTEST_NS: f64 = 2_000.0;

/// See the module's own words. In nanoseconds since the run's start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) start: f64,
    pub(super) length: f64,
    /// Of the whole run.
    whole: f64,
}

impl Span {
    pub(super) fn whole(duration_ns: u64) -> Self {
        let whole = (duration_ns as f64).max(1.0);
        Self {
            start: 0.0,
            length: whole,
            whole,
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.length >= self.whole
    }

    pub(super) fn whole_ns(&self) -> u64 {
        self.whole as u64
    }

    pub(super) fn end_ns(&self) -> f64 {
        self.start + self.length
    }

    /// The moment at a share (0…1) of what is shown.
    pub(super) fn at(&self, share: f64) -> f64 {
        self.start + share * self.length
    }

    /// Where a moment lies, 0…1 being shown.
    pub(super) fn share_of(&self, at_ns: f64) -> f64 {
        (at_ns - self.start) / self.length
    }

    /// `factor` times as long, with the moment at `share` staying there.
    pub(super) fn zoomed(self, factor: f64, share: f64) -> Self {
        let least = SHORTEST_NS.min(self.whole);
        let length = (self.length * factor).clamp(least, self.whole);
        let start = self.at(share) - share * length;
        Self {
            start,
            length,
            ..self
        }
        .held()
    }

    /// Moved by a share of what is shown.
    pub(super) fn panned(self, by_share: f64) -> Self {
        Self {
            start: self.start + by_share * self.length,
            ..self
        }
        .held()
    }

    fn held(self) -> Self {
        Self {
            start: self.start.clamp(0.0, self.whole - self.length),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let span = Span::whole(1_000_000).zoomed(0.5, 0.3);
        let under = span.at(0.7);
        let closer = span.zoomed(0.25, 0.7);
        assert!((closer.at(0.7) - under).abs() < 1e-6);
        assert_eq!(closer.zoomed(1e9, 0.1), Span::whole(1_000_000));
        assert!(Span::whole(1_000_000).zoomed(1e-9, 0.5).length >= SHORTEST_NS);
    }

    #[test]
    fn panning_ends_at_the_ends_of_the_run() {
        let span = Span::whole(1_000_000).zoomed(0.1, 0.5);
        assert_eq!(span.panned(-99.0).start, 0.0);
        assert_eq!(span.panned(99.0).end_ns(), 1_000_000.0);
        assert!(Span::whole(5).is_whole() && !span.is_whole());
    }
}
