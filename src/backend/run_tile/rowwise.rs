//! The steps that go row by row, and the maps they look at.

use crate::filters::kernels::grid::Upsampler;
use crate::pixels::geometry::Rect;
use crate::pixels::scratch::Scratch;
use crate::pixels::tile::Tile;
use crate::plan::program::{Kernel, StepProgram};

use super::super::engine::Stretch;
use super::super::regions::Region;
use super::Bench;

/// The maps of one stretch, interpolated row by row; one for each guided step.
pub(super) struct Guides<'a> {
    by_step: Vec<(usize, Guide<'a>)>,
}

struct Guide<'a> {
    upsampler: Upsampler<'a>,
    /// One row a plane.
    rows: Vec<Vec<f32>>,
}

impl<'a> Guides<'a> {
    /// # Panics
    /// When a map is missing.
    pub(super) fn new(bench: &mut Bench<'a>, stretch: &Stretch, rect: Rect) -> Self {
        let steps = &bench.engine.program.steps;
        let mut map_idx = steps[..stretch.rowwise.start]
            .iter()
            .filter(|step| matches!(step.kernel, Kernel::Guided { .. }))
            .count();
        let mut by_step = Vec::new();
        for step_idx in stretch.rowwise.clone() {
            let Kernel::Guided { factor, grid, .. } = steps[step_idx].kernel else {
                continue;
            };
            let Region::Planes(map) = bench.maps[map_idx] else {
                panic!("a map is planes, not a photo");
            };
            map_idx += 1;
            let scratch = &mut bench.desk.scratch;
            let upsampler = Upsampler::new(map, factor, grid, rect, scratch);
            let row_len = (rect.width as usize).next_multiple_of(crate::pixels::tile::LANES);
            let rows = (0..map.n_planes())
                .map(|_| scratch.floats(row_len))
                .collect();
            by_step.push((step_idx, Guide { upsampler, rows }));
        }
        Self { by_step }
    }

    pub(super) fn finish(self, scratch: &mut Scratch) {
        for (_, guide) in self.by_step {
            guide.upsampler.finish(scratch);
            guide
                .rows
                .into_iter()
                .for_each(|row| scratch.give_floats(row));
        }
    }
}

impl Bench<'_> {
    /// Runs the stretch's steps over `rows` rows from `top`, one step after the other.
    pub(super) fn edit_rows(
        &mut self,
        tile: &mut Tile,
        top: u32,
        rows: u32,
        stretch: &Stretch,
        guides: &mut Guides<'_>,
    ) {
        let mut guides = guides.by_step.iter_mut();
        for step_idx in stretch.rowwise.clone() {
            self.desk.step_idx = step_idx;
            let step = &self.engine.program.steps[step_idx];
            let guide = match step.kernel {
                Kernel::Guided { .. } => guides.next().map(|(_, guide)| guide),
                _ => None,
            };
            self.edit_step(tile, (top, rows), step, guide);
            self.desk.clock.lap(step_idx);
        }
    }

    fn edit_step(
        &mut self,
        tile: &mut Tile,
        (top, rows): (u32, u32),
        step: &StepProgram,
        mut guide: Option<&mut Guide<'_>>,
    ) {
        let stride = tile.stride();
        let mixes = step.opacity < 1.0;
        let mut before = self.desk.scratch.floats(if mixes { stride * 4 } else { 0 });
        for y in top..top + rows {
            if mixes {
                for plane_idx in 0..tile.n_planes() {
                    before[plane_idx * stride..(plane_idx + 1) * stride]
                        .copy_from_slice(tile.row(plane_idx, y as usize));
                }
            }
            let mut row = tile.color_row_mut(y as usize);
            match (&step.kernel, guide.as_deref_mut()) {
                (Kernel::Point(kernel), _) => kernel.row(&mut row),
                (Kernel::Guided { kernel, .. }, Some(guide)) => {
                    let mut planes: [&mut [f32]; 4] = Default::default();
                    let n_planes = guide.rows.len();
                    for (plane, values) in planes.iter_mut().zip(&mut guide.rows) {
                        *plane = values;
                    }
                    guide.upsampler.row(row.y, &mut planes[..n_planes]);
                    let planes = planes.map(|plane| &*plane);
                    kernel.row(&mut row, &planes[..n_planes]);
                }
                _ => {}
            }
            if mixes {
                for plane_idx in 0..tile.n_planes() {
                    let was = &before[plane_idx * stride..(plane_idx + 1) * stride];
                    super::ends::mix_rows(was, tile.row_mut(plane_idx, y as usize), step.opacity);
                }
            }
        }
        self.desk.scratch.give_floats(before);
    }
}
