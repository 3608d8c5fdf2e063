//! What the panels around the photo remember, each its own.

use std::path::PathBuf;

use crate::studio::session::Session;
use crate::ui::panels::left::LeftState;
use crate::ui::panels::performance::PerformanceState;
use crate::ui::panels::right::RightState;
use crate::ui::picker::Question;

/// See the module's own words.
#[derive(Default)]
pub struct Panels {
    pub left: LeftState,
    pub right: RightState,
    pub performance: PerformanceState,
}

impl Panels {
    pub fn toggle_shortcuts(&mut self) {}

    pub fn toggle_export(&mut self, _session: &Session) {}

    pub fn focus_filter_search(&mut self) {
        self.right.focus_search();
    }

    /// Where an export or a log shall go.
    pub fn take_path(&mut self, _question: Question, _path: PathBuf) {}

    /// Offers a field for a path.
    pub fn ask_for_path(&mut self, _question: Question) {}

    /// Closes what lies on top; whether there was anything.
    pub fn dismiss(&mut self) -> bool {
        false
    }
}
