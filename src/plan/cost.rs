//! What a pass costs before it runs: bytes moved and surroundings computed again, by tile size.
//!
//! Tiles of one row of the grid read rectangles of one height, tiles of one column rectangles of
//! one width, so one row and one column tell what all of them read: exact for everything but a
//! general warp. The model chooses the tile size; no choice of it changes a byte of the picture.

use crate::pixels::geometry::Rect;
use crate::pixels::image::Depth;

use super::PlanError;
use super::graph::{Input, PassOutput, Plan};
use super::program::Program;
use super::tiling::{regions, tile_side_of, tiles_in};

/// What the tiles of one pass do together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PassCost {
    pub n_tiles: u64,
    /// Samples and planes, surroundings and maps included.
    pub read_bytes: f64,
    pub written_bytes: f64,
    /// Pixels read and computed, summed over the steps.
    pub step_px: f64,
    /// Those of `step_px` that other tiles compute as well.
    pub repeated_px: f64,
    /// Pixels that neighbourhoods read and write: their planes are whole before the next step.
    pub area_px: f64,
    /// The most bytes a tile holds at once: planes of a neighbourhood, and what it makes.
    pub working_bytes: f64,
}

/// Sides of square tiles the planner chooses from.
const SIDES_PX: [u32; 4] = [128, 256, 512, 1024];

/// Nanoseconds a step takes a pixel and plane, a byte takes to move, and a tile takes to be handed
/// out, on a machine of 2024; only their ratios matter.
const STEP_PX_NS: f64 = 0.5;
const MOVED_BYTE_NS: f64 = 0.1;
const TILE_NS: f64 = 40_000.0;

/// What a tile holds beyond this has left the second-level cache before it is read again.
const CACHE_BYTES: f64 = 1_048_576.0;

/// What a neighbourhood then costs more, a pixel and plane, each time the tile doubles.
const SPILLED_PX_NS: f64 = 0.1;

/// The side of the tile in which `region` of the picture should be computed by `n_workers`.
///
/// # Errors
/// As [`Program::new`].
pub fn planned_tile_px(plan: &Plan, region: Rect, n_workers: usize) -> Result<u32, PlanError> {
    let regions = regions(plan, region)?;
    let programs = programs(plan)?;
    let time_ns = |side_px: &u32| -> f64 {
        let passes = plan.passes.iter().zip(&programs).zip(&regions.passes);
        passes
            .map(|((pass, program), region)| {
                let side_px = tile_side_of(pass, *side_px);
                let cost = of_program(plan, program, *region, side_px);
                cost.time_ns(plan.n_planes(), n_workers)
            })
            .sum()
    };
    let best = SIDES_PX
        .iter()
        .min_by(|a, b| time_ns(a).total_cmp(&time_ns(b)));
    Ok(best.copied().unwrap_or(SIDES_PX[0]))
}

/// One cost a pass, for tiles of `tile_px` a side (smaller in passes that reduce).
///
/// # Errors
/// As [`Program::new`].
pub fn of_plan(plan: &Plan, region: Rect, tile_px: u32) -> Result<Vec<PassCost>, PlanError> {
    let regions = regions(plan, region)?;
    let programs = programs(plan)?;
    let passes = plan.passes.iter().zip(&programs).zip(&regions.passes);
    Ok(passes
        .map(|((pass, program), region)| {
            of_program(plan, program, *region, tile_side_of(pass, tile_px))
        })
        .collect())
}

/// Nanoseconds a tile of a pass may take on a machine of 2024: right to a few powers of ten.
#[must_use]
pub fn estimated_tile_ns(plan: &Plan, program: &Program, tile: Rect) -> f64 {
    let areas = Areas::of(plan, program, tile);
    let step_px: f64 = areas.steps_px.iter().sum();
    let moved_bytes: f64 = areas.read_bytes.iter().sum::<f64>() + areas.working_bytes;
    step_px * plan.n_planes() as f64 * STEP_PX_NS + moved_bytes * MOVED_BYTE_NS + TILE_NS
}

/// What one tile takes and makes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TileBytes {
    pub read: u64,
    pub written: u64,
    /// The most it holds at once while it is computed, what it makes included.
    pub working: u64,
}

/// Bytes of a tile of a pass.
#[must_use]
pub fn tile_bytes(plan: &Plan, program: &Program, tile: Rect) -> TileBytes {
    let areas = Areas::of(plan, program, tile);
    TileBytes {
        read: areas.read_bytes.iter().sum::<f64>() as u64,
        written: (tile.area() as f64 * written_bytes_a_px(plan, program)) as u64,
        working: areas.working_bytes as u64,
    }
}

fn programs(plan: &Plan) -> Result<Vec<Program>, PlanError> {
    let passes = plan.passes.iter();
    passes.map(|pass| Program::new(plan, pass)).collect()
}

fn of_program(plan: &Plan, program: &Program, region: Rect, side_px: u32) -> PassCost {
    let tiles = tiles_in(region, side_px);
    let (Some(first), n_tiles) = (tiles.first(), tiles.len()) else {
        return PassCost::default();
    };
    let row: Vec<_> = tiles.iter().filter(|tile| tile.y == first.y).collect();
    let column: Vec<_> = tiles.iter().filter(|tile| tile.x == first.x).collect();
    // A tile in the middle: at the edges surroundings are cut off.
    let (x, y) = (row[row.len() / 2].x, column[column.len() / 2].y);
    let in_row = |tile: &&Rect| tile.y == y;
    let in_column = |tile: &&Rect| tile.x == x;
    let sum_of = |tiles: &mut dyn Iterator<Item = &Rect>| -> Areas {
        tiles.fold(Areas::default(), |sum, tile| {
            sum.plus(&Areas::of(plan, program, *tile))
        })
    };
    let along_row = sum_of(&mut tiles.iter().filter(in_row));
    let along_column = sum_of(&mut tiles.iter().filter(in_column));
    let central = sum_of(&mut tiles.iter().filter(|tile| in_row(tile) && in_column(tile)));
    let all = along_row.times_over(&along_column, &central);
    PassCost {
        n_tiles: n_tiles as u64,
        read_bytes: all.read_bytes.iter().sum(),
        written_bytes: region.area() as f64 * written_bytes_a_px(plan, program),
        step_px: all.steps_px.iter().sum(),
        area_px: all.area_px,
        repeated_px: all.repeated_px(&Areas::of(plan, program, region)),
        working_bytes: central.working_bytes,
    }
}

/// Sums over some tiles: bytes by need, pixels by step, of which reading is the first.
#[derive(Debug, Clone, Default)]
struct Areas {
    read_bytes: Vec<f64>,
    steps_px: Vec<f64>,
    area_px: f64,
    working_bytes: f64,
}

impl Areas {
    fn of(plan: &Plan, program: &Program, tile: Rect) -> Self {
        let rects = program.rects(tile);
        let needs = program.needs(&rects);
        let bytes = needs
            .iter()
            .map(|need| need.rect.area() as f64 * read_bytes_a_px(plan, need.input));
        let steps = 0..program.steps.len();
        let areas = steps
            .clone()
            .filter(|idx| !program.steps[*idx].kernel.is_rowwise())
            .map(|idx| rects.before(idx).area() + rects.after(idx).area());
        let planes_bytes = areas.clone().max().unwrap_or(0) as f64 * (plan.n_planes() * 4) as f64;
        let made_bytes = tile.area() as f64 * written_bytes_a_px(plan, program);
        let reading = std::iter::once(rects.input());
        let computed = reading.chain(steps.map(|idx| rects.after(idx)));
        Self {
            read_bytes: bytes.collect(),
            steps_px: computed.map(|rect| rect.area() as f64).collect(),
            area_px: areas.sum::<u64>() as f64,
            working_bytes: planes_bytes + made_bytes,
        }
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            read_bytes: merged(&self.read_bytes, &other.read_bytes, |a, b| a + b),
            steps_px: merged(&self.steps_px, &other.steps_px, |a, b| a + b),
            area_px: self.area_px + other.area_px,
            working_bytes: self.working_bytes.max(other.working_bytes),
        }
    }

    /// A row's sums times a column's, over what the tile they share has.
    fn times_over(&self, column: &Self, central: &Self) -> Self {
        let of = |row: &[f64], column: &[f64], central: &[f64]| {
            let products = merged(row, column, |a, b| a * b);
            merged(
                &products,
                central,
                |ab, c| if c > 0.0 { ab / c } else { 0.0 },
            )
        };
        Self {
            read_bytes: of(&self.read_bytes, &column.read_bytes, &central.read_bytes),
            steps_px: of(&self.steps_px, &column.steps_px, &central.steps_px),
            area_px: of(&[self.area_px], &[column.area_px], &[central.area_px])[0],
            working_bytes: central.working_bytes,
        }
    }

    fn repeated_px(&self, whole: &Self) -> f64 {
        let extra = merged(&self.steps_px, &whole.steps_px, |all, once| {
            (all - once).max(0.0)
        });
        extra.iter().sum()
    }
}

/// Value by value; what only one side has counts with nothing beside it.
fn merged(a: &[f64], b: &[f64], join: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let at = |values: &[f64], idx: usize| values.get(idx).copied().unwrap_or(0.0);
    (0..a.len().max(b.len()))
        .map(|idx| join(at(a, idx), at(b, idx)))
        .collect()
}

fn read_bytes_a_px(plan: &Plan, input: Input) -> f64 {
    let bytes = match input {
        Input::Photo => plan.source.layout.channels() * sample_bytes(plan.source.depth),
        Input::Pass(idx) => match plan.passes.get(usize::from(idx)).map(|pass| pass.output) {
            Some(PassOutput::Planes { n_planes }) => usize::from(n_planes) * 4,
            _ => 0,
        },
    };
    bytes as f64
}

fn written_bytes_a_px(plan: &Plan, program: &Program) -> f64 {
    let bytes = match program.output {
        PassOutput::Picture => plan.output.layout.channels() * sample_bytes(plan.output.depth),
        PassOutput::Planes { n_planes } => usize::from(n_planes) * 4,
    };
    bytes as f64
}

const fn sample_bytes(depth: Depth) -> usize {
    match depth {
        Depth::Eight => 1,
        Depth::Sixteen => 2,
    }
}

impl PassCost {
    /// Surroundings as a share of the work that must be done once.
    #[must_use]
    pub fn repeated_share(&self) -> f64 {
        let once_px = self.step_px - self.repeated_px;
        if once_px > 0.0 {
            self.repeated_px / once_px
        } else {
            0.0
        }
    }

    fn time_ns(&self, n_planes: usize, n_workers: usize) -> f64 {
        if self.n_tiles == 0 {
            return 0.0;
        }
        let doublings = (self.working_bytes / CACHE_BYTES).max(1.0).log2();
        let spilled_ns = self.area_px * n_planes as f64 * SPILLED_PX_NS * doublings
            + self.written_bytes * MOVED_BYTE_NS * doublings;
        let moved_bytes = self.read_bytes + self.written_bytes;
        let all_ns = self.step_px * n_planes as f64 * STEP_PX_NS
            + moved_bytes * MOVED_BYTE_NS
            + self.n_tiles as f64 * TILE_NS
            + spilled_ns;
        // Whole tiles are handed out: with few of them, the last ones keep others waiting.
        let n_workers = n_workers.max(1) as u64;
        let rounds = self.n_tiles.div_ceil(n_workers);
        all_ns * rounds as f64 / self.n_tiles as f64
    }
}

#[cfg(test)]
mod tests;
