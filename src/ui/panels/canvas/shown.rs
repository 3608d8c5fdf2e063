//! The pictures on the canvas: the newest preview, the unedited one beside it, and the last one that
//! held the whole picture, which fills the edges while a pan or zoom is being computed.

use egui::{Context, Painter, Rect};

use crate::pixels::geometry::Size;
use crate::studio::preview::PreviewFrame;
use crate::studio::view::View;

use super::place::{Ground, Placed, frame_rect};
use super::texture::{Manner, Texture};

/// Screen pixels a photo pixel from which single pixels show as squares.
const SHARP_FROM: f64 = 2.0;

/// A texture and what it is of.
#[derive(Default)]
struct Layer {
    texture: Texture,
    placed: Option<Placed>,
}

/// See the module's own words.
#[derive(Default)]
pub(super) struct Shown {
    edited: Layer,
    before: Layer,
    overview: Layer,
    /// Of the preview that was put up last.
    seq: Option<(u64, bool)>,
    manner: Option<Manner>,
    has_before: bool,
}

impl Shown {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Puts a preview up unless it is up already. True when it is a newer one than before.
    pub(super) fn update(&mut self, ctx: &Context, frame: &PreviewFrame, marks: bool) -> bool {
        let manner = Manner {
            is_sharp: frame.screen_scale >= SHARP_FROM || is_pixel_for_pixel(frame),
            marks_clipping: marks,
        };
        let key = Some((frame.seq, frame.is_draft));
        let (is_newer, is_same_manner) = (self.seq != key, self.manner == Some(manner));
        if !is_newer && is_same_manner {
            return false;
        }
        let placed = Placed::of(frame);
        let leaves_whole = self.edited.placed.is_some_and(|old| old.is_whole());
        if is_newer && leaves_whole && !placed.is_whole() {
            std::mem::swap(&mut self.edited, &mut self.overview);
        } else if placed.is_whole() {
            self.overview = Layer::default();
        }
        let size = placed.region.size();
        self.edited.set(ctx, (placed, size), &frame.pixels, manner);
        if is_newer && let Some(pixels) = &frame.before {
            let manner = Manner {
                marks_clipping: false,
                ..manner
            };
            self.before.set(ctx, (placed, size), pixels, manner);
        }
        self.has_before = frame.before.is_some() || (frame.is_draft && self.has_before);
        (self.seq, self.manner) = (key, Some(manner));
        is_newer
    }

    /// Whether a preview would take the very place of the one that is up.
    pub(super) fn lies_as(&self, frame: &PreviewFrame) -> bool {
        self.edited.placed == Some(Placed::of(frame))
    }

    /// Whether the unedited picture can be shown.
    pub(super) const fn has_before(&self) -> bool {
        self.has_before
    }

    pub(super) fn paint_edited(&self, painter: &Painter, ground: Ground, view: &View) {
        let full_size = self.edited.placed.map(|placed| placed.full_size);
        let fills = |placed: &Placed| Some(placed.full_size) == full_size;
        if self.overview.placed.as_ref().is_some_and(fills) {
            self.overview.paint(painter, ground, view);
        }
        self.edited.paint(painter, ground, view);
    }

    pub(super) fn paint_before(&self, painter: &Painter, ground: Ground, view: &View) {
        self.before.paint(painter, ground, view);
    }

    /// Where the newest preview lies.
    pub(super) fn rect(&self, ground: Ground, view: &View) -> Option<Rect> {
        let placed = self.edited.placed.as_ref()?;
        Some(frame_rect(ground, view, placed))
    }
}

impl Layer {
    fn set(&mut self, ctx: &Context, (placed, size): (Placed, Size), rgba: &[u8], manner: Manner) {
        self.texture.set(ctx, (size, rgba), manner);
        self.placed = Some(placed);
    }

    fn paint(&self, painter: &Painter, ground: Ground, view: &View) {
        if let Some(placed) = &self.placed {
            self.texture
                .paint(painter, frame_rect(ground, view, placed));
        }
    }
}

/// Whether every computed pixel is one of the screen's: then there is nothing to interpolate, and
/// sampling without it is faster and exact.
fn is_pixel_for_pixel(frame: &PreviewFrame) -> bool {
    !frame.is_draft && (frame.scale - frame.screen_scale).abs() < 1e-9
}
