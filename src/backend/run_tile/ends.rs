//! Where a tile begins and ends: reading its region, laying it down, alpha, writing samples.

use crate::filters::frame::Placement;
use crate::pixels::geometry::{Rect, Size, tiles_of};
use crate::pixels::image::{ImageView, Samples, SamplesRef};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;
use crate::system::prefetch::{ROWS_AHEAD, prefetch};

use super::super::regions::Region;
use super::Bench;
use super::target::Target;

impl Bench<'_> {
    /// Fills `rows` rows of the tile from `top` with what the pass reads.
    pub(super) fn read(&mut self, tile: &mut Tile, top: u32, rows: u32) {
        let rect = tile.rect();
        let wanted = Rect::new(rect.x, rect.y + top, rect.width, rows);
        if let Some(kernel) = self.engine.code_kernel() {
            self.read_codes(kernel, wanted, tile, top);
            return;
        }
        match &self.engine.lead {
            Some(placement) if !placement.turn.is_none() => {
                let source = placement.input_rect_of(wanted);
                let mut upright = self.desk.scratch.tile(source, tile.n_planes());
                self.read_rows(source, &mut upright, 0);
                turn_rows(&upright, placement, wanted, tile);
                self.desk.scratch.give_tile(upright);
            }
            Some(placement) => self.read_rows(placement.input_rect_of(wanted), tile, top),
            None => self.read_rows(wanted, tile, top),
        }
        self.desk.clock.lap(self.engine.program.steps.len());
    }

    /// Reads `source` into the tile's rows from `top` on; the tile may lie in another frame.
    pub(super) fn read_rows(&self, source: Rect, tile: &mut Tile, top: u32) {
        let width = source.width as usize;
        for row_idx in 0..source.height {
            let y = (top + row_idx) as usize;
            match (&self.input, &self.engine.decoder) {
                (Some(Region::Photo(photo)), Some(decoder)) => {
                    prefetch_row(photo, source, row_idx + ROWS_AHEAD);
                    let samples = row_of(photo, source, row_idx);
                    decoder.row(samples, width, &mut tile.color_row_mut(y));
                }
                (Some(Region::Planes(from)), _) => {
                    let left = (source.x - from.rect().x) as usize;
                    let from_y = (source.y + row_idx - from.rect().y) as usize;
                    for plane_idx in 0..tile.n_planes() {
                        let row = &from.row(plane_idx, from_y)[left..left + width];
                        tile.row_mut(plane_idx, y)[..width].copy_from_slice(row);
                    }
                }
                // The maps say it all; what the planes hold is overwritten unread.
                _ => (0..tile.n_planes()).for_each(|p| tile.row_mut(p, y).fill(0.0)),
            }
        }
    }

    /// Writes `rows` rows of the tile from `top` to the rows of `target` from `target_top`.
    pub(super) fn write(
        &mut self,
        tile: &mut Tile,
        top: u32,
        rows: u32,
        (target_top, target): (u32, &mut Target<'_>),
    ) {
        let Some(encoder) = &self.engine.encoder else {
            return;
        };
        let width = tile.rect().width as usize;
        let row_len = width * encoder.format().layout.channels();
        for row_idx in 0..rows {
            let start = (target_top + row_idx) as usize * row_len;
            encoder.row(
                &mut tile.color_row_mut((top + row_idx) as usize),
                width,
                target.part(start..start + row_len),
            );
        }
        self.desk.clock.lap(self.engine.program.steps.len() + 1);
    }
}

/// Fetches row `row_idx` of the part `rect` of a view into the cache, where the view has such a row.
pub(super) fn prefetch_row(view: &ImageView<'_>, rect: Rect, row_idx: u32) {
    if rect.y + row_idx < view.rect.bottom() {
        match row_of(view, rect, row_idx) {
            SamplesRef::U8(samples) => prefetch(samples),
            SamplesRef::U16(samples) => prefetch(samples),
        }
    }
}

/// Row `row_idx` of the part `rect` of a view.
fn row_of<'a>(view: &ImageView<'a>, rect: Rect, row_idx: u32) -> SamplesRef<'a> {
    let channels = view.layout.channels();
    let x = (rect.x - view.rect.x) as usize;
    let y = (rect.y + row_idx - view.rect.y) as usize;
    let start = (y * view.rect.width as usize + x) * channels;
    let range = start..start + rect.width as usize * channels;
    match view.samples {
        SamplesRef::U8(samples) => SamplesRef::U8(&samples[range]),
        SamplesRef::U16(samples) => SamplesRef::U16(&samples[range]),
    }
}

/// The samples of `output` as they are, at most laid down differently.
pub(super) fn copy_samples(
    photo: &ImageView<'_>,
    lead: Option<&Placement>,
    output: Rect,
    channels: usize,
) -> Samples {
    match photo.samples {
        SamplesRef::U8(from) => Samples::U8(copy(from, photo.rect, lead, output, channels)),
        SamplesRef::U16(from) => Samples::U16(copy(from, photo.rect, lead, output, channels)),
    }
}

fn copy<T: Copy>(
    from: &[T],
    from_rect: Rect,
    lead: Option<&Placement>,
    output: Rect,
    channels: usize,
) -> Vec<T> {
    let mut to = Vec::with_capacity(output.area() as usize * channels);
    let start_of = |x: u32, y: u32| {
        let (x, y) = lead.map_or((x, y), |placement| placement.input_pixel(x, y));
        let row = (y - from_rect.y) as usize * from_rect.width as usize;
        (row + (x - from_rect.x) as usize) * channels
    };
    let keeps_rows = lead.is_none_or(|placement| placement.turn.is_none());
    for y in output.y..output.bottom() {
        if keeps_rows {
            let start = start_of(output.x, y);
            to.extend_from_slice(&from[start..start + output.width as usize * channels]);
        } else {
            for x in output.x..output.right() {
                let start = start_of(x, y);
                to.extend_from_slice(&from[start..start + channels]);
            }
        }
    }
    to
}

/// Lays a whole tile down differently.
pub(super) fn turn(from: &Tile, placement: &Placement, to: &mut Tile) {
    let rect = to.rect();
    turn_rows(from, placement, rect, to);
}

/// Fills the part `wanted` of `to`; in squares, so that a transposition stays in cache.
fn turn_rows(from: &Tile, placement: &Placement, wanted: Rect, to: &mut Tile) {
    const BLOCK_PX: u32 = 32;
    let (from_rect, to_rect) = (from.rect(), to.rect());
    let (from_stride, to_stride) = (from.stride(), to.stride());
    for plane_idx in 0..to.n_planes() {
        let source = from.plane(plane_idx);
        let target = to.plane_mut(plane_idx);
        for block in tiles_of(wanted.size(), Size::new(BLOCK_PX, BLOCK_PX)) {
            for y in wanted.y + block.y..wanted.y + block.bottom() {
                for x in wanted.x + block.x..wanted.x + block.right() {
                    let (ix, iy) = placement.input_pixel(x, y);
                    let at =
                        (iy - from_rect.y) as usize * from_stride + (ix - from_rect.x) as usize;
                    let to_at = (y - to_rect.y) as usize * to_stride + (x - to_rect.x) as usize;
                    target[to_at] = source[at];
                }
            }
        }
    }
}

/// Colour times alpha, so that what is transparent does not bleed into its neighbourhood.
pub(super) fn premultiply(tile: &mut Tile) {
    with_alpha(tile, |color, alpha| color * alpha);
}

/// Colour as it was before [`premultiply`]; black where alpha is zero.
pub(super) fn unpremultiply(tile: &mut Tile) {
    with_alpha(
        tile,
        |color, alpha| if alpha > 0.0 { color / alpha } else { 0.0 },
    );
}

fn with_alpha(tile: &mut Tile, change: impl Fn(f32, f32) -> f32 + Copy) {
    let mut planes = tile.planes_mut();
    let (Some(r), Some(g), Some(b), Some(a)) =
        (planes.next(), planes.next(), planes.next(), planes.next())
    else {
        return;
    };
    for plane in [r, g, b] {
        for (color, alpha) in plane.iter_mut().zip(a.iter()) {
            *color = change(*color, *alpha);
        }
    }
}

/// Mixes what came in (a larger tile) into what came out.
pub(super) fn blend(before: &Tile, after: &mut Tile, opacity: f32) {
    let rect = after.rect();
    let left = (rect.x - before.rect().x) as usize;
    let top = (rect.y - before.rect().y) as usize;
    let width = rect.width as usize;
    for plane_idx in 0..after.n_planes() {
        for y in 0..rect.height as usize {
            let was = &before.row(plane_idx, top + y)[left..left + width];
            mix_rows(was, &mut after.row_mut(plane_idx, y)[..width], opacity);
        }
    }
}

/// `now = was + opacity · (now − was)`.
pub(super) fn mix_rows(was: &[f32], now: &mut [f32], opacity: f32) {
    #[inline(always)]
    fn mix(was: &[f32], now: &mut [f32], opacity: f32) {
        for (was, now) in was.iter().zip(now) {
            *now = (*now - was).mul_add(opacity, *was);
        }
    }
    vectorize(
        #[inline(always)]
        || mix(was, now, opacity),
    );
}
