//! The light of the air: what the haziest places of the whole photo have in common.

use crate::filters::kernel::{AreaKernel, Stopped, Work};
use crate::pixels::color::WORKING_LUMA;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

use super::{green_of, guide_of, least_of};

/// Places are this many along the long side of the grid, at most.
const PLACES: u32 = 96;

/// Of all places, one in so many counts as among the haziest, and of these one in so many as among
/// the brightest.
const HAZIEST: usize = 50;
const BRIGHTEST: usize = 4;

/// What of the air's colour is kept: a coloured guess does more harm than a grey one.
const COLORFULNESS: f32 = 0.5;

/// Air darker than this would make haze of every shadow.
const DARKEST: f32 = 0.2;

/// From the grid's colours and weights to guide, haze of the cell alone, red and blue of the air.
pub(super) struct Ambient;

impl AreaKernel for Ambient {
    fn input_rect(&self, _output: Rect, frame: Size) -> Rect {
        Rect::of(frame)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        let [red, green, blue] = air_of(input, work)?;
        let rect = output.rect();
        let n = rect.width as usize;
        for row_idx in 0..rect.height as usize {
            let y = row_idx + rect.y as usize;
            let cells = [0, 1, 2, 3].map(|p| &input.row(p, y)[rect.x as usize..][..n]);
            let plane_len = output.stride() * rect.height as usize;
            let start = row_idx * output.stride();
            let (guide, rest) = output.data_mut().split_at_mut(plane_len);
            let haze = &mut rest[start..start + n];
            let guide = &mut guide[start..start + n];
            vectorize(
                #[inline(always)]
                || cell_row(cells, [red, green, blue], guide, haze),
            );
            output.row_mut(2, row_idx).fill(red);
            output.row_mut(3, row_idx).fill(blue);
        }
        Ok(())
    }
}

/// One place of the photo.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The least channel of its darkest cell.
    dark: f32,
    color: [f32; 3],
    luminance: f32,
}

fn air_of(grid: &Tile, work: &Work<'_>) -> Result<[f32; 3], Stopped> {
    let size = grid.size();
    let side = size.long_side().div_ceil(PLACES).max(1) as usize;
    let mut places = Vec::new();
    for top in (0..size.height as usize).step_by(side) {
        work.stop.check()?;
        for left in (0..size.width as usize).step_by(side) {
            let width = side.min(size.width as usize - left);
            let height = side.min(size.height as usize - top);
            places.extend(place_of(grid, (left, top), (width, height)));
        }
    }
    Ok(air_among(places))
}

/// `None` where most of the place is transparent.
fn place_of(grid: &Tile, (left, top): (usize, usize), size: (usize, usize)) -> Option<Place> {
    let (mut dark, mut sums) = (f32::MAX, [0.0_f32; 4]);
    for y in top..top + size.1 {
        let rows = [0, 1, 2, 3].map(|plane_idx| &grid.row(plane_idx, y)[left..left + size.0]);
        for x in 0..size.0 {
            let [r, g, b, weight] = rows.map(|row| row[x]);
            // Weighted colour: what hardly shows is not dark, it is not there.
            let least = least_of(r, g, b) + (1.0 - weight);
            dark = if least < dark { least } else { dark };
            for (sum, value) in sums.iter_mut().zip([r, g, b, weight]) {
                *sum += value;
            }
        }
    }
    let [r, g, b, weight] = sums;
    if weight < 0.5 * (size.0 * size.1) as f32 {
        return None;
    }
    let color = [r / weight, g / weight, b / weight];
    Some(Place {
        dark,
        color,
        luminance: crate::filters::pixelwise::luminance(color),
    })
}

/// Ties go to the place that comes first, so that the answer does not depend on the sort.
fn air_among(mut places: Vec<Place>) -> [f32; 3] {
    if places.is_empty() {
        return [1.0; 3];
    }
    places.sort_by(|a, b| b.dark.total_cmp(&a.dark));
    places.truncate(places.len().div_ceil(HAZIEST));
    places.sort_by(|a, b| b.luminance.total_cmp(&a.luminance));
    places.truncate(places.len().div_ceil(BRIGHTEST));
    let n = places.len() as f32;
    let mean = [0, 1, 2].map(|c| places.iter().map(|place| place.color[c]).sum::<f32>() / n);
    on_daylight(mean)
}

/// Keeps the luminance, half of the colour, and of that only what daylight varies in.
fn on_daylight(color: [f32; 3]) -> [f32; 3] {
    let luminance = crate::filters::pixelwise::luminance(color);
    let luminance = if luminance > DARKEST {
        luminance
    } else {
        DARKEST
    };
    let toned = |channel: f32| COLORFULNESS.mul_add(channel - luminance, luminance);
    let (red, blue) = (toned(color[0]), toned(color[2]));
    let floor = 0.25 * luminance;
    let red = if red > floor { red } else { floor };
    let blue = if blue > floor { blue } else { floor };
    let [wr, wg, wb] = WORKING_LUMA;
    let got = blue.mul_add(wb, green_of(red, blue).mul_add(wg, red * wr));
    let (red, blue) = (red * luminance / got, blue * luminance / got);
    [red, green_of(red, blue), blue]
}

#[inline(always)]
fn cell_row(cells: [&[f32]; 4], air: [f32; 3], guide: &mut [f32], haze: &mut [f32]) {
    let n = guide.len();
    let [r, g, b, weight] = cells.map(|row| &row[..n]);
    let haze = &mut haze[..n];
    let [red, green, blue] = air;
    for i in 0..n {
        let shows = weight[i] > 1.0e-3;
        let share = 1.0 / if shows { weight[i] } else { 1.0 };
        let (cr, cg, cb) = (r[i] * share, g[i] * share, b[i] * share);
        guide[i] = guide_of(cr, cg, cb);
        let least = least_of(cr / red, cg / green, cb / blue);
        let least = if least < 1.0 { least } else { 1.0 };
        // What is not there must not look like a dark place near by.
        haze[i] = if shows { least } else { 1.0 };
    }
}
