//! Where sharpening works when smooth surfaces are masked.

use crate::filters::kernel::{Stopped, Work};
use crate::filters::kernels::gaussian::Gaussian;
use crate::filters::kernels::mirror::{grown, mirrored};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::rows::root_row;

/// Standard deviation of what counts as one place, in pixels of the photo.
const PLACE_PX: f64 = 2.0;

/// The mask e / (e + t²) of the squared gradient e.
#[derive(Debug)]
pub(super) struct EdgeMask {
    gaussian: Gaussian,
    /// t².
    threshold2: f32,
}

impl EdgeMask {
    /// `masking` is above 0, at most 1.
    pub(super) fn new(masking: f64, scale: f64) -> Self {
        // t = 0.06 μ^1.5, so its square goes with the cube.
        let threshold2 = 0.06 * 0.06 * masking * masking * masking;
        Self {
            gaussian: Gaussian::new(PLACE_PX * scale),
            threshold2: threshold2.max(1.0e-12) as f32,
        }
    }

    pub(super) fn reach_px(&self) -> u32 {
        self.gaussian.radius_px() + 1
    }

    /// Fills `mask`, of one plane, with 0…1.
    pub(super) fn write(
        &self,
        input: &Tile,
        mask: &mut Tile,
        work: &mut Work<'_>,
    ) -> Result<(), Stopped> {
        let around = grown(mask.rect(), self.gaussian.radius_px(), input.rect());
        let mut energy = work.scratch.tile(around, 1);
        let mut rows = work.scratch.floats(3 * (input.stride() + 2));
        write_energy(input, &mut energy, &mut rows);
        let done = self.gaussian.blur(&energy, mask, work);
        let threshold2 = self.threshold2;
        let plane = mask.plane_mut(0);
        vectorize(
            #[inline(always)]
            || to_mask(threshold2, plane),
        );
        work.scratch.give_floats(rows);
        work.scratch.give_tile(energy);
        done
    }
}

/// The squared gradient of the root of luminance, by central differences. Hidden colour counts as
/// the black it is premultiplied to.
fn write_energy(input: &Tile, energy: &mut Tile, rows: &mut [f32]) {
    let (bounds, rect) = (input.rect(), energy.rect());
    let (len, width) = (input.stride() + 2, rect.width as usize);
    let left = (rect.x - bounds.x) as usize;
    let top = i64::from(rect.y - bounds.y);
    roots_with_ends(input, top - 1, &mut rows[..len]);
    roots_with_ends(input, top, &mut rows[len..2 * len]);
    for row_idx in 0..rect.height as usize {
        let next = (row_idx + 2) % 3 * len;
        roots_with_ends(input, top + row_idx as i64 + 1, &mut rows[next..next + len]);
        let from = |offset: usize, column: usize| {
            let start = (row_idx + offset) % 3 * len + left + column;
            &rows[start..start + width]
        };
        let vertical = [from(0, 1), from(2, 1)];
        let horizontal = [from(1, 0), from(1, 2)];
        let out = &mut energy.row_mut(0, row_idx)[..width];
        vectorize(
            #[inline(always)]
            || squared_gradient(vertical, horizontal, out),
        );
    }
}

/// The roots of input row `y` behind and before a mirrored pixel.
fn roots_with_ends(input: &Tile, y: i64, row: &mut [f32]) {
    let n = input.rect().width as usize;
    let y = mirrored(y, input.rect().height);
    let colors = [0, 1, 2].map(|plane_idx| &input.row(plane_idx, y)[..n]);
    let inside = &mut row[1..=n];
    vectorize(
        #[inline(always)]
        || root_row(colors, inside),
    );
    row[0] = row[1];
    row[n + 1] = row[n];
}

#[inline(always)]
fn squared_gradient(vertical: [&[f32]; 2], horizontal: [&[f32]; 2], out: &mut [f32]) {
    let n = out.len();
    let [above, below] = vertical.map(|row| &row[..n]);
    let [before, after] = horizontal.map(|row| &row[..n]);
    for i in 0..n {
        let dx = 0.5 * (after[i] - before[i]);
        let dy = 0.5 * (below[i] - above[i]);
        out[i] = dx.mul_add(dx, dy * dy);
    }
}

#[inline(always)]
fn to_mask(threshold2: f32, energy: &mut [f32]) {
    for value in energy {
        *value /= *value + threshold2;
    }
}
