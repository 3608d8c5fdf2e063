//! Runs a plan: pass after pass on a backend, keeping only the planes that later passes read.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::pixels::geometry::Rect;
use crate::pixels::image::{Image, ImageView, Layout, Samples};
use crate::pixels::tile::Tile;
use crate::plan::PlanError;
use crate::plan::cost::planned_tile_px;
use crate::plan::graph::{PassOutput, Plan};
use crate::plan::tiling::{Regions, regions, tile_side_of, tiles_in};
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::{Event, RunOutcome};
use crate::telemetry::ids::{PassIdx, RunId};
use crate::telemetry::sink::Sink;

use super::cancel::Cancel;
use super::canvas::Canvas;
use super::engine::PassEngine;
use super::regions::Sources;
use super::spare_memory::SpareMemory;
use super::{Backend, BackendError, PassWork};

/// Which tiles of which pass make the wanted part of the picture.
#[derive(Debug, Clone)]
pub struct Schedule {
    regions: Regions,
    tiles: Vec<Vec<Rect>>,
    tile_px: u32,
}

impl Schedule {
    /// Tiles for `region` of the picture; `tile_px` where somebody asked for a size.
    ///
    /// # Errors
    /// As [`regions`].
    pub fn new(
        plan: &Plan,
        region: Rect,
        tile_px: Option<u32>,
        n_workers: usize,
    ) -> Result<Self, PlanError> {
        let regions = regions(plan, region)?;
        let tile_px = match tile_px {
            Some(tile_px) => tile_px.max(1),
            None => planned_tile_px(plan, region, n_workers)?,
        };
        let tiles = plan
            .passes
            .iter()
            .zip(&regions.passes)
            .map(|(pass, region)| tiles_in(*region, tile_side_of(pass, tile_px)))
            .collect();
        Ok(Self {
            regions,
            tiles,
            tile_px,
        })
    }

    /// The part of the photo that must be there.
    #[must_use]
    pub const fn photo_region(&self) -> Rect {
        self.regions.photo
    }

    #[must_use]
    pub const fn tile_px(&self) -> u32 {
        self.tile_px
    }

    /// Tiles of all passes together.
    #[must_use]
    pub fn n_tiles(&self) -> usize {
        self.tiles.iter().map(Vec::len).sum()
    }
}

/// One run of a plan.
pub struct Render<'a> {
    pub run: RunId,
    pub plan: &'a Plan,
    pub schedule: &'a Schedule,
    /// Covers at least the schedule's photo region, in the plan's source form.
    pub photo: ImageView<'a>,
    pub events: &'a dyn Sink,
    pub cancel: &'a Cancel,
}

/// The wanted part of the picture.
#[derive(Debug)]
pub struct Rendered {
    /// In the picture's frame.
    pub region: Rect,
    pub layout: Layout,
    /// Packed row after row.
    pub samples: Samples,
}

impl Rendered {
    /// As a picture of its own.
    #[must_use]
    pub fn into_image(self, plan: &Plan) -> Image {
        let color = std::sync::Arc::new(plan.output.color.clone());
        Image::new(self.region.size(), self.layout, self.samples, color)
    }
}

impl Render<'_> {
    /// Computes the picture.
    ///
    /// # Errors
    /// [`BackendError::Stopped`] on request; any other when a pass cannot be finished.
    pub fn run(&self, backend: &dyn Backend) -> Result<Rendered, BackendError> {
        self.run_into(backend, &SpareMemory::none())
    }

    /// As [`Self::run`], in memory of earlier runs where it fits; planes go back there.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn run_into(
        &self,
        backend: &dyn Backend,
        spare: &SpareMemory,
    ) -> Result<Rendered, BackendError> {
        self.events.record(Event::RunStarted {
            run: self.run,
            at_ns: now_ns(),
        });
        let rendering = Rendering {
            of: self,
            backend,
            spare,
            series: LAST_SERIES.fetch_add(1, Ordering::Relaxed) + 1,
        };
        let result = rendering.run_passes();
        let outcome = match &result {
            Ok(_) => RunOutcome::Done,
            Err(BackendError::Stopped) => RunOutcome::Stopped,
            Err(_) => RunOutcome::Failed,
        };
        self.events.record(Event::RunEnded {
            run: self.run,
            at_ns: now_ns(),
            outcome,
        });
        result
    }
}

/// Renderings of this process so far.
static LAST_SERIES: AtomicU64 = AtomicU64::new(0);

/// A render that runs on a backend.
struct Rendering<'r> {
    of: &'r Render<'r>,
    backend: &'r dyn Backend,
    spare: &'r SpareMemory,
    series: u64,
}

impl Rendering<'_> {
    fn run_passes(&self) -> Result<Rendered, BackendError> {
        let n_passes = self.of.plan.passes.len();
        let mut planes: Vec<Option<Tile>> = (0..n_passes).map(|_| None).collect();
        for pass_idx in 0..n_passes.saturating_sub(1) {
            planes[pass_idx] = Some(self.make_planes(pass_idx, &planes)?);
            for (earlier, kept) in planes.iter_mut().enumerate() {
                if self
                    .of
                    .plan
                    .last_reader(earlier)
                    .is_some_and(|reader| reader <= pass_idx)
                {
                    kept.take()
                        .into_iter()
                        .for_each(|planes| self.spare.keep_planes(planes));
                }
            }
        }
        let made = self.make_picture(&planes);
        let read_last = planes.into_iter().flatten();
        read_last.for_each(|planes| self.spare.keep_planes(planes));
        made
    }

    fn make_planes(&self, pass_idx: usize, planes: &[Option<Tile>]) -> Result<Tile, BackendError> {
        let PassOutput::Planes { n_planes } = self.of.plan.passes[pass_idx].output else {
            return Err(PlanError::Malformed("a picture before the last pass").into());
        };
        let region = self.of.schedule.regions.passes[pass_idx];
        let mut made = self.spare.planes(region, usize::from(n_planes));
        let canvas = Canvas::for_planes(&mut made, self.of.schedule.tile_px);
        self.run_pass(pass_idx, planes, &canvas)?;
        drop(canvas);
        Ok(made)
    }

    fn make_picture(&self, planes: &[Option<Tile>]) -> Result<Rendered, BackendError> {
        let pass_idx = self.of.plan.passes.len() - 1;
        let region = self.of.schedule.regions.passes[pass_idx];
        let layout = self.of.plan.output.layout;
        let len = region.area() as usize * layout.channels();
        let depth = self.of.plan.output.depth;
        // The tiles of the last pass write every sample, whatever stood there before.
        let mut samples = self.spare.samples(depth, len);
        let band_rows = self.of.schedule.tile_px;
        let canvas = Canvas::for_samples(region, layout.channels(), &mut samples, band_rows);
        self.run_pass(pass_idx, planes, &canvas)?;
        drop(canvas);
        Ok(Rendered {
            region,
            layout,
            samples,
        })
    }

    fn run_pass(
        &self,
        pass_idx: usize,
        planes: &[Option<Tile>],
        canvas: &Canvas<'_>,
    ) -> Result<(), BackendError> {
        let tiles = &self.of.schedule.tiles[pass_idx];
        let pass = PassIdx(pass_idx as u16);
        let n_tiles = tiles.len() as u32;
        self.of.events.record(Event::PassStarted {
            run: self.of.run,
            pass,
            n_tiles,
            at_ns: now_ns(),
        });
        self.backend.run_pass(&PassWork {
            run: self.of.run,
            series: self.series,
            plan: self.of.plan,
            pass_idx,
            engine: &PassEngine::new(self.of.plan, pass_idx)?,
            tiles,
            sources: &Sources {
                photo: self.of.photo,
                planes,
            },
            canvas,
            events: self.of.events,
            cancel: self.of.cancel,
        })?;
        self.of.events.record(Event::PassEnded {
            run: self.of.run,
            pass,
            at_ns: now_ns(),
        });
        Ok(())
    }
}
