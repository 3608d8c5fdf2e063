//! Sizes in points, on a grid of four.

pub const GAP_XS: f32 = 4.0;
pub const GAP_S: f32 = 8.0;
pub const GAP_M: f32 = 12.0;
pub const GAP_L: f32 = 16.0;
pub const GAP_XL: f32 = 24.0;

pub const RADIUS_CARD: u8 = 6;
pub const RADIUS_CONTROL: u8 = 5;

/// A row of controls, and the least that can be hit.
pub const ROW: f32 = 26.0;
pub const HIT: f32 = 26.0;
pub const BUTTON: f32 = 30.0;
pub const TOOLBAR: f32 = 44.0;
pub const STATUS_BAR: f32 = 26.0;
/// What the strip of the crop takes of the canvas' foot.
pub const CROP_STRIP: f32 = 56.0;

pub const ICON: f32 = 18.0;
pub const ICON_STROKE: f32 = 1.7;
pub const DOT: f32 = 8.0;

pub const FOCUS_RING: f32 = 2.0;
pub const FOCUS_GAP: f32 = 1.0;

// A slider's row: name, track, value. One set of columns for every card, so that they line up.
pub const PARAM_LABEL: f32 = 84.0;
pub const PARAM_TRACK_MIN: f32 = 140.0;
pub const PARAM_VALUE: f32 = 64.0;

// A card keeps room at both sides for what comes on hover: the grip, the eye.
pub const CARD_GRIP: f32 = 18.0;
pub const CARD_TAIL: f32 = 28.0;

pub const LEFT_PANEL: f32 = 216.0;
pub const LEFT_RAIL: f32 = 44.0;
/// Two margins, grip, name, track, value, tail, and the gaps between them.
pub const RIGHT_PANEL: f32 = 368.0;
pub const PERFORMANCE_STRIP: f32 = 32.0;

/// Opacity of what is switched off.
pub const OFF_OPACITY: f32 = 0.55;
