//! Glow: bright places shine softly over what is around them, as through a diffusion filter.
//!
//! **Formula** (screen of a blurred bright pass, after Orton's sandwich of a sharp and a soft
//! slide): with Y the luminance, G = Gaussian(rgb · w(Y)), w the smooth step of √Y over 0.3…1, and
//! g = k · G: out = x + g · (1 − min(x, 1)), channel by channel, of linear light, and
//! k = 0.9 · amount / 100. Light is only added, and never beyond white by itself, so dark places far
//! from light keep their depth. **Range**: amount 0…100; radius 1…100 in thousandths of half the
//! photo's long side (σ). **Alpha**: untouched; the bright pass is weighted by it. **Preview**: σ
//! scales with the frame.
//! ΔE*ab against the photo filtered first and reduced afterwards (amount 50, radius 25;
//! mean, 95 % of pixels): 0.2, 0.8 at 1/2; 0.4, 1.7 at 1/4; 0.5, 2.4 at 1/8, where small lights have been
//! averaged away.

use crate::pixels::color::WORKING_LUMA;
use crate::pixels::math::clamp;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::ColorRow;

use super::Filter;
use super::frame::Frame;
use super::kernel::{GatherKernel, Guided, GuidedKernel, Prepared};
use super::kernels::finite::finite;
use super::kernels::gaussian::{Gaussian, Reduction};
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;

const AMOUNT: usize = 0;
const RADIUS: usize = 1;

/// What an amount of 100 adds of the blurred light.
const FULL_AMOUNT: f64 = 0.9;

/// One step of the radius, as a share of the full frame's long side.
const RADIUS_STEP: f64 = 0.0005;

static SPEC: Spec = Spec {
    id: "glow",
    label: "Glow",
    summary: "lets bright places shine softly over their surroundings",
    group: Group::Effects,
    rank: 490,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "amount",
            label: "Glow",
            kind: ParamKind::Number(NumberSpec::percent(0.0, Some(0.0), 40.0)),
        },
        ParamSpec {
            id: "radius",
            label: "Spread",
            kind: ParamKind::Number(NumberSpec {
                min: 1.0,
                max: 100.0,
                step: 1.0,
                identity: None,
                on_add: 25.0,
                unit: Unit::None,
                decimals: 0,
                track: Track::Plain,
            }),
        },
    ],
};

pub(super) struct Glow;

impl Filter for Glow {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let long_side = f64::from(frame.full_size.long_side());
        let reduction =
            Reduction::of(values.number(RADIUS) * RADIUS_STEP * long_side * frame.scale);
        Prepared::Guided(Guided {
            factor: reduction.factor,
            gather: Box::new(BrightPass),
            stages: vec![Box::new(Gaussian::new(reduction.sigma_cells))],
            apply: Box::new(Screen {
                strength: (values.number(AMOUNT) / 100.0 * FULL_AMOUNT) as f32,
            }),
        })
    }
}

/// Light of bright pixels, weighted by alpha.
struct BrightPass;

impl GatherKernel for BrightPass {
    fn n_planes(&self, _has_alpha: bool) -> usize {
        3
    }

    fn row(&self, row: &ColorRow<'_>, planes: &mut [&mut [f32]]) {
        let [r, g, b] = planes else {
            return;
        };
        vectorize(
            #[inline(always)]
            || {
                bright_row([row.r, row.g, row.b], [r, g, b]);
                if let Some(alpha) = row.a.as_deref() {
                    weigh_row(alpha, [r, g, b]);
                }
            },
        );
    }
}

#[inline(always)]
fn bright_row(colors: [&[f32]; 3], out: [&mut [f32]; 3]) {
    let [out_r, out_g, out_b] = out;
    let n = out_r.len();
    let [r, g, b] = colors.map(|color| &color[..n]);
    let (out_g, out_b) = (&mut out_g[..n], &mut out_b[..n]);
    for i in 0..n {
        let [r, g, b] = [r[i], g[i], b[i]].map(light);
        let luminance = g.mul_add(WORKING_LUMA[1], r * WORKING_LUMA[0]);
        let luminance = b.mul_add(WORKING_LUMA[2], luminance);
        let t = clamp((luminance.sqrt() - 0.3) * (1.0 / 0.7), 0.0, 1.0);
        let weight = t * t * (3.0 - 2.0 * t);
        out_r[i] = r * weight;
        out_g[i] = g * weight;
        out_b[i] = b * weight;
    }
}

/// Light that can shine: not negative, and no more than 16 times white.
#[inline(always)]
fn light(x: f32) -> f32 {
    clamp(finite(x), 0.0, 16.0)
}

#[inline(always)]
fn weigh_row(alpha: &[f32], out: [&mut [f32]; 3]) {
    for out in out {
        for (out, alpha) in out.iter_mut().zip(alpha) {
            *out *= clamp(*alpha, 0.0, 1.0);
        }
    }
}

struct Screen {
    strength: f32,
}

impl GuidedKernel for Screen {
    fn row(&self, row: &mut ColorRow<'_>, guide: &[&[f32]]) {
        if let [glow_r, glow_g, glow_b] = guide {
            vectorize(
                #[inline(always)]
                || {
                    screen_row(self.strength, row.r, glow_r);
                    screen_row(self.strength, row.g, glow_g);
                    screen_row(self.strength, row.b, glow_b);
                },
            );
        }
    }
}

#[inline(always)]
fn screen_row(strength: f32, color: &mut [f32], glow: &[f32]) {
    for (color, glow) in color.iter_mut().zip(glow) {
        let x = finite(*color);
        let room = if x < 1.0 { 1.0 - x } else { 0.0 };
        *color = (glow * strength).mul_add(room, x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::value::Value;
    use crate::filters::whole::{fold, same_in_any_tile, test_picture};
    use crate::pixels::geometry::{Rect, Size};
    use crate::pixels::simd::{SimdLevel, vectorize_at};
    use crate::pixels::tile::Tile;

    /// A part of a photo whose long side makes σ `sigma` pixels at the radius it is added with.
    fn prepared(amount: f64, size: Size, sigma: f64) -> Prepared {
        let values = Values::on_add(&SPEC).with(AMOUNT, Value::Number(amount));
        let long_side = (sigma / 25.0 / RADIUS_STEP).round() as u32;
        let frame = Frame {
            full_size: Size::new(long_side, 1),
            ..Frame::full(size)
        };
        Glow.prepare(&values, &frame)
    }

    fn exact(picture: &Tile, plane_idx: usize, k: f64, sigma: f64, at: (i64, i64)) -> f64 {
        let size = picture.size();
        let at_pixel = |x: i64, y: i64| -> [f64; 3] {
            let (x, y) = (fold(x, size.width), fold(y, size.height));
            [0, 1, 2].map(|p| f64::from(picture.row(p, y)[x]))
        };
        let reach = (6.0 * sigma).ceil() as i64;
        let (mut sum, mut total) = (0.0, 0.0);
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let weight = (-0.5 * (dx * dx + dy * dy) as f64 / (sigma * sigma)).exp();
                let rgb = at_pixel(at.0 + dx, at.1 + dy);
                let y = 0.2627002 * rgb[0] + 0.6779981 * rgb[1] + 0.0593017 * rgb[2];
                let t = ((y.sqrt() - 0.3) / 0.7).clamp(0.0, 1.0);
                sum += weight * rgb[plane_idx] * t * t * (3.0 - 2.0 * t);
                total += weight;
            }
        }
        let x = at_pixel(at.0, at.1)[plane_idx];
        x + k * sum / total * (1.0 - x.min(1.0))
    }

    #[test]
    fn agrees_with_the_formula() {
        let size = Size::new(48, 30);
        let picture = test_picture(size, 3);
        let glowing = same_in_any_tile(&prepared(60.0, size, 2.5), &picture);
        for y in 0..30 {
            for x in 0..48 {
                let expected = exact(&picture, 1, 0.54, 2.5, (x as i64, y as i64));
                let got = f64::from(glowing.row(1, y)[x]);
                // The Gaussian ends at 3σ: its own tests say what that costs.
                assert!((got - expected).abs() < 1e-3, "{x} {y}: {got} {expected}");
            }
        }
    }

    #[test]
    fn light_is_only_added_and_only_near_light() {
        let size = Size::new(400, 40);
        let mut picture = Tile::new(Rect::of(size), 3);
        let stride = picture.stride();
        for (i, value) in picture.data_mut().iter_mut().enumerate() {
            *value = if i % stride < 20 { 2.0 } else { 0.02 };
        }
        let glowing = same_in_any_tile(&prepared(100.0, size, 12.0), &picture);
        let row = glowing.row(0, 20);
        assert_eq!(row[5], 2.0);
        assert!(row[24] > 0.3 && row[24] < 1.0);
        assert!((row[390] - 0.02).abs() < 1e-6);
    }

    #[test]
    fn hidden_light_does_not_shine() {
        let size = Size::new(60, 20);
        let mut picture = Tile::new(Rect::of(size), 4);
        for y in 0..20 {
            for x in 0..60 {
                let (light, alpha) = if x < 30 { (1.0, 0.0) } else { (0.05, 1.0) };
                (0..3).for_each(|p| picture.row_mut(p, y)[x] = light);
                picture.row_mut(3, y)[x] = alpha;
            }
        }
        let glowing = same_in_any_tile(&prepared(100.0, size, 5.0), &picture);
        assert_eq!(glowing.row(0, 10)[30..60], picture.row(0, 10)[30..60]);
        assert_eq!(glowing.row(3, 10), picture.row(3, 10));
    }

    #[test]
    fn odd_pictures_come_out_finite() {
        for size in [
            Size::new(1, 1),
            Size::new(1, 70),
            Size::new(90, 1),
            Size::new(33, 20),
        ] {
            for sigma in [0.4, 3.0, 60.0] {
                let mut picture = test_picture(size, 4);
                picture.row_mut(0, 0)[0] = f32::NAN;
                let last = size.width as usize - 1;
                picture.row_mut(1, size.height as usize - 1)[last] = f32::INFINITY;
                picture.row_mut(3, 0)[last] = f32::NAN;
                let result = same_in_any_tile(&prepared(100.0, size, sigma), &picture);
                for plane_idx in 0..3 {
                    assert!(result.row(plane_idx, 0).iter().all(|v| v.is_finite()));
                }
            }
        }
    }

    #[test]
    fn every_simd_level_gives_the_same_bits() {
        let at = |level| {
            let mut picture = test_picture(Size::new(64, 1), 4);
            vectorize_at(
                level,
                #[inline(always)]
                || {
                    let (mut r, mut g, mut b) = ([0.0; 64], [0.0; 64], [0.0; 64]);
                    let row = picture.color_row_mut(0);
                    bright_row([row.r, row.g, row.b], [&mut r, &mut g, &mut b]);
                    if let Some(alpha) = row.a.as_deref() {
                        weigh_row(alpha, [&mut r, &mut g, &mut b]);
                    }
                    screen_row(0.7, row.g, &g);
                },
            );
            let bits: Vec<u32> = picture.data().iter().map(|v| v.to_bits()).collect();
            bits
        };
        let expected = at(SimdLevel::Portable);
        for level in SimdLevel::available() {
            assert_eq!(at(level), expected, "{level}");
        }
    }
}
