//! Integer geometry: sizes, rectangles and the eight ways to lay a picture down.
//!
//! A [`Rect`] always lies inside the frame it speaks of, so its numbers are unsigned; growing one
//! takes the frame to stay inside. Continuous coordinates and scales belong to `filters::frame`.

use serde::{Deserialize, Serialize};

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

impl Size {
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Number of pixels; never overflows.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }

    #[must_use]
    pub fn megapixels(self) -> f64 {
        self.area() as f64 / 1e6
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The longer of the two sides.
    #[must_use]
    pub fn long_side(self) -> u32 {
        self.width.max(self.height)
    }

    /// Width and height exchanged, as a quarter turn does.
    #[must_use]
    pub const fn transposed(self) -> Self {
        Self::new(self.height, self.width)
    }

    /// This size times `scale`, rounded, at least one pixel a side.
    #[must_use]
    pub fn scaled(self, scale: f64) -> Self {
        let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
        Self::new(side(self.width), side(self.height))
    }

    /// The grid whose cells are `factor` × `factor` pixels of this one; the last cells may be partial.
    #[must_use]
    pub const fn reduced(self, factor: u32) -> Self {
        Self::new(self.width.div_ceil(factor), self.height.div_ceil(factor))
    }
}

/// A rectangle of pixels, `x` to `x + width` exclusive, inside some frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl Rect {
    #[must_use]
    pub const fn new(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// The whole of a frame.
    #[must_use]
    pub const fn of(size: Size) -> Self {
        Self::new(0, 0, size.width, size.height)
    }

    #[must_use]
    pub const fn size(self) -> Size {
        Size::new(self.width, self.height)
    }

    #[must_use]
    pub const fn area(self) -> u64 {
        self.size().area()
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.size().is_empty()
    }

    /// First column to the right of the rectangle.
    #[must_use]
    pub const fn right(self) -> u32 {
        self.x + self.width
    }

    /// First row below the rectangle.
    #[must_use]
    pub const fn bottom(self) -> u32 {
        self.y + self.height
    }

    /// From two corners; `right` and `bottom` are exclusive. Empty where they do not exceed the others.
    #[must_use]
    pub const fn from_corners(x: u32, y: u32, right: u32, bottom: u32) -> Self {
        Self::new(x, y, right.saturating_sub(x), bottom.saturating_sub(y))
    }

    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        Self::from_corners(
            self.x.max(other.x),
            self.y.max(other.y),
            self.right().min(other.right()),
            self.bottom().min(other.bottom()),
        )
    }

    /// The smallest rectangle that holds both; an empty one does not count.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        Self::from_corners(
            self.x.min(other.x),
            self.y.min(other.y),
            self.right().max(other.right()),
            self.bottom().max(other.bottom()),
        )
    }

    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// Grown by `reach_px` on every side, cut at the frame's edges.
    #[must_use]
    pub fn grown_within(self, reach_px: u32, frame: Size) -> Self {
        Self::from_corners(
            self.x.saturating_sub(reach_px),
            self.y.saturating_sub(reach_px),
            self.right().saturating_add(reach_px).min(frame.width),
            self.bottom().saturating_add(reach_px).min(frame.height),
        )
    }

    /// The cells of the `factor`-reduced grid that touch this rectangle.
    #[must_use]
    pub const fn reduced(self, factor: u32) -> Self {
        Self::from_corners(
            self.x / factor,
            self.y / factor,
            self.right().div_ceil(factor),
            self.bottom().div_ceil(factor),
        )
    }

    /// The pixels of `frame` under these cells of its `factor`-reduced grid.
    #[must_use]
    pub fn enlarged_within(self, factor: u32, frame: Size) -> Self {
        Self::from_corners(
            self.x * factor,
            self.y * factor,
            (self.right() * factor).min(frame.width),
            (self.bottom() * factor).min(frame.height),
        )
    }
}

/// Cuts a frame into tiles of `tile` pixels, row by row; the last of each row and column are smaller.
#[must_use]
pub fn tiles_of(frame: Size, tile: Size) -> Vec<Rect> {
    let step_x = tile.width.max(1) as usize;
    let step_y = tile.height.max(1) as usize;
    (0..frame.height)
        .step_by(step_y)
        .flat_map(|y| (0..frame.width).step_by(step_x).map(move |x| (x, y)))
        .map(|(x, y)| {
            Rect::from_corners(
                x,
                y,
                x.saturating_add(tile.width.max(1)).min(frame.width),
                y.saturating_add(tile.height.max(1)).min(frame.height),
            )
        })
        .collect()
}

/// One of the eight ways to lay a picture down: first transpose (mirror on the main diagonal),
/// then mirror left to right, then mirror top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Turn {
    pub transpose: bool,
    pub mirror_x: bool,
    pub mirror_y: bool,
}

impl Turn {
    pub const NONE: Self = Self::new(false, false, false);

    #[must_use]
    #[expect(
        clippy::fn_params_excessive_bools,
        reason = "the three are the type's own fields"
    )]
    pub const fn new(transpose: bool, mirror_x: bool, mirror_y: bool) -> Self {
        Self {
            transpose,
            mirror_x,
            mirror_y,
        }
    }

    /// Clockwise by `n` quarter turns; negative turns are counter-clockwise.
    #[must_use]
    pub const fn quarters(n: i32) -> Self {
        match n.rem_euclid(4) {
            0 => Self::NONE,
            1 => Self::new(true, true, false),
            2 => Self::new(false, true, true),
            _ => Self::new(true, false, true),
        }
    }

    /// What must be done to a picture stored with this EXIF orientation to see it upright.
    /// Values outside 1…8 mean upright. Source: EXIF 2.32, tag 0x0112.
    #[must_use]
    pub const fn from_exif(orientation: u16) -> Self {
        match orientation {
            2 => Self::new(false, true, false),
            3 => Self::new(false, true, true),
            4 => Self::new(false, false, true),
            5 => Self::new(true, false, false),
            6 => Self::new(true, true, false),
            7 => Self::new(true, true, true),
            8 => Self::new(true, false, true),
            _ => Self::NONE,
        }
    }

    #[must_use]
    pub const fn is_none(self) -> bool {
        !self.transpose && !self.mirror_x && !self.mirror_y
    }

    /// Size of a picture of size `input` after the turn.
    #[must_use]
    pub const fn output_size(self, input: Size) -> Size {
        if self.transpose {
            input.transposed()
        } else {
            input
        }
    }

    /// First `self`, then `next`, as one turn.
    #[must_use]
    pub const fn then(self, next: Self) -> Self {
        // Mirrors pass through a transposition by exchanging their axes.
        let (mirror_x, mirror_y) = if next.transpose {
            (self.mirror_y, self.mirror_x)
        } else {
            (self.mirror_x, self.mirror_y)
        };
        Self::new(
            self.transpose != next.transpose,
            mirror_x != next.mirror_x,
            mirror_y != next.mirror_y,
        )
    }

    /// Where output pixel (`x`, `y`) of a picture of size `output` lies in the input.
    #[must_use]
    pub const fn input_pixel(self, x: u32, y: u32, output: Size) -> (u32, u32) {
        let x = if self.mirror_x {
            output.width - 1 - x
        } else {
            x
        };
        let y = if self.mirror_y {
            output.height - 1 - y
        } else {
            y
        };
        if self.transpose { (y, x) } else { (x, y) }
    }

    /// The input rectangle that becomes `rect` of the output of size `output`.
    #[must_use]
    pub const fn input_rect(self, rect: Rect, output: Size) -> Rect {
        let x = if self.mirror_x {
            output.width - rect.right()
        } else {
            rect.x
        };
        let y = if self.mirror_y {
            output.height - rect.bottom()
        } else {
            rect.y
        };
        if self.transpose {
            Rect::new(y, x, rect.height, rect.width)
        } else {
            Rect::new(x, y, rect.width, rect.height)
        }
    }
}

#[cfg(test)]
mod tests;
