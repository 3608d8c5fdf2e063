//! Paints a lane: a bar for each piece that is wide enough to be seen, and columns of one pixel that
//! show by height what all narrower ones did.

use egui::{Color32, Mesh, Rect, pos2};

use crate::ui::theme::WELL;

use super::prepared::Prepared;
use super::span::Span;
use super::track::{N_CLASSES, Piece, STARTING, Track, WAITING};

/// Physical pixels from which a piece is a bar of its own.
const BAR_FROM_PX: f64 = 2.0;
/// Bars wider than this are parted by a pixel.
const PARTED_FROM_PX: f64 = 3.0;
/// Bars wider than this are marked where their tile changed its core.
const MARKED_FROM_PX: f64 = 6.0;
/// From this width on, waiting is hatched.
const HATCHED_FROM_PX: f64 = 8.0;
const HATCH_STEP: f32 = 5.0;
/// Points; hatching on lower lanes would be a pattern of its own.
const HATCHED_FROM_HEIGHT: f32 = 6.0;

/// Where a lane is painted and with what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// In points, on whole pixels.
    pub(super) rect: Rect,
    /// Width of a physical pixel, in points.
    pub(super) pixel: f32,
    pub(super) span: Span,
}

impl Place {
    fn n_columns(&self) -> f64 {
        f64::from((self.rect.width() / self.pixel).round().max(1.0))
    }

    /// In physical pixels from the left, of a moment since the run's start.
    fn column_of(&self, at_ns: f64) -> f64 {
        self.span.share_of(at_ns) * self.n_columns()
    }

    /// Since the run's start.
    fn moment_of(&self, column: f64) -> f64 {
        self.span.at(column / self.n_columns())
    }

    fn x_of(&self, column: f64) -> f32 {
        self.rect.left() + column as f32 * self.pixel
    }

    /// In points.
    pub(super) fn x_at(&self, at_ns: f64) -> f32 {
        self.x_of(self.column_of(at_ns))
    }

    /// From when to when the pixel under `x` reaches.
    pub(super) fn column_under(&self, x: f32) -> (f64, f64) {
        let column = f64::from((x - self.rect.left()) / self.pixel).floor();
        (self.moment_of(column), self.moment_of(column + 1.0))
    }

    /// How wide a stretch is, in physical pixels.
    pub(super) fn width_px(&self, duration_ns: u64) -> f64 {
        duration_ns as f64 / self.span.length * self.n_columns()
    }

    /// Whether a piece is a bar of its own here.
    pub(super) fn is_bar(&self, piece: &Piece) -> bool {
        self.width_px(piece.duration_ns()) >= BAR_FROM_PX
    }
}

/// Heights of a column's classes, in physical pixels.
type Stack = [u16; N_CLASSES];

/// The lane as triangles.
pub(super) fn lane_mesh(prepared: &Prepared, track: &Track, place: &Place) -> Mesh {
    let mut brush = Brush {
        mesh: Mesh::default(),
        place: *place,
        colors: prepared.classes.colors(),
        open: None,
    };
    let n_columns = place.n_columns();
    let (mut column, mut from) = (0.0, 0);
    while column < n_columns {
        let at_ns = prepared.clock(place.moment_of(column));
        from = track.first_after(from, at_ns);
        let Some(piece) = track.pieces().get(from) else {
            break;
        };
        let starts_at = place.column_of(prepared.since_start(piece.start_ns));
        let ends_at = place.column_of(prepared.since_start(piece.end_ns));
        if starts_at >= n_columns {
            break;
        }
        if starts_at >= column + 1.0 {
            column = starts_at.floor();
            continue;
        }
        let end = ends_at.round().min(n_columns);
        if starts_at.round() <= column && end - column >= BAR_FROM_PX {
            brush.bar(piece, column, end);
            column = end;
            continue;
        }
        let until_ns = prepared.clock(place.moment_of(column + 1.0));
        let (sum, next) = track.over(from, at_ns, until_ns.max(at_ns + 1));
        brush.column(column, &sum.ns, until_ns.saturating_sub(at_ns).max(1));
        from = next;
        column += 1.0;
    }
    brush.flush();
    brush.mesh
}

struct Brush {
    mesh: Mesh,
    place: Place,
    colors: [Color32; N_CLASSES],
    /// Columns that look alike, not painted yet: from, to, and how they look.
    open: Option<(f64, f64, Stack)>,
}

impl Brush {
    fn quad(&mut self, (from, to): (f64, f64), (top, bottom): (f32, f32), color: Color32) {
        let rect = Rect::from_min_max(
            pos2(self.place.x_of(from), top),
            pos2(self.place.x_of(to), bottom),
        );
        self.mesh.add_colored_rect(rect, color);
    }

    fn bar(&mut self, piece: &Piece, from: f64, to: f64) {
        self.flush();
        let (top, bottom) = (self.place.rect.top(), self.place.rect.bottom());
        let color = self.colors[usize::from(piece.class)];
        let parting = if to - from > PARTED_FROM_PX { 1.0 } else { 0.0 };
        if piece.class == WAITING {
            self.quad((from, to), (top, bottom), color.gamma_multiply(0.45));
            if to - from >= HATCHED_FROM_PX && bottom - top >= HATCHED_FROM_HEIGHT {
                self.hatch(from, to, color);
            }
            return;
        }
        self.quad((from, to - parting), (top, bottom), color);
        if piece.class == STARTING && to - from >= HATCHED_FROM_PX {
            self.hatch(from, to - parting, WELL.trough.gamma_multiply(0.6));
        }
        if piece.core_changed && to - from >= MARKED_FROM_PX {
            let notch = (to - parting - 3.0, to - parting);
            self.quad(notch, (top, top + 4.0 * self.place.pixel), WELL.trough);
        }
    }

    /// Slanted lines, each a quad cut at both ends of the bar.
    fn hatch(&mut self, from: f64, to: f64, color: Color32) {
        let (left, right) = (self.place.x_of(from), self.place.x_of(to));
        let Rect { min, max } = self.place.rect;
        let height = max.y - min.y;
        // On a grid of its own, so that panning does not make the lines crawl against each other.
        let mut foot = ((left - height) / HATCH_STEP).floor() * HATCH_STEP;
        while foot < right {
            let (x0, x1) = (foot.max(left), (foot + height).min(right));
            if x0 < x1 {
                let y_of = |x: f32| max.y - (x - foot);
                let base = self.mesh.vertices.len() as u32;
                let wide = self.place.pixel.max(1.0);
                for (x, y) in [
                    (x0, y_of(x0)),
                    ((x0 + wide).min(right), y_of(x0)),
                    ((x1 + wide).min(right), y_of(x1)),
                    (x1, y_of(x1)),
                ] {
                    self.mesh.colored_vertex(pos2(x, y), color);
                }
                self.mesh.add_triangle(base, base + 1, base + 2);
                self.mesh.add_triangle(base, base + 2, base + 3);
            }
            foot += HATCH_STEP;
        }
    }

    fn column(&mut self, column: f64, ns: &[u64; N_CLASSES], column_ns: u64) {
        let whole = (self.place.rect.height() / self.place.pixel).round();
        let mut stack = Stack::default();
        for (class, (height, ns)) in stack.iter_mut().zip(ns).enumerate() {
            if class != usize::from(WAITING) && *ns > 0 {
                let share = *ns as f32 / column_ns as f32;
                // Whatever happened there shows, however short it was.
                *height = (share * whole).round().max(1.0) as u16;
            }
        }
        match &mut self.open {
            Some((_, to, open)) if *to == column && *open == stack => *to = column + 1.0,
            _ => {
                self.flush();
                self.open = Some((column, column + 1.0, stack));
            }
        }
    }

    fn flush(&mut self) {
        let Some((from, to, stack)) = self.open.take() else {
            return;
        };
        let mut bottom = self.place.rect.bottom();
        for (class, height) in stack.into_iter().enumerate() {
            if height > 0 {
                let least = self.place.rect.top();
                let top = (bottom - f32::from(height) * self.place.pixel).max(least);
                self.quad((from, to), (top, bottom), self.colors[class]);
                bottom = top;
            }
        }
    }
}
