//! Median: the middle value of each pixel's neighbourhood, channel by channel. Removes specks and
//! noise, keeps edges.
//!
//! **Formula**: the median of the (2r + 1)² values around the pixel, r = radius · scale rounded;
//! beyond the frame stands its mirror image. **Range**: radius 0…100 px of the photo. **Alpha**: its
//! own median; colour is weighted by alpha. **Reach**: r. **Channels**: small ones (r ≤ 2) that are an
//! opaque photo's first edit sort its own samples, which come out as they went in; all others sort
//! linear light in the working primaries. **Method**: networks of minima and maxima
//! for r = 1 and 2 ([`super::kernels::median_network`]), which give the very value; histograms
//! beyond ([`super::kernels::median_histogram`]), which give it to 10⁻⁴ of white. **Preview**: below
//! half a pixel the filter does nothing there, and what reducing has averaged is no longer a speck:
//! judge at 100 %.

use crate::pixels::geometry::{Rect, Size};
use crate::pixels::tile::Tile;

use super::Filter;
use super::frame::Frame;
use super::kernel::{AreaKernel, CodeKernel, Prepared, Stopped, Work};
use super::kernels::median_codes::CodeMedian;
use super::kernels::surround::Surround;
use super::kernels::{median_histogram, median_network};
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
            max: 100.0,
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
        let mut around = Surround::new(output.rect(), radius, 1, work.scratch);
        let done = (0..output.n_planes()).try_for_each(|plane_idx| {
            work.stop.check()?;
            around.fill(input, plane_idx, 0);
            match radius {
                1 => median_network::of_3_by_3(around.plane(0), plane_idx, output, work),
                2 => median_network::of_5_by_5(around.plane(0), plane_idx, output, work),
                _ => median_histogram::of_square(&around, radius, plane_idx, output, work),
            }
        });
        around.finish(work.scratch);
        done
    }
}

#[cfg(test)]
mod tests;
