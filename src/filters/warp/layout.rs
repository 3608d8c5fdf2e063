//! A warp as data: which point of the input frame each point of the output frame shows.

use serde::{Deserialize, Serialize};

use super::homography::Homography;
use crate::filters::frame::{Frame, Placement};
use crate::pixels::geometry::{Rect, Size, Turn};

/// How far from whole pixels a map may be and still count as addressing.
const TOLERANCE_PX: f64 = 1e-6;

/// Laying a picture down on another grid of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Warp {
    /// From continuous coordinates of the output frame to those of the input frame.
    pub to_input: Homography,
    pub input_size: Size,
    pub output_size: Size,
}

impl Warp {
    #[must_use]
    pub fn of_placement(placement: &Placement, input_size: Size) -> Self {
        Self {
            to_input: Homography::of_placement(placement),
            input_size,
            output_size: placement.output_size(),
        }
    }

    /// Every pixel of the input, on a grid of another size.
    #[must_use]
    pub fn resized(input_size: Size, output_size: Size) -> Self {
        let ratio = |input: u32, output: u32| f64::from(input) / f64::from(output.max(1));
        Self {
            to_input: Homography::scaling(
                ratio(input_size.width, output_size.width),
                ratio(input_size.height, output_size.height),
            ),
            input_size,
            output_size,
        }
    }

    /// First `self`, then `next`, as one warp.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        Self {
            to_input: self.to_input.after(&next.to_input),
            input_size: self.input_size,
            output_size: next.output_size,
        }
    }

    /// Pixels of the output per pixel of the input, along a side.
    #[must_use]
    pub fn magnification(&self) -> f64 {
        let middle = [self.output_size.width, self.output_size.height].map(|s| f64::from(s) / 2.0);
        let [ux, uy, vx, vy] = self.to_input.derivatives(middle);
        1.0 / (ux * vy - uy * vx).abs().sqrt().max(1e-9)
    }

    /// Pixels of the input, along a side, that become one pixel of the output where it is smallest.
    #[must_use]
    pub fn reduction(&self) -> f64 {
        let sides = [self.output_size.width, self.output_size.height].map(f64::from);
        let corners = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]];
        corners
            .map(|[x, y]| {
                let at = [x * sides[0], y * sides[1]];
                let [ux, uy, vx, vy] = self.to_input.derivatives(at);
                (ux * ux + uy * uy).max(vx * vx + vy * vy).sqrt()
            })
            .into_iter()
            .fold(1.0, f64::max)
    }

    /// This warp of a frame at scale 1, on the frame as it is rendered, whose pixels are fewer. The
    /// output is rendered at `output_scale`.
    #[must_use]
    pub fn at(&self, frame: &Frame, output_scale: f64) -> Self {
        if frame.size == self.input_size && output_scale >= 1.0 {
            return *self;
        }
        let mut output_size = self.output_size.scaled(output_scale);
        // A preview that would gain or lose a pixel by rounding alone is not resampled for it.
        let near = |a: u32, b: u32| a.abs_diff(b) <= 1;
        if self.is_upright_scaling()
            && near(output_size.width, frame.size.width)
            && near(output_size.height, frame.size.height)
        {
            output_size = frame.size;
        }
        let ratio = |rendered: u32, full: u32| f64::from(rendered) / f64::from(full.max(1));
        let shrink = Homography::scaling(
            ratio(frame.size.width, self.input_size.width),
            ratio(frame.size.height, self.input_size.height),
        );
        let grow = Homography::scaling(
            ratio(self.output_size.width, output_size.width),
            ratio(self.output_size.height, output_size.height),
        );
        Self {
            to_input: shrink.after(&self.to_input).after(&grow),
            input_size: frame.size,
            output_size,
        }
    }

    /// Whether all of the input is kept, upright, at another size.
    fn is_upright_scaling(&self) -> bool {
        *self == Self::resized(self.input_size, self.output_size)
    }

    /// The placement that does the same, where pixels fall on pixels.
    #[must_use]
    pub fn as_placement(&self) -> Option<Placement> {
        let m = &self.to_input.0;
        if !self.to_input.is_affine() {
            return None;
        }
        let is_transposed = m[0].abs() < 0.5;
        let (x, y) = if is_transposed {
            (m[3], m[1])
        } else {
            (m[0], m[4])
        };
        let turn = Turn::new(is_transposed, x < 0.0, y < 0.0);
        let size = turn.output_size(self.output_size);
        let corner = |at: f64, is_mirrored: bool, side: u32| {
            let at = at.round() - if is_mirrored { f64::from(side) } else { 0.0 };
            (0.0..4e9).contains(&at).then_some(at as u32)
        };
        let (mirror_u, mirror_v) = if is_transposed {
            (y < 0.0, x < 0.0)
        } else {
            (x < 0.0, y < 0.0)
        };
        let left = corner(m[2], mirror_u, size.width)?;
        let top = corner(m[5], mirror_v, size.height)?;
        let input_rect = Rect::new(left, top, size.width, size.height);
        if !Rect::of(self.input_size).contains(input_rect) {
            return None;
        }
        let placement = Placement { input_rect, turn };
        let exact = Homography::of_placement(&placement);
        let side = f64::from(self.output_size.long_side());
        let is_same = [0, 1, 3, 4]
            .iter()
            .all(|&i| (m[i] - exact.0[i]).abs() * side < TOLERANCE_PX)
            && [2, 5]
                .iter()
                .all(|&i| (m[i] - exact.0[i]).abs() < TOLERANCE_PX);
        is_same.then_some(placement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addressing_is_recognised_behind_a_matrix() {
        let input_size = Size::new(40, 30);
        for turn in 0..8 {
            let placement = Placement {
                input_rect: Rect::new(3, 7, 11, 5),
                turn: Turn::new(turn & 1 > 0, turn & 2 > 0, turn & 4 > 0),
            };
            let warp = Warp::of_placement(&placement, input_size);
            assert_eq!(warp.as_placement(), Some(placement));
        }
        assert_eq!(
            Warp::resized(input_size, Size::new(41, 30)).as_placement(),
            None
        );
        let there = Warp::resized(input_size, Size::new(77, 91));
        let back = Warp::resized(Size::new(77, 91), input_size);
        assert_eq!(
            there.then(&back).as_placement(),
            Some(Placement::identity(input_size))
        );
    }

    #[test]
    fn a_reduced_frame_shows_the_same_points() {
        let full = Warp::resized(Size::new(400, 300), Size::new(200, 150));
        let frame = Frame {
            size: Size::new(100, 75),
            scale: 0.25,
            full_size: Size::new(400, 300),
        };
        let reduced = full.at(&frame, 0.5);
        assert_eq!(reduced.output_size, Size::new(100, 75));
        assert_eq!(
            reduced.as_placement(),
            Some(Placement::identity(frame.size))
        );
        assert!((full.magnification() - 0.5).abs() < 1e-12);
    }
}
