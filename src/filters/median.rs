//! Median: the middle value of each pixel's neighbourhood, channel by channel. Removes specks and
//! noise, keeps edges.
//!
//! **Formula**: the exact median of the (2r + 1)² values around the pixel, r = radius · scale
//! rounded; beyond the frame stands its mirror image. **Range**: radius 0…20 px of the photo.
//! **Alpha**: its own median; colour is weighted by alpha. **Reach**: r.
//! **Method**: networks of minima and maxima for r = 1 and 2 ([`super::kernels::median_network`]),
//! ranks in a sliding window of bits beyond ([`super::kernels::median_rank`]); both give the very
//! value, without rounding. **Preview**: below half a pixel the filter does nothing there, and what
//! reducing has averaged is no longer a speck: judge at 100 %.

use crate::pixels::geometry::{Rect, Size};
use crate::pixels::tile::{LANES, Tile};

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, CodeKernel, Prepared, Stopped, Work};
use super::kernels::median_codes::CodeMedian;
use super::kernels::mirror::{mirror_row, mirrored};
use super::kernels::{median_network, median_rank};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const RADIUS: usize = 0;

static SPEC: Spec = Spec {
    id: "median",
    label: "Median",
    summary: "removes specks and noise, keeping edges",
    group: Group::Detail,
    rank: 150,
    formula: 1,
    ready: false,
    judge_at_full: true,
    params: &[ParamSpec {
        id: "radius",
        label: "Radius",
        kind: ParamKind::Number(NumberSpec {
            min: 0.0,
            max: 20.0,
            step: 1.0,
            identity: Some(0.0),
            on_add: 1.0,
            unit: Unit::Px,
            decimals: 0,
            track: Track::Fine,
        }),
    }],
};

pub(super) struct Median;

impl Filter for Median {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let radius_px = (values.number(RADIUS) * frame.scale).round() as u32;
        Prepared::Area(Box::new(Window { radius_px }))
    }
}

struct Window {
    radius_px: u32,
}

impl AreaKernel for Window {
    fn input_rect(&self, output: Rect, frame: Size) -> Rect {
        output.grown_within(self.radius_px, frame)
    }

    fn on_codes(&self) -> Option<Box<dyn CodeKernel>> {
        CodeMedian::new(self.radius_px).map(|median| Box::new(median) as Box<dyn CodeKernel>)
    }

    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        if self.radius_px == 0 {
            output.copy_from(input);
            return Ok(());
        }
        let radius = self.radius_px as usize;
        let stride = (output.stride() + 2 * radius).next_multiple_of(LANES);
        let n_rows = output.rect().height as usize + 2 * radius;
        let mut padded = work.scratch.floats(stride * n_rows);
        let done = (0..output.n_planes()).try_for_each(|plane_idx| {
            self.pad(input, plane_idx, output.rect(), &mut padded);
            match radius {
                1 => median_network::of_3_by_3(&padded, plane_idx, output, work),
                2 => median_network::of_5_by_5(&padded, plane_idx, output, work),
                _ => median_rank::of_square(&padded, radius, plane_idx, output, work),
            }
        });
        work.scratch.give_floats(padded);
        done
    }
}

impl Window {
    /// Copies a plane with the radius around `output`, mirrored at the frame's edges.
    fn pad(&self, input: &Tile, plane_idx: usize, output: Rect, padded: &mut [f32]) {
        let bounds = input.rect();
        let radius = i64::from(self.radius_px);
        let left = i64::from(output.x) - radius - i64::from(bounds.x);
        let top = i64::from(output.y) - radius - i64::from(bounds.y);
        let n_rows = output.height as usize + 2 * self.radius_px as usize;
        let stride = padded.len() / n_rows;
        for (row_idx, padded) in padded.chunks_exact_mut(stride).enumerate() {
            let source = mirrored(top + row_idx as i64, bounds.height);
            let source = &input.row(plane_idx, source)[..bounds.width as usize];
            mirror_row(source, left, padded);
        }
    }
}

#[cfg(test)]
mod tests;
