//! Look-ups of bytes in registers, 64 at once, where the machine can: the floats' own bits, so the
//! result is that of any other look-up. What remains of a row is left to `decode`.

/// A table of 256 floats as four planes of bytes, lowest first.
#[derive(Debug)]
pub(super) struct ByteTable([[u8; 256]; 4]);

impl ByteTable {
    pub(super) fn new(table: &[f32; 256]) -> Self {
        let mut planes = [[0; 256]; 4];
        for (code, value) in table.iter().enumerate() {
            for (plane, byte) in planes.iter_mut().zip(value.to_le_bytes()) {
                plane[code] = byte;
            }
        }
        Self(planes)
    }
}

/// Looks up as many pixels of three bytes as can be done at once, from the front of the row.
/// Returns how many that were.
pub(super) fn look_up_rgb(tables: [&ByteTable; 3], samples: &[u8], rows: [&mut [f32]; 3]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if let Some(token) = crate::pixels::simd::avx512() {
        return x86::look_up_rgb(token, tables, samples, rows);
    }
    // Other machines' tables of bytes hold 16 entries: too few for this to gain anything.
    let _ = (tables, samples, rows);
    0
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m512i, _mm512_castsi512_ps, _mm512_mask_blend_epi8, _mm512_movepi8_mask,
        _mm512_permutex2var_epi8, _mm512_unpackhi_epi8, _mm512_unpackhi_epi16,
        _mm512_unpacklo_epi8, _mm512_unpacklo_epi16,
    };

    use fearless_simd::{f32x16, prelude::*, u8x64};

    use super::ByteTable;

    /// Pixels looked up at once.
    const N: usize = 64;

    /// Where each byte of one channel comes from: first out of 128 bytes, then out of those and the
    /// last 64.
    struct Picks {
        of_first: [u8; N],
        of_last: [u8; N],
    }

    /// Picks a channel so that unpacking planes of bytes, which stays within 16 of them, leaves the
    /// pixels in their order.
    const fn picks(channel: usize) -> Picks {
        let (mut of_first, mut of_last) = ([0; N], [0; N]);
        let mut at = 0;
        while at < N {
            let (lane, quad, one) = (at / 16, at % 16 / 4, at % 4);
            let byte = (16 * quad + 4 * lane + one) * 3 + channel;
            if byte < 128 {
                of_first[at] = byte as u8;
                of_last[at] = at as u8;
            } else {
                of_last[at] = (byte - 128 + 64) as u8;
            }
            at += 1;
        }
        Picks { of_first, of_last }
    }

    const PICKS: [Picks; 3] = [picks(0), picks(1), picks(2)];

    fearless_simd::kernel!(
        pub(super) fn look_up_rgb(
            avx512: Avx512,
            tables: [&ByteTable; 3],
            samples: &[u8],
            rows: [&mut [f32]; 3],
        ) -> usize {
            let pixels = samples.as_chunks::<{ 3 * N }>().0;
            for ((channel, row), table) in rows.into_iter().enumerate().zip(tables) {
                let of_first: __m512i = u8x64::from_slice(avx512, &PICKS[channel].of_first).into();
                let of_last: __m512i = u8x64::from_slice(avx512, &PICKS[channel].of_last).into();
                let mut planes = [[of_first; 4]; 4];
                for (plane, bytes) in planes.iter_mut().zip(&table.0) {
                    for (part, bytes) in plane.iter_mut().zip(bytes.as_chunks::<N>().0) {
                        *part = u8x64::from_slice(avx512, bytes).into();
                    }
                }
                for (pixels, row) in pixels.iter().zip(row.as_chunks_mut::<N>().0) {
                    let first: __m512i = u8x64::from_slice(avx512, &pixels[..N]).into();
                    let second: __m512i = u8x64::from_slice(avx512, &pixels[N..2 * N]).into();
                    let third: __m512i = u8x64::from_slice(avx512, &pixels[2 * N..]).into();
                    let both = _mm512_permutex2var_epi8(first, of_first, second);
                    let codes = _mm512_permutex2var_epi8(both, of_last, third);
                    let upper = _mm512_movepi8_mask(codes);
                    let mut found = [codes; 4];
                    for (found, plane) in found.iter_mut().zip(&planes) {
                        *found = _mm512_mask_blend_epi8(
                            upper,
                            _mm512_permutex2var_epi8(plane[0], codes, plane[1]),
                            _mm512_permutex2var_epi8(plane[2], codes, plane[3]),
                        );
                    }
                    let low = _mm512_unpacklo_epi8(found[0], found[1]);
                    let low_high = _mm512_unpacklo_epi8(found[2], found[3]);
                    let high = _mm512_unpackhi_epi8(found[0], found[1]);
                    let high_high = _mm512_unpackhi_epi8(found[2], found[3]);
                    let quarters = [
                        _mm512_unpacklo_epi16(low, low_high),
                        _mm512_unpackhi_epi16(low, low_high),
                        _mm512_unpacklo_epi16(high, high_high),
                        _mm512_unpackhi_epi16(high, high_high),
                    ];
                    for (quarter, row) in quarters.into_iter().zip(row.as_chunks_mut::<16>().0) {
                        let light: f32x16<_> = _mm512_castsi512_ps(quarter).simd_into(avx512);
                        light.store_slice(row);
                    }
                }
            }
            pixels.len() * N
        }
    );
}
