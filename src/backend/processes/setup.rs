//! A pass made ready at a worker, and what it believes of tiles that are said to be of that pass.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::backend::engine::PassEngine;
use crate::pixels::geometry::{Rect, Size};
use crate::plan::graph::{PLAN_VERSION, SourceForm};
use crate::system::shared_memory::Frozen;

use super::message::{Job, RegionForm, TileHeader};

/// A pass made ready, and the frames its tiles lie in.
pub(super) struct Setup {
    pub(super) engine: PassEngine,
    pub(super) source: SourceForm,
    output_size: Size,
    pub(super) photo: Option<Arc<Frozen>>,
    pub(super) storage_wait: Duration,
}

impl Setup {
    /// The pass of a job, or why this worker cannot do it.
    pub(super) fn new(job: &Job, photo: Option<Arc<Frozen>>) -> Result<Self, String> {
        if job.plan.version != PLAN_VERSION {
            return Err(format!("plan version {}", job.plan.version));
        }
        let pass_idx = usize::from(job.pass_idx);
        // A plan that contradicts itself may break what makes it ready; the worker outlives that.
        let engine = catch_unwind(AssertUnwindSafe(|| PassEngine::new(&job.plan, pass_idx)))
            .map_err(|_| "the plan contradicts itself".to_owned())?
            .map_err(|error| error.to_string())?;
        let source = &job.plan.source;
        let pixel_bytes = source.layout.channels() * source.depth.bytes();
        let n_bytes = source.size.area() * pixel_bytes as u64;
        if photo
            .as_ref()
            .is_some_and(|photo| photo.len() as u64 != n_bytes)
        {
            return Err("the photo's memory is not its size".to_owned());
        }
        Ok(Self {
            photo,
            storage_wait: Duration::from_nanos(job.storage_wait_ns),
            output_size: job.plan.passes[pass_idx].output_size,
            source: job.plan.source.clone(),
            engine,
        })
    }

    /// Whether a tile lies in the pass's frame and brings what the pass reads for it.
    pub(super) fn expects(&self, header: &TileHeader) -> bool {
        let output = header.output;
        let corners = (
            output.x.checked_add(output.width),
            output.y.checked_add(output.height),
        );
        let (Some(_), Some(_)) = corners else {
            return false;
        };
        if output.is_empty() || !Rect::of(self.output_size).contains(output) {
            return false;
        }
        let program = self.engine.program();
        let needs = program.needs(&program.rects(output));
        let rect_of = |form: &RegionForm| form.rect;
        needs
            .iter()
            .map(|need| need.rect)
            .eq(header.regions.iter().map(rect_of))
    }
}
