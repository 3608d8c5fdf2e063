//! Pixelate: the photo in squares of one colour, to hide a face or a number, or for its look.
//!
//! **Formula**: each cell of `size` × `size` pixels of the photo, counted from the frame's corner, takes
//! the mean of its pixels in linear light; cells cut by the frame's edge are means of what is there.
//! A pixel belongs to the cell its centre lies in. **Range**: size 1…200 px of the photo, 1 nothing.
//! **Alpha**: its own mean; colour is weighted by it. **Reach**: the cell. **Preview**: the same cells
//! of the photo, within a preview pixel at their borders.

use std::ops::Range;

use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, Prepared, Stopped, Work};
use super::kernels::finite::finite;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const SIZE: usize = 0;

static SPEC: Spec = Spec {
    id: "pixelate",
    label: "Pixelate",
    summary: "shows the photo in squares of one colour",
    group: Group::Effects,
    rank: 505,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[ParamSpec {
        id: "size",
        label: "Size",
        kind: ParamKind::Number(NumberSpec {
            min: 1.0,
            max: 200.0,
            step: 1.0,
            identity: Some(1.0),
            on_add: 16.0,
            unit: Unit::Px,
            decimals: 0,
            track: Track::Fine,
        }),
    }],
};

pub(super) struct Pixelate;

impl Filter for Pixelate {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        Prepared::Area(Box::new(Cells {
            side_px: values.number(SIZE) * frame.scale,
        }))
    }
}

/// Squares of `side_px` rendered pixels, which need not be whole.
#[derive(Clone, Copy)]
struct Cells {
    side_px: f64,
}

impl Cells {
    /// The first pixel whose centre lies in cell `cell_idx` or beyond.
    fn start(self, cell_idx: u32) -> u32 {
        (f64::from(cell_idx) * self.side_px - 0.5).ceil().max(0.0) as u32
    }

    /// The pixels of the cell that pixel `at` lies in, along one axis.
    fn around(self, at: u32) -> Range<u32> {
        let mut cell_idx = ((f64::from(at) + 0.5) / self.side_px) as u32;
        // Rounding may miss by one; `start` decides.
        while self.start(cell_idx) > at {
            cell_idx -= 1;
        }
        while self.start(cell_idx + 1) <= at {
            cell_idx += 1;
        }
        self.start(cell_idx)..self.start(cell_idx + 1)
    }
}

impl AreaKernel for Cells {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        if output.is_empty() {
            return output;
        }
        let left = self.around(output.x).start;
        let top = self.around(output.y).start;
        let right = self.around(output.right() - 1).end.min(frame.width);
        let bottom = self.around(output.bottom() - 1).end.min(frame.height);
        Rect::from_corners(left, top, right, bottom)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        if self.side_px <= 1.0 {
            output.copy_from(input);
            return Ok(());
        }
        let mut sums = work.scratch.floats(input.stride());
        let done = (0..output.n_planes()).try_for_each(|plane_idx| {
            let rect = output.rect();
            let mut y = rect.y;
            while y < rect.bottom() {
                work.stop.check()?;
                let rows = self.around(y);
                self.row_of_cells(input, plane_idx, &rows, (&mut sums, output));
                y = rows.end;
            }
            Ok(())
        });
        work.scratch.give_floats(sums);
        done
    }
}

impl Cells {
    /// Writes the output's part of the cells that lie in `rows`.
    fn row_of_cells(
        self,
        input: &Tile,
        plane_idx: usize,
        rows: &Range<u32>,
        (sums, output): (&mut [f32], &mut Tile),
    ) {
        let (bounds, rect) = (input.rect(), output.rect());
        let inside = rows.start.max(bounds.y)..rows.end.min(bounds.bottom());
        sums.fill(0.0);
        for y in inside.clone() {
            let row = input.row(plane_idx, (y - bounds.y) as usize);
            vectorize(
                #[inline(always)]
                || add_row(row, sums),
            );
        }
        let first = rows.start.max(rect.y);
        let wanted = (first - rect.y) as usize..(rows.end.min(rect.bottom()) - rect.y) as usize;
        let out = output.row_mut(plane_idx, wanted.start);
        let mut x = rect.x;
        while x < rect.right() {
            let cell = self.around(x);
            let columns = cell.start.max(bounds.x)..cell.end.min(bounds.right());
            let n_pixels = columns.len() * inside.len();
            let columns = (columns.start - bounds.x) as usize..(columns.end - bounds.x) as usize;
            let mean = sums[columns].iter().sum::<f32>() / n_pixels as f32;
            let end = cell.end.min(rect.right());
            out[(x - rect.x) as usize..(end - rect.x) as usize].fill(mean);
            x = end;
        }
        let stride = output.stride();
        let plane = output.plane_mut(plane_idx);
        for row_idx in wanted.clone().skip(1) {
            let source = wanted.start * stride;
            plane.copy_within(source..source + stride, row_idx * stride);
        }
    }
}

#[inline(always)]
fn add_row(row: &[f32], sums: &mut [f32]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += finite(*value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::value::Value;
    use crate::filters::whole::{same_in_any_tile, test_picture};

    fn prepared(side: f64, frame: &Frame) -> Prepared {
        let values = Values::on_add(&SPEC).with(SIZE, Value::Number(side));
        Pixelate.prepare(&values, frame)
    }

    /// The mean of all pixels whose centres share the cell, found by looking at every pixel.
    fn exact(picture: &Tile, side: f64, (x, y): (u32, u32)) -> f64 {
        let cell = |at: u32| ((f64::from(at) + 0.5) / side).floor();
        let (mut sum, mut n) = (0.0, 0.0);
        for row in (0..picture.size().height).filter(|row| cell(*row) == cell(y)) {
            for column in (0..picture.size().width).filter(|column| cell(*column) == cell(x)) {
                sum += f64::from(picture.row(1, row as usize)[column as usize]);
                n += 1.0;
            }
        }
        sum / n
    }

    #[test]
    fn cells_are_means_of_their_pixels_at_every_scale() {
        for (size, side, scale) in [
            (Size::new(70, 45), 16.0, 1.0),
            (Size::new(70, 45), 3.0, 1.0),
            (Size::new(40, 33), 9.0, 0.37),
            (Size::new(33, 40), 100.0, 0.125),
            (Size::new(1, 1), 200.0, 1.0),
            (Size::new(1, 50), 12.0, 1.0),
            (Size::new(50, 1), 12.0, 1.0),
            (Size::new(20, 10), 200.0, 1.0),
        ] {
            let picture = test_picture(size, 3);
            let mut frame = Frame::full(size);
            frame.scale = scale;
            let result = same_in_any_tile(&prepared(side, &frame), &picture);
            for y in 0..size.height {
                for x in 0..size.width {
                    let expected = exact(&picture, side * scale, (x, y));
                    let got = f64::from(result.row(1, y as usize)[x as usize]);
                    assert!((got - expected).abs() < 1e-5, "{size:?} {side} {x} {y}");
                }
            }
        }
    }

    #[test]
    fn cells_below_a_pixel_change_nothing() {
        let size = Size::new(40, 20);
        let picture = test_picture(size, 3);
        let mut frame = Frame::full(size);
        frame.scale = 0.05;
        let same = same_in_any_tile(&prepared(16.0, &frame), &picture);
        assert_eq!(same.row(0, 4)[..40], picture.row(0, 4)[..40]);
    }

    #[test]
    fn odd_light_stays_in_its_cell_and_hidden_colour_out_of_it() {
        let size = Size::new(64, 40);
        let mut picture = test_picture(size, 4);
        picture.row_mut(0, 5)[10] = f32::NAN;
        picture.row_mut(1, 5)[10] = f32::INFINITY;
        picture.row_mut(2, 5)[10] = f32::NEG_INFINITY;
        let result = same_in_any_tile(&prepared(8.0, &Frame::full(size)), &picture);
        assert!(result.data().iter().all(|value| value.is_finite()));
        assert!(result.row(1, 5)[16] <= 1.0);
        // Premultiplied: where nothing is visible every plane is 0.
        for y in 0..40 {
            for plane_idx in 0..4 {
                picture.row_mut(plane_idx, y)[..64].fill(0.25);
                picture.row_mut(plane_idx, y)[28..64].fill(0.0);
            }
        }
        let result = same_in_any_tile(&prepared(8.0, &Frame::full(size)), &picture);
        let (color, alpha) = (result.row(0, 20)[25], result.row(3, 20)[25]);
        assert!((alpha - 0.125).abs() < 1e-6 && color == alpha);
    }
}
