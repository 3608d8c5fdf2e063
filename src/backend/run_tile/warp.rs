//! Geometry that needs a resample: scaling takes its rows as they come, the rest a whole tile.

use crate::filters::kernel::{Stopped, Work};
use crate::filters::warp::{Scale, ScaleRun, WarpKernel, finish, prepare};
use crate::pixels::geometry::Rect;
use crate::pixels::tile::Tile;
use crate::plan::program::Kernel;

use super::super::engine::Stretch;
use super::super::regions::Region;
use super::rowwise::Guides;
use super::{Bench, strips};

impl<'a> Bench<'a> {
    /// The scaling that is step `step_idx`, if it is one.
    pub(super) fn scale_at(&self, step_idx: usize) -> Option<&'a Scale> {
        match &self.engine.program.steps[step_idx].kernel {
            Kernel::Warp(kernel) => kernel.scale(),
            _ => None,
        }
    }

    /// Reads, edits and scales strip by strip: what a reduction reads is never held as a whole.
    pub(super) fn scaled(
        &mut self,
        scale: &Scale,
        tile: Option<Tile>,
        stretch: &Stretch,
        step_idx: usize,
    ) -> Result<Tile, Stopped> {
        let rect = self.rect_of(stretch);
        let is_read = tile.is_some();
        let n_planes = tile
            .as_ref()
            .map_or_else(|| self.n_planes(), Tile::n_planes);
        // Samples are finite; what filters made of them is made sure of.
        let is_photo = !is_read && matches!(self.input, Some(Region::Photo(_)));
        let is_clean = is_photo && stretch.rowwise.is_empty() && n_planes < 4;
        let strip_rows = strips(rect, n_planes).map(|(_, rows)| rows).max();
        let rects = (rect, self.rects.after(step_idx));
        let scratch = &mut self.desk.scratch;
        let mut run = ScaleRun::new(scale, rects, n_planes, strip_rows.unwrap_or(0), scratch);
        let mut guides = Guides::new(self, stretch, rect);
        let mut tile = tile.unwrap_or_else(|| self.desk.scratch.tile(Rect::default(), n_planes));
        for (top, rows) in strips(rect, n_planes) {
            self.stop.check()?;
            let from = if is_read { top } else { 0 };
            if !is_read {
                tile.reshape(Rect::new(rect.x, rect.y + top, rect.width, rows), n_planes);
                self.read(&mut tile, 0, rows);
            }
            self.edit_rows(&mut tile, from, rows, stretch, &mut guides);
            self.desk.step_idx = step_idx;
            if !is_clean {
                prepare(&mut tile, from, rows);
            }
            run.push(&tile, from, rows);
            self.desk.clock.lap(step_idx);
        }
        guides.finish(&mut self.desk.scratch);
        self.desk.scratch.give_tile(tile);
        let mut after = run.finish(&mut self.desk.scratch);
        finish(&mut after);
        self.desk.clock.lap(step_idx);
        Ok(after)
    }

    pub(super) fn warp(
        &mut self,
        step_idx: usize,
        kernel: &WarpKernel,
        mut tile: Tile,
    ) -> Result<Tile, Stopped> {
        let (n_planes, rows) = (tile.n_planes(), tile.rect().height);
        prepare(&mut tile, 0, rows);
        let mut after = self.desk.scratch.tile(self.rects.after(step_idx), n_planes);
        let mut work = Work {
            scratch: &mut self.desk.scratch,
            stop: self.stop,
        };
        kernel.run(&tile, &mut after, &mut work)?;
        finish(&mut after);
        self.desk.scratch.give_tile(tile);
        Ok(after)
    }
}
