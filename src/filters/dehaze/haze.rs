//! How dense the haze is: the dark channel of a neighbourhood, refined along the photo's edges.

use crate::filters::kernel::{AreaKernel, Stopped, Work};
use crate::filters::kernels::gaussian::Gaussian;
use crate::filters::kernels::mirror::grown;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

/// Variance of the guide above which a difference is an edge.
const EDGE_VARIANCE: f32 = 0.0025;

/// From guide and haze of single cells to slope and offset of the haze over the guide; the other
/// planes pass through.
pub(super) struct Haze {
    patch: u32,
    window: Gaussian,
}

impl Haze {
    /// `patch` is half the side of the neighbourhood, in cells.
    pub(super) const fn new(patch: u32, window: Gaussian) -> Self {
        Self { patch, window }
    }
}

impl AreaKernel for Haze {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(2 * self.window.radius_px() + self.patch, frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        let reach = self.window.radius_px();
        let (near, far) = (
            grown(output.rect(), reach, input.rect()),
            grown(output.rect(), 2 * reach, input.rect()),
        );
        let mut products = work.scratch.tile(far, 4);
        let mut means = work.scratch.tile(near, 4);
        let mut least = work.scratch.floats(input.rect().width as usize);
        self.write_products(input, &mut least, &mut products);
        work.scratch.give_floats(least);
        let done = self
            .window
            .blur(&products, &mut means, work)
            .and_then(|()| {
                fit_rows(&mut means);
                output.copy_from(input);
                self.window.blur_planes(0..2, &means, output, work)
            });
        work.scratch.give_tile(products);
        work.scratch.give_tile(means);
        done
    }
}

impl Haze {
    /// Guide, its square, the neighbourhood's haze, and the product of both.
    fn write_products(&self, input: &Tile, least: &mut [f32], products: &mut Tile) {
        let (rect, bounds) = (products.rect(), input.rect());
        let n = rect.width as usize;
        let left = (rect.x - bounds.x) as usize;
        let top = (rect.y - bounds.y) as usize;
        let patch = self.patch as usize;
        let columns = bounds.width as usize;
        for row_idx in 0..rect.height as usize {
            let y = top + row_idx;
            let last = (y + patch).min(bounds.height as usize - 1);
            least.fill(f32::MAX);
            for y in y.saturating_sub(patch)..=last {
                let row = &input.row(1, y)[..columns];
                vectorize(
                    #[inline(always)]
                    || keep_least(least, row),
                );
            }
            let guide = &input.row(0, y)[left..left + n];
            let stride = products.stride();
            let plane_len = stride * rect.height as usize;
            let mut planes = products.data_mut().chunks_exact_mut(plane_len);
            let mut next = || &mut planes.next().unwrap_or_default()[row_idx * stride..][..n];
            let (to_guide, square, haze, product) = (next(), next(), next(), next());
            haze.fill(f32::MAX);
            // Cells beyond the frame are mirror images of cells in reach: they change no minimum.
            let first = left.saturating_sub(patch);
            let end = (left + n + patch).min(columns);
            for shift in 0..=2 * patch {
                let from = left as i64 + shift as i64 - patch as i64;
                let skip = (first as i64 - from).max(0) as usize;
                let from = (from + skip as i64) as usize;
                let len = (n - skip.min(n)).min(end.saturating_sub(from));
                if len == 0 {
                    continue;
                }
                let (values, out) = (&least[from..from + len], &mut haze[skip..skip + len]);
                vectorize(
                    #[inline(always)]
                    || keep_least(out, values),
                );
            }
            vectorize(
                #[inline(always)]
                || multiply(guide, haze, [to_guide, square, product]),
            );
        }
    }
}

#[inline(always)]
fn keep_least(least: &mut [f32], values: &[f32]) {
    for (least, value) in least.iter_mut().zip(values) {
        *least = if *value < *least { *value } else { *least };
    }
}

#[inline(always)]
fn multiply(guide: &[f32], haze: &[f32], out: [&mut [f32]; 3]) {
    let n = guide.len();
    let haze = &haze[..n];
    let [to_guide, square, product] = out;
    let (to_guide, square, product) = (&mut to_guide[..n], &mut square[..n], &mut product[..n]);
    for i in 0..n {
        to_guide[i] = guide[i];
        square[i] = guide[i] * guide[i];
        product[i] = guide[i] * haze[i];
    }
}

/// Means of guide, square, haze and product become slope and offset, in the first two planes.
fn fit_rows(means: &mut Tile) {
    let mut planes = means.planes_mut();
    if let (Some(guide), Some(square), Some(haze), Some(product)) =
        (planes.next(), planes.next(), planes.next(), planes.next())
    {
        vectorize(
            #[inline(always)]
            || fit(guide, square, haze, product),
        );
    }
}

#[inline(always)]
fn fit(guide_to_slope: &mut [f32], square_to_offset: &mut [f32], haze: &[f32], product: &[f32]) {
    let n = guide_to_slope.len();
    let square_to_offset = &mut square_to_offset[..n];
    let (haze, product) = (&haze[..n], &product[..n]);
    for i in 0..n {
        let mean = guide_to_slope[i];
        let variance = square_to_offset[i] - mean * mean;
        let variance = if variance > 0.0 { variance } else { 0.0 };
        let slope = (product[i] - mean * haze[i]) / (variance + EDGE_VARIANCE);
        guide_to_slope[i] = slope;
        square_to_offset[i] = haze[i] - slope * mean;
    }
}
