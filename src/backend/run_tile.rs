//! The one routine that computes a tile, whoever calls it: a thread, a pool, a worker process.
//!
//! Rows are read, edited and written in strips that stay in cache; only a neighbourhood needs the
//! whole tile with what surrounds it. No strip height and no tile size changes a byte.

use crate::filters::frame::Placement;
use crate::filters::kernel::{AreaKernel, GatherKernel, Stop, Stopped, Work};
use crate::filters::kernels::grid;
use crate::pixels::geometry::Rect;
use crate::pixels::image::{Depth, Samples};
use crate::pixels::scratch::Scratch;
use crate::pixels::tile::{LANES, Tile};
use crate::plan::graph::PassOutput;
use crate::plan::program::{Kernel, TileRects};
use crate::system::large_pages::prefer_large_pages;

use super::canvas::TilePixels;
use super::engine::{PassEngine, Stretch};
use super::regions::Region;
use super::tile_clock::TileClock;

mod codes;
mod ends;
mod rowwise;
mod target;
mod warp;

use rowwise::Guides;
use target::Target;

/// Bytes of planes a strip may have, so that it stays in the second-level cache between steps.
const STRIP_BYTES: usize = 128 << 10;

/// What a worker keeps between tiles.
#[derive(Debug)]
pub struct Desk {
    scratch: Scratch,
    clock: TileClock,
    /// Samples of an earlier tile, to be written over.
    spare: Option<Samples>,
    /// The step at work, to name it should it panic.
    step_idx: usize,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            scratch: Scratch::telling(prefer_large_pages),
            clock: TileClock::default(),
            spare: None,
            step_idx: 0,
        }
    }
}

impl Desk {
    /// Nanoseconds each step took on the last tile, in the order of `PassEngine::step_labels`.
    #[must_use]
    pub fn step_ns(&self) -> &[u64] {
        self.clock.step_ns()
    }

    /// Whether the steps of the next tiles shall be timed; they are unless told otherwise.
    pub fn measure(&mut self, is_measured: bool) {
        self.clock.measure(is_measured);
    }

    /// The step that ran last: the one to name when a kernel panicked.
    #[must_use]
    pub const fn step_idx(&self) -> usize {
        self.step_idx
    }

    /// Takes back the memory of a tile that was pasted, for the next one.
    pub fn recycle(&mut self, pixels: TilePixels) {
        match pixels {
            TilePixels::Planes(tile) => self.scratch.give_tile(tile),
            TilePixels::Samples(samples) => self.spare = Some(samples),
            TilePixels::Laid => {}
        }
    }

    /// `len` samples with whatever they held before: the caller writes every one.
    fn samples(&mut self, depth: Depth, len: usize) -> Samples {
        match (self.spare.take(), depth) {
            (Some(Samples::U8(mut spare)), Depth::Eight) => {
                spare.resize(len, 0);
                Samples::U8(spare)
            }
            (Some(Samples::U16(mut spare)), Depth::Sixteen) => {
                spare.resize(len, 0);
                Samples::U16(spare)
            }
            _ => Samples::zeroed(depth, len),
        }
    }
}

/// Computes `output` of the pass; `regions` answer the program's needs, in their order.
///
/// # Errors
/// [`Stopped`] when the flag is up.
///
/// # Panics
/// When a region is missing or too small, or a kernel panics.
pub fn run_tile(
    engine: &PassEngine,
    output: Rect,
    regions: &[Region<'_>],
    desk: &mut Desk,
    stop: Stop<'_>,
) -> Result<TilePixels, Stopped> {
    run_tile_into(engine, (output, &mut []), regions, desk, stop)
}

/// As [`run_tile`]. Where `room` is exactly what the tile's samples take, they are written there and
/// the answer is [`TilePixels::Laid`]; what it holds else is of no use.
///
/// # Errors
/// As [`run_tile`].
///
/// # Panics
/// As [`run_tile`].
pub fn run_tile_into(
    engine: &PassEngine,
    (output, room): (Rect, &mut [u8]),
    regions: &[Region<'_>],
    desk: &mut Desk,
    stop: Stop<'_>,
) -> Result<TilePixels, Stopped> {
    desk.clock.start(engine.program.steps.len() + 2);
    let rects = engine.program.rects(output);
    if let (Some(channels), Some(Region::Photo(photo))) = (engine.copied_channels, regions.first())
    {
        if let Some(kernel) = engine.code_kernel() {
            return codes::whole(kernel, photo, (output, room), desk, stop);
        }
        let samples = ends::copy_samples(photo, engine.lead.as_ref(), output, channels);
        desk.clock.lap(engine.program.steps.len());
        return Ok(TilePixels::Samples(samples));
    }
    let (input, maps) = match engine.program.input {
        Some(_) => (regions.first().copied(), &regions[1..]),
        None => (None, regions),
    };
    let mut bench = Bench {
        engine,
        rects: &rects,
        input,
        maps,
        desk,
        stop,
        room,
    };
    bench.run()
}

/// One tile being computed.
struct Bench<'a> {
    engine: &'a PassEngine,
    rects: &'a TileRects,
    input: Option<Region<'a>>,
    maps: &'a [Region<'a>],
    desk: &'a mut Desk,
    stop: Stop<'a>,
    room: &'a mut [u8],
}

impl Bench<'_> {
    fn run(&mut self) -> Result<TilePixels, Stopped> {
        let mut tile = None;
        for stretch in &self.engine.stretches {
            let Some(barrier) = stretch.barrier else {
                return self.finish(tile, stretch);
            };
            tile = Some(if let Some(scale) = self.scale_at(barrier) {
                self.scaled(scale, tile, stretch, barrier)?
            } else {
                let before = self.edited(tile, stretch)?;
                self.cross(barrier, before)?
            });
        }
        Err(Stopped)
    }

    /// Planes of what is read: colour, or a map.
    fn n_planes(&self) -> usize {
        match self.input {
            Some(Region::Planes(planes)) => planes.n_planes(),
            Some(Region::Photo(_)) | None => self.engine.program.n_planes,
        }
    }

    /// The rectangle the rows of a stretch lie in.
    fn rect_of(&self, stretch: &Stretch) -> Rect {
        match stretch.rowwise.start.checked_sub(1) {
            Some(before) => self.rects.after(before),
            None => self.rects.input(),
        }
    }

    /// Reads the tile, if it is not there yet, and edits its rows strip by strip.
    fn edited(&mut self, tile: Option<Tile>, stretch: &Stretch) -> Result<Tile, Stopped> {
        let rect = self.rect_of(stretch);
        let (mut tile, is_read) = match tile {
            Some(tile) => (tile, true),
            None => (self.desk.scratch.tile(rect, self.n_planes()), false),
        };
        let mut guides = Guides::new(self, stretch, rect);
        for (top, rows) in strips(rect, tile.n_planes()) {
            self.stop.check()?;
            if !is_read {
                self.read(&mut tile, top, rows);
            }
            self.edit_rows(&mut tile, top, rows, stretch, &mut guides);
        }
        guides.finish(&mut self.desk.scratch);
        Ok(tile)
    }

    /// The last stretch: read, edit and write each strip while it is in cache.
    fn finish(&mut self, tile: Option<Tile>, stretch: &Stretch) -> Result<TilePixels, Stopped> {
        if let PassOutput::Planes { .. } = self.engine.program.output {
            return self.edited(tile, stretch).map(TilePixels::Planes);
        }
        let rect = self.rects.output();
        let room = std::mem::take(&mut self.room);
        let mut target = self.target(rect, room);
        let mut guides = Guides::new(self, stretch, rect);
        let is_read = tile.is_some();
        let n_planes = self.engine.program.n_planes;
        let mut tile = tile.unwrap_or_else(|| self.desk.scratch.tile(Rect::default(), n_planes));
        for (top, rows) in strips(rect, n_planes) {
            self.stop.check()?;
            if is_read {
                self.edit_rows(&mut tile, top, rows, stretch, &mut guides);
                self.write(&mut tile, top, rows, (top, &mut target));
            } else {
                tile.reshape(Rect::new(rect.x, rect.y + top, rect.width, rows), n_planes);
                self.read(&mut tile, 0, rows);
                self.edit_rows(&mut tile, 0, rows, stretch, &mut guides);
                self.write(&mut tile, 0, rows, (top, &mut target));
            }
        }
        guides.finish(&mut self.desk.scratch);
        self.desk.scratch.give_tile(tile);
        Ok(target.into_pixels())
    }

    /// Does a step that needs the whole tile.
    fn cross(&mut self, step_idx: usize, tile: Tile) -> Result<Tile, Stopped> {
        self.desk.step_idx = step_idx;
        let step = &self.engine.program.steps[step_idx];
        let after = match &step.kernel {
            Kernel::Area(kernel) => self.area(step_idx, kernel.as_ref(), tile)?,
            Kernel::Stage(kernel) => {
                let after = self.neighbourhood(step_idx, kernel.as_ref(), &tile)?;
                self.desk.scratch.give_tile(tile);
                after
            }
            Kernel::Place(placement) => self.place(step_idx, placement, tile),
            Kernel::Warp(kernel) => self.warp(step_idx, kernel, tile)?,
            Kernel::Gather { kernel, n_planes } => {
                let gathered = self.gather(kernel.as_ref(), *n_planes, tile);
                self.desk.clock.lap(step_idx);
                self.reduce(step_idx + 1, gathered)
            }
            Kernel::Point(_) | Kernel::Codes(_) | Kernel::Guided { .. } | Kernel::Reduce { .. } => {
                tile
            }
        };
        self.desk.clock.lap(step_idx);
        Ok(after)
    }

    /// A neighbourhood of colours: transparent ones must not bleed, and it may be mixed in.
    fn area(
        &mut self,
        step_idx: usize,
        kernel: &dyn AreaKernel,
        mut tile: Tile,
    ) -> Result<Tile, Stopped> {
        let has_alpha = tile.n_planes() == 4;
        if has_alpha {
            ends::premultiply(&mut tile);
        }
        let mut after = self.neighbourhood(step_idx, kernel, &tile)?;
        let opacity = self.engine.program.steps[step_idx].opacity;
        if opacity < 1.0 {
            ends::blend(&tile, &mut after, opacity);
        }
        if has_alpha {
            ends::unpremultiply(&mut after);
        }
        self.desk.scratch.give_tile(tile);
        Ok(after)
    }

    fn neighbourhood(
        &mut self,
        step_idx: usize,
        kernel: &dyn AreaKernel,
        tile: &Tile,
    ) -> Result<Tile, Stopped> {
        let mut after = self
            .desk
            .scratch
            .tile(self.rects.after(step_idx), tile.n_planes());
        let mut work = Work {
            scratch: &mut self.desk.scratch,
            stop: self.stop,
        };
        kernel.run(tile, &mut after, &mut work)?;
        Ok(after)
    }

    fn place(&mut self, step_idx: usize, placement: &Placement, mut tile: Tile) -> Tile {
        let rect = self.rects.after(step_idx);
        if placement.turn.is_none() {
            tile.relocate(rect.x, rect.y);
            return tile;
        }
        let mut after = self.desk.scratch.tile(rect, tile.n_planes());
        ends::turn(&tile, placement, &mut after);
        self.desk.scratch.give_tile(tile);
        after
    }

    fn gather(&mut self, kernel: &dyn GatherKernel, n_planes: usize, mut tile: Tile) -> Tile {
        let mut gathered = self.desk.scratch.tile(tile.rect(), n_planes);
        let (stride, rows) = (gathered.stride(), tile.rect().height as usize);
        for y in 0..rows {
            let mut planes: Vec<&mut [f32]> = gathered
                .planes_mut()
                .map(|plane| &mut plane[y * stride..(y + 1) * stride])
                .collect();
            kernel.row(&tile.color_row_mut(y), &mut planes);
        }
        self.desk.scratch.give_tile(tile);
        gathered
    }

    fn reduce(&mut self, step_idx: usize, gathered: Tile) -> Tile {
        let step = &self.engine.program.steps[step_idx];
        let factor = match step.kernel {
            Kernel::Reduce { factor } => factor,
            _ => 1,
        };
        let mut cells = self
            .desk
            .scratch
            .tile(self.rects.after(step_idx), gathered.n_planes());
        grid::reduce(&gathered, factor, step.input_size, &mut cells);
        self.desk.scratch.give_tile(gathered);
        self.desk.clock.lap(step_idx);
        cells
    }

    fn target<'t>(&mut self, rect: Rect, room: &'t mut [u8]) -> Target<'t> {
        match &self.engine.encoder {
            Some(encoder) => {
                let format = encoder.format();
                let len = rect.area() as usize * format.layout.channels();
                Target::new(room, self.desk, format.depth, len)
            }
            None => Target::Own(Samples::U8(Vec::new())),
        }
    }
}

/// Tops (from the tile's) and heights of the strips of a tile.
fn strips(rect: Rect, n_planes: usize) -> impl Iterator<Item = (u32, u32)> {
    let row_bytes = (rect.width as usize).next_multiple_of(LANES) * 4 * n_planes;
    let rows = (STRIP_BYTES / row_bytes.max(1)).clamp(4, 64) as u32;
    (0..rect.height)
        .step_by(rows as usize)
        .map(move |top| (top, rows.min(rect.height - top)))
}
