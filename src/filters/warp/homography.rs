//! The map between two planes that keeps straight lines straight, in f64.
//!
//! Coordinates are continuous: pixel (0, 0) covers 0…1 each way and its middle is (½, ½).

use serde::{Deserialize, Serialize};

use crate::filters::frame::Placement;

/// A 3 × 3 matrix, row by row, acting on (x, y, 1); where it is affine its last row is 0, 0, 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Homography(pub [f64; 9]);

impl Homography {
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);

    #[must_use]
    pub const fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0])
    }

    #[must_use]
    pub const fn scaling(x: f64, y: f64) -> Self {
        Self([x, 0.0, 0.0, 0.0, y, 0.0, 0.0, 0.0, 1.0])
    }

    /// From a placement's output to its input.
    #[must_use]
    pub fn of_placement(placement: &Placement) -> Self {
        let turn = placement.turn;
        let size = placement.output_size();
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let (xx, x0) = if turn.mirror_x {
            (-1.0, width)
        } else {
            (1.0, 0.0)
        };
        let (yy, y0) = if turn.mirror_y {
            (-1.0, height)
        } else {
            (1.0, 0.0)
        };
        let left = f64::from(placement.input_rect.x);
        let top = f64::from(placement.input_rect.y);
        Self(if turn.transpose {
            [0.0, yy, y0 + left, xx, 0.0, x0 + top, 0.0, 0.0, 1.0]
        } else {
            [xx, 0.0, x0 + left, 0.0, yy, y0 + top, 0.0, 0.0, 1.0]
        })
    }

    /// First `inner`, then `self`: the matrix product `self · inner`.
    #[must_use]
    pub fn after(&self, inner: &Self) -> Self {
        let (a, b) = (&self.0, &inner.0);
        let product: [f64; 9] = std::array::from_fn(|i| {
            let (row, column) = (i / 3 * 3, i % 3);
            a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6]
        });
        Self(product).normalised()
    }

    /// The way back; `None` where the plane is folded onto a line.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let m = &self.0;
        let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
        let determinant =
            m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7);
        if determinant.is_nan() || determinant.abs() <= 1e-300 {
            return None;
        }
        let adjugate = [
            minor(4, 5, 7, 8),
            -minor(1, 2, 7, 8),
            minor(1, 2, 4, 5),
            -minor(3, 5, 6, 8),
            minor(0, 2, 6, 8),
            -minor(0, 2, 3, 5),
            minor(3, 4, 6, 7),
            -minor(0, 1, 6, 7),
            minor(0, 1, 3, 4),
        ];
        Some(Self(adjugate.map(|value| value / determinant)).normalised())
    }

    /// An affine map with a last row of exactly 0, 0, 1.
    fn normalised(self) -> Self {
        let mut m = self.0;
        if m[6] == 0.0 && m[7] == 0.0 && m[8] != 0.0 {
            let divisor = m[8];
            m = m.map(|value| value / divisor);
        }
        Self(m)
    }

    #[must_use]
    pub fn is_affine(&self) -> bool {
        self.0[6..] == [0.0, 0.0, 1.0]
    }

    /// Whether rows stay rows, or become columns.
    #[must_use]
    pub fn is_upright(&self) -> bool {
        let m = &self.0;
        let is_straight = m[1] == 0.0 && m[3] == 0.0;
        let is_transposed = m[0] == 0.0 && m[4] == 0.0;
        self.is_affine() && is_straight != is_transposed
    }

    #[must_use]
    pub fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        [
            (m[0] * x + m[1] * y + m[2]) / w,
            (m[3] * x + m[4] * y + m[5]) / w,
        ]
    }

    /// ∂u/∂x, ∂u/∂y, ∂v/∂x, ∂v/∂y at a point.
    #[must_use]
    pub fn derivatives(&self, [x, y]: [f64; 2]) -> [f64; 4] {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        let [u, v] = self.apply([x, y]);
        [
            (m[0] - u * m[6]) / w,
            (m[1] - u * m[7]) / w,
            (m[3] - v * m[6]) / w,
            (m[4] - v * m[7]) / w,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::geometry::{Rect, Turn};

    #[test]
    fn a_placement_becomes_the_matrix_of_its_addressing() {
        for turn in 0..8 {
            let placement = Placement {
                input_rect: Rect::new(3, 7, 11, 5),
                turn: Turn::new(turn & 1 > 0, turn & 2 > 0, turn & 4 > 0),
            };
            let matrix = Homography::of_placement(&placement);
            let (x, y) = placement.input_pixel(2, 4);
            let expected = [f64::from(x) + 0.5, f64::from(y) + 0.5];
            assert_eq!(matrix.apply([2.5, 4.5]), expected, "{turn}");
        }
    }

    #[test]
    fn there_and_back_is_nothing() {
        let there = Homography([1.1, 0.2, 30.0, -0.1, 0.9, 5.0, 1e-4, -2e-4, 1.0]);
        let both = there.inverse().unwrap().after(&there);
        let [x, y] = both.apply([123.0, 45.0]);
        assert!((x - 123.0).abs() < 1e-9 && (y - 45.0).abs() < 1e-9);
        assert!(Homography([0.0; 9]).inverse().is_none());
    }
}
