//! The typeface: Inter, cut down to what the window writes, with tabular digits as its only ones.
//! `assets/README.md` says how the files were made.
//!
//! egui's own fonts stand behind it for names of files in other scripts.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId};

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/ParallaxSans-Regular.otf");
const MEDIUM: &[u8] = include_bytes!("../../../assets/fonts/ParallaxSans-Medium.otf");
const SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/ParallaxSans-SemiBold.otf");

const BODY_POINTS: f32 = 13.0;
const CAPTION_POINTS: f32 = 12.0;

/// What most of the window is written in.
#[must_use]
pub const fn body() -> FontId {
    FontId::new(BODY_POINTS, FontFamily::Proportional)
}

/// Figures, units, hints and table heads.
#[must_use]
pub const fn caption() -> FontId {
    FontId::new(CAPTION_POINTS, FontFamily::Proportional)
}

/// Titles of cards and groups.
#[must_use]
pub fn title() -> FontId {
    FontId::new(BODY_POINTS, FontFamily::Name("medium".into()))
}

/// The program's name and the main button.
#[must_use]
pub fn name() -> FontId {
    FontId::new(BODY_POINTS, FontFamily::Name("semibold".into()))
}

pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let fallback = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let faces = [
        ("regular", REGULAR, FontFamily::Proportional),
        ("medium", MEDIUM, FontFamily::Name("medium".into())),
        ("semibold", SEMIBOLD, FontFamily::Name("semibold".into())),
    ];
    for (name, bytes, family) in faces {
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        let mut order = vec![name.to_owned()];
        order.extend(fallback.iter().cloned());
        fonts.families.insert(family, order);
    }
    fonts
}
