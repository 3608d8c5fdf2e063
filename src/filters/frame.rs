//! The frame an edit sees: how large the picture is at that place in the stack, and at which scale.

use serde::{Deserialize, Serialize};

use crate::pixels::geometry::{Rect, Size, Turn};

/// A picture's extent at one place in the stack.
///
/// Radii are given in pixels of the photo and multiplied by `scale`; what depends on position
/// (grain, vignette) uses coordinates at scale 1, so that the preview shows what the export will.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Pixels of this frame, as rendered.
    pub size: Size,
    /// Rendered pixels per pixel of the photo; 1 for an export, less for a preview.
    pub scale: f64,
    /// Pixels the frame has at scale 1.
    pub full_size: Size,
}

impl Frame {
    /// A frame at scale 1.
    #[must_use]
    pub const fn full(size: Size) -> Self {
        Self {
            size,
            scale: 1.0,
            full_size: size,
        }
    }
}

/// Laying a picture down differently: keep `input_rect` of the input frame, then turn it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    pub input_rect: Rect,
    pub turn: Turn,
}

impl Placement {
    #[must_use]
    pub const fn identity(size: Size) -> Self {
        Self {
            input_rect: Rect::of(size),
            turn: Turn::NONE,
        }
    }

    #[must_use]
    pub const fn output_size(&self) -> Size {
        self.turn.output_size(self.input_rect.size())
    }

    /// The rectangle of the input frame that becomes `rect` of the output frame.
    #[must_use]
    pub const fn input_rect_of(&self, rect: Rect) -> Rect {
        let inside = self.turn.input_rect(rect, self.output_size());
        Rect::new(
            self.input_rect.x + inside.x,
            self.input_rect.y + inside.y,
            inside.width,
            inside.height,
        )
    }

    /// Where output pixel (`x`, `y`) lies in the input frame.
    #[must_use]
    pub const fn input_pixel(&self, x: u32, y: u32) -> (u32, u32) {
        let (inside_x, inside_y) = self.turn.input_pixel(x, y, self.output_size());
        (self.input_rect.x + inside_x, self.input_rect.y + inside_y)
    }

    /// First `self`, then `next`, as one placement.
    #[must_use]
    pub const fn then(&self, next: &Self) -> Self {
        Self {
            input_rect: self.input_rect_of(next.input_rect),
            turn: self.turn.then(next.turn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_placements_in_a_row_are_the_composed_one() {
        let first = Placement {
            input_rect: Rect::new(3, 5, 20, 11),
            turn: Turn::quarters(1),
        };
        let next = Placement {
            input_rect: Rect::new(2, 4, 7, 9),
            turn: Turn::new(true, false, true),
        };
        let both = first.then(&next);
        assert_eq!(both.output_size(), next.output_size());
        for y in 0..both.output_size().height {
            for x in 0..both.output_size().width {
                let (mx, my) = next.input_pixel(x, y);
                assert_eq!(first.input_pixel(mx, my), both.input_pixel(x, y));
            }
        }
    }
}
