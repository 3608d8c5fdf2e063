//! The stretch of a run that the lanes show: all of it at first, then what zooming and panning leave.

/// No shorter stretch is shown.
const SHORTEST_NS: f64 = 2_000.0;

/// See the module's own words. In nanoseconds since the run's start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) start_ns: f64,
    pub(super) length_ns: f64,
    /// Of the whole run.
    whole_ns: f64,
}

impl Span {
    pub(super) fn whole(duration_ns: u64) -> Self {
        let whole_ns = (duration_ns as f64).max(1.0);
        Self {
            start_ns: 0.0,
            length_ns: whole_ns,
            whole_ns,
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.length_ns >= self.whole_ns
    }

    pub(super) fn whole_ns(&self) -> u64 {
        self.whole_ns as u64
    }

    pub(super) fn end_ns(&self) -> f64 {
        self.start_ns + self.length_ns
    }

    /// The moment at a share (0…1) of what is shown.
    pub(super) fn at(&self, share: f64) -> f64 {
        self.start_ns + share * self.length_ns
    }

    /// Where a moment lies, 0…1 being shown.
    pub(super) fn share_of(&self, at_ns: f64) -> f64 {
        (at_ns - self.start_ns) / self.length_ns
    }

    /// `factor` times as long, with the moment at `share` staying there.
    pub(super) fn zoomed(self, factor: f64, share: f64) -> Self {
        let least = SHORTEST_NS.min(self.whole_ns);
        let length_ns = (self.length_ns * factor).clamp(least, self.whole_ns);
        let start_ns = self.at(share) - share * length_ns;
        Self {
            start_ns,
            length_ns,
            ..self
        }
        .held()
    }

    /// Moved by a share of what is shown.
    pub(super) fn panned(self, by_share: f64) -> Self {
        Self {
            start_ns: self.start_ns + by_share * self.length_ns,
            ..self
        }
        .held()
    }

    fn held(self) -> Self {
        Self {
            start_ns: self.start_ns.clamp(0.0, self.whole_ns - self.length_ns),
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
        assert!(Span::whole(1_000_000).zoomed(1e-9, 0.5).length_ns >= SHORTEST_NS);
    }

    #[test]
    fn panning_ends_at_the_ends_of_the_run() {
        let span = Span::whole(1_000_000).zoomed(0.1, 0.5);
        assert_eq!(span.panned(-99.0).start_ns, 0.0);
        assert_eq!(span.panned(99.0).end_ns(), 1_000_000.0);
        assert!(Span::whole(5).is_whole() && !span.is_whole());
    }
}
