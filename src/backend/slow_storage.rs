//! Simulated slow storage: every tile first waits as one would that is read from a slow disk, asleep.

use std::thread;
use std::time::{Duration, Instant};

use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Phase, PhaseSpan};

/// How often one who waits looks whether the run was stopped.
const STOP_LOOK: Duration = Duration::from_millis(20);

/// Waits unless stopped; when that was.
pub(super) fn wait(asked: Duration, is_stopped: &dyn Fn() -> bool) -> PhaseSpan {
    let (started_ns, started) = (now_ns(), Instant::now());
    while !is_stopped() {
        let rest = asked.saturating_sub(started.elapsed());
        if rest.is_zero() {
            break;
        }
        thread::sleep(rest.min(STOP_LOOK));
    }
    PhaseSpan::new(Phase::SlowStorage, started_ns, now_ns())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_takes_its_time_unless_it_is_stopped() {
        let asked = Duration::from_millis(5);
        assert!(wait(asked, &|| false).duration_ns() >= 5_000_000);
        let stopped = wait(Duration::from_hours(1), &|| true);
        assert_eq!(stopped.phase, Phase::SlowStorage);
    }
}
