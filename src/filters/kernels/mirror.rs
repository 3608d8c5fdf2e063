//! How a frame goes on beyond its edges: as its own mirror image, the outermost pixel twice.
//!
//! A mirror, unlike a repeated pixel, does not draw one pixel's noise out into a streak, and it
//! commutes with the means of the reduced grid. Where a tile ends inside the frame nothing is
//! mirrored: the tile holds all that its pixels read.

use crate::filters::kernels::finite::finite;
use crate::pixels::geometry::{Rect, Size};

/// The index in 0…`len` − 1 that stands at `i` of the endless row of mirror images.
#[inline(always)]
#[must_use]
pub fn mirrored(i: i64, len: u32) -> usize {
    let period = 2 * i64::from(len);
    let i = i.rem_euclid(period);
    (if i < i64::from(len) {
        i
    } else {
        period - 1 - i
    }) as usize
}

/// `rect` grown by `reach_px` on every side, as far as `bounds` go: what an inner step of a kernel
/// computes of a neighbourhood. `bounds` is the kernel's input, which ends where the frame ends or
/// holds all that is needed.
#[must_use]
pub fn grown(rect: Rect, reach_px: u32, bounds: Rect) -> Rect {
    let endless = Size::new(u32::MAX, u32::MAX);
    rect.grown_within(reach_px, endless).intersect(bounds)
}

/// Fills `padded` with the row from column `first` on, mirrored at its ends and made finite.
#[inline(always)]
pub fn mirror_row(row: &[f32], first: i64, padded: &mut [f32]) {
    let len = row.len() as u32;
    let n_before = (-first).clamp(0, padded.len() as i64) as usize;
    let n_inside = (row.len() as i64 - first).clamp(n_before as i64, padded.len() as i64) as usize;
    let skipped = first.max(0) as usize;
    for (i, value) in padded[..n_before].iter_mut().enumerate() {
        *value = finite(row[mirrored(first + i as i64, len)]);
    }
    for (value, source) in padded[n_before..n_inside]
        .iter_mut()
        .zip(row.iter().skip(skipped))
    {
        *value = finite(*source);
    }
    for (i, value) in padded.iter_mut().enumerate().skip(n_inside) {
        *value = finite(row[mirrored(first + i as i64, len)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_fold_back_and_forth() {
        let folded: Vec<usize> = (-4..8).map(|i| mirrored(i, 3)).collect();
        assert_eq!(folded, [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1]);
        assert_eq!(mirrored(-7, 1), 0);
    }

    #[test]
    fn rows_are_mirrored_wherever_they_start() {
        let row = [1.0, 2.0, f32::NAN];
        for (first, expected) in [
            (-2, [2.0, 1.0, 1.0, 2.0, 0.0, 0.0, 2.0]),
            (1, [2.0, 0.0, 0.0, 2.0, 1.0, 1.0, 2.0]),
            (-9, [0.0, 2.0, 1.0, 1.0, 2.0, 0.0, 0.0]),
        ] {
            let mut padded = [9.0; 7];
            mirror_row(&row, first, &mut padded);
            assert_eq!(padded, expected, "{first}");
        }
    }
}
