//! When what happened to a tile at a worker, told on this process's clock.

use crate::telemetry::clock::ClockOffset;
use crate::telemetry::event::{Phase, PhaseSpan};

use super::message::DoneHeader;

/// When what happened to one tile.
pub(super) struct Times {
    pub(super) sent_ns: (u64, u64),
    pub(super) offset: ClockOffset,
    pub(super) received_ns: u64,
    pub(super) pasted_ns: (u64, u64),
}

impl Times {
    /// The tile's phases on this process's clock, one after the other. The worker's clock is known
    /// to within its offset's error: its times are moved to where they make sense, and computing
    /// keeps its length.
    pub(super) fn phases(&self, header: &DoneHeader) -> Vec<PhaseSpan> {
        let (sending_ns, sent_ns) = self.sent_ns;
        let end_ns = self.received_ns.max(sending_ns);
        let computing_ns = header.computed_ns.saturating_sub(header.started_ns);
        let latest_ns = end_ns.saturating_sub(computing_ns).max(sending_ns);
        let started_ns = self
            .offset
            .to_ours(header.started_ns)
            .clamp(sending_ns, latest_ns);
        let computed_ns = started_ns.saturating_add(computing_ns).min(end_ns);
        // The stamp may come late: the worker can be done before the writing thread runs again.
        let is_stamped = sent_ns >= sending_ns;
        let taken_ns = started_ns.saturating_sub(header.storage_ns).max(sending_ns);
        let sent_ns = if is_stamped {
            sent_ns.min(taken_ns)
        } else {
            taken_ns
        };
        let (pasting_ns, pasted_ns) = self.pasted_ns;
        let waited = PhaseSpan::new(Phase::SlowStorage, taken_ns, started_ns);
        let mut phases = vec![
            PhaseSpan::new(Phase::Sending, sending_ns, sent_ns),
            PhaseSpan::new(Phase::Queued, sent_ns, taken_ns),
        ];
        phases.extend((header.storage_ns > 0).then_some(waited));
        phases.extend([
            PhaseSpan::new(Phase::Computing, started_ns, computed_ns),
            PhaseSpan::new(Phase::Receiving, computed_ns, end_ns),
            PhaseSpan::new(Phase::Writing, pasting_ns, pasted_ns),
        ]);
        phases
    }
}

#[cfg(test)]
mod tests;
