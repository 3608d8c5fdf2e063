//! What the canvas remembers between frames, and what keys and buttons do to it.

use egui::{Context, Pos2};

use crate::pixels::geometry::Size;
use crate::recipe::Recipe;
use crate::studio::preview::PreviewFrame;
use crate::studio::session::Session;
use crate::studio::view::{View, Zoom};

use super::crop_tool::CropTool;
use super::place::{Ground, at_scale, zoomed};
use super::shown::Shown;
use super::sides_ui::SidesShown;

/// See the module's own words.
#[derive(Default)]
pub struct Canvas {
    pub(super) ground: Option<Ground>,
    /// Where the pointer is, while it is over the canvas.
    pub(super) pointer: Option<Pos2>,
    pub(super) shown: Shown,
    pub(super) crop: Option<CropTool>,
    pub(super) sides: SidesShown,
}

impl Canvas {
    /// Between the fitted picture and one pixel of the screen a pixel of the photo, with what is
    /// under the pointer staying there.
    pub fn toggle_fit(&self, session: &mut Session) {
        let (Some(ground), Some(full_size)) = (self.ground, full_size(session)) else {
            return;
        };
        let view = session.view();
        let view = match view.zoom {
            Zoom::Fit => at_scale(ground, &view, full_size, (1.0, self.anchor(ground))),
            Zoom::Scale(_) => View {
                zoom: Zoom::Fit,
                centre: [0.5, 0.5],
                ..view
            },
        };
        session.set_view(view);
    }

    /// Zooms by a factor at the pointer, or in the middle.
    pub fn zoom_by(&self, session: &mut Session, factor: f64) {
        let (Some(ground), Some(full_size)) = (self.ground, full_size(session)) else {
            return;
        };
        let view = session.view();
        let anchor = self.anchor(ground);
        let view = zoomed(ground, &view, full_size, (factor, anchor));
        session.set_view(view);
    }

    #[must_use]
    pub const fn is_cropping(&self) -> bool {
        self.crop.is_some()
    }

    pub fn begin_crop(&mut self, session: &mut Session) {
        self.crop = CropTool::begin(session);
    }

    /// Ends cropping. With `keeps`, returns what the recipe becomes, where that is a change.
    pub fn end_crop(&mut self, session: &mut Session, keeps: bool) -> Option<Recipe> {
        self.crop.take()?.end(session, keeps)
    }

    /// A crop goes along with other changes of the recipe, or ends.
    pub fn follow(&mut self, session: &mut Session) {
        if self.crop.as_mut().is_some_and(|tool| !tool.follow(session)) {
            self.end_crop(session, false);
        }
    }

    /// Another photo: nothing of the old one stays.
    pub fn forget(&mut self) {
        self.shown.clear();
        self.sides.clear();
        self.crop = None;
    }

    /// Whether the pointer is over the canvas.
    #[must_use]
    pub const fn is_pointed_at(&self) -> bool {
        self.pointer.is_some()
    }

    /// Puts a newer preview where the last one was drawn in this frame already; false where it lies
    /// elsewhere, as after a crop.
    pub fn exchange(&mut self, ctx: &Context, frame: &PreviewFrame, marks: bool) -> bool {
        self.shown.lies_as(frame) && self.shown.update(ctx, frame, marks)
    }

    fn anchor(&self, ground: Ground) -> Pos2 {
        self.pointer.unwrap_or_else(|| ground.rect.center())
    }
}

/// Size of the picture at scale 1, as it is shown or, before that, as it will be.
pub(super) fn full_size(session: &Session) -> Option<Size> {
    let shown = session.preview().map(|frame| frame.full_size);
    shown.or_else(|| session.picture_size(&session.shown_recipe()))
}
