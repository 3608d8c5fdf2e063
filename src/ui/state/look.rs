//! How the picture is shown, and which panels for the moment. What outlives the day is in the
//! session's settings.

use crate::studio::settings::WindowSettings;
use crate::ui::theme::{Surround, ThemeChoice};

use super::SidesLook;

/// See the module's own words.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each of something else"
)]
pub struct Look {
    /// The unedited picture in the place of the edited one, while a key is held.
    pub is_before_held: bool,
    /// Share of the width that shows before, while the wipe is on.
    pub wipe_share: Option<f32>,
    pub shows_clipping: bool,
    /// All panels away, whatever the settings say.
    pub hides_panels: bool,
    /// The window is so low that the performance panel begins folded there.
    pub is_low: bool,
    /// The person unfolded it all the same.
    pub unfolds_low: bool,
    /// The edit on two backends, while that is looked at.
    pub sides: Option<SidesLook>,
    /// Output of all backends after the last comparison: same bytes, different, or not known.
    pub same_bytes: Option<bool>,
}

impl Look {
    pub const fn toggle_wipe(&mut self) {
        self.wipe_share = match self.wipe_share {
            None => Some(0.5),
            Some(_) => None,
        };
    }

    /// Whether previews must carry the unedited picture.
    pub const fn needs_before(&self) -> bool {
        self.is_before_held || self.wipe_share.is_some()
    }
}

impl WindowSettings {
    pub(in crate::ui) const fn theme(&self) -> ThemeChoice {
        if self.is_light {
            ThemeChoice::Light
        } else {
            ThemeChoice::Dark
        }
    }

    /// What lies around the photo.
    pub(in crate::ui) fn surround_color(&self) -> Surround {
        let by_name = |surround: &Surround| surround.label().eq_ignore_ascii_case(&self.surround);
        Surround::ALL.into_iter().find(by_name).unwrap_or_default()
    }

    pub(in crate::ui) fn next_surround(&mut self) {
        let now = self.surround_color();
        let idx = Surround::ALL.iter().position(|other| *other == now);
        let next = Surround::ALL[(idx.unwrap_or(0) + 1) % Surround::ALL.len()];
        self.surround = next.label().to_lowercase();
    }
}
