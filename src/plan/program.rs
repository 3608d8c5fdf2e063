//! A pass made ready: its kernels, and which rectangle each step needs for a tile of output.
//!
//! The parent and every worker prepare the same program from the same plan; running it on pixels is
//! `backend::run_tile`'s work.

use crate::filters::frame::{Frame, Placement};
use crate::filters::kernel::{
    AreaKernel, CodeKernel, GatherKernel, GuidedKernel, PointKernel, Prepared,
};
use crate::filters::kernels::grid::cells_for;
use crate::filters::registry;
use crate::filters::warp::WarpKernel;
use crate::pixels::color::Matrix3;
use crate::pixels::geometry::{Rect, Size};

use super::PlanError;
use super::graph::{Call, Input, Op, Pass, PassOutput, Plan, Step};

/// A pass with its kernels.
pub struct Program {
    pub input: Option<Input>,
    pub steps: Vec<StepProgram>,
    pub output: PassOutput,
    /// Planes of a tile before anything is gathered.
    pub n_planes: usize,
}

/// A step with its kernel.
pub struct StepProgram {
    pub edit: u64,
    pub label: String,
    /// The frame its input lies in.
    pub input_size: Size,
    pub opacity: f32,
    pub kernel: Kernel,
}

pub enum Kernel {
    Point(Box<dyn PointKernel>),
    Area(Box<dyn AreaKernel>),
    /// A neighbourhood of samples, done while reading.
    Codes(Box<dyn CodeKernel>),
    /// A neighbourhood of a map: its planes are no colours and have no alpha.
    Stage(Box<dyn AreaKernel>),
    Guided {
        kernel: Box<dyn GuidedKernel>,
        map: u16,
        factor: u32,
        grid: Size,
    },
    Place(Placement),
    Warp(WarpKernel),
    Gather {
        kernel: Box<dyn GatherKernel>,
        n_planes: usize,
    },
    Reduce {
        factor: u32,
    },
}

impl Kernel {
    /// Whether a row can be done without its neighbours.
    #[must_use]
    pub const fn is_rowwise(&self) -> bool {
        matches!(self, Self::Point(_) | Self::Guided { .. })
    }
}

/// A rectangle of something the pass reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub input: Input,
    pub rect: Rect,
}

/// What a tile of output needs: one rectangle before each step and one after the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileRects(Vec<Rect>);

impl TileRects {
    /// What must be read for the first step.
    #[must_use]
    pub fn input(&self) -> Rect {
        self.0[0]
    }

    /// What step `step_idx` reads.
    #[must_use]
    pub fn before(&self, step_idx: usize) -> Rect {
        self.0[step_idx]
    }

    /// What step `step_idx` makes.
    #[must_use]
    pub fn after(&self, step_idx: usize) -> Rect {
        self.0[step_idx + 1]
    }

    #[must_use]
    pub fn output(&self) -> Rect {
        self.0[self.0.len() - 1]
    }
}

/// The kernel of a call, or `None` for a filter this version does not know.
#[must_use]
pub fn prepare(call: &Call, frame: &Frame) -> Option<Prepared> {
    registry::find(&call.filter).map(|filter| filter.prepare(&call.values, frame))
}

impl Program {
    /// # Errors
    /// When the plan names what this version does not have, or contradicts itself; a plan from
    /// `build` never does.
    pub fn new(plan: &Plan, pass: &Pass) -> Result<Self, PlanError> {
        let steps = pass
            .steps
            .iter()
            .map(StepProgram::new)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            input: pass.input,
            steps,
            output: pass.output,
            n_planes: plan.n_planes(),
        })
    }

    /// Works the rectangles out from the output back to the input.
    #[must_use]
    pub fn rects(&self, output: Rect) -> TileRects {
        let mut rects = vec![output];
        let mut rect = output;
        for step in self.steps.iter().rev() {
            rect = step.input_rect(rect);
            rects.push(rect);
        }
        rects.reverse();
        TileRects(rects)
    }

    /// What a tile reads: its input first, then the maps of its steps in their order.
    #[must_use]
    pub fn needs(&self, rects: &TileRects) -> Vec<Need> {
        let input = self.input.map(|input| Need {
            input,
            rect: rects.input(),
        });
        let maps = self
            .steps
            .iter()
            .enumerate()
            .filter_map(|(step_idx, step)| {
                let Kernel::Guided {
                    map, factor, grid, ..
                } = step.kernel
                else {
                    return None;
                };
                let rect = cells_for(rects.after(step_idx), factor, grid);
                Some(Need {
                    input: Input::Pass(map),
                    rect,
                })
            });
        input.into_iter().chain(maps).collect()
    }
}

impl StepProgram {
    /// The step as a matrix of colours, if it is nothing else.
    #[must_use]
    pub fn matrix(&self) -> Option<Matrix3> {
        match &self.kernel {
            Kernel::Point(kernel) if self.opacity >= 1.0 => kernel.matrix(),
            _ => None,
        }
    }

    fn new(step: &Step) -> Result<Self, PlanError> {
        let (kernel, opacity, input_size) = match &step.op {
            Op::Place(placement) => (Kernel::Place(*placement), 1.0, step.frame.size),
            Op::Warp(warp) if warp.input_size.is_empty() || warp.input_size != step.frame.size => {
                return Err(PlanError::Malformed("a warp of another frame"));
            }
            Op::Warp(warp) => (Kernel::Warp(WarpKernel::new(warp)), 1.0, step.frame.size),
            Op::Reduce { factor } if *factor == 0 => {
                return Err(PlanError::Malformed("a grid of cells without pixels"));
            }
            Op::Reduce { factor } => (Kernel::Reduce { factor: *factor }, 1.0, step.frame.size),
            Op::Codes(call) => (
                Kernel::Codes(code_kernel(call, &step.frame)?),
                call.opacity,
                step.frame.size,
            ),
            Op::Point(call) | Op::Area(call) => (
                plain_kernel(call, &step.frame)?,
                call.opacity,
                step.frame.size,
            ),
            Op::Guided {
                call,
                map,
                factor,
                grid,
            } => {
                let kernel = guided(call, &step.frame)?.apply;
                let (map, factor, grid) = (*map, *factor, *grid);
                (
                    Kernel::Guided {
                        kernel,
                        map,
                        factor,
                        grid,
                    },
                    call.opacity,
                    step.frame.size,
                )
            }
            Op::Gather { call, n_planes } => {
                let kernel = guided(call, &step.frame)?.gather;
                let n_planes = usize::from(*n_planes);
                (Kernel::Gather { kernel, n_planes }, 1.0, step.frame.size)
            }
            Op::Stage {
                call,
                stage_idx,
                grid,
            } => {
                let mut stages = guided(call, &step.frame)?.stages;
                if usize::from(*stage_idx) >= stages.len() {
                    return Err(PlanError::Malformed("a stage the filter does not have"));
                }
                (
                    Kernel::Stage(stages.swap_remove(usize::from(*stage_idx))),
                    1.0,
                    *grid,
                )
            }
        };
        let label = step.op.label().to_owned();
        Ok(Self {
            edit: step.edit,
            label,
            input_size,
            opacity,
            kernel,
        })
    }

    fn input_rect(&self, output: Rect) -> Rect {
        match &self.kernel {
            Kernel::Point(_) | Kernel::Guided { .. } | Kernel::Gather { .. } => output,
            Kernel::Area(kernel) | Kernel::Stage(kernel) => {
                kernel.input_rect(output, self.input_size)
            }
            Kernel::Codes(kernel) => kernel.input_rect(output, self.input_size),
            Kernel::Place(placement) => placement.input_rect_of(output),
            Kernel::Warp(warp) => warp.input_rect(output),
            Kernel::Reduce { factor } => output.enlarged_within(*factor, self.input_size),
        }
    }
}

fn code_kernel(call: &Call, frame: &Frame) -> Result<Box<dyn CodeKernel>, PlanError> {
    match prepare(call, frame) {
        Some(Prepared::Area(kernel)) => kernel
            .on_codes()
            .ok_or(PlanError::Malformed("a filter that cannot work on samples")),
        Some(_) => Err(PlanError::Malformed("a filter planned as what it is not")),
        None => Err(PlanError::UnknownFilter(call.filter.clone())),
    }
}

fn plain_kernel(call: &Call, frame: &Frame) -> Result<Kernel, PlanError> {
    match prepare(call, frame) {
        Some(Prepared::Point(kernel)) => Ok(Kernel::Point(kernel)),
        Some(Prepared::Area(kernel)) => Ok(Kernel::Area(kernel)),
        Some(Prepared::Guided(_) | Prepared::Geometry(_) | Prepared::Warp(_)) => {
            Err(PlanError::Malformed("a filter planned as what it is not"))
        }
        None => Err(PlanError::UnknownFilter(call.filter.clone())),
    }
}

fn guided(call: &Call, frame: &Frame) -> Result<crate::filters::kernel::Guided, PlanError> {
    match prepare(call, frame) {
        Some(Prepared::Guided(guided)) => Ok(guided),
        Some(_) => Err(PlanError::Malformed("a filter planned as what it is not")),
        None => Err(PlanError::UnknownFilter(call.filter.clone())),
    }
}
