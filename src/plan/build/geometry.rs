//! Geometry in a plan: what follows each other becomes one step, and each frame knows its scale.

use crate::filters::frame::{Frame, Placement};
use crate::filters::spec::Spec;
use crate::filters::warp::Warp;
use crate::pixels::geometry::Size;
use crate::recipe::Recipe;

use super::super::graph::{Op, Step};
use super::{Builder, PhotoForm};

/// The scale at which the photo must be read so that the finished picture has `picture_scale`.
///
/// An edit that resizes needs fewer pixels of the photo, or more. A picture at scale 1 is made from
/// the photo at scale 1, as an export is.
#[must_use]
pub fn photo_scale(recipe: &Recipe, photo: &PhotoForm, picture_scale: f64) -> f64 {
    if picture_scale >= 1.0 {
        return 1.0;
    }
    let whole = PhotoForm {
        scale: 1.0,
        picture_scale: 1.0,
        ..photo.clone()
    };
    let mut builder = Builder::new(&whole);
    let geometry = recipe
        .edits()
        .iter()
        .filter(|edit| edit.is_active() && edit.spec().is_some_and(Spec::is_geometry));
    geometry.for_each(|edit| builder.add(edit));
    let scale = picture_scale * builder.magnification;
    if (builder.magnification - 1.0).abs() < 1e-6 {
        picture_scale
    } else {
        scale.min(1.0)
    }
}

impl Builder {
    /// `full_size`: what the same edit makes of the frame at scale 1.
    pub(super) fn add_placement(&mut self, edit: u64, placement: Placement, full_size: Size) {
        if placement == Placement::identity(self.frame.size) {
            return;
        }
        let output_size = placement.output_size();
        match self.steps.last_mut() {
            Some(Step {
                op: Op::Place(before),
                ..
            }) => *before = before.then(&placement),
            _ => {
                let warp = Warp::of_placement(&placement, self.frame.size);
                self.lay(edit, warp);
            }
        }
        self.frame.size = output_size;
        self.frame.full_size = full_size;
    }

    /// `full`: the warp of the frame at scale 1.
    pub(super) fn add_warp(&mut self, edit: u64, full: &Warp) {
        let ratio = full.magnification();
        let scale = self.scale_behind(ratio);
        let warp = full.at(&self.frame, scale);
        self.lay(edit, warp);
        self.magnification *= ratio;
        self.frame = Frame {
            size: warp.output_size,
            scale,
            full_size: full.output_size,
        };
    }

    /// The scale a frame is rendered at behind a step that magnifies it by `ratio`. A preview's pixels
    /// stay as they are where the resized photo has more of them.
    fn scale_behind(&self, ratio: f64) -> f64 {
        let before = self.frame.scale;
        if (ratio - 1.0).abs() < 1e-6 {
            before
        } else if before < 1.0 {
            (before / ratio).min(1.0)
        } else if ratio > 1.0 {
            self.picture_scale.clamp(1.0 / ratio, 1.0)
        } else {
            1.0
        }
    }

    /// Adds geometry to that which stands last already: together they are one step.
    fn lay(&mut self, edit: u64, warp: Warp) {
        let before = self.steps.pop_if(|step| step.op.is_geometry());
        let (edit, frame, warp) = match &before {
            Some(Step {
                edit,
                frame,
                op: Op::Place(place),
            }) => {
                let first = Warp::of_placement(place, frame.size);
                (*edit, *frame, first.then(&warp))
            }
            Some(Step {
                edit,
                frame,
                op: Op::Warp(first),
            }) => (*edit, *frame, first.then(&warp)),
            _ => (edit, self.frame, warp),
        };
        let op = match warp.as_placement() {
            Some(place) if place == Placement::identity(frame.size) => return,
            Some(place) => Op::Place(place),
            None => Op::Warp(warp),
        };
        self.steps.push(Step { edit, frame, op });
    }
}
