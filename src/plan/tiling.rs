//! Which tiles a pass is cut into, and which part of each pass a part of the picture needs.

use crate::pixels::geometry::{Rect, Size, tiles_of};

use super::PlanError;
use super::graph::{Input, Op, Pass, Plan};
use super::program::Program;

/// The side of a pass's tiles where those of the picture have `tile_px`.
#[must_use]
pub fn tile_side_of(pass: &Pass, tile_px: u32) -> u32 {
    let factor: u32 = pass.steps.iter().map(|step| reduction(&step.op)).product();
    (tile_px / factor.max(1)).max(1)
}

/// How many times fewer pixels a side a step makes of a tile's input: its tiles are that much
/// smaller, so that what they read is not larger than for any other step.
fn reduction(op: &Op) -> u32 {
    /// A scaling keeps little of what it reads at once.
    const STREAMED: f64 = 8.0;
    let whole = |ratio: f64| 1 << (ratio.log2().floor().clamp(0.0, 8.0) as u32);
    match op {
        Op::Reduce { factor } => *factor,
        Op::Warp(warp) if warp.to_input.is_upright() => whole(warp.reduction() / STREAMED),
        Op::Warp(warp) => whole(warp.reduction()),
        _ => 1,
    }
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
}
