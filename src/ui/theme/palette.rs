//! The two tables of colours, dark and light, and the wells that are the same in both.

use egui::{Color32, Ui};

/// One theme's colours by what they are for. What informs has at least 4.5 : 1 on the surfaces it is
/// meant for; `off` at least 3 : 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    pub is_dark: bool,
    // Surfaces, from the back to the front.
    pub panel: Color32,
    pub card: Color32,
    pub control: Color32,
    pub hover: Color32,
    pub pressed: Color32,
    /// Fields one types into.
    pub field: Color32,
    /// Lines between panels, and inside one.
    pub line_outer: Color32,
    pub line_inner: Color32,
    // Writing on panel and card.
    pub text: Color32,
    pub soft: Color32,
    pub faint: Color32,
    pub off: Color32,
    // Writing on control and hover where the above would be too weak.
    pub faint_on_control: Color32,
    pub off_on_control: Color32,
    /// The one bright thing: main button, selection bar, slider fill.
    pub accent: Color32,
    pub accent_hover: Color32,
    pub accent_pressed: Color32,
    pub on_accent: Color32,
    /// A slider's empty track and its knob.
    pub track: Color32,
    pub knob: Color32,
    pub focus: Color32,
    pub focus_gap: Color32,
    // Never without a sign beside them.
    pub ok: Color32,
    pub warning: Color32,
    pub error: Color32,
    /// Around backend dots, where their surface is light.
    pub mark_ring: Color32,
    /// What is selected in a text field.
    pub selection: Color32,
}

/// Nothing is painted.
pub const CLEAR: Color32 = Color32::TRANSPARENT;

const fn grey(level: u8) -> Color32 {
    Color32::from_gray(level)
}

/// The colour of 0xRRGGBB.
#[must_use]
pub const fn rgb(code: u32) -> Color32 {
    Color32::from_rgb((code >> 16) as u8, (code >> 8) as u8, code as u8)
}

static DARK: Theme = Theme {
    is_dark: true,
    panel: grey(0x1F),
    card: grey(0x26),
    control: grey(0x30),
    hover: grey(0x34),
    pressed: grey(0x3C),
    field: grey(0x17),
    line_outer: grey(0x12),
    line_inner: grey(0x26),
    text: grey(0xE6),
    soft: grey(0xB2),
    faint: grey(0x8D),
    off: grey(0x72),
    faint_on_control: grey(0xA0),
    off_on_control: grey(0x7D),
    accent: grey(0xD8),
    accent_hover: grey(0xE8),
    accent_pressed: grey(0xC4),
    on_accent: grey(0x16),
    track: grey(0x4A),
    knob: grey(0xE6),
    focus: grey(0xE6),
    focus_gap: grey(0x0E),
    ok: rgb(0x7FC8A9),
    warning: rgb(0xE0B050),
    error: rgb(0xE5786D),
    mark_ring: Color32::TRANSPARENT,
    selection: grey(0x4C),
};

static LIGHT: Theme = Theme {
    is_dark: false,
    panel: grey(0xF4),
    card: grey(0xEB),
    control: grey(0xE0),
    hover: grey(0xDA),
    pressed: grey(0xD0),
    field: grey(0xFC),
    line_outer: grey(0xD2),
    line_inner: grey(0xE4),
    text: grey(0x1A),
    soft: grey(0x48),
    faint: grey(0x66),
    off: grey(0x84),
    faint_on_control: grey(0x5A),
    off_on_control: grey(0x78),
    accent: grey(0x2C),
    accent_hover: grey(0x1C),
    accent_pressed: grey(0x40),
    on_accent: grey(0xF4),
    track: grey(0xBE),
    knob: grey(0x2C),
    focus: grey(0x2C),
    focus_gap: grey(0xFC),
    ok: rgb(0x1D6B4C),
    warning: rgb(0x7A5200),
    error: rgb(0xA8322A),
    mark_ring: grey(0x3C),
    selection: grey(0xC4),
};

impl Theme {
    #[must_use]
    pub fn of(ui: &Ui) -> &'static Self {
        Self::by_darkness(ui.visuals().dark_mode)
    }

    #[must_use]
    pub const fn dark() -> &'static Self {
        &DARK
    }

    #[must_use]
    pub const fn light() -> &'static Self {
        &LIGHT
    }

    const fn by_darkness(is_dark: bool) -> &'static Self {
        if is_dark { &DARK } else { &LIGHT }
    }

    /// What a control stands on under the pointer and while pressed.
    #[must_use]
    pub fn surface(&self, response: &egui::Response, at_rest: Color32) -> Color32 {
        if response.is_pointer_button_down_on() {
            self.pressed
        } else if response.hovered() {
            self.hover
        } else {
            at_rest
        }
    }
}

/// Colours of instruments (lanes, cores, histogram): the same in both themes, so that the colours of
/// the data hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Well {
    pub ground: Color32,
    /// The empty part of a bar or lane.
    pub trough: Color32,
    pub line: Color32,
    pub text: Color32,
    pub soft: Color32,
    pub faint: Color32,
    /// Load that other programs make.
    pub rest: Color32,
    /// Added to one another where channels overlap; all three make a neutral grey.
    pub red: Color32,
    pub green: Color32,
    pub blue: Color32,
    pub luma: Color32,
    /// Badges over the photo ("Before", "After").
    pub badge: Color32,
    /// Badge and wipe line against any photo.
    pub on_photo: Color32,
    pub on_photo_edge: Color32,
    /// What a crop leaves out.
    pub cropped_away: Color32,
    /// Writing on a light backend colour.
    pub on_light_mark: Color32,
    // What temperature and tint tracks show: from their lower to their upper end.
    pub cold: Color32,
    pub warm: Color32,
    pub leaf: Color32,
    pub rose: Color32,
}

pub static WELL: Well = Well {
    ground: grey(0x15),
    trough: grey(0x0E),
    line: grey(0x2A),
    text: grey(0xE0),
    soft: grey(0xB2),
    faint: grey(0x8D),
    rest: grey(0x5A),
    red: Color32::from_rgb_additive(0x8C, 0x26, 0x26),
    green: Color32::from_rgb_additive(0x26, 0x8C, 0x26),
    blue: Color32::from_rgb_additive(0x26, 0x26, 0x8C),
    luma: grey(0xD8),
    badge: Color32::from_rgba_unmultiplied_const(0x14, 0x14, 0x14, 0xC8),
    on_photo: grey(0xF4),
    on_photo_edge: Color32::from_black_alpha(0x90),
    cropped_away: Color32::from_black_alpha(0xA0),
    on_light_mark: grey(0x14),
    cold: rgb(0x5B8FD6),
    warm: rgb(0xD9B45A),
    leaf: rgb(0x5FA66C),
    rose: rgb(0xC269B8),
};

/// Colours of things that have no meaning of their own beyond being told apart: cores, passes, filters.
/// Paul Tol's "light" scheme, made for colour-blind eyes; all are light enough for dark writing.
pub static SERIES: [Color32; 8] = [
    rgb(0x77AADD),
    rgb(0xEE8866),
    rgb(0xEEDD88),
    rgb(0xFFAABB),
    rgb(0x99DDFF),
    rgb(0x44BB99),
    rgb(0xBBCC33),
    rgb(0xDDDDDD),
];

/// Once round the circle of hues from red to red, at even distances, subdued so that a knob on it stays
/// the brightest thing.
pub static HUE_CIRCLE: [Color32; 7] = [
    rgb(0xC85A5A),
    rgb(0xC2B050),
    rgb(0x5FB062),
    rgb(0x55B4B4),
    rgb(0x5E7ED2),
    rgb(0xB466C0),
    rgb(0xC85A5A),
];
