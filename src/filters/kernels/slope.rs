//! How steeply a plane rises at each pixel, from the eight around it.
//!
//! **Formula**: I. Sobel's operator divided by 4, so that a step of height h between two flat sides
//! gives h. A neighbour that nobody sees stands at the height of the pixel itself.

/// Below this alpha counts as none.
pub const TINY_ALPHA: f32 = 1.0e-6;

/// Three rows of a plane, each a pixel longer on both sides than the row in hand in their middle.
#[derive(Clone, Copy)]
pub struct Heights<'a, const HAS_ALPHA: bool> {
    heights: [&'a [f32]; 3],
    /// Not read where there is no alpha.
    alpha: [&'a [f32]; 3],
}

impl<'a, const HAS_ALPHA: bool> Heights<'a, HAS_ALPHA> {
    /// `plane` and `alpha`, which is not read where there is none, begin above and left of a row of
    /// `n_pixels`.
    #[inline(always)]
    pub fn new(plane: &'a [f32], alpha: &'a [f32], stride: usize, n_pixels: usize) -> Self {
        let rows = |plane: &'a [f32]| -> [&'a [f32]; 3] {
            std::array::from_fn(|row| &plane[row * stride..row * stride + n_pixels + 2])
        };
        Self {
            heights: rows(plane),
            alpha: if HAS_ALPHA { rows(alpha) } else { [&[]; 3] },
        }
    }

    /// Rightwards and downwards at column `x` of the row.
    #[inline(always)]
    pub fn slope(self, x: usize) -> [f32; 2] {
        let center = self.heights[1][x + 1];
        let at = |row: usize, column: usize| {
            let height = self.heights[row][x + column];
            if HAS_ALPHA && self.alpha[row][x + column] <= TINY_ALPHA {
                center
            } else {
                height
            }
        };
        let (top, bottom) = (
            (at(0, 0), at(0, 1), at(0, 2)),
            (at(2, 0), at(2, 1), at(2, 2)),
        );
        let (left, right) = (at(1, 0), at(1, 2));
        let across = 2.0_f32.mul_add(right - left, (top.2 - top.0) + (bottom.2 - bottom.0));
        let down = 2.0_f32.mul_add(bottom.1 - top.1, (bottom.0 - top.0) + (bottom.2 - top.2));
        [across * 0.25, down * 0.25]
    }
}

/// √light of the straight colour; 0 where that is negative or nobody sees it.
#[inline(always)]
#[must_use]
pub fn root(light: f32, alpha: f32) -> f32 {
    let is_seen = light > 0.0 && alpha > TINY_ALPHA;
    let divisor = if is_seen { alpha } else { 1.0 };
    let light = if is_seen { light } else { 0.0 };
    (light / divisor).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_gives_its_height_and_hidden_neighbours_none() {
        let mut plane = [1.0_f32; 15];
        for (i, value) in plane.iter_mut().enumerate() {
            *value = if i % 5 > 2 { 0.75 } else { 0.25 };
        }
        let alpha = plane.map(|value| if value > 0.5 { 0.0 } else { 1.0 });
        let seen = Heights::<false>::new(&plane, &[], 5, 3);
        assert_eq!(
            [0, 1, 2].map(|x| seen.slope(x)),
            [[0.0, 0.0], [0.5, 0.0], [0.5, 0.0]]
        );
        let hidden = Heights::<true>::new(&plane, &alpha, 5, 3);
        assert_eq!(hidden.slope(1), [0.0, 0.0]);
    }

    #[test]
    fn roots_are_of_the_straight_colour() {
        assert_eq!(root(0.125, 0.5), 0.5);
        assert_eq!(root(-0.1, 1.0), 0.0);
        assert_eq!(root(0.1, 0.0), 0.0);
        assert_eq!(root(f32::NAN, 1.0), 0.0);
    }
}
