//! From rows of samples to level-shifted stripes of Y, Cb and Cr, reduced where colour is subsampled.
//!
//! **Formula**: JFIF's, in 16-bit fixed point, as libjpeg has it. Beyond the picture its outermost
//! pixels are repeated. Reduced colour is the mean of the pixels, halves rounded down and up in turns.

use fearless_simd::{Level, Simd, dispatch, i16x32, i32x16, prelude::*, u8x16, u8x64};

/// Pixels of a stripe.
pub(super) const WIDTH: usize = 256;

/// Eight rows of one component, around 0.
pub(super) type Stripe = [[i16; WIDTH]; 8];

/// Samples of a band of the picture, grey or RGB, without alpha.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) samples: &'a [u8],
    pub(super) width: usize,
    pub(super) n_channels: usize,
}

/// The stripes of one row of MCUs, [`WIDTH`] pixels of it.
#[derive(Debug)]
pub(super) struct Planes {
    /// One below the other.
    pub(super) luma: [Box<Stripe>; 2],
    pub(super) chroma: [Box<Stripe>; 2],
    /// Colour of two rows before it is reduced.
    loose: [[[i16; WIDTH]; 2]; 2],
    padded: [u8; 3 * WIDTH],
}

impl Planes {
    pub(super) fn new() -> Self {
        let empty = || Box::new([[0; WIDTH]; 8]);
        Self {
            luma: [empty(), empty()],
            chroma: [empty(), empty()],
            loose: [[[0; WIDTH]; 2]; 2],
            padded: [0; 3 * WIDTH],
        }
    }

    /// Reads from column `left` and row `top` on; colour is reduced by `across` and `down`, 1 or 2.
    pub(super) fn read(
        &mut self,
        level: Level,
        source: &Source<'_>,
        (left, top): (usize, usize),
        (across, down): (usize, usize),
    ) {
        let n_rows = source.samples.len() / (source.width * source.n_channels);
        for row_idx in 0..8 * down {
            let y = (top + row_idx).min(n_rows - 1);
            let row = &source.samples[y * source.width * source.n_channels..]
                [..source.width * source.n_channels];
            let part = padded(row, left, source.n_channels, &mut self.padded);
            let luma = &mut self.luma[row_idx / 8][row_idx % 8];
            if source.n_channels == 1 {
                dispatch!(level, simd => simd.vectorize(
                    #[inline(always)]
                    || shift(part, luma),
                ));
                continue;
            }
            let place = row_idx % down;
            let [loose_blue, loose_red] = &mut self.loose;
            let [blue, red] = self
                .chroma
                .each_mut()
                .map(|stripe| &mut stripe[row_idx / down]);
            if across == 1 {
                dispatch!(level, simd => convert(simd, part, luma, [blue, red]));
                continue;
            }
            let loose = [&mut loose_blue[place], &mut loose_red[place]];
            dispatch!(level, simd => convert(simd, part, luma, loose));
            if place + 1 == down {
                let blues = [&loose_blue[0], &loose_blue[place]];
                dispatch!(level, simd => halve(simd, blues, down, blue));
                let reds = [&loose_red[0], &loose_red[place]];
                dispatch!(level, simd => halve(simd, reds, down, red));
            }
        }
    }
}

/// The pixels from `left` on, as many as a stripe has; the last one is repeated as often as needed.
fn padded<'a>(
    row: &'a [u8],
    left: usize,
    n_channels: usize,
    buffer: &'a mut [u8; 3 * WIDTH],
) -> &'a [u8] {
    let n = WIDTH * n_channels;
    let rest = &row[left * n_channels..];
    if let Some(whole) = rest.get(..n) {
        return whole;
    }
    buffer[..rest.len()].copy_from_slice(rest);
    let last = &row[row.len() - n_channels..];
    for px in buffer[rest.len()..n].chunks_exact_mut(n_channels) {
        px.copy_from_slice(last);
    }
    &buffer[..n]
}

#[inline(always)]
fn shift(samples: &[u8], luma: &mut [i16; WIDTH]) {
    for (luma, sample) in luma.iter_mut().zip(samples) {
        *luma = i16::from(*sample) - 128;
    }
}

/// Where the bytes of four pixels go: two neighbouring channels of each become a pair of 16 bits.
const fn pairs(first: u8, left_out: u8) -> [u8; 16] {
    let mut picks = [0; 16];
    let mut i = 0;
    while i < 16 {
        picks[i] = left_out + i as u8 / 4 * 3 + first + i as u8 / 2 % 2;
        i += 1;
    }
    picks
}

/// Of sixteen pixels; the last four are read four bytes early, so as not to read beyond them.
const fn picks(first: u8) -> [u8; 64] {
    let mut picks = [0; 64];
    let mut i = 0;
    while i < 64 {
        picks[i] = pairs(first, if i < 48 { 0 } else { 4 })[i % 16];
        i += 1;
    }
    picks
}

const RED_GREEN: [u8; 64] = picks(0);
const GREEN_BLUE: [u8; 64] = picks(1);

/// In sixteen lanes of 32 bits, the constants of two channels side by side.
#[inline(always)]
fn pair<S: Simd>(simd: S, first: i16, second: i16) -> i16x32<S> {
    i16x32::from_fn(
        simd,
        #[inline(always)]
        |i| if i % 2 == 0 { first } else { second },
    )
}

#[inline(always)]
fn convert<S: Simd>(
    simd: S,
    samples: &[u8],
    luma: &mut [i16; WIDTH],
    [blue, red]: [&mut [i16; WIDTH]; 2],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let (pixels, _) = samples.as_chunks::<96>();
            let (luma, _) = luma.as_chunks_mut::<32>();
            let (blue, _) = blue.as_chunks_mut::<32>();
            let (red, _) = red.as_chunks_mut::<32>();
            let out = luma.iter_mut().zip(blue).zip(red);
            for (pixels, ((luma, blue), red)) in pixels.iter().zip(out) {
                let [y0, b0, r0] = components(simd, &pixels[..48]);
                let [y1, b1, r1] = components(simd, &pixels[48..]);
                (y0.relaxed_narrow(y1) - 128).store_slice(luma);
                b0.relaxed_narrow(b1).store_slice(blue);
                r0.relaxed_narrow(r1).store_slice(red);
            }
        },
    );
}

/// Brightness from 0 on, and both colours around 0, of sixteen pixels.
#[inline(always)]
fn components<S: Simd>(simd: S, pixels: &[u8]) -> [i32x16<S>; 3] {
    const HALF: i32 = 0x7FFF;
    let bytes = spread(simd, pixels);
    let rg = picked(bytes, &RED_GREEN);
    let gb = picked(bytes, &GREEN_BLUE);
    // 38470 does not fit: green counts half in each pair.
    let y = rg.pairwise_dot_product(pair(simd, 19_595, 19_235))
        + gb.pairwise_dot_product(pair(simd, 19_235, 7471));
    let (red, blue): (i32x16<S>, i32x16<S>) = (rg.bitcast(), gb.bitcast());
    // 32768 times what stands in the lower and in the upper half.
    let (red, blue) = ((red << 16) >> 1, (blue >> 16) << 15);
    let blue = blue + rg.pairwise_dot_product(pair(simd, -11_059, -21_709));
    let red = red + gb.pairwise_dot_product(pair(simd, -27_439, -5329));
    [(y + HALF) >> 16, (blue + HALF) >> 16, (red + HALF) >> 16]
}

/// Four pixels in each 16 bytes.
#[inline(always)]
fn spread<S: Simd>(simd: S, pixels: &[u8]) -> u8x64<S> {
    let first = u8x16::from_slice(simd, &pixels[..16]);
    let second = u8x16::from_slice(simd, &pixels[12..28]);
    let third = u8x16::from_slice(simd, &pixels[24..40]);
    let fourth = u8x16::from_slice(simd, &pixels[32..48]);
    first.combine(second).combine(third.combine(fourth))
}

#[inline(always)]
fn picked<S: Simd>(bytes: u8x64<S>, picks: &[u8; 64]) -> i16x32<S> {
    let picks = u8x64::from_slice(bytes.simd, picks);
    let pairs: i16x32<S> = bytes.swizzle_dyn_within_blocks(picks).bitcast();
    pairs & 0xFF
}

/// Means of two pixels across and `down` rows, 1 or 2; of one row both are the same.
#[inline(always)]
fn halve<S: Simd>(
    simd: S,
    [above, below]: [&[i16; WIDTH]; 2],
    down: usize,
    out: &mut [i16; WIDTH],
) {
    // A row that counts twice has twice the sum, and its halves become those of four.
    let bias = if down == 1 { [0, 2] } else { [1, 2] };
    simd.vectorize(
        #[inline(always)]
        || {
            let bias = i32x16::from_fn(
                simd,
                #[inline(always)]
                |i| bias[i % 2],
            );
            let (above, _) = above.as_chunks::<64>();
            let (below, _) = below.as_chunks::<64>();
            let (out, _) = out.as_chunks_mut::<32>();
            for ((above, below), out) in above.iter().zip(below).zip(out) {
                let first = means(simd, &above[..32], &below[..32], bias);
                let second = means(simd, &above[32..], &below[32..], bias);
                first.relaxed_narrow(second).store_slice(out);
            }
        },
    );
}

#[inline(always)]
fn means<S: Simd>(simd: S, above: &[i16], below: &[i16], bias: i32x16<S>) -> i32x16<S> {
    let sum = i16x32::from_slice(simd, above) + i16x32::from_slice(simd, below);
    (sum.pairwise_widening_add() + bias) >> 2
}
