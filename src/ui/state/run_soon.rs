//! A full run that follows a change of backend or workers once the person has settled.

use crate::studio::session::Session;

/// Seconds without another change.
const SETTLED_S: f64 = 0.3;

/// A run that is due at a time, or not.
#[derive(Debug, Default)]
pub struct RunSoon {
    due_s: Option<f64>,
}

impl RunSoon {
    /// The choice changed at `now_s`.
    pub fn ask(&mut self, now_s: f64) {
        self.due_s = Some(now_s + SETTLED_S);
    }

    pub fn forget(&mut self) {
        self.due_s = None;
    }

    /// Starts the run when it is due, ending an older one first. Returns in how many seconds to come
    /// back, if at all.
    pub fn step(&mut self, session: &mut Session, now_s: f64) -> Option<f64> {
        let due_s = self.due_s?;
        if let Some(running) = &session.jobs().running {
            running.stop();
            // It wakes the window when it has ended.
            return (now_s < due_s).then_some(due_s - now_s);
        }
        if now_s < due_s {
            return Some(due_s - now_s);
        }
        self.due_s = None;
        session.run_full();
        None
    }
}
