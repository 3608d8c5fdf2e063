//! Tone curve: a curve drawn through points, over luminance and over each channel.
//!
//! **Formula**: a monotone cubic through 2…16 points (Hermite, tangents after Fritsch and Carlson 1980:
//! it never overshoots and rises where the points rise) on display-encoded values (sRGB's curve).
//! `luma` acts first, on luminance Y: Y' = decode(curve(encode(Y))), colours following by
//! Y' + (rgb − Y) · Y' ÷ Y. That is a scaling of all channels: hue and saturation stay, where a curve
//! over each channel would oversaturate and shift skin. The factor ends at 8, so that lifted blacks
//! become grey instead of coloured noise. `red`, `green`, `blue` then act on their channels of working
//! light, as raw developers do: wide primaries turn hues less than a display's. Above 1 a curve goes on
//! in proportion to its height there, below 0 with slope 1, so that nothing is clipped here.
//! **Range**: points x, y in 0…1; flat before the first and behind the last point.
//! **Alpha**: untouched. **Reach**: the pixel itself. **Preview**: as the export, except that tones are
//! averaged before the curve instead of after it.
//!
//! No tables: each segment adds its cubic of a clamped position, which needs no gathers and is exact.

use crate::pixels::math::clamp;
use crate::pixels::tile::ColorRow;

use super::Filter;
use super::curve_points::CurvePoints;
use super::frame::Frame;
use super::kernel::{PointKernel, Prepared};
use super::kernels::display::{decode, encode};
use super::kernels::monotone::MonotoneCubic;
use super::pixelwise::{EachPixel, Pixelwise, luminance};
use super::spec::{CurveSpec, Group, ParamKind, ParamSpec, Section, Spec};
use super::value::Values;

const LUMA: usize = 0;
const RED: usize = 1;

const fn curve(id: &'static str, label: &'static str, ink: Option<u32>) -> ParamSpec {
    const STRAIGHT: &[[f64; 2]] = &[[0.0, 0.0], [1.0, 1.0]];
    const CONTRASTY: &[[f64; 2]] = &[[0.0, 0.0], [0.25, 0.2], [0.75, 0.8], [1.0, 1.0]];
    let on_add = if ink.is_none() { CONTRASTY } else { STRAIGHT };
    ParamSpec {
        id,
        label,
        kind: ParamKind::Curve(CurveSpec { on_add, ink }),
    }
}

static SPEC: Spec = Spec {
    id: "tone-curve",
    label: "Tone curve",
    summary: "bends tones along a drawn curve, all together or red, green and blue alone",
    group: Group::Light,
    rank: 350,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        curve("luma", "Luma", None),
        curve("red", "Red", Some(0xE2_78_70)),
        curve("green", "Green", Some(0x74_C0_7C)),
        curve("blue", "Blue", Some(0x7A_A4_EE)),
    ],
};

pub(super) struct ToneCurve;

impl Filter for ToneCurve {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let mut stages: Vec<Box<dyn PointKernel>> = Vec::new();
        let luma = values.curve(LUMA);
        if !luma.is_straight() {
            stages.push(sized(&[luma]));
        }
        let channels: [CurvePoints; 3] = std::array::from_fn(|c| values.curve(RED + c));
        if !channels.iter().all(CurvePoints::is_straight) {
            stages.push(sized(&channels));
        }
        Prepared::Point(Box::new(Stages(stages)))
    }

    fn sections(&self) -> &'static [Section] {
        const fn one(label: &'static str) -> Section {
            Section { label, n_params: 1 }
        }
        const { &[one("Luma"), one("Red"), one("Green"), one("Blue")] }
    }
}

/// One after the other over the same row, while it is in cache.
struct Stages(Vec<Box<dyn PointKernel>>);

impl PointKernel for Stages {
    fn row(&self, row: &mut ColorRow<'_>) {
        for stage in &self.0 {
            stage.row(row);
        }
    }
}

/// A kernel with room for as many segments as are needed, and few more: one curve is luma's, three
/// are the channels'.
fn sized(curves: &[CurvePoints]) -> Box<dyn PointKernel> {
    let n_segments = curves.iter().map(|curve| curve.points().len() - 1).max();
    match n_segments.unwrap_or(1) {
        ..=3 => kernel::<3>(curves),
        4..=7 => kernel::<7>(curves),
        _ => kernel::<15>(curves),
    }
}

fn kernel<const N: usize>(curves: &[CurvePoints]) -> Box<dyn PointKernel> {
    match curves {
        [red, green, blue] => {
            Box::new(EachPixel(Channels::<N>([red, green, blue].map(Cubic::new))))
        }
        [luma, ..] => Box::new(EachPixel(Luma::<N>(Cubic::new(luma)))),
        [] => Box::new(Stages(Vec::new())),
    }
}

/// A curve of at most `N` segments; those not needed add nothing.
struct Cubic<const N: usize> {
    first_y: f32,
    last_y: f32,
    segments: [[f32; 5]; N],
}

impl<const N: usize> Cubic<N> {
    fn new(points: &CurvePoints) -> Self {
        let cubic = MonotoneCubic::new(points);
        let mut segments = [[0.0; 5]; N];
        for (to, from) in segments.iter_mut().zip(&cubic.segments) {
            let [c0, c1, c2] = from.coefficients;
            *to = [from.start, 1.0 / from.width, c0, c1, c2].map(|value| value as f32);
        }
        Self {
            first_y: cubic.first_y as f32,
            last_y: cubic.at(1.0) as f32,
            segments,
        }
    }

    #[inline(always)]
    fn at(&self, x: f32) -> f32 {
        let mut y = self.first_y;
        for [start, per_width, c0, c1, c2] in self.segments {
            let t = clamp((x - start) * per_width, 0.0, 1.0);
            y = t.mul_add(t.mul_add(t.mul_add(c2, c1), c0), y);
        }
        let above = if x > 1.0 { x - 1.0 } else { 0.0 };
        let below = if x < 0.0 { x } else { 0.0 };
        above.mul_add(self.last_y, y) + below
    }
}

/// The most that colours are scaled by.
const MOST_GAIN: f32 = 8.0;

struct Luma<const N: usize>(Cubic<N>);

impl<const N: usize> Pixelwise for Luma<N> {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let y = luminance(rgb);
        let lit = if y > 0.0 { y } else { 0.0 };
        let target = decode(self.0.at(encode(lit)));
        let divisor = if lit > 1.0e-9 { lit } else { 1.0e-9 };
        let gain = clamp(target / divisor, 0.0, MOST_GAIN);
        rgb.map(|value| gain.mul_add(value - y, target))
    }
}

struct Channels<const N: usize>([Cubic<N>; 3]);

impl<const N: usize> Pixelwise for Channels<N> {
    #[inline(always)]
    fn pixel(&self, [r, g, b]: [f32; 3], _x: u32, _y: u32) -> [f32; 3] {
        let [red, green, blue] = &self.0;
        [
            decode(red.at(encode(r))),
            decode(green.at(encode(g))),
            decode(blue.at(encode(b))),
        ]
    }
}

#[cfg(test)]
mod tests;
