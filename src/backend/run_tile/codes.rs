//! A neighbourhood of the photo's own samples, at the very beginning of a pass.

use crate::filters::kernel::{CodeKernel, Codes, Stop, Stopped};
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{Depth, ImageView, Samples, SamplesRef};
use crate::pixels::tile::Tile;

use super::super::canvas::TilePixels;
use super::super::regions::Region;
use super::ends::{mix_rows, prefetch_row};
use super::target::Target;
use super::{Bench, Desk};

/// Rows done between two looks at the stop flag.
const STRIP_ROWS: u32 = 32;

/// A tile that is nothing but samples of samples; the kernel is the pass's only step.
pub(super) fn whole(
    kernel: &dyn CodeKernel,
    photo: &ImageView<'_>,
    (output, room): (Rect, &mut [u8]),
    desk: &mut Desk,
    stop: Stop<'_>,
) -> Result<TilePixels, Stopped> {
    let row_len = output.width as usize * photo.layout.channels();
    let len = row_len * output.height as usize;
    let mut target = Target::new(room, desk, photo.samples.depth(), len);
    for top in (0..output.height).step_by(STRIP_ROWS as usize) {
        stop.check()?;
        let rows = STRIP_ROWS.min(output.height - top);
        let wanted = Rect::new(output.x, output.y + top, output.width, rows);
        let range = top as usize * row_len..(top + rows) as usize * row_len;
        let n_left = output.bottom() - wanted.bottom();
        let next = Rect::new(
            output.x,
            wanted.bottom(),
            output.width,
            n_left.min(STRIP_ROWS),
        );
        for row_idx in 0..next.height {
            prefetch_row(photo, next, row_idx);
        }
        let out = target.part(range);
        kernel.run(&codes(kernel, photo, wanted), out, &mut desk.scratch);
    }
    desk.clock.lap(0);
    Ok(target.into_pixels())
}

/// What of the photo's region the kernel may read for `wanted`. A region ends where the frame does,
/// or beyond what the tile needs, so its corner stands for the frame's.
fn codes<'a>(kernel: &dyn CodeKernel, photo: &ImageView<'a>, wanted: Rect) -> Codes<'a> {
    let reach = Size::new(photo.rect.right(), photo.rect.bottom());
    Codes {
        samples: photo.samples,
        channels: photo.layout.channels(),
        rect: photo.rect,
        bounds: kernel.input_rect(wanted, reach).intersect(photo.rect),
        wanted,
    }
}

impl Bench<'_> {
    /// As `read`, with the kernel's samples instead of the photo's.
    pub(super) fn read_codes(
        &mut self,
        kernel: &dyn CodeKernel,
        wanted: Rect,
        tile: &mut Tile,
        top: u32,
    ) {
        let (Some(Region::Photo(photo)), Some(decoder)) = (self.input, &self.engine.decoder) else {
            return;
        };
        let row_len = wanted.width as usize * photo.layout.channels();
        let scratch = &mut self.desk.scratch;
        let mut samples = match photo.samples.depth() {
            Depth::Eight => Samples::U8(scratch.bytes()),
            Depth::Sixteen => Samples::U16(scratch.words()),
        };
        samples.resize(row_len * wanted.height as usize);
        kernel.run(&codes(kernel, &photo, wanted), samples.as_mut(), scratch);
        self.desk.clock.lap(0);
        for y in 0..wanted.height as usize {
            let range = y * row_len..(y + 1) * row_len;
            let row = match samples.as_ref() {
                SamplesRef::U8(samples) => SamplesRef::U8(&samples[range]),
                SamplesRef::U16(samples) => SamplesRef::U16(&samples[range]),
            };
            let mut target = tile.color_row_mut(top as usize + y);
            decoder.row(row, wanted.width as usize, &mut target);
        }
        self.mix_in_photo(wanted, tile, top);
        match samples {
            Samples::U8(samples) => self.desk.scratch.give_bytes(samples),
            Samples::U16(samples) => self.desk.scratch.give_words(samples),
            // Nobody's to use again.
            Samples::Shared(_) => {}
        }
        self.desk.clock.lap(self.engine.program.steps.len());
    }

    /// Where the filter is not at full opacity: some of the photo as it was.
    fn mix_in_photo(&mut self, wanted: Rect, tile: &mut Tile, top: u32) {
        let opacity = self.engine.program.steps[0].opacity;
        if opacity >= 1.0 {
            return;
        }
        let mut before = self.desk.scratch.tile(wanted, tile.n_planes());
        self.read_rows(wanted, &mut before, 0);
        for y in 0..wanted.height as usize {
            for plane_idx in 0..tile.n_planes() {
                let now = tile.row_mut(plane_idx, top as usize + y);
                mix_rows(before.row(plane_idx, y), now, opacity);
            }
        }
        self.desk.scratch.give_tile(before);
    }
}
