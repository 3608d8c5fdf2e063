//! Icons drawn by hand as strokes of 1.7 px in a box of 18, so that they stay crisp at every scale.
//! `strokes` holds the drawings; this file paints them.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2};

use crate::ui::theme::size;

mod strokes;

/// One sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    Open,
    Save,
    Image,
    Undo,
    Redo,
    History,
    Presets,
    Crop,
    Compare,
    Wipe,
    RotateLeft,
    RotateRight,
    FlipHorizontal,
    FlipVertical,
    Play,
    Stop,
    Export,
    Search,
    Eye,
    EyeOff,
    ChevronRight,
    ChevronDown,
    ChevronUp,
    ChevronLeft,
    Grip,
    More,
    Plus,
    Minus,
    Close,
    Reset,
    Trash,
    Duplicate,
    Warning,
    Error,
    Ok,
    Info,
    Keyboard,
    Gear,
    Theme,
    FoldPanel,
    Core,
    Timeline,
    Table,
    Chart,
    Clipping,
    ZoomIn,
    ZoomOut,
    Fit,
    Clock,
}

/// A piece of a drawing, in a box of 18 by 18.
#[derive(Debug, Clone, Copy)]
enum Mark {
    Line(&'static [(f32, f32)]),
    Closed(&'static [(f32, f32)]),
    /// Middle and radius.
    Circle(f32, f32, f32),
    Dot(f32, f32, f32),
    /// Middle, radius, from and to in degrees clockwise from the right.
    Arc(f32, f32, f32, f32, f32),
    Filled(&'static [(f32, f32)]),
}

impl Icon {
    /// Paints the icon into a square around `rect`'s middle, [`size::ICON`] wide.
    pub fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        self.paint_sized(painter, rect.center(), size::ICON, color);
    }

    /// As [`Self::paint`], `width` points wide; the stroke follows.
    pub fn paint_sized(self, painter: &Painter, center: Pos2, width: f32, color: Color32) {
        let scale = width / size::ICON;
        let stroke = Stroke::new(size::ICON_STROKE * scale, color);
        let place =
            |(x, y): (f32, f32)| pos2(center.x + (x - 9.0) * scale, center.y + (y - 9.0) * scale);
        for mark in strokes::of(self) {
            paint_mark(painter, *mark, scale, stroke, &place);
        }
    }
}

fn paint_mark(
    painter: &Painter,
    mark: Mark,
    scale: f32,
    stroke: Stroke,
    place: &dyn Fn((f32, f32)) -> Pos2,
) {
    match mark {
        Mark::Line(points) => {
            let points: Vec<Pos2> = points.iter().map(|point| place(*point)).collect();
            round_ends(painter, &points, stroke);
            painter.add(Shape::line(points, stroke));
        }
        Mark::Closed(points) => {
            let points = points.iter().map(|point| place(*point)).collect();
            painter.add(Shape::closed_line(points, stroke));
        }
        Mark::Filled(points) => {
            let points = points.iter().map(|point| place(*point)).collect();
            painter.add(Shape::convex_polygon(points, stroke.color, Stroke::NONE));
        }
        Mark::Circle(x, y, radius) => {
            painter.circle_stroke(place((x, y)), radius * scale, stroke);
        }
        Mark::Dot(x, y, radius) => {
            painter.circle_filled(place((x, y)), radius * scale, stroke.color);
        }
        Mark::Arc(x, y, radius, from, to) => {
            let n_steps = 24;
            let point = |step: i32| {
                let share = step as f32 / n_steps as f32;
                let angle = (from + (to - from) * share).to_radians();
                place((x + radius * angle.cos(), y + radius * angle.sin()))
            };
            let points: Vec<Pos2> = (0..=n_steps).map(point).collect();
            round_ends(painter, &points, stroke);
            painter.add(Shape::line(points, stroke));
        }
    }
}

/// egui's lines end flat; a dot at both ends rounds them.
fn round_ends(painter: &Painter, points: &[Pos2], stroke: Stroke) {
    for end in [points.first(), points.last()].into_iter().flatten() {
        painter.circle_filled(*end, stroke.width / 2.0, stroke.color);
    }
}
