//! A warp made ready: scaling is streamed, the rest is run on whole tiles.

use super::general::General;
use super::layout::Warp;
use super::scale::Scale;
use crate::filters::kernel::{Stopped, Work};
use crate::filters::kernels::finite::finite;
use crate::pixels::geometry::Rect;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

/// Below this, what is left of a transparent pixel is the kernel's ringing, not a colour.
const MIN_ALPHA: f32 = 1.0 / 4096.0;

/// See the module's own words.
#[derive(Debug)]
pub struct WarpKernel(Form);

#[derive(Debug)]
enum Form {
    Scale(Scale),
    General(General),
}

impl WarpKernel {
    #[must_use]
    pub fn new(warp: &Warp) -> Self {
        Self(match Scale::of(warp) {
            Some(scale) => Form::Scale(scale),
            None => Form::General(General::new(warp)),
        })
    }

    /// What must be known to compute `output`, inside the input frame.
    #[must_use]
    pub fn input_rect(&self, output: Rect) -> Rect {
        match &self.0 {
            Form::Scale(scale) => scale.input_rect(output),
            Form::General(general) => general.input_rect(output),
        }
    }

    /// What takes its input row by row, where the warp is a scaling.
    #[must_use]
    pub const fn scale(&self) -> Option<&Scale> {
        match &self.0 {
            Form::Scale(scale) => Some(scale),
            Form::General(_) => None,
        }
    }

    /// Writes `output` from the whole of its input, which [`prepare`] has been over. Nothing is
    /// written where the warp is a scaling.
    ///
    /// # Errors
    /// [`Stopped`] when the stop flag was seen; `output` is then unfinished.
    pub fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped> {
        match &self.0 {
            Form::Scale(_) => Ok(()),
            Form::General(general) => general.run(input, output, work),
        }
    }
}

/// Makes rows `top` … `top + rows` of a tile fit to be weighed: finite, colour multiplied by alpha.
pub fn prepare(tile: &mut Tile, top: u32, rows: u32) {
    for row_idx in top as usize..(top + rows) as usize {
        let mut row = tile.color_row_mut(row_idx);
        let colors = [&mut *row.r, &mut *row.g, &mut *row.b];
        let alpha = row.a.as_deref_mut();
        vectorize(
            #[inline(always)]
            || prepare_row(colors, alpha),
        );
    }
}

#[inline(always)]
fn prepare_row(colors: [&mut [f32]; 3], alpha: Option<&mut [f32]>) {
    let Some(alpha) = alpha else {
        for plane in colors {
            for value in plane {
                *value = finite(*value);
            }
        }
        return;
    };
    for value in alpha.iter_mut() {
        *value = finite(*value);
    }
    for plane in colors {
        for (value, alpha) in plane.iter_mut().zip(alpha.iter()) {
            *value = finite(*value) * alpha;
        }
    }
}

/// Straight colour again, and alpha held to 0…1, in a tile that has one.
pub fn finish(tile: &mut Tile) {
    if tile.n_planes() < 4 {
        return;
    }
    for row_idx in 0..tile.rect().height as usize {
        let row = tile.color_row_mut(row_idx);
        let (colors, alpha) = ([row.r, row.g, row.b], row.a);
        vectorize(
            #[inline(always)]
            || finish_row(colors, alpha),
        );
    }
}

#[inline(always)]
fn finish_row(colors: [&mut [f32]; 3], alpha: Option<&mut [f32]>) {
    let Some(alpha) = alpha else {
        return;
    };
    for plane in colors {
        for (value, alpha) in plane.iter_mut().zip(alpha.iter()) {
            let is_visible = *alpha > MIN_ALPHA;
            let divisor = if is_visible { *alpha } else { 1.0 };
            *value = if is_visible { *value / divisor } else { 0.0 };
        }
    }
    for value in alpha {
        *value = value.clamp(0.0, 1.0);
    }
}
