//! The colours and shapes by which backends and phases are known, the same in every dot, bar, lane
//! and line. Shape and colour together, because colour alone does not reach every eye.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::Theme;

/// A way of running, as the window shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BackendMark {
    Single,
    Threads,
    Processes,
    GlobalLock,
}

impl BackendMark {
    pub const ALL: [Self; 4] = [
        Self::Single,
        Self::Threads,
        Self::Processes,
        Self::GlobalLock,
    ];

    #[must_use]
    pub const fn color(self) -> Color32 {
        match self {
            Self::Single => Color32::from_rgb(0xE0, 0xE0, 0xE0),
            Self::Threads => Color32::from_rgb(0x00, 0x9E, 0x73),
            Self::Processes => Color32::from_rgb(0xF0, 0xA0, 0x00),
            Self::GlobalLock => Color32::from_rgb(0xA9, 0x6B, 0xE0),
        }
    }

    /// Paints the dot: round, square, diamond, triangle. `size_px` is its width, in points.
    pub fn paint(self, painter: &Painter, theme: &Theme, center: Pos2, size_px: f32) {
        let half = size_px / 2.0;
        let ring = Stroke::new(1.0, theme.mark_ring);
        let polygon = |offsets: &[Vec2]| {
            let points = offsets.iter().map(|offset| center + *offset * half);
            Shape::convex_polygon(points.collect(), self.color(), ring)
        };
        match self {
            Self::Single => {
                painter.circle(center, half, self.color(), ring);
            }
            Self::Threads => {
                let side = Rect::from_center_size(center, Vec2::splat(size_px * 0.88));
                painter.rect(side, 1.0, self.color(), ring, StrokeKind::Middle);
            }
            Self::Processes => {
                let reach = 1.18;
                painter.add(polygon(&[
                    vec2(0.0, -reach),
                    vec2(reach, 0.0),
                    vec2(0.0, reach),
                    vec2(-reach, 0.0),
                ]));
            }
            Self::GlobalLock => {
                painter.add(polygon(&[
                    vec2(0.0, -1.1),
                    vec2(1.15, 0.9),
                    vec2(-1.15, 0.9),
                ]));
            }
        }
    }
}

/// What a worker's time went into; computing takes its backend's colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhaseMark {
    Computing(BackendMark),
    Sending,
    Receiving,
    Writing,
    Waiting,
    LockWait,
    /// The worker's process is being made.
    Starting,
    /// The work waits for storage that is slow on purpose.
    SlowStorage,
}

impl PhaseMark {
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Computing(_) => "computing",
            Self::Sending => "sending",
            Self::Receiving => "receiving",
            Self::Writing => "writing",
            Self::Waiting => "waiting",
            Self::LockWait => "lock wait",
            Self::Starting => "starting",
            Self::SlowStorage => "slow storage (simulated)",
        }
    }

    #[must_use]
    pub const fn color(self) -> Color32 {
        match self {
            Self::Computing(backend) => backend.color(),
            Self::Sending => Color32::from_rgb(0xF0, 0xE4, 0x42),
            Self::Receiving => Color32::from_rgb(0x56, 0xB4, 0xE9),
            Self::Writing => Color32::from_rgb(0xB5, 0xD8, 0x6A),
            Self::Waiting => Color32::from_rgb(0x6A, 0x6A, 0x6A),
            Self::LockWait => Color32::from_rgb(0xD5, 0x5E, 0x00),
            Self::Starting => Color32::from_rgb(0xCC, 0x79, 0xA7),
            Self::SlowStorage => Color32::from_rgb(0x3C, 0x8F, 0xC8),
        }
    }

    /// Paints a piece of a lane, on a well. Waiting is hatched.
    pub fn paint(self, painter: &Painter, rect: Rect) {
        if self != Self::Waiting {
            painter.rect_filled(rect, 0.0, self.color());
            return;
        }
        painter.rect_filled(rect, 0.0, self.color().gamma_multiply(0.45));
        let clipped = painter.with_clip_rect(painter.clip_rect().intersect(rect));
        let stroke = Stroke::new(1.0, self.color());
        let step = 5.0;
        let mut x = rect.left() - rect.height();
        while x < rect.right() {
            let foot = pos2(x, rect.bottom());
            clipped.line_segment([foot, foot + vec2(rect.height(), -rect.height())], stroke);
            x += step;
        }
    }
}
