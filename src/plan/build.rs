//! Builds the plan: drops what does nothing, fuses what can run together, cuts where it pays.
//!
//! The rules, in order: edits that are off or at identity are dropped; addressing steps in a row
//! become one; a filter that needs a map gets passes of its own for it, which repeat the cheap steps
//! before it rather than store a whole picture; a picture is stored between passes only where
//! repeating would cost more than a third again.

use crate::filters::frame::Frame;
use crate::filters::kernel::{AreaKernel, Guided, Prepared};
use crate::filters::spec::Group;
use crate::pixels::color::ColorSpace;
use crate::pixels::convert::OutputFormat;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{Depth, Layout};
use crate::recipe::{Edit, Recipe, Unavailable, What, Why};

use super::PlanError;
use super::graph::{Call, Input, Op, PLAN_VERSION, Pass, PassOutput, Plan, SourceForm, Step};

mod geometry;

pub use geometry::photo_scale;

/// Side of the tile by which surroundings are judged. Only the cut between passes depends on it,
/// and cuts change no byte, so a run with other tiles still gives the same picture.
const NOMINAL_TILE_PX: u32 = 512;

/// Recomputed surroundings above this share of a tile are not worth it.
const MAX_OVERHEAD: f64 = 0.30;

/// The photo as the planner sees it: a whole one, or one reduced to `scale`.
#[derive(Debug, Clone)]
pub struct PhotoForm {
    /// Pixels at scale 1, upright.
    pub full_size: Size,
    /// Rendered pixels per pixel of the photo, 0…1.
    pub scale: f64,
    /// Rendered pixels per pixel of the finished picture. It differs from `scale` where the recipe
    /// resizes; see [`photo_scale`].
    pub picture_scale: f64,
    pub layout: Layout,
    /// Of the samples that will be read (a reduced photo is kept in 16 bits).
    pub depth: Depth,
    pub color: ColorSpace,
}

impl PhotoForm {
    /// The form of a picture read whole.
    #[must_use]
    pub fn of(image: &crate::pixels::image::Image) -> Self {
        let color = ColorSpace {
            icc: None,
            ..(*image.color).clone()
        };
        Self {
            full_size: image.size,
            scale: 1.0,
            picture_scale: 1.0,
            layout: image.layout,
            depth: image.depth(),
            color,
        }
    }

    /// Pixels of the whole frame as rendered.
    #[must_use]
    pub fn size(&self) -> Size {
        self.full_size.scaled(self.scale)
    }

    /// The layout a picture edited by `recipe` has: grey stays grey unless an edit can colour it.
    #[must_use]
    pub fn output_layout(&self, recipe: &Recipe) -> Layout {
        let colours = recipe
            .edits()
            .iter()
            .filter(|edit| edit.is_active())
            .any(|edit| edit.spec().is_some_and(|spec| spec.group == Group::Color));
        if colours {
            self.layout.with_color()
        } else {
            self.layout
        }
    }
}

/// Plans `recipe` for a photo.
///
/// # Errors
/// [`PlanError::Unavailable`] or [`PlanError::NeedsFile`] when an edit that is switched on cannot be computed.
pub fn build(recipe: &Recipe, photo: &PhotoForm, output: OutputFormat) -> Result<Plan, PlanError> {
    let mut builder = Builder::new(photo);
    for edit in recipe.edits() {
        if edit.stops_export() {
            return Err(refusal(edit));
        }
        if edit.is_active() {
            builder.add(edit);
        }
    }
    let source = SourceForm {
        size: photo.size(),
        layout: photo.layout,
        depth: photo.depth,
        color: photo.color.clone(),
    };
    let is_copy = builder.is_untouched()
        && output.layout == source.layout
        && output.depth == source.depth
        && output.color.same_meaning(&source.color);
    let passes = builder.finish();
    Ok(Plan {
        version: PLAN_VERSION,
        source,
        passes,
        output,
        is_copy,
    })
}

/// Why an edit that is switched on cannot be computed.
fn refusal(edit: &Edit) -> PlanError {
    let filter = edit.filter_id().to_owned();
    match &edit.what {
        What::Unavailable(Unavailable {
            why: Why::File(why),
            ..
        }) => PlanError::NeedsFile {
            filter,
            why: why.clone(),
        },
        _ => PlanError::Unavailable(filter),
    }
}

/// The pass being filled, behind those already closed.
struct Builder {
    passes: Vec<Pass>,
    input: Option<Input>,
    steps: Vec<Step>,
    frame: Frame,
    has_alpha: bool,
    picture_scale: f64,
    /// Pixels of the frame per pixel of the photo, at scale 1: what resizing has made of it.
    magnification: f64,
}

impl Builder {
    fn new(photo: &PhotoForm) -> Self {
        Self {
            passes: Vec::new(),
            input: Some(Input::Photo),
            steps: Vec::new(),
            frame: Frame {
                size: photo.size(),
                scale: photo.scale,
                full_size: photo.full_size,
            },
            has_alpha: photo.layout.has_alpha(),
            picture_scale: photo.picture_scale,
            magnification: 1.0,
        }
    }

    /// Whether samples are never more than samples: they change places, or one takes another's.
    fn is_untouched(&self) -> bool {
        self.passes.is_empty()
            && self
                .steps
                .iter()
                .all(|step| matches!(step.op, Op::Place(_)))
            || matches!(&*self.steps, [Step { op: Op::Codes(call), .. }]
                if self.passes.is_empty() && call.opacity >= 1.0)
    }

    const fn n_planes(&self) -> u8 {
        if self.has_alpha { 4 } else { 3 }
    }

    fn add(&mut self, edit: &Edit) {
        let (Some(filter), Some(values)) = (edit.filter(), edit.values()) else {
            return;
        };
        let call = Call {
            filter: filter.spec().id.to_owned(),
            values: values.clone(),
            opacity: edit.opacity as f32,
        };
        let edit_id = edit.id.0;
        match filter.prepare(values, &self.frame) {
            Prepared::Point(_) => self.push(edit_id, Op::Point(call)),
            Prepared::Area(kernel) if self.can_run_on_codes(kernel.as_ref()) => {
                self.push(edit_id, Op::Codes(call));
            }
            Prepared::Area(kernel) => {
                let size = self.frame.size;
                self.cut_before_wide_area(|rect| kernel.input_rect(rect, size));
                self.push(edit_id, Op::Area(call));
            }
            Prepared::Guided(guided) => self.add_guided(edit_id, &call, &guided),
            Prepared::Geometry(placement) => {
                let full = Frame::full(self.frame.full_size);
                let full_size = match filter.prepare(values, &full) {
                    Prepared::Geometry(at_full_size) => at_full_size.output_size(),
                    _ => self.frame.full_size,
                };
                self.add_placement(edit_id, placement, full_size);
            }
            Prepared::Warp(warp) => self.add_warp(edit_id, &warp),
        }
    }

    /// Whether the photo's samples are still there for a filter that asks for no more than them.
    fn can_run_on_codes(&self, kernel: &dyn AreaKernel) -> bool {
        !self.has_alpha
            && self.input == Some(Input::Photo)
            && self.steps.is_empty()
            && kernel.on_codes().is_some()
    }

    fn push(&mut self, edit: u64, op: Op) {
        self.steps.push(Step {
            edit,
            frame: self.frame,
            op,
        });
    }

    /// Passes that make the map on its reduced grid, then the step that uses it.
    fn add_guided(&mut self, edit: u64, call: &Call, guided: &Guided) {
        if self.repeating_costs_more() {
            self.store_picture();
        }
        let grid = self.frame.size.reduced(guided.factor);
        let n_planes = guided.gather.n_planes(self.has_alpha) as u8;
        let mut gather_steps = self.steps.clone();
        let step = |op| Step {
            edit,
            frame: self.frame,
            op,
        };
        gather_steps.push(step(Op::Gather {
            call: call.clone(),
            n_planes,
        }));
        gather_steps.push(step(Op::Reduce {
            factor: guided.factor,
        }));
        let mut map = self.close(self.input, gather_steps, n_planes, grid);
        for stage_idx in 0..guided.stages.len() as u16 {
            let stage = step_of(
                edit,
                self.frame,
                Op::Stage {
                    call: call.clone(),
                    stage_idx,
                    grid,
                },
            );
            map = self.close(Some(Input::Pass(map)), vec![stage], n_planes, grid);
        }
        if !guided.apply.reads_input() && call.opacity >= 1.0 {
            self.steps.clear();
            self.input = None;
        }
        let factor = guided.factor;
        self.push(
            edit,
            Op::Guided {
                call: call.clone(),
                map,
                factor,
                grid,
            },
        );
    }

    fn close(&mut self, input: Option<Input>, steps: Vec<Step>, n_planes: u8, size: Size) -> u16 {
        let output = PassOutput::Planes { n_planes };
        self.passes.push(Pass {
            input,
            steps,
            output,
            output_size: size,
        });
        (self.passes.len() - 1) as u16
    }

    /// Ends the pass by storing the whole picture as planes, and begins one that reads them.
    fn store_picture(&mut self) {
        if self.steps.is_empty() {
            return;
        }
        let steps = std::mem::take(&mut self.steps);
        let stored = self.close(self.input, steps, self.n_planes(), self.frame.size);
        self.input = Some(Input::Pass(stored));
    }

    /// Whether the open pass holds work too dear to be done twice.
    fn repeating_costs_more(&self) -> bool {
        let is_dear = |step: &Step| matches!(step.op, Op::Area(_) | Op::Warp(_));
        self.steps.iter().any(is_dear)
    }

    /// Cuts when the surroundings of this pass, with one more neighbourhood, exceed the limit.
    fn cut_before_wide_area(&mut self, input_rect: impl Fn(Rect) -> Rect) {
        let reads_before = self
            .steps
            .iter()
            .any(|step| !matches!(step.op, Op::Place(_)));
        if !reads_before {
            return;
        }
        let size = self.frame.size;
        let tile = central_tile(size);
        let mut rect = input_rect(tile);
        // What surrounds a tile in front of a warp lies on another grid.
        let behind_warp = |step: &&Step| !matches!(step.op, Op::Warp(_));
        for step in self.steps.iter().rev().take_while(behind_warp) {
            if let Op::Area(call) = &step.op
                && let Some(Prepared::Area(kernel)) = super::program::prepare(call, &step.frame)
            {
                rect = kernel.input_rect(rect, step.frame.size);
            }
        }
        if rect.area() as f64 > tile.area() as f64 * (1.0 + MAX_OVERHEAD) {
            self.store_picture();
        }
    }

    fn finish(mut self) -> Vec<Pass> {
        self.passes.push(Pass {
            input: self.input,
            steps: self.steps,
            output: PassOutput::Picture,
            output_size: self.frame.size,
        });
        self.passes
    }
}

const fn step_of(edit: u64, frame: Frame, op: Op) -> Step {
    Step { edit, frame, op }
}

/// A nominal tile in the middle of the frame, where no edge cuts its surroundings.
fn central_tile(size: Size) -> Rect {
    let side = |length: u32| length.min(NOMINAL_TILE_PX);
    let (width, height) = (side(size.width), side(size.height));
    Rect::new(
        (size.width - width) / 2,
        (size.height - height) / 2,
        width,
        height,
    )
}
