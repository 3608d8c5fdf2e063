//! What lies around the photo on the canvas: a setting apart from the theme, because it changes how
//! bright the photo seems.

use egui::Color32;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Surround {
    Dark,
    #[default]
    Middle,
    /// The grey of print viewing booths.
    MidGrey,
    White,
}

impl Surround {
    pub const ALL: [Self; 4] = [Self::Dark, Self::Middle, Self::MidGrey, Self::White];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dark => "Dark",
            Self::Middle => "Middle",
            Self::MidGrey => "Mid-grey",
            Self::White => "White",
        }
    }

    #[must_use]
    pub const fn color(self) -> Color32 {
        Color32::from_gray(match self {
            Self::Dark => 0x16,
            Self::Middle => 0x2A,
            Self::MidGrey => 0x77,
            Self::White => 0xFF,
        })
    }

    /// What one writes with directly on the surround.
    #[must_use]
    pub const fn text(self) -> Color32 {
        Color32::from_gray(match self {
            Self::Dark | Self::Middle => 0xB2,
            Self::MidGrey => 0x02,
            Self::White => 0x48,
        })
    }
}
