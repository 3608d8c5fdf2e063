//! Rows of linear light to interleaved samples of the output's colour space and depth.

use serde::{Deserialize, Serialize};

use super::row_curve::RowCurve;
use super::srgb_bytes::{SRGB_BYTES, SrgbBytes};
use super::{RowMatrix, mix, to_row_matrix};
use crate::pixels::color::{ColorSpace, Curve, inverse3};
use crate::pixels::image::{Depth, Layout, SamplesMut};
use crate::pixels::math::clamp;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::ColorRow;

/// What the finished picture is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputFormat {
    pub layout: Layout,
    pub depth: Depth,
    pub color: ColorSpace,
    /// Noise of one step of the output, triangular, so that reducing the depth does not band.
    pub dither: bool,
}

/// Encodes rows into one output format. Values outside 0…1 are clipped; NaN becomes 0.
#[derive(Debug)]
pub struct Encoder {
    format: OutputFormat,
    matrix: Option<RowMatrix>,
    curves: [RowCurve; 3],
    /// The short way, where samples are plain bytes of sRGB's curve.
    srgb_bytes: Option<&'static SrgbBytes>,
    max_code: f32,
}

impl Encoder {
    #[must_use]
    pub fn new(format: OutputFormat) -> Self {
        let matrix = if format.layout.is_gray() {
            None
        } else {
            to_row_matrix(&inverse3(&format.color.to_working))
        };
        let curves = std::array::from_fn(|channel| RowCurve::new(&format.color.curves[channel]));
        let is_srgb = format
            .color
            .curves
            .iter()
            .all(|curve| *curve == Curve::SRGB);
        let is_short = is_srgb && format.depth == Depth::Eight && !format.dither;
        let max_code = ((1_u32 << format.depth.bits()) - 1) as f32;
        Self {
            format,
            matrix,
            curves,
            srgb_bytes: is_short.then(|| &*SRGB_BYTES),
            max_code,
        }
    }

    #[must_use]
    pub const fn format(&self) -> &OutputFormat {
        &self.format
    }

    /// Encodes the first `n` pixels of the row to the front of `samples`. The row is used up. Where it
    /// has no alpha, alpha is full.
    ///
    /// # Panics
    /// When `samples` is shorter than `n` pixels or of another depth.
    pub fn row(&self, row: &mut ColorRow<'_>, n: usize, samples: SamplesMut<'_>) {
        let len = n * self.format.layout.channels();
        match (samples, self.srgb_bytes) {
            (SamplesMut::U8(samples), Some(bytes)) => {
                self.row_of_bytes(bytes, row, n, &mut samples[..len]);
            }
            (SamplesMut::U8(samples), None) => {
                assert_eq!(self.format.depth, Depth::Eight);
                self.row_of(row, n, &mut samples[..len]);
            }
            (SamplesMut::U16(samples), _) => {
                assert_eq!(self.format.depth, Depth::Sixteen);
                self.row_of(row, n, &mut samples[..len]);
            }
        }
    }

    fn row_of_bytes(
        &self,
        bytes: &SrgbBytes,
        row: &mut ColorRow<'_>,
        n: usize,
        samples: &mut [u8],
    ) {
        let layout = self.format.layout;
        let n_done = match layout {
            Layout::Rgb => {
                let rows = [&row.r[..n], &row.g[..n], &row.b[..n]];
                bytes.rgb_row(self.matrix.as_ref(), rows, samples)
            }
            Layout::Gray | Layout::GrayAlpha | Layout::Rgba => 0,
        };
        vectorize(
            #[inline(always)]
            || {
                let ColorRow { r, g, b, a, .. } = row;
                let (r, g, b) = (&mut r[n_done..n], &mut g[n_done..n], &mut b[n_done..n]);
                if let Some(matrix) = &self.matrix {
                    mix(matrix, r, g, b);
                }
                let planes = Planes {
                    color: [r, g, b],
                    alpha: a.as_deref().map(|a| &a[n_done..n]),
                };
                let samples = &mut samples[n_done * layout.channels()..];
                interleave(
                    &planes,
                    layout,
                    samples,
                    #[inline(always)]
                    |light| bytes.byte(light),
                );
            },
        );
    }

    fn row_of<T: Code>(&self, row: &mut ColorRow<'_>, n: usize, samples: &mut [T]) {
        vectorize(
            #[inline(always)]
            || self.encode_planes(row),
        );
        if self.format.dither {
            self.add_noise(row, n);
        }
        vectorize(
            #[inline(always)]
            || {
                let planes = Planes {
                    color: [&row.r[..n], &row.g[..n], &row.b[..n]],
                    alpha: row.a.as_deref().map(|a| &a[..n]),
                };
                interleave(&planes, self.format.layout, samples, T::round);
            },
        );
    }

    #[inline(always)]
    fn encode_planes(&self, row: &mut ColorRow<'_>) {
        if let Some(matrix) = &self.matrix {
            mix(matrix, row.r, row.g, row.b);
        }
        if self.format.layout.is_gray() {
            self.curves[0].encode(row.g);
            return;
        }
        self.curves[0].encode(row.r);
        self.curves[1].encode(row.g);
        self.curves[2].encode(row.b);
    }

    /// Adds the difference of two even hashes of the position: triangular over ±1 step.
    fn add_noise(&self, row: &mut ColorRow<'_>, n: usize) {
        let step = 1.0 / self.max_code;
        let (x, y) = (row.x, row.y);
        for (channel, plane) in [&mut *row.r, &mut *row.g, &mut *row.b]
            .into_iter()
            .enumerate()
        {
            for (i, value) in plane[..n].iter_mut().enumerate() {
                let hash = position_hash(x + i as u32, y, channel as u32);
                let high = (hash >> 16) as f32;
                let low = (hash & 0xffff) as f32;
                *value += (high - low) * (step / 65_536.0);
            }
        }
    }
}

/// A well-mixed hash of a position; integer arithmetic alone, so the same everywhere.
#[inline(always)]
fn position_hash(x: u32, y: u32, channel: u32) -> u32 {
    let mut h = x.wrapping_mul(0x9e37_79b1)
        ^ y.wrapping_mul(0x85eb_ca77)
        ^ channel.wrapping_mul(0xc2b2_ae3d);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297a_2d39);
    h ^ (h >> 15)
}

/// A sample type as rounding and interleaving see it.
trait Code: Copy {
    /// Nearest code of an encoded value 0…1; NaN is 0.
    fn round(encoded: f32) -> Self;
}

impl Code for u8 {
    #[inline(always)]
    fn round(encoded: f32) -> Self {
        round_bits(encoded, f32::from(Self::MAX)) as Self
    }
}

impl Code for u16 {
    #[inline(always)]
    fn round(encoded: f32) -> Self {
        round_bits(encoded, f32::from(Self::MAX)) as Self
    }
}

/// The nearest integer in the low bits: above 2²³ a float's last bit counts ones, so one fused
/// multiply-add scales and rounds (halves to even). A cast would have to look for NaN again.
#[inline(always)]
fn round_bits(encoded: f32, max_code: f32) -> u32 {
    const ONES: f32 = 8_388_608.0;
    (clamp(encoded, 0.0, 1.0).mul_add(max_code, ONES)).to_bits()
}

/// What is interleaved: as many pixels as the samples have room for.
struct Planes<'a> {
    color: [&'a [f32]; 3],
    alpha: Option<&'a [f32]>,
}

#[inline(always)]
fn interleave<T: Code>(
    planes: &Planes<'_>,
    layout: Layout,
    samples: &mut [T],
    code: impl Fn(f32) -> T,
) {
    match layout {
        Layout::Gray => grays::<T, 1>(planes, samples, code),
        Layout::GrayAlpha => grays::<T, 2>(planes, samples, code),
        Layout::Rgb => colors::<T, 3>(planes, samples, code),
        Layout::Rgba => colors::<T, 4>(planes, samples, code),
    }
    match layout {
        Layout::Gray | Layout::Rgb => {}
        Layout::GrayAlpha => alphas::<T, 2>(planes, samples),
        Layout::Rgba => alphas::<T, 4>(planes, samples),
    }
}

#[inline(always)]
fn grays<T: Code, const N: usize>(planes: &Planes<'_>, samples: &mut [T], code: impl Fn(f32) -> T) {
    let pixels = samples.as_chunks_mut::<N>().0.iter_mut();
    for (pixel, g) in pixels.zip(planes.color[1]) {
        pixel[0] = code(*g);
    }
}

#[inline(always)]
fn colors<T: Code, const N: usize>(
    planes: &Planes<'_>,
    samples: &mut [T],
    code: impl Fn(f32) -> T,
) {
    let [r, g, b] = planes.color;
    let pixels = samples.as_chunks_mut::<N>().0.iter_mut();
    for (((pixel, r), g), b) in pixels.zip(r).zip(g).zip(b) {
        pixel[0] = code(*r);
        pixel[1] = code(*g);
        pixel[2] = code(*b);
    }
}

/// Full where the row has no alpha.
#[inline(always)]
fn alphas<T: Code, const N: usize>(planes: &Planes<'_>, samples: &mut [T]) {
    let pixels = samples.as_chunks_mut::<N>().0.iter_mut();
    match planes.alpha {
        Some(alpha) => {
            for (pixel, a) in pixels.zip(alpha) {
                pixel[N - 1] = T::round(*a);
            }
        }
        None => {
            for pixel in pixels {
                pixel[N - 1] = T::round(1.0);
            }
        }
    }
}
