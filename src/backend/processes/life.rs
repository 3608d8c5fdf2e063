//! A worker's life as states: what may happen in each, and where it leads. Pure; `place` keeps one
//! for each lane and tells of every change.
//!
//! ```text
//!  dead ─hired─► starting ─greeted─► idle ─given─► busy ─overdue─► suspect
//!   ▲               │                 │ ◄─emptied── │ ◄─progressed── │
//!   └── lost, dismissed ──────────────┴─────────────┴────────────────┘
//! ```

use crate::telemetry::event::{DeathCause, EndCause, WorkerChange, WorkerState};

/// What happens to a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Incident {
    /// A process was made for the lane.
    Hired,
    /// The handshake is done.
    Greeted,
    /// It has tiles.
    Given,
    /// It has none left.
    Emptied,
    /// It gave no sign of progress for longer than its tile may take.
    Overdue,
    /// A tile was begun, done, or came through its pipe.
    Progressed,
    /// It died, or had to be ended.
    Lost(DeathCause),
    /// It was told to end.
    Dismissed(EndCause),
}

/// What an incident comes to in a state; `None` where it changes nothing.
pub(super) const fn change_of(state: WorkerState, incident: Incident) -> Option<WorkerChange> {
    use Incident as I;
    use WorkerState as S;
    Some(match (state, incident) {
        (S::Dead, I::Hired) => WorkerChange::Started,
        // A process that never came to be dies out of nothing.
        (S::Dead, I::Lost(DeathCause::Spawn)) => WorkerChange::Died(DeathCause::Spawn),
        (S::Dead, _) => return None,
        (_, I::Lost(cause)) => WorkerChange::Died(cause),
        (_, I::Dismissed(cause)) => WorkerChange::Ended(cause),
        (S::Starting, I::Greeted) => WorkerChange::Ready,
        (S::Idle, I::Given) | (S::Suspect, I::Progressed) => WorkerChange::Busy,
        (S::Busy | S::Suspect, I::Emptied) => WorkerChange::Idle,
        (S::Busy, I::Overdue) => WorkerChange::Suspect,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets a worker live through incidents; the states it went through.
    fn lived(incidents: &[Incident]) -> Vec<WorkerState> {
        let mut state = WorkerState::Dead;
        let mut states = Vec::new();
        for incident in incidents {
            if let Some(change) = change_of(state, *incident) {
                state = change.state();
                states.push(state);
            }
        }
        states
    }

    #[test]
    fn a_long_and_quiet_life() {
        use Incident::{Dismissed, Emptied, Given, Greeted, Hired, Progressed};
        use WorkerState::{Busy, Dead, Idle, Starting};
        let incidents = [
            Hired,
            Greeted,
            Given,
            Progressed,
            Emptied,
            Given,
            Emptied,
            Dismissed(EndCause::Rest),
            Hired,
        ];
        let states = [Starting, Idle, Busy, Idle, Busy, Idle, Dead, Starting];
        assert_eq!(lived(&incidents), states);
    }

    #[test]
    fn a_suspect_is_cleared_by_progress_and_ends_by_a_deadline() {
        use Incident::{Given, Greeted, Hired, Lost, Overdue, Progressed};
        use WorkerState::{Busy, Dead, Idle, Starting, Suspect};
        let lost = Lost(DeathCause::Deadline);
        let incidents = [
            Hired, Greeted, Given, Overdue, Overdue, Progressed, Overdue, lost, lost,
        ];
        let states = [Starting, Idle, Busy, Suspect, Busy, Suspect, Dead];
        assert_eq!(lived(&incidents), states);
    }

    #[test]
    fn any_living_worker_may_die_and_no_dead_one_does_anything_but_come_back() {
        use WorkerState::{Busy, Dead, Idle, Starting, Suspect};
        for state in [Starting, Idle, Busy, Suspect] {
            for cause in [DeathCause::Signal(9), DeathCause::Protocol] {
                let change = change_of(state, Incident::Lost(cause));
                assert_eq!(change, Some(WorkerChange::Died(cause)));
            }
            assert_eq!(change_of(state, Incident::Hired), None);
        }
        for incident in [
            Incident::Greeted,
            Incident::Given,
            Incident::Progressed,
            Incident::Lost(DeathCause::Signal(9)),
            Incident::Dismissed(EndCause::Closed),
        ] {
            assert_eq!(change_of(Dead, incident), None, "{incident:?}");
        }
    }
}
