//! The plan as data: passes over tiles, each with its inputs, its fused steps and its output.
//!
//! It holds no kernels, so it can be printed, compared and sent to another process; `program` turns
//! a pass of it into kernels.

use serde::{Deserialize, Serialize};

use crate::filters::frame::{Frame, Placement};
use crate::filters::value::Values;
use crate::filters::warp::Warp;
use crate::pixels::color::ColorSpace;
use crate::pixels::convert::OutputFormat;
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Layout};

/// Raised when the meaning of any field changes; a worker of another version refuses the plan.
pub const PLAN_VERSION: u32 = 3;

/// Everything a backend needs to know to compute a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub version: u32,
    pub source: SourceForm,
    /// In the order they run; a pass reads the photo and passes before it. The last one makes the
    /// picture.
    pub passes: Vec<Pass>,
    pub output: OutputFormat,
    /// Whether samples are only copied: at most addressing, and output as the source is.
    pub is_copy: bool,
}

/// The photo, or a reduced photo, as the plan reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceForm {
    pub size: Size,
    pub layout: Layout,
    pub depth: Depth,
    pub color: ColorSpace,
}

/// Work that is done tile by tile without knowing of other tiles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pass {
    /// `None`: the steps need nothing but the maps they name.
    pub input: Option<Input>,
    pub steps: Vec<Step>,
    pub output: PassOutput,
    /// Pixels (or cells) of the output's frame.
    pub output_size: Size,
}

/// What a pass reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Input {
    Photo,
    /// The planes an earlier pass made.
    Pass(u16),
}

/// What a pass makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PassOutput {
    /// The finished picture, in the plan's output format.
    Picture,
    /// Planes of f32: a whole intermediate picture, or a map on a reduced grid.
    Planes { n_planes: u8 },
}

/// One thing done to a tile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The edit this step serves, by the id it has in the recipe.
    pub edit: u64,
    /// The frame the filter sees: the one its input lies in.
    pub frame: Frame,
    pub op: Op,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// Pixel by pixel.
    Point(Call),
    /// From the neighbourhood.
    Area(Call),
    /// From the neighbourhood, on the photo's own samples: the very first step, if it is there.
    Codes(Call),
    /// Pixel by pixel, with a map on a grid of `factor` × `factor` pixels.
    Guided {
        call: Call,
        map: u16,
        factor: u32,
        grid: Size,
    },
    /// Addressing.
    Place(Placement),
    /// Geometry that needs a resample.
    Warp(Warp),
    /// What enters the map, pixel by pixel: the first half of making one.
    Gather { call: Call, n_planes: u8 },
    /// Means over `factor` × `factor` pixels: the second half.
    Reduce { factor: u32 },
    /// The filter's own work on its map; `frame` is the filter's, the map lies on `grid`.
    Stage {
        call: Call,
        stage_idx: u16,
        grid: Size,
    },
}

/// A filter with its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub filter: String,
    pub values: Values,
    /// 0…1; the result is mixed with what came in.
    pub opacity: f32,
}

impl Op {
    /// The filter's id, or `place`, `warp` and `reduce` for the steps that are no filter's.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Point(call)
            | Self::Area(call)
            | Self::Codes(call)
            | Self::Guided { call, .. }
            | Self::Gather { call, .. }
            | Self::Stage { call, .. } => &call.filter,
            Self::Place(_) => "place",
            Self::Warp(_) => "warp",
            Self::Reduce { .. } => "reduce",
        }
    }

    /// Whether it lays the picture down differently and does nothing else.
    #[must_use]
    pub const fn is_geometry(&self) -> bool {
        matches!(self, Self::Place(_) | Self::Warp(_))
    }

    /// Whether a row can be done without its neighbours, so that it joins a strip.
    #[must_use]
    pub const fn is_rowwise(&self) -> bool {
        matches!(
            self,
            Self::Point(_) | Self::Guided { .. } | Self::Gather { .. }
        )
    }
}

impl Plan {
    /// Size of the finished picture.
    ///
    /// # Panics
    /// Never for a plan made by `build`: it has at least one pass.
    #[must_use]
    pub fn output_size(&self) -> Size {
        self.passes
            .last()
            .map_or(self.source.size, |pass| pass.output_size)
    }

    /// Planes of colour (and alpha) a tile has.
    #[must_use]
    pub const fn n_planes(&self) -> usize {
        if self.source.layout.has_alpha() { 4 } else { 3 }
    }

    /// The last pass that reads each pass's planes; `None` for the picture.
    #[must_use]
    pub fn last_reader(&self, pass_idx: usize) -> Option<usize> {
        let wanted = Input::Pass(pass_idx as u16);
        self.passes
            .iter()
            .rposition(|pass| pass.reads().any(|input| input == wanted))
    }
}

impl Pass {
    /// Everything the pass reads: its input, then the maps of its steps.
    pub fn reads(&self) -> impl Iterator<Item = Input> {
        let maps = self.steps.iter().filter_map(|step| match step.op {
            Op::Guided { map, .. } => Some(Input::Pass(map)),
            _ => None,
        });
        self.input.into_iter().chain(maps)
    }
}
