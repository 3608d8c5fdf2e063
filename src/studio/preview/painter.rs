//! Computes one preview: places the view, plans, reads the reduced photo, renders.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::ThreadPool;

use crate::backend::Backend;
use crate::backend::cancel::Cancel;
use crate::backend::render::{Render, Schedule};
use crate::backend::spare_memory::SpareMemory;
use crate::pixels::color::ColorSpace;
use crate::pixels::convert::OutputFormat;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{Depth, Image, Layout, Samples};
use crate::plan::{self, PhotoForm, Plan};
use crate::recipe::Recipe;
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, TileRecord};
use crate::telemetry::sink::Recorder;

use super::super::StudioError;
use super::super::full_run::next_run_id;
use super::frame::{Histogram, PreviewFrame, Stamps};
use super::source::ScaledSource;
use super::thread::{Request, Subject};

/// Tile events one preview can leave behind.
const MAX_TILE_EVENTS: usize = 20_000;

/// Computes previews of one photo; keeps the reduced photo between them.
pub(super) struct Painter {
    source: ScaledSource,
    before: Option<Before>,
    spare: SpareMemory,
}

/// Planes of a large window's previews.
const SPARE_BYTES: u64 = 128 << 20;

impl Default for Painter {
    fn default() -> Self {
        Self {
            source: ScaledSource::default(),
            before: None,
            spare: SpareMemory::up_to(SPARE_BYTES),
        }
    }
}

/// The picture without its edits, kept while only edits change.
struct Before {
    placed: Placed,
    geometry: Recipe,
    photo: Arc<Image>,
    pixels: Vec<u8>,
}

/// Where the view lies on the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Placed {
    full_size: Size,
    frame_size: Size,
    region: Rect,
    scale: f64,
    screen_scale: f64,
}

/// What paints: the backend, and the pool for reducing the photo.
pub(super) struct Hands<'a> {
    pub(super) backend: &'a dyn Backend,
    pub(super) pool: &'a ThreadPool,
    pub(super) cancel: &'a Cancel,
}

impl Painter {
    /// Paints at `coarseness` times fewer pixels a side than the screen has.
    pub(super) fn paint(
        &mut self,
        subject: &Subject,
        request: &Request,
        coarseness: f64,
        hands: &Hands<'_>,
    ) -> Result<PreviewFrame, StudioError> {
        let taken_ns = now_ns();
        let recipe = &request.recipe;
        let (placed, plan) = place(subject, recipe, request, coarseness)?;
        let planned_ns = now_ns();
        let recorder = Recorder::new(MAX_TILE_EVENTS);
        let pixels = self.render(subject, &plan, &placed, &recorder, hands)?;
        let before = if request.with_before && coarseness == 1.0 {
            Some(self.before(subject, request, hands)?)
        } else {
            None
        };
        let computed_ns = now_ns();
        let histogram = hands.pool.install(|| Histogram::of(&pixels));
        let finished_ns = now_ns();
        let tiles = tiles_of(&recorder);
        let done_ns = || tiles.iter().map(TileRecord::end_ns);
        Ok(PreviewFrame {
            seq: request.seq,
            region: placed.region,
            frame_size: placed.frame_size,
            full_size: placed.full_size,
            scale: placed.scale,
            screen_scale: placed.screen_scale,
            histogram,
            pixels,
            before,
            is_draft: coarseness > 1.0,
            stamps: Stamps {
                input_ns: request.input_ns,
                taken_ns,
                planned_ns,
                first_tile_ns: done_ns().min().unwrap_or_default(),
                last_tile_ns: done_ns().max().unwrap_or_default(),
                computed_ns,
                finished_ns,
                n_coalesced: request.n_coalesced,
            },
            backend: request.backend,
            edit_ns: edit_costs(&plan, recipe, &tiles),
        })
    }

    fn render(
        &mut self,
        subject: &Subject,
        plan: &Plan,
        placed: &Placed,
        recorder: &Recorder,
        hands: &Hands<'_>,
    ) -> Result<Vec<u8>, StudioError> {
        let n_workers = hands.backend.n_at_once();
        let schedule = Schedule::new(plan, placed.region, None, n_workers)?;
        let is_whole =
            plan.source.size == subject.photo.size && plan.source.depth == subject.photo.depth();
        let photo = if is_whole {
            subject.photo.view()
        } else {
            let wanted = (plan.source.size, schedule.photo_region());
            self.source
                .view(&subject.photo, &subject.pyramid, wanted, hands.pool)
        };
        let render = Render {
            run: next_run_id(),
            plan,
            schedule: &schedule,
            photo,
            events: recorder,
            cancel: hands.cancel,
        };
        match render.run_into(hands.backend, &self.spare)?.samples {
            Samples::U8(pixels) => Ok(pixels),
            Samples::U16(_) | Samples::Shared(_) => {
                unreachable!("a preview is computed here, with eight bits")
            }
        }
    }

    /// The same view with geometry alone, from memory where nothing moved.
    fn before(
        &mut self,
        subject: &Subject,
        request: &Request,
        hands: &Hands<'_>,
    ) -> Result<Vec<u8>, StudioError> {
        let geometry = geometry_of(&request.recipe);
        let (placed, plan) = place(subject, &geometry, request, 1.0)?;
        if let Some(before) = self.before.as_ref().filter(|before| {
            before.placed == placed
                && before.geometry.says_same(&geometry)
                && Arc::ptr_eq(&before.photo, &subject.photo)
        }) {
            return Ok(before.pixels.clone());
        }
        let pixels = self.render(subject, &plan, &placed, &Recorder::new(0), hands)?;
        let photo = Arc::clone(&subject.photo);
        self.before = Some(Before {
            placed,
            geometry,
            photo,
            pixels: pixels.clone(),
        });
        Ok(pixels)
    }
}

/// The recipe's edits of place alone: what "before" keeps.
#[must_use]
pub(super) fn geometry_of(recipe: &Recipe) -> Recipe {
    let others = recipe.edits().iter().filter(|edit| {
        !edit
            .spec()
            .is_some_and(crate::filters::spec::Spec::is_geometry)
    });
    others.fold(recipe.clone(), |kept, edit| kept.without(edit.id))
}

fn place(
    subject: &Subject,
    recipe: &Recipe,
    request: &Request,
    coarseness: f64,
) -> Result<(Placed, Plan), StudioError> {
    let full_size = plan_at(subject, recipe, 1.0)?.output_size();
    let view = request.view.held_inside(full_size);
    let screen_scale = view.screen_scale(full_size);
    let scale = view.render_scale(full_size) / coarseness;
    let plan = plan_at(subject, recipe, scale)?;
    let frame_size = plan.output_size();
    let mut coarse_view = view;
    coarse_view.viewport = view.viewport.scaled(1.0 / coarseness);
    let region = coarse_view.region(full_size, frame_size);
    Ok((
        Placed {
            full_size,
            frame_size,
            region,
            scale,
            screen_scale,
        },
        plan,
    ))
}

/// Size at scale 1 of what `recipe` makes of `photo`.
///
/// # Errors
/// When the recipe cannot be planned.
pub fn picture_size(photo: &Image, recipe: &Recipe) -> Result<Size, StudioError> {
    Ok(plan_of(photo, recipe, 1.0)?.output_size())
}

fn plan_at(subject: &Subject, recipe: &Recipe, scale: f64) -> Result<Plan, StudioError> {
    plan_of(&subject.photo, recipe, scale)
}

fn plan_of(photo: &Image, recipe: &Recipe, scale: f64) -> Result<Plan, StudioError> {
    let mut form = PhotoForm::of(photo);
    form.scale = plan::photo_scale(recipe, &form, scale);
    form.picture_scale = scale;
    if form.scale < 1.0 {
        form.depth = Depth::Sixteen;
    }
    let format = OutputFormat {
        layout: Layout::Rgba,
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
        dither: false,
    };
    Ok(plan::build(recipe, &form, format)?)
}

fn tiles_of(recorder: &Recorder) -> Vec<TileRecord> {
    let events = recorder.take().events.into_iter();
    let tiles = events.filter_map(|event| match event {
        Event::Tile(tile) => Some(tile),
        _ => None,
    });
    tiles.collect()
}

/// What each edit cost, in the order of the stack.
fn edit_costs(plan: &Plan, recipe: &Recipe, tiles: &[TileRecord]) -> Vec<(u64, u64)> {
    let mut by_edit: BTreeMap<u64, u64> = BTreeMap::new();
    for tile in tiles {
        let steps = &plan.passes[usize::from(tile.pass.0)].steps;
        for time in &tile.steps {
            if let Some(step) = steps.get(usize::from(time.step_idx)) {
                *by_edit.entry(step.edit).or_default() += time.elapsed_ns;
            }
        }
    }
    let edits = recipe.edits().iter();
    edits
        .filter_map(|edit| Some((edit.id.0, *by_edit.get(&edit.id.0)?)))
        .collect()
}
