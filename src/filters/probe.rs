//! What the tests of point filters share: colours to try, and the promises every kernel keeps.
//!
//! References come from the filters' own tests; nothing here knows a formula.

use crate::pixels::color::Curve;
use crate::pixels::geometry::Size;
use crate::pixels::simd::{SimdLevel, vectorize_at};
use crate::pixels::tile::{ColorRow, LANES};

use super::Filter;
use super::frame::Frame;
use super::kernel::{PointKernel, Prepared};
use super::pixelwise::{Pixelwise, run};
use super::value::{Value, Values};

pub(super) const FRAME: Frame = Frame::full(Size::new(640, 480));

/// Every triple of values a photo may hold: black, hardly anything, mid-grey, white, far above,
/// and outside the gamut.
pub(super) fn colors() -> Vec<[f32; 3]> {
    const LEVELS: [f32; 9] = [-0.02, 0.0, 1.0e-6, 2.0e-3, 0.05, 0.18, 0.6, 1.0, 8.0];
    let mut colors = Vec::new();
    for r in LEVELS {
        for g in LEVELS {
            colors.extend(LEVELS.map(|b| [r, g, b]));
        }
    }
    colors
}

/// Values with these numbers, in the order of the parameters.
pub(super) fn values(filter: &dyn Filter, numbers: &[f64]) -> Values {
    let start = Values::identity(filter.spec());
    numbers
        .iter()
        .enumerate()
        .fold(start, |values, (param_idx, &number)| {
            values.with(param_idx, Value::Number(number))
        })
}

pub(super) fn kernel(filter: &dyn Filter, values: &Values, frame: &Frame) -> Box<dyn PointKernel> {
    match filter.prepare(values, frame) {
        Prepared::Point(kernel) => kernel,
        _ => panic!("{} is no point filter", filter.spec().id),
    }
}

/// The colours as one padded row at `x`, `y`, after `work` has run on them.
fn through(
    colors: &[[f32; 3]],
    x: u32,
    y: u32,
    work: impl FnOnce(&mut ColorRow<'_>),
) -> Vec<[f32; 3]> {
    let padded = colors.len().next_multiple_of(LANES);
    let plane = |idx: usize| -> Vec<f32> {
        let mut plane: Vec<f32> = colors.iter().map(|color| color[idx]).collect();
        plane.resize(padded, 0.0);
        plane
    };
    let (mut r, mut g, mut b) = (plane(0), plane(1), plane(2));
    work(&mut ColorRow {
        r: &mut r,
        g: &mut g,
        b: &mut b,
        a: None,
        x,
        y,
    });
    (0..colors.len()).map(|i| [r[i], g[i], b[i]]).collect()
}

/// What a filter makes of a row that starts at `x`, `y`.
pub(super) fn render(
    kernel: &dyn PointKernel,
    colors: &[[f32; 3]],
    x: u32,
    y: u32,
) -> Vec<[f32; 3]> {
    through(colors, x, y, |row| kernel.row(row))
}

/// What one colour becomes.
pub(super) fn one(filter: &dyn Filter, numbers: &[f64], color: [f32; 3]) -> [f32; 3] {
    let kernel = kernel(filter, &values(filter, numbers), &FRAME);
    render(kernel.as_ref(), &[color], 0, 0)[0]
}

/// Holds the filter to `reference` (in f64, of one pixel) on all colours: within 1e-4, and within
/// one step after sRGB encoding at 8 bits.
pub(super) fn agrees(
    filter: &dyn Filter,
    numbers: &[f64],
    reference: impl Fn([f64; 3]) -> [f64; 3],
) {
    agrees_on(filter, &values(filter, numbers), reference);
}

/// As [`agrees`], for values that are not all numbers.
pub(super) fn agrees_on(
    filter: &dyn Filter,
    values: &Values,
    reference: impl Fn([f64; 3]) -> [f64; 3],
) {
    let kernel = kernel(filter, values, &FRAME);
    let colors = colors();
    let got = render(kernel.as_ref(), &colors, 3, 5);
    for (color, got) in colors.iter().zip(got) {
        let expected = reference(color.map(f64::from));
        for (got, expected) in got.map(f64::from).into_iter().zip(expected) {
            let error = (got - expected).abs() / expected.abs().max(1.0);
            let steps = (srgb_8bit(got) - srgb_8bit(expected)).abs();
            assert!(
                error <= 1e-4 && steps <= 1.0,
                "{} {:?} of {color:?}: {got} instead of {expected}",
                filter.spec().id,
                values.as_slice()
            );
        }
    }
}

fn srgb_8bit(linear: f64) -> f64 {
    (Curve::SRGB.to_encoded(linear.clamp(0.0, 1.0)) * 255.0).round()
}

/// NaN and infinities in any channel come out finite.
pub(super) fn stays_finite(filter: &dyn Filter, numbers: &[f64]) {
    stays_finite_on(filter, &values(filter, numbers));
}

/// As [`stays_finite`], for values that are not all numbers.
pub(super) fn stays_finite_on(filter: &dyn Filter, values: &Values) {
    let odd = [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN_POSITIVE,
        -1.0e-40,
        0.0,
        1.0,
        -8.0,
    ];
    let mut colors = Vec::new();
    for r in odd {
        for g in odd {
            colors.extend(odd.map(|b| [r, g, b]));
        }
    }
    let kernel = kernel(filter, values, &FRAME);
    for (color, got) in colors.iter().zip(render(kernel.as_ref(), &colors, 0, 0)) {
        assert!(
            got.iter().all(|value| value.is_finite()),
            "{} {:?} of {color:?}: {got:?}",
            filter.spec().id,
            values.as_slice()
        );
    }
}

/// Every SIMD level gives the same bits, and a row cut in two the same as a whole one.
pub(super) fn same_bits_everywhere<K: Pixelwise>(kernel: &K) {
    same_bits_of(
        #[inline(always)]
        |row| run(kernel, row),
    );
}

/// As [`same_bits_everywhere`], for a kernel's own loop over a row, which must be `#[inline(always)]`.
pub(super) fn same_bits_of(work: impl Fn(&mut ColorRow<'_>)) {
    let colors = colors();
    let bits = |row: Vec<[f32; 3]>| -> Vec<[u32; 3]> {
        row.into_iter()
            .map(|color| color.map(f32::to_bits))
            .collect()
    };
    let at = |level: SimdLevel, from: usize| {
        bits(through(&colors[from..], 40 + from as u32, 77, |row| {
            vectorize_at(
                level,
                #[inline(always)]
                || work(row),
            );
        }))
    };
    let expected = at(SimdLevel::Portable, 0);
    for level in SimdLevel::available() {
        assert_eq!(at(level, 0), expected, "{level}");
        assert_eq!(at(level, 37), expected[37..], "{level}, cut");
    }
}
