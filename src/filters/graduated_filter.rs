//! Graduated filter: darkens or lightens one side of the frame, as a glass with a gradient does.
//!
//! **Formula**: `out = in · 2^(strength · m(t))` in linear light, so that hues stay. t is the distance
//! from the line through (x, y), 1 where a line through the frame's centre would leave the frame's
//! corners: with n = (sin angle, −cos angle), t = n·(p − c) ÷ (w·|sin angle| + h·|cos angle|) · 2. m is the
//! smooth step of t over ±(0.01 + 0.99 · feather). **Range**: strength −5…5 EV; angle −180…180°:
//! 0 acts on the top, positive turns clockwise; feather 0 hard, 100 the whole frame; x and y
//! −100…100 move the line from the centre to the frame's sides. **Alpha**: untouched. **Reach**: the
//! pixel itself and its place, at scale 1. **Preview**: as the export, within the change of the gain
//! across one preview pixel.

use crate::pixels::math::{exp2, smoothstep};

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::kernels::direction::direction;
use super::pixelwise::{EachPixel, Pixelwise};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const STRENGTH: usize = 0;
const ANGLE: usize = 1;
const FEATHER: usize = 2;
const X: usize = 3;
const Y: usize = 4;

static SPEC: Spec = Spec {
    id: "graduated-filter",
    label: "Graduated filter",
    summary: "darkens or lightens one side, as for a bright sky",
    group: Group::Light,
    rank: 595,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "strength",
            label: "Strength",
            kind: ParamKind::Number(NumberSpec {
                min: -5.0,
                max: 5.0,
                step: 0.05,
                identity: Some(0.0),
                on_add: -1.0,
                unit: Unit::Ev,
                decimals: 2,
                track: Track::Plain,
            }),
        },
        ParamSpec {
            id: "angle",
            label: "Angle",
            kind: ParamKind::Number(NumberSpec {
                min: -180.0,
                max: 180.0,
                step: 1.0,
                identity: None,
                on_add: 0.0,
                unit: Unit::Degrees,
                decimals: 0,
                track: Track::Plain,
            }),
        },
        ParamSpec {
            id: "feather",
            label: "Feather",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 50.0)),
        },
        ParamSpec {
            id: "x",
            label: "Centre X",
            kind: ParamKind::Number(NumberSpec::percent(-100.0, None, 0.0)),
        },
        ParamSpec {
            id: "y",
            label: "Centre Y",
            kind: ParamKind::Number(NumberSpec::percent(-100.0, None, 0.0)),
        },
    ],
};

pub(super) struct GraduatedFilter;

impl Filter for GraduatedFilter {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        Prepared::Point(Box::new(EachPixel(Gradient::new(values, frame))))
    }
}

/// Gain by place in the rendered frame.
struct Gradient {
    /// The distance t: pixel · `step` + `start`.
    step: [f32; 2],
    start: f32,
    half_width: f32,
    ev: f32,
}

impl Gradient {
    fn new(values: &Values, frame: &Frame) -> Self {
        let half = [frame.full_size.width, frame.full_size.height]
            .map(|side_px| f64::from(side_px.max(1)) / 2.0);
        let [cos, sin] = direction(values.number(ANGLE));
        let normal = [sin, -cos];
        let reach = normal[0].abs() * half[0] + normal[1].abs() * half[1];
        let step = normal.map(|n| n / (reach * frame.scale));
        let from_center = |axis: usize, param: usize| {
            let center = half[axis] * (1.0 + values.number(param) / 100.0);
            normal[axis] * (0.5 / frame.scale - center) / reach
        };
        Self {
            step: step.map(|step| step as f32),
            start: (from_center(0, X) + from_center(1, Y)) as f32,
            half_width: (0.01 + 0.0099 * values.number(FEATHER)) as f32,
            ev: values.number(STRENGTH) as f32,
        }
    }
}

impl Pixelwise for Gradient {
    #[inline(always)]
    fn pixel(&self, rgb: [f32; 3], x: u32, y: u32) -> [f32; 3] {
        // Frames are below 2³¹ pixels a side; signed numbers convert in one instruction.
        let down = (y as i32 as f32).mul_add(self.step[1], self.start);
        let distance = (x as i32 as f32).mul_add(self.step[0], down);
        let gain = exp2(self.ev * smoothstep(-self.half_width, self.half_width, distance));
        rgb.map(|value| value * gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::probe;
    use crate::pixels::geometry::Size;

    /// The gain at a place at scale 1, from the formula.
    fn reference(numbers: [f64; 5], size: Size, at: [f64; 2]) -> f64 {
        let [strength, angle, feather, x, y] = numbers;
        let (w, h) = (f64::from(size.width), f64::from(size.height));
        let (sin, cos) = angle.to_radians().sin_cos();
        let center = [w * (0.5 + x / 200.0), h * (0.5 + y / 200.0)];
        let along = sin * (at[0] - center[0]) - cos * (at[1] - center[1]);
        let t = along / ((sin * w).abs() / 2.0 + (cos * h).abs() / 2.0);
        let f = 0.01 + 0.99 * feather / 100.0;
        let s = ((t + f) / (2.0 * f)).clamp(0.0, 1.0);
        (strength * s * s * (3.0 - 2.0 * s)).exp2()
    }

    fn gains(numbers: &[f64; 5], frame: &Frame, x: u32, y: u32, n: usize) -> Vec<f32> {
        let values = probe::values(&GraduatedFilter, numbers);
        let kernel = probe::kernel(&GraduatedFilter, &values, frame);
        let row = probe::render(kernel.as_ref(), &vec![[1.0, 0.5, -0.25]; n], x, y);
        for [r, g, b] in &row {
            assert!(*g == r * 0.5 && *b == r * -0.25, "hue stays");
        }
        row.into_iter().map(|color| color[0]).collect()
    }

    #[test]
    fn agrees_with_the_formula_at_every_scale() {
        let cases = [
            [-1.0, 0.0, 50.0, 0.0, 0.0],
            [3.0, 90.0, 30.0, 40.0, 0.0],
            [-5.0, -180.0, 100.0, 0.0, -100.0],
            [2.0, 37.0, 70.0, -30.0, 60.0],
            [1.5, -120.0, 25.0, 100.0, 100.0],
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
    fn acts_on_the_top_and_turns_clockwise() {
        let frame = Frame::full(Size::new(300, 200));
        let at =
            |angle: f64, x: u32, y: u32| gains(&[1.0, angle, 0.0, 0.0, 0.0], &frame, x, y, 1)[0];
        assert_eq!((at(0.0, 150, 10), at(0.0, 150, 190)), (2.0, 1.0));
        assert_eq!((at(90.0, 290, 100), at(90.0, 10, 100)), (2.0, 1.0));
        let mut last = 0.0;
        for tenths in -50..=50 {
            let gain = gains(
                &[f64::from(tenths) / 10.0, 20.0, 60.0, 0.0, 0.0],
                &frame,
                100,
                60,
                1,
            )[0];
            assert!(gain > last, "{tenths}");
            last = gain;
        }
    }

    #[test]
    fn a_tile_is_a_part_of_the_frame_and_odd_light_stays_finite() {
        let numbers = [-2.0, 15.0, 60.0, 10.0, -20.0];
        let whole = gains(&numbers, &probe::FRAME, 0, 33, 640);
        for x in [1, 250, 600] {
            let part = gains(&numbers, &probe::FRAME, x as u32, 33, 40);
            assert_eq!(part, whole[x..x + 40]);
        }
        let values = probe::values(&GraduatedFilter, &numbers);
        probe::same_bits_everywhere(&Gradient::new(&values, &probe::FRAME));
        probe::stays_finite(&GraduatedFilter, &numbers);
        probe::stays_finite(&GraduatedFilter, &[5.0, 0.0, 0.0, 0.0, 100.0]);
        for size in [Size::new(1, 1), Size::new(1, 9), Size::new(9, 1)] {
            assert!(gains(&numbers, &Frame::full(size), 0, 0, 1)[0].is_finite());
        }
    }

    #[test]
    fn only_the_strength_decides_whether_anything_happens() {
        let still = probe::values(&GraduatedFilter, &[0.0, 40.0, 10.0, 5.0, -5.0]);
        assert!(still.is_identity(&SPEC));
        let none = gains(&[0.0, 40.0, 10.0, 5.0, -5.0], &probe::FRAME, 0, 0, 64);
        assert_eq!(none, [1.0; 64]);
    }
}
