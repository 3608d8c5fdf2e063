//! The edit on two backends: which two, and how they are shown.

use crate::studio::session::Session;
use crate::studio::{BackendChoice, BackendKind};

/// See the module's own words.
#[derive(Debug, Clone, PartialEq)]
pub struct SidesLook {
    /// Left and right.
    pub choices: [BackendChoice; 2],
    /// Share of the width that shows the left one.
    pub share: f32,
    /// The map of differences in the place of both pictures.
    pub shows_map: bool,
    /// The recipe's revision that both were last asked for; `None`: ask again.
    pub ran_for: Option<u64>,
}

impl SidesLook {
    /// The chosen backend against one core; of one core itself, against threads.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let chosen = session.backend();
        let other = match chosen.kind {
            BackendKind::Single => chosen.of_kind(BackendKind::Threads, session.n_workers()),
            _ => chosen,
        };
        Self {
            choices: [chosen.of_kind(BackendKind::Single, 1), other],
            share: 0.5,
            shows_map: false,
            ran_for: None,
        }
    }

    /// Runs both once more where the edit or a choice changed, and nobody drags or computes.
    pub fn follow(&mut self, session: &mut Session) {
        let Some(open) = session.photo() else { return };
        let revision = open.history.revision();
        let is_free = session.jobs().running.is_none() && !open.history.has_open_gesture();
        if is_free && self.ran_for != Some(revision) {
            self.ran_for = Some(revision);
            session.run_sides(self.choices[0], self.choices[1]);
        }
    }
}
