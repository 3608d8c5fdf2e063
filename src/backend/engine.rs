//! A pass ready to run on any thread: kernels, the two ends, and where its steps part.

use std::ops::Range;
use std::sync::Arc;

use crate::filters::frame::Placement;
use crate::filters::kernel::CodeKernel;
use crate::pixels::color::multiply3;
use crate::pixels::convert::{Decoder, Encoder};
use crate::plan::PlanError;
use crate::plan::graph::{Input, PassOutput, Plan};
use crate::plan::program::{Kernel, Program, StepProgram};

/// Everything [`super::run_tile::run_tile`] needs to know of a pass; shared by all workers.
pub struct PassEngine {
    pub(super) program: Program,
    /// Where the pass reads the photo.
    pub(super) decoder: Option<Arc<Decoder>>,
    /// Where the pass makes the picture.
    pub(super) encoder: Option<Encoder>,
    /// Addressing at the very beginning is part of reading; so are colour matrices behind it, which
    /// the decoder has taken up.
    pub(super) lead: Option<Placement>,
    pub(super) stretches: Vec<Stretch>,
    /// Channels of the photo's samples, when they are copied as they are.
    pub(super) copied_channels: Option<usize>,
}

/// Steps that go row by row while the rows are in cache, then one that cannot.
pub(super) struct Stretch {
    pub(super) rowwise: Range<usize>,
    /// A neighbourhood, addressing or the making of a map; `None` in the last stretch.
    pub(super) barrier: Option<usize>,
}

impl PassEngine {
    /// # Errors
    /// As [`Program::new`].
    pub fn new(plan: &Plan, pass_idx: usize) -> Result<Self, PlanError> {
        let pass = plan
            .passes
            .get(pass_idx)
            .ok_or(PlanError::Malformed("a pass that is not there"))?;
        let program = Program::new(plan, pass)?;
        let source = &plan.source;
        let decoder = (pass.input == Some(Input::Photo) && !plan.is_copy)
            .then(|| Decoder::shared(&source.color, source.layout, source.depth));
        let makes_picture = matches!(pass.output, PassOutput::Picture);
        let encoder = makes_picture.then(|| Encoder::new(plan.output.clone()));
        let lead = match program.steps.first().map(|step| &step.kernel) {
            Some(Kernel::Place(placement)) => Some(*placement),
            _ => None,
        };
        let works_on_codes = matches!(
            program.steps.first().map(|step| &step.kernel),
            Some(Kernel::Codes(_))
        );
        let first = usize::from(lead.is_some() || works_on_codes);
        let (decoder, n_folded) = match decoder {
            Some(decoder) => with_matrices(decoder, &program.steps[first..]),
            None => (None, 0),
        };
        let stretches = stretches(&program, first + n_folded)?;
        let copied_channels = plan.is_copy.then(|| source.layout.channels());
        Ok(Self {
            program,
            decoder,
            encoder,
            lead,
            stretches,
            copied_channels,
        })
    }

    #[must_use]
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// The neighbourhood of samples at the very beginning, if there is one.
    pub(super) fn code_kernel(&self) -> Option<&dyn CodeKernel> {
        match &self.program.steps.first()?.kernel {
            Kernel::Codes(kernel) => Some(kernel.as_ref()),
            _ => None,
        }
    }

    /// What each timed step is called: the filters', then reading and writing the samples.
    #[must_use]
    pub fn step_labels(&self) -> Vec<String> {
        let steps = self.program.steps.iter().map(|step| step.label.clone());
        steps
            .chain(["decode".to_owned(), "encode".to_owned()])
            .collect()
    }
}

/// Colour matrices at the very beginning are part of reading, too: the decoder has one anyway.
fn with_matrices(decoder: Arc<Decoder>, steps: &[StepProgram]) -> (Option<Arc<Decoder>>, usize) {
    let matrices: Vec<_> = steps.iter().map_while(StepProgram::matrix).collect();
    let decoder = match matrices
        .iter()
        .copied()
        .reduce(|all, next| multiply3(&next, &all))
    {
        Some(matrix) => Arc::new(decoder.then(&matrix)),
        None => decoder,
    };
    (Some(decoder), matrices.len())
}

fn stretches(program: &Program, first: usize) -> Result<Vec<Stretch>, PlanError> {
    let mut stretches = Vec::new();
    let mut start = first;
    let mut step_idx = first;
    while step_idx < program.steps.len() {
        match &program.steps[step_idx].kernel {
            Kernel::Point(_) | Kernel::Guided { .. } => {}
            Kernel::Area(_) | Kernel::Stage(_) | Kernel::Place(_) | Kernel::Warp(_) => {
                stretches.push(Stretch {
                    rowwise: start..step_idx,
                    barrier: Some(step_idx),
                });
                start = step_idx + 1;
            }
            Kernel::Gather { .. } => {
                let next = program.steps.get(step_idx + 1).map(|step| &step.kernel);
                if !matches!(next, Some(Kernel::Reduce { .. })) {
                    return Err(PlanError::Malformed("a gathering that nothing reduces"));
                }
                stretches.push(Stretch {
                    rowwise: start..step_idx,
                    barrier: Some(step_idx),
                });
                step_idx += 1;
                start = step_idx + 1;
            }
            Kernel::Reduce { .. } => {
                return Err(PlanError::Malformed("a reduction of nothing gathered"));
            }
            Kernel::Codes(_) => {
                return Err(PlanError::Malformed("samples that are light already"));
            }
        }
        step_idx += 1;
    }
    stretches.push(Stretch {
        rowwise: start..program.steps.len(),
        barrier: None,
    });
    Ok(stretches)
}
