//! Vignette: darkens or lightens towards the corners of the frame it meets, cropped or not.
//!
//! **Formula**: `out = in · 2^(3 · amount ÷ 100 · m(d))` in linear light, so that hues stay. d is the
//! distance from the centre, 1 in the corners: with u, v the offsets in half-axes, d = n₂(u, v) (an
//! ellipse), towards negative roundness blended with n₈ (nearly the frame's rectangle); positive
//! roundness brings the half-axes together until they are a circle's. m is the smooth step of d over
//! c ± h: c = 0.35 + 0.6 · midpoint, h = 0.01 + 0.69 · feather, no more than c, both taken 0…1.
//! **Range**: amount −100…100, negative darkens, −3…+3 EV in the corners; midpoint 0…100 moves the
//! fall-off outwards; roundness −100 rectangle, 0 the frame's ellipse, 100 circle; feather 0 hard,
//! 100 soft. **Alpha**: untouched. **Reach**: the pixel itself and its place, at scale 1.
//! **Preview**: as the export, within the change of the gain across one preview pixel.

use crate::pixels::math::{exp_f64, exp2, ln_f64, smoothstep};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::pixelwise::{EachPixel, Pixelwise};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const AMOUNT: usize = 0;
const MIDPOINT: usize = 1;
const ROUNDNESS: usize = 2;
const FEATHER: usize = 3;

static SPEC: Spec = Spec {
    id: "vignette",
    label: "Vignette",
    summary: "darkens or lightens the corners",
    group: Group::Effects,
    rank: 600,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "amount",
            label: "Amount",
            kind: ParamKind::Number(NumberSpec::percent(-100.0, Some(0.0), -35.0)),
        },
        ParamSpec {
            id: "midpoint",
            label: "Midpoint",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 50.0)),
        },
        ParamSpec {
            id: "roundness",
            label: "Roundness",
            kind: ParamKind::Number(NumberSpec::percent(-100.0, None, 0.0)),
        },
        ParamSpec {
            id: "feather",
            label: "Feather",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 50.0)),
        },
    ],
};

pub(super) struct Vignette;

impl Filter for Vignette {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Falloff::new(values, frame))))
    }
}

/// EV in the corners at an amount of 100.
const FULL_EV: f64 = 3.0;

/// Gain by place in the rendered frame.
struct Falloff {
    /// Offset from the centre in half-axes: pixel · `step` + `start`.
    step: [f32; 2],
    start: [f32; 2],
    /// What makes the ellipse's and the rectangle's distance 1 in the corners, with their shares.
    ellipse: f32,
    rectangle: f32,
    edges: [f32; 2],
    ev: f32,
}

impl Falloff {
    fn new(values: &Values, frame: &Frame) -> Self {
        let half = [frame.full_size.width, frame.full_size.height]
            .map(|side_px| f64::from(side_px.max(1)) / 2.0);
        let roundness = values.number(ROUNDNESS) / 100.0;
        let axes = half_axes(half, roundness.max(0.0));
        let corner: [f64; 2] = std::array::from_fn(|i| half[i] / axes[i]);
        let boxy = (-roundness).max(0.0);
        let center = 0.35 + 0.6 * values.number(MIDPOINT) / 100.0;
        let soft = (0.01 + 0.69 * values.number(FEATHER) / 100.0).min(center);
        Self {
            step: axes.map(|axis| (1.0 / (frame.scale * axis)) as f32),
            start: std::array::from_fn(|i| ((0.5 / frame.scale - half[i]) / axes[i]) as f32),
            ellipse: ((1.0 - boxy) / (corner[0] * corner[0] + corner[1] * corner[1]).sqrt()) as f32,
            // n₈ is only used with the frame's own half-axes, where the corner is (1, 1).
            rectangle: (boxy / exp_f64(std::f64::consts::LN_2 / 8.0)) as f32,
            edges: [(center - soft) as f32, (center + soft) as f32],
            ev: (FULL_EV * values.number(AMOUNT) / 100.0) as f32,
        }
    }
}

/// From the frame's half-sides to a circle's radius, evenly in ratio.
fn half_axes(half: [f64; 2], roundness: f64) -> [f64; 2] {
    let radius = f64::midpoint(half[0] * half[0], half[1] * half[1]).sqrt();
    half.map(|side| side * exp_f64(roundness * ln_f64(radius / side)))
}

impl Pixelwise for Falloff {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], x: u32, y: u32) -> [f32; 3] {
        // Frames are below 2³¹ pixels a side; signed numbers convert in one instruction.
        let u = (x as i32 as f32).mul_add(self.step[0], self.start[0]);
        let v = (y as i32 as f32).mul_add(self.step[1], self.start[1]);
        let (u2, v2) = (u * u, v * v);
        let (u4, v4) = (u2 * u2, v2 * v2);
        let round = (u2 + v2).sqrt();
        // The same for a whole render, so the compiler takes it out of the loop.
        let boxy = if self.rectangle > 0.0 {
            u4.mul_add(u4, v4 * v4).sqrt().sqrt().sqrt() * self.rectangle
        } else {
            0.0
        };
        let distance = round.mul_add(self.ellipse, boxy);
        let gain = exp2(self.ev * smoothstep(self.edges[0], self.edges[1], distance));
        rgb.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::pixels::geometry::Size;

    /// The gain at a place at scale 1, from the formula.
    fn reference(numbers: [f64; 4], size: Size, at: [f64; 2]) -> f64 {
        let [amount, midpoint, roundness, feather] = numbers;
        let (w, h) = (f64::from(size.width) / 2.0, f64::from(size.height) / 2.0);
        let circle = (0.5 * (w * w + h * h)).sqrt();
        let k = roundness.max(0.0) / 100.0;
        let (a, b) = (
            w.powf(1.0 - k) * circle.powf(k),
            h.powf(1.0 - k) * circle.powf(k),
        );
        let norm = |p: f64, u: f64, v: f64| (u.abs().powf(p) + v.abs().powf(p)).powf(1.0 / p);
        let of_corner = |p: f64| norm(p, (at[0] - w) / a, (at[1] - h) / b) / norm(p, w / a, h / b);
        let boxy = (-roundness).max(0.0) / 100.0;
        let d = (1.0 - boxy) * of_corner(2.0) + boxy * of_corner(8.0);
        let c = 0.35 + 0.006 * midpoint;
        let half = (0.01 + 0.0069 * feather).min(c);
        let t = ((d - c + half) / (2.0 * half)).clamp(0.0, 1.0);
        (3.0 * amount / 100.0 * t * t * (3.0 - 2.0 * t)).exp2()
    }

    fn gains(numbers: &[f64; 4], frame: &Frame, x: u32, y: u32, n: usize) -> Vec<f32> {
        let values = probe::values(&Vignette, numbers);
        let kernel = probe::kernel(&Vignette, &values, frame);
        let row = probe::render(kernel.as_ref(), &vec![[1.0, 0.5, -0.25]; n], x, y);
        for [r, g, b] in &row {
            assert!(*g == r * 0.5 && *b == r * -0.25, "hue stays");
        }
        row.into_iter().map(|color| color[0]).collect()
    }

    #[test]
    fn agrees_with_the_formula_at_every_scale() {
        let cases = [
            [-100.0, 50.0, 0.0, 50.0],
            [-35.0, 0.0, -60.0, 100.0],
            [100.0, 100.0, 70.0, 20.0],
            [-80.0, 30.0, 100.0, 70.0],
            [60.0, 70.0, -100.0, 80.0],
        ];
        for numbers in cases {
            for (size, scale) in [(Size::new(600, 400), 1.0), (Size::new(301, 900), 0.37)] {
                let frame = Frame {
                    size: size.scaled(scale),
                    scale,
                    full_size: size,
                };
                for y in (0..frame.size.height).step_by(29) {
                    let n = frame.size.width as usize;
                    for (x, gain) in gains(&numbers, &frame, 0, y, n).iter().enumerate() {
                        let at = [(x as f64 + 0.5) / scale, (f64::from(y) + 0.5) / scale];
                        let expected = reference(numbers, size, at);
                        let error = (f64::from(*gain) / expected - 1.0).abs();
                        assert!(error < 1e-4, "{numbers:?} {x} {y}: {gain} {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn corners_take_the_full_amount_and_the_centre_none() {
        let frame = Frame::full(Size::new(3000, 2000));
        let row = gains(&[-100.0, 50.0, 0.0, 50.0], &frame, 0, 0, 3000);
        assert!((row[0] - 0.125).abs() < 1e-3 && (row[2999] - 0.125).abs() < 1e-3);
        assert_eq!(
            gains(&[-100.0, 50.0, 0.0, 50.0], &frame, 1500, 1000, 1)[0],
            1.0
        );
        let mut last = 0.0;
        for amount in (-100..=100).step_by(20) {
            let gain = gains(&[f64::from(amount), 50.0, 0.0, 50.0], &frame, 100, 90, 1)[0];
            assert!(gain > last, "{amount}");
            last = gain;
        }
    }

    #[test]
    fn a_tile_is_a_part_of_the_frame() {
        let numbers = [-70.0, 40.0, -20.0, 60.0];
        let whole = gains(&numbers, &probe::FRAME, 0, 33, 640);
        for x in [1, 250, 600] {
            let part = gains(&numbers, &probe::FRAME, x as u32, 33, 40);
            assert_eq!(part, whole[x..x + 40]);
        }
        let values = probe::values(&Vignette, &numbers);
        probe::same_bits_everywhere(&Falloff::new(&values, &probe::FRAME));
        probe::stays_finite(&Vignette, &numbers);
        probe::stays_finite(&Vignette, &[100.0, 0.0, 0.0, 0.0]);
        let pixel = Frame::full(Size::new(1, 1));
        assert!(gains(&numbers, &pixel, 0, 0, 1)[0].is_finite());
    }

    #[test]
    fn only_the_amount_decides_whether_anything_happens() {
        let still = probe::values(&Vignette, &[0.0, 10.0, -40.0, 90.0]);
        assert!(still.is_identity(&SPEC));
        assert_eq!(
            gains(&[0.0, 10.0, -40.0, 90.0], &probe::FRAME, 0, 0, 64),
            [1.0; 64]
        );
    }
}
