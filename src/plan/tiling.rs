//! Which tiles a pass is cut into, and which part of each pass a part of the picture needs.

use crate::pixels::geometry::{Rect, Size, tiles_of};

use super::PlanError;
use super::graph::{Input, Plan};
use super::program::Program;

/// Fewer pixels than this a tile, and handing it out costs as much as computing it.
const MIN_TILE_PX: u32 = 64;

/// Tiles a worker should get, so that the last one does not keep the others waiting.
const TILES_PER_WORKER: u64 = 8;

/// The side of a square tile for `region` when nobody asked for another: 128, 256 or 512.
///
/// Larger tiles recompute less of their surroundings; smaller ones spread better over workers.
#[must_use]
pub fn planned_tile_px(region: Size, n_workers: usize) -> u32 {
    let wanted = region.area() / (TILES_PER_WORKER * n_workers.max(1) as u64);
    [512_u32, 256]
        .into_iter()
        .find(|side| u64::from(*side) * u64::from(*side) <= wanted)
        .unwrap_or(128)
        .max(MIN_TILE_PX)
}

/// Cuts `region` of a frame into tiles. Tiles lie on one grid of the frame, whatever the region, so
/// a pan computes the same tiles again.
#[must_use]
pub fn tiles_in(region: Rect, tile_px: u32) -> Vec<Rect> {
    let tile_px = tile_px.max(1);
    let first = (region.x / tile_px * tile_px, region.y / tile_px * tile_px);
    let span = Size::new(region.right() - first.0, region.bottom() - first.1);
    tiles_of(span, Size::new(tile_px, tile_px))
        .into_iter()
        .map(|tile| {
            let x = tile.x + first.0;
            let y = tile.y + first.1;
            Rect::new(x, y, tile.width, tile.height).intersect(region)
        })
        .filter(|tile| !tile.is_empty())
        .collect()
}

/// What must be computed of each pass, and read of the photo, to know `region` of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions {
    /// One a pass, in its output's frame; empty for a pass nobody needs.
    pub passes: Vec<Rect>,
    pub photo: Rect,
}

/// Works back from the picture to the photo.
///
/// # Errors
/// As [`Program::new`].
pub fn regions(plan: &Plan, region: Rect) -> Result<Regions, PlanError> {
    let mut passes = vec![Rect::default(); plan.passes.len()];
    let mut photo = Rect::default();
    if let Some(last) = passes.last_mut() {
        *last = region;
    }
    for pass_idx in (0..plan.passes.len()).rev() {
        let wanted = passes[pass_idx];
        if wanted.is_empty() {
            continue;
        }
        let program = Program::new(plan, &plan.passes[pass_idx])?;
        for need in program.needs(&program.rects(wanted)) {
            match need.input {
                Input::Photo => photo = photo.union(need.rect),
                Input::Pass(before) if usize::from(before) < pass_idx => {
                    let before = &mut passes[usize::from(before)];
                    *before = before.union(need.rect);
                }
                Input::Pass(_) => {
                    return Err(PlanError::Malformed("a pass that reads a later one"));
                }
            }
        }
    }
    Ok(Regions { passes, photo })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_of_a_region_cover_it_once_on_the_frames_grid() {
        let region = Rect::new(100, 37, 300, 411);
        let tiles = tiles_in(region, 128);
        assert_eq!(
            tiles.iter().map(|tile| tile.area()).sum::<u64>(),
            region.area()
        );
        for tile in &tiles {
            assert!(region.contains(*tile));
            assert!(tile.x == region.x || tile.x % 128 == 0);
            assert!(tile.y == region.y || tile.y % 128 == 0);
        }
    }

    #[test]
    fn few_pixels_get_small_tiles() {
        assert_eq!(planned_tile_px(Size::new(8192, 4474), 2), 512);
        assert_eq!(planned_tile_px(Size::new(1600, 900), 2), 256);
        assert_eq!(planned_tile_px(Size::new(300, 200), 8), 128);
    }
}
