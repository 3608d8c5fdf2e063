//! Linear light to the bytes of sRGB, by a table of straight segments: no root, no polynomial.
//!
//! A little light is added, so that 128 segments of the sum's logarithm follow the curve closely from
//! black on: a float's own bits name its segment and the place within. All that follows is arithmetic
//! of integers, the same on every machine. What the curve is, `color` says.

use std::sync::LazyLock;

use super::RowMatrix;
use crate::pixels::color::Curve;
use crate::pixels::math::clamp;

/// 2⁻⁷: from it to 1 plus it, segments are 16 to the doubling.
const LIFT: f32 = 0.007_812_5;

/// Segments that bits 19 to 25 of a float can name.
const N_SEGMENTS: usize = 128;

/// Bits of a float below those that name the segment, and below those that name the place within.
const SEGMENT_SHIFT: u32 = 19;
const PLACE_SHIFT: u32 = 11;

/// The bytes of 0…1, within 0.53 of a step of the curve itself.
pub(super) static SRGB_BYTES: LazyLock<SrgbBytes> = LazyLock::new(SrgbBytes::new);

/// The segments, in 256ths of a step.
#[derive(Debug)]
pub(super) struct SrgbBytes {
    /// At a segment's beginning, half a step above the curve, so that cutting off rounds.
    starts: [u16; N_SEGMENTS],
    /// How much higher its end lies.
    rises: [u16; N_SEGMENTS],
}

impl SrgbBytes {
    fn new() -> Self {
        let steps = |lifted: f64| {
            let light = (lifted - f64::from(LIFT)).max(0.0);
            Curve::SRGB.to_encoded(light) * 255.0 * 256.0
        };
        let mut segments = Self {
            starts: [0; N_SEGMENTS],
            rises: [0; N_SEGMENTS],
        };
        for idx in 0..N_SEGMENTS {
            let at = |idx: usize| {
                let bits = LIFT.to_bits() + ((idx as u32) << SEGMENT_SHIFT);
                f64::from(f32::from_bits(bits))
            };
            let (start, end) = (at(idx), at(idx + 1));
            let (low, high) = (steps(start), steps(end));
            // The curve lies above its chord; half of that, and half of what cutting off the place
            // and the product takes, are added.
            let bulge = steps(0.5 * (start + end)) - 0.5 * (low + high);
            let rise = high - low;
            let cut = 0.5 * rise / 256.0 + 0.5;
            segments.starts[idx] = (low + 0.5 * bulge + cut + 128.0) as u16;
            segments.rises[idx] = rise.round() as u16;
        }
        segments
    }

    /// The byte nearest to `light` on the curve; NaN is 0.
    #[inline(always)]
    pub(super) fn byte(&self, light: f32) -> u8 {
        let bits = (clamp(light, 0.0, 1.0) + LIFT).to_bits();
        // The table begins with a doubling whose number ends in zeros.
        let segment = (bits >> SEGMENT_SHIFT) as usize % N_SEGMENTS;
        let place = (bits >> PLACE_SHIFT) & 0xff;
        let (start, rise) = (self.starts[segment], self.rises[segment]);
        ((u32::from(start) + ((place * u32::from(rise)) >> 8)) >> 8) as u8
    }

    /// Encodes as many pixels as can be done at once, from the front of the rows, to three bytes each.
    /// Returns how many that were.
    pub(super) fn rgb_row(
        &self,
        matrix: Option<&RowMatrix>,
        rows: [&[f32]; 3],
        samples: &mut [u8],
    ) -> usize {
        #[cfg(target_arch = "x86_64")]
        if let Some(token) = crate::pixels::simd::avx512() {
            return x86::rgb_row(token, self, matrix, rows, samples);
        }
        let _ = (matrix, rows, samples);
        0
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m512, __m512i, _mm512_add_epi16, _mm512_add_ps, _mm512_castps_si512, _mm512_fmadd_ps,
        _mm512_mask_blend_epi8, _mm512_mask_blend_epi16, _mm512_max_ps, _mm512_min_ps,
        _mm512_mul_ps, _mm512_mulhi_epu16, _mm512_permutex2var_epi8, _mm512_permutex2var_epi16,
        _mm512_set1_epi16, _mm512_set1_ps, _mm512_setzero_ps, _mm512_slli_epi16, _mm512_slli_epi32,
        _mm512_srli_epi16, _mm512_srli_epi32, _mm512_test_epi16_mask,
    };

    use fearless_simd::{f32x16, prelude::*, u8x64, u16x32};

    use super::{LIFT, N_SEGMENTS, PLACE_SHIFT, RowMatrix, SrgbBytes};

    /// Pixels encoded at once.
    const N: usize = 64;

    /// Where pixel `p` of a channel lies once four vectors are interleaved: the second and fourth
    /// quarter in odd words, the second half in odd bytes.
    const fn place_of(pixel: usize) -> usize {
        pixel % 16 * 4 + pixel / 16 % 2 * 2 + pixel / 32
    }

    /// Where each byte of a third of the samples comes from: first out of red and green, then out of
    /// those and blue.
    struct Picks {
        of_red_green: [u8; N],
        of_blue: [u8; N],
    }

    const fn picks(third: usize) -> Picks {
        let (mut of_red_green, mut of_blue) = ([0; N], [0; N]);
        let mut at = 0;
        while at < N {
            let sample = third * N + at;
            let place = place_of(sample / 3) as u8;
            match sample % 3 {
                2 => of_blue[at] = N as u8 + place,
                channel => {
                    of_red_green[at] = (channel * N) as u8 + place;
                    of_blue[at] = at as u8;
                }
            }
            at += 1;
        }
        Picks {
            of_red_green,
            of_blue,
        }
    }

    const PICKS: [Picks; 3] = [picks(0), picks(1), picks(2)];

    /// Every second word, every second byte.
    const ODD_WORDS: u32 = 0xaaaa_aaaa;
    const ODD_BYTES: u64 = 0xaaaa_aaaa_aaaa_aaaa;

    /// A table of 128 words in registers.
    type Words = [__m512i; N_SEGMENTS / 32];

    fearless_simd::kernel!(
        #[inline]
        fn words(avx512: Avx512, table: &[u16; N_SEGMENTS]) -> Words {
            let parts = table.as_chunks::<32>().0;
            let part = |idx: usize| -> __m512i { u16x32::from_slice(avx512, &parts[idx]).into() };
            [part(0), part(1), part(2), part(3)]
        }
    );

    fearless_simd::kernel!(
        #[inline]
        fn look_up(avx512: Avx512, table: Words, idx: __m512i, upper: u32) -> __m512i {
            let _ = avx512;
            _mm512_mask_blend_epi16(
                upper,
                _mm512_permutex2var_epi16(table[0], idx, table[1]),
                _mm512_permutex2var_epi16(table[2], idx, table[3]),
            )
        }
    );

    fearless_simd::kernel!(
        #[inline]
        fn lifted(avx512: Avx512, light: __m512) -> __m512i {
            let _ = avx512;
            // The second operand is taken where the first is no number.
            let light = _mm512_max_ps(light, _mm512_setzero_ps());
            let light = _mm512_min_ps(light, _mm512_set1_ps(1.0));
            _mm512_castps_si512(_mm512_add_ps(light, _mm512_set1_ps(LIFT)))
        }
    );

    fearless_simd::kernel!(
        /// 32 values to bytes, in the upper halves of words: the first 16 in even ones.
        #[inline]
        fn codes(avx512: Avx512, tables: [Words; 2], even: __m512, odd: __m512) -> __m512i {
            const TO_ODD: u32 = 16 - PLACE_SHIFT;
            let even = _mm512_srli_epi32::<PLACE_SHIFT>(lifted(avx512, even));
            let odd = _mm512_slli_epi32::<TO_ODD>(lifted(avx512, odd));
            let bits = _mm512_mask_blend_epi16(ODD_WORDS, even, odd);
            let segment = _mm512_srli_epi16::<8>(bits);
            let upper = _mm512_test_epi16_mask(bits, _mm512_set1_epi16(0x4000));
            let start = look_up(avx512, tables[0], segment, upper);
            let rise = look_up(avx512, tables[1], segment, upper);
            let place = _mm512_slli_epi16::<8>(bits);
            _mm512_add_epi16(start, _mm512_mulhi_epu16(place, rise))
        }
    );

    fearless_simd::kernel!(
        #[inline]
        fn mixed(avx512: Avx512, matrix: &RowMatrix, color: [__m512; 3]) -> [__m512; 3] {
            let _ = avx512;
            let [x, y, z] = color;
            let mut out = color;
            for (out, row) in out.iter_mut().zip(matrix) {
                let sum = _mm512_mul_ps(_mm512_set1_ps(row[0]), x);
                let sum = _mm512_fmadd_ps(_mm512_set1_ps(row[1]), y, sum);
                *out = _mm512_fmadd_ps(_mm512_set1_ps(row[2]), z, sum);
            }
            out
        }
    );

    fearless_simd::kernel!(
        pub(super) fn rgb_row(
            avx512: Avx512,
            bytes: &SrgbBytes,
            matrix: Option<&RowMatrix>,
            rows: [&[f32]; 3],
            samples: &mut [u8],
        ) -> usize {
            let tables = [words(avx512, &bytes.starts), words(avx512, &bytes.rises)];
            let [r, g, b] = rows.map(|row| row.as_chunks::<N>().0);
            let targets = samples.as_chunks_mut::<{ 3 * N }>().0;
            let n = targets.len().min(r.len()).min(g.len()).min(b.len());
            for (((samples, r), g), b) in targets.iter_mut().zip(r).zip(g).zip(b) {
                let mut colors = [[_mm512_setzero_ps(); 4]; 3];
                for quarter in 0..4 {
                    let of = |row: &[f32; N]| -> __m512 {
                        f32x16::from_slice(avx512, &row[16 * quarter..16 * (quarter + 1)]).into()
                    };
                    let mut color = [of(r), of(g), of(b)];
                    if let Some(matrix) = matrix {
                        color = mixed(avx512, matrix, color);
                    }
                    for (channel, color) in colors.iter_mut().zip(color) {
                        channel[quarter] = color;
                    }
                }
                let mut channels = [tables[0][0]; 3];
                for (channel, quarters) in channels.iter_mut().zip(colors) {
                    let first = codes(avx512, tables, quarters[0], quarters[1]);
                    let second = codes(avx512, tables, quarters[2], quarters[3]);
                    let first = _mm512_srli_epi16::<8>(first);
                    *channel = _mm512_mask_blend_epi8(ODD_BYTES, first, second);
                }
                let [red, green, blue] = channels;
                for (picks, samples) in PICKS.iter().zip(samples.as_chunks_mut::<N>().0) {
                    let first = u8x64::from_slice(avx512, &picks.of_red_green).into();
                    let last = u8x64::from_slice(avx512, &picks.of_blue).into();
                    let both = _mm512_permutex2var_epi8(red, first, green);
                    let all = _mm512_permutex2var_epi8(both, last, blue);
                    let all: u8x64<_> = all.simd_into(avx512);
                    all.store_slice(samples);
                }
            }
            n * N
        }
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::simd::{SimdLevel, vectorize_at};

    #[test]
    fn every_simd_level_gives_the_same_bytes() {
        let light: Vec<f32> = (0..1500).map(|i| i as f32 / 1200.0 - 0.1).collect();
        for level in SimdLevel::available() {
            let mut bytes = vec![0; light.len()];
            vectorize_at(
                level,
                #[inline(always)]
                || {
                    for (byte, light) in bytes.iter_mut().zip(&light) {
                        *byte = SRGB_BYTES.byte(*light);
                    }
                },
            );
            let each = light.iter().map(|light| SRGB_BYTES.byte(*light));
            assert!(each.eq(bytes.iter().copied()), "{level}");
        }
    }

    #[test]
    fn every_light_becomes_a_byte_within_half_a_step_and_a_thirtieth() {
        let mut worst = 0.0_f64;
        let mut check = |light: f32| {
            let exact = Curve::SRGB.to_encoded(f64::from(light)) * 255.0;
            let error = (f64::from(SRGB_BYTES.byte(light)) - exact).abs();
            assert!(error < 0.53, "{light}: {error}");
            worst = worst.max(error);
        };
        (0..=1_000_000).for_each(|i| check(i as f32 / 1_000_000.0));
        (0..=200_000).for_each(|i| check((i as f32 / 200_000.0).powi(4)));
        assert!(worst > 0.5);
    }

    #[test]
    fn bytes_never_fall_as_light_rises() {
        let bytes = |bits: u32| SRGB_BYTES.byte(f32::from_bits(bits));
        let bits = (0..1.0_f32.to_bits() + 1000).step_by(251);
        assert!(
            bits.clone()
                .zip(bits.skip(1))
                .all(|(a, b)| bytes(a) <= bytes(b))
        );
    }

    #[test]
    fn what_is_no_light_is_black_or_white() {
        let light = [f32::NAN, f32::NEG_INFINITY, -1.0, -0.0, 1.5, f32::INFINITY];
        assert_eq!(light.map(|v| SRGB_BYTES.byte(v)), [0, 0, 0, 0, 255, 255]);
    }

    #[test]
    fn many_at_once_are_the_bytes_of_each() {
        let matrix = [[1.6, -0.5, -0.1], [-0.2, 1.1, 0.1], [f32::NAN, -0.1, 1.2]];
        let light = |i: usize, step: usize| (i * step % 1201) as f32 / 1100.0 - 0.05;
        for (n, matrix) in [(300, None), (300, Some(&matrix)), (64, None), (63, None)] {
            let rows =
                [7, 11, 13].map(|step| -> Vec<f32> { (0..n).map(|i| light(i, step)).collect() });
            let mut samples = vec![0; n * 3];
            let n_done =
                SRGB_BYTES.rgb_row(matrix, rows.each_ref().map(Vec::as_slice), &mut samples);
            let n_at_once = match SimdLevel::current() {
                SimdLevel::Avx512 => n / 64 * 64,
                _ => 0,
            };
            assert_eq!(n_done, n_at_once, "of {n}");
            let mut mixed = rows;
            if let Some(matrix) = matrix {
                let [r, g, b] = &mut mixed;
                crate::pixels::convert::mix(matrix, r, g, b);
            }
            for (idx, sample) in samples[..n_done * 3].iter().enumerate() {
                let light = mixed[idx % 3][idx / 3];
                assert_eq!(
                    *sample,
                    SRGB_BYTES.byte(light),
                    "sample {idx} of {n}: {light}"
                );
            }
        }
    }
}
