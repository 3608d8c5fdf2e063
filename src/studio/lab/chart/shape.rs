//! What a drawing is made of, in points from its top left corner.

/// Red, green, blue.
pub(super) type Color = [u8; 3];

pub(super) const PAPER: Color = [0x20, 0x20, 0x20];
pub(super) const FRAME: Color = [0x2A, 0x2A, 0x2A];
pub(super) const GRID: Color = [0x3C, 0x3C, 0x3C];
pub(super) const TEXT: Color = [0xDC, 0xDC, 0xDC];
pub(super) const SOFT: Color = [0x9C, 0x9C, 0x9C];

/// Where a text stands against its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// What stands for a way of running: shape and colour together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Round,
    Square,
    Diamond,
    Triangle,
    /// Around another mark.
    Ring,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Rect {
        at: [f32; 2],
        size: [f32; 2],
        color: Color,
    },
    Line {
        points: Vec<[f32; 2]>,
        color: Color,
        width: f32,
        /// Length of strokes and of gaps; `None` for an unbroken line.
        dash: Option<[f32; 2]>,
    },
    Mark {
        at: [f32; 2],
        mark: Mark,
        color: Color,
    },
    Text {
        /// On the base line.
        at: [f32; 2],
        text: String,
        size: f32,
        anchor: Anchor,
        color: Color,
    },
}

/// Half the width of a mark.
pub(super) const MARK_RADIUS: f32 = 5.0;

/// The corners of a mark, round ones by many.
pub(super) fn outline(mark: Mark, [x, y]: [f32; 2]) -> Vec<[f32; 2]> {
    let corners = |n: usize, turn: f32, radius: f32| -> Vec<[f32; 2]> {
        let corner = |idx: usize| {
            let angle = turn + std::f32::consts::TAU * idx as f32 / n as f32;
            [x + radius * angle.cos(), y + radius * angle.sin()]
        };
        (0..n).map(corner).collect()
    };
    let quarter = std::f32::consts::FRAC_PI_4;
    match mark {
        Mark::Round => corners(32, 0.0, MARK_RADIUS),
        Mark::Square => corners(4, quarter, MARK_RADIUS * 1.25),
        Mark::Diamond => corners(4, 0.0, MARK_RADIUS * 1.3),
        Mark::Triangle => corners(3, -2.0 * quarter, MARK_RADIUS * 1.35),
        Mark::Ring => corners(32, 0.0, MARK_RADIUS * 2.0),
    }
}
