//! The rectangle of a crop while it is being made: what dragging a handle, moving it or choosing an
//! aspect makes of it. Lengths are pixels of the picture at scale 1.

use crate::pixels::geometry::Size;

/// Least side, where the picture is large enough.
const MIN_SIDE_PX: f64 = 16.0;

/// Width to height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Aspect {
    #[default]
    Free,
    /// The picture's own.
    Original,
    Ratio(u32, u32),
}

impl Aspect {
    pub(super) const ALL: [Self; 6] = [
        Self::Free,
        Self::Original,
        Self::Ratio(1, 1),
        Self::Ratio(4, 5),
        Self::Ratio(3, 2),
        Self::Ratio(16, 9),
    ];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Original => "Original",
            Self::Ratio(1, 1) => "1 : 1",
            Self::Ratio(4, 5) => "4 : 5",
            Self::Ratio(3, 2) => "3 : 2",
            Self::Ratio(_, _) => "16 : 9",
        }
    }

    /// Width over height; `None` where any will do.
    fn ratio(self, frame: [f64; 2], is_turned: bool) -> Option<f64> {
        let ratio = match self {
            Self::Free => return None,
            Self::Original => frame[0] / frame[1],
            Self::Ratio(width, height) => f64::from(width) / f64::from(height),
        };
        Some(if is_turned { 1.0 / ratio } else { ratio })
    }
}

/// Which edges a hand has taken: −1 the left or upper, 1 the right or lower, 0 neither; both 0 is
/// the whole rectangle.
pub(super) type Grip = [i8; 2];

/// All handles, corners first, so that they win where they overlap.
pub(super) const GRIPS: [Grip; 8] = [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
    [0, -1],
    [0, 1],
    [-1, 0],
    [1, 0],
];

/// Left, top, right, bottom.
pub(super) type Edges = [f64; 4];

/// The rectangle and what it must keep to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CropBox {
    frame: [f64; 2],
    pub(super) edges: Edges,
    pub(super) aspect: Aspect,
    /// The aspect's sides exchanged.
    pub(super) is_turned: bool,
}

impl CropBox {
    /// `shares`: left, top, width, height as fractions of the frame.
    pub(super) fn new(frame: Size, shares: [f64; 4]) -> Self {
        let frame = [frame.width, frame.height].map(f64::from);
        let [left, top, width, height] = shares;
        let edges = [
            left * frame[0],
            top * frame[1],
            (left + width).min(1.0) * frame[0],
            (top + height).min(1.0) * frame[1],
        ];
        Self {
            frame,
            edges,
            aspect: Aspect::Free,
            is_turned: false,
        }
    }

    /// On whole pixels, as fractions of the frame: left, top, width, height.
    pub(super) fn shares(&self) -> [f64; 4] {
        let [left, top, right, bottom] = self.edges.map(f64::round);
        let [width, height] = self.frame;
        [
            left / width,
            top / height,
            (right - left) / width,
            (bottom - top) / height,
        ]
    }

    pub(super) fn size_px(&self) -> [u32; 2] {
        let [left, top, right, bottom] = self.edges.map(f64::round);
        [(right - left) as u32, (bottom - top) as u32]
    }

    pub(super) const fn size_px_of_frame(&self) -> [f64; 2] {
        self.frame
    }

    pub(super) fn is_whole(&self) -> bool {
        self.edges.map(f64::round) == [0.0, 0.0, self.frame[0], self.frame[1]]
    }

    /// Each edge as a share of the frame's side.
    pub(super) fn edge_shares(&self) -> [f32; 4] {
        [0, 1, 2, 3].map(|edge| (self.edges[edge] / self.frame[edge % 2]) as f32)
    }

    pub(super) fn reset(&mut self) {
        self.edges = [0.0, 0.0, self.frame[0], self.frame[1]];
        self.choose(self.aspect, self.is_turned);
    }

    /// Keeps to another aspect from now on: the largest rectangle of it inside the present one, as
    /// long as that is not too small.
    pub(super) fn choose(&mut self, aspect: Aspect, is_turned: bool) {
        (self.aspect, self.is_turned) = (aspect, is_turned);
        let Some(ratio) = aspect.ratio(self.frame, is_turned) else {
            return;
        };
        let [left, top, right, bottom] = self.edges;
        let (width, height) = (right - left, bottom - top);
        let middle = [left + width / 2.0, top + height / 2.0];
        // The longer side stays where the frame has room, so that turning there and back loses nothing.
        let long = width.max(height);
        let wanted = if ratio >= 1.0 {
            [long, long / ratio]
        } else {
            [long * ratio, long]
        };
        let shrink = (self.frame[0] / wanted[0]).min(self.frame[1] / wanted[1]);
        let size = wanted.map(|side| side * shrink.min(1.0));
        let start = [0, 1].map(|axis| {
            (middle[axis] - size[axis] / 2.0).clamp(0.0, self.frame[axis] - size[axis])
        });
        self.edges = [start[0], start[1], start[0] + size[0], start[1] + size[1]];
    }

    /// What taking `grip` of `from` and moving the hand by `by` pixels makes of it.
    pub(super) fn drag(&mut self, grip: Grip, from: Edges, by: [f64; 2]) {
        self.edges = if grip == [0, 0] {
            self.moved(from, by)
        } else {
            match self.aspect.ratio(self.frame, self.is_turned) {
                None => self.stretched(grip, from, by),
                Some(ratio) => self.stretched_at(grip, from, (by, ratio)),
            }
        };
    }

    fn moved(&self, from: Edges, by: [f64; 2]) -> Edges {
        let by = [0, 1].map(|axis| by[axis].clamp(-from[axis], self.frame[axis] - from[axis + 2]));
        [
            from[0] + by[0],
            from[1] + by[1],
            from[2] + by[0],
            from[3] + by[1],
        ]
    }

    fn stretched(&self, grip: Grip, from: Edges, by: [f64; 2]) -> Edges {
        let mut edges = from;
        for axis in [0, 1] {
            let least = MIN_SIDE_PX.min(self.frame[axis]);
            match grip[axis] {
                -1 => {
                    let highest = (from[axis + 2] - least).max(0.0);
                    edges[axis] = (from[axis] + by[axis]).clamp(0.0, highest);
                }
                1 => {
                    let lowest = (from[axis] + least).min(self.frame[axis]);
                    edges[axis + 2] = (from[axis + 2] + by[axis]).clamp(lowest, self.frame[axis]);
                }
                _ => {}
            }
        }
        edges
    }

    /// As [`Self::stretched`] with the opposite corner, or the middle of the opposite edge, staying.
    fn stretched_at(&self, grip: Grip, from: Edges, (by, ratio): ([f64; 2], f64)) -> Edges {
        let wanted =
            [0, 1].map(|axis| from[axis + 2] - from[axis] + by[axis] * f64::from(grip[axis]));
        let width = match grip {
            [_, 0] => wanted[0],
            [0, _] => wanted[1] * ratio,
            _ => wanted[0].max(wanted[1] * ratio),
        };
        // How much room there is from what stays.
        let room = [0, 1].map(|axis| match grip[axis] {
            -1 => from[axis + 2],
            1 => self.frame[axis] - from[axis],
            _ => {
                let middle = f64::midpoint(from[axis], from[axis + 2]);
                2.0 * middle.min(self.frame[axis] - middle)
            }
        });
        let most = room[0].min(room[1] * ratio);
        let least = MIN_SIDE_PX.max(MIN_SIDE_PX * ratio).min(most);
        let width = width.clamp(least, most);
        let size = [width, width / ratio];
        let start = [0, 1].map(|axis| match grip[axis] {
            -1 => from[axis + 2] - size[axis],
            1 => from[axis],
            _ => f64::midpoint(from[axis], from[axis + 2]) - size[axis] / 2.0,
        });
        [start[0], start[1], start[0] + size[0], start[1] + size[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> CropBox {
        CropBox::new(Size::new(3000, 2000), [0.0, 0.0, 1.0, 1.0])
    }

    fn is_inside(one: &CropBox) -> bool {
        let [left, top, right, bottom] = one.edges;
        left >= -1e-6 && top >= -1e-6 && right <= 3000.0 + 1e-6 && bottom <= 2000.0 + 1e-6
    }

    #[test]
    fn a_free_drag_moves_one_corner_and_stays_inside() {
        let mut one = whole();
        one.drag([-1, -1], one.edges, [300.0, 200.0]);
        assert_eq!(one.shares(), [0.1, 0.1, 0.9, 0.9]);
        one.drag([-1, -1], one.edges, [-9999.0, 9999.0]);
        assert_eq!(one.edges, [0.0, 1984.0, 3000.0, 2000.0]);
    }

    #[test]
    fn every_grip_keeps_the_aspect_and_the_frame() {
        for aspect in &Aspect::ALL[1..] {
            for is_turned in [false, true] {
                for grip in GRIPS {
                    for by in [[-5000.0, 3.0], [120.0, -340.0], [5000.0, 5000.0]] {
                        let mut one = CropBox::new(Size::new(3000, 2000), [0.2, 0.3, 0.4, 0.4]);
                        one.choose(*aspect, is_turned);
                        one.drag(grip, one.edges, by);
                        let [left, top, right, bottom] = one.edges;
                        let ratio = (right - left) / (bottom - top);
                        let wanted = aspect.ratio([3000.0, 2000.0], is_turned).unwrap();
                        assert!((ratio / wanted - 1.0).abs() < 1e-9, "{aspect:?} {grip:?}");
                        assert!(is_inside(&one) && right - left > 1.0, "{one:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn turning_the_aspect_there_and_back_changes_nothing() {
        let mut one = CropBox::new(Size::new(3000, 2000), [0.3, 0.2, 0.3, 0.6]);
        one.choose(Aspect::Ratio(3, 2), false);
        let before = one.edges;
        one.choose(Aspect::Ratio(3, 2), true);
        assert_ne!(one.edges, before);
        one.choose(Aspect::Ratio(3, 2), false);
        for (edge, old) in one.edges.iter().zip(before) {
            assert!((edge - old).abs() < 1e-6);
        }
    }

    #[test]
    fn moving_never_leaves_the_frame_nor_changes_the_size() {
        let mut one = CropBox::new(Size::new(3000, 2000), [0.1, 0.1, 0.5, 0.5]);
        let size = one.size_px();
        one.drag([0, 0], one.edges, [9999.0, -9999.0]);
        assert_eq!(
            (one.size_px(), one.edges[2], one.edges[1]),
            (size, 3000.0, 0.0)
        );
        assert!(!one.is_whole() && whole().is_whole());
    }
}
