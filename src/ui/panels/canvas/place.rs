//! Where the picture lies on the canvas, in physical pixels, and which view a gesture leads to.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::pixels::geometry::Rect as PixelRect;
use crate::pixels::geometry::Size;
use crate::studio::preview::PreviewFrame;
use crate::studio::view::{MAX_ZOOM, View, Zoom};

/// The canvas: where it is in points, and how many physical pixels a point has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ground {
    pub(super) rect: Rect,
    pub(super) px_per_point: f32,
}

impl Ground {
    /// On whole physical pixels, so that a picture of as many lies crisply.
    pub(super) fn new(rect: Rect, px_per_point: f32) -> Self {
        let snap = |value: f32| (value * px_per_point).round() / px_per_point;
        let rect = Rect::from_min_max(
            pos2(snap(rect.left()), snap(rect.top())),
            pos2(snap(rect.right()), snap(rect.bottom())),
        );
        Self { rect, px_per_point }
    }

    /// Physical pixels, at least one a side.
    pub(super) fn viewport(&self) -> Size {
        let side = |points: f32| ((points * self.px_per_point).round() as u32).max(1);
        Size::new(side(self.rect.width()), side(self.rect.height()))
    }

    /// From physical pixels of the canvas to points of the window.
    fn to_points(self, x_px: f64, y_px: f64) -> Pos2 {
        let per_point = f64::from(self.px_per_point);
        self.rect.min + vec2((x_px / per_point) as f32, (y_px / per_point) as f32)
    }

    /// From points of the window to physical pixels of the canvas.
    fn to_px(self, at: Pos2) -> [f64; 2] {
        let offset = (at - self.rect.min) * self.px_per_point;
        [f64::from(offset.x), f64::from(offset.y)]
    }
}

/// What a preview's pixels are of; the names are those of [`PreviewFrame`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub(super) region: PixelRect,
    pub(super) frame_size: Size,
    pub(super) full_size: Size,
    pub(super) scale: f64,
    pub(super) screen_scale: f64,
    pub(super) is_draft: bool,
}

impl Placed {
    pub(super) const fn of(frame: &PreviewFrame) -> Self {
        Self {
            region: frame.region,
            frame_size: frame.frame_size,
            full_size: frame.full_size,
            scale: frame.scale,
            screen_scale: frame.screen_scale,
            is_draft: frame.is_draft,
        }
    }

    /// Whether nothing of the picture is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.region == PixelRect::of(self.frame_size)
    }
}

/// Left, top, width and height of the whole picture in physical pixels of the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Picture {
    min_px: [f64; 2],
    size_px: [f64; 2],
}

impl Picture {
    fn new(view: &View, size_px: [f64; 2]) -> Self {
        let viewport = [view.viewport.width, view.viewport.height];
        let min = |axis: usize| {
            let middle = f64::from(viewport[axis]) / 2.0;
            (middle - view.centre[axis] * size_px[axis]).round()
        };
        Self {
            min_px: [min(0), min(1)],
            size_px,
        }
    }
}

/// The whole picture under `view`, in points.
pub(super) fn picture_rect(ground: Ground, view: &View, full_size: Size) -> Rect {
    let view = view.held_inside(full_size);
    let scale = view.screen_scale(full_size);
    let size_px = [
        f64::from(full_size.width) * scale,
        f64::from(full_size.height) * scale,
    ];
    rect_of(ground, Picture::new(&view, size_px), [0.0; 2], [1.0; 2])
}

/// Where a finished preview lies under `view`, in points: pixel on pixel where it was computed for
/// this very scale, stretched where it was not.
pub(super) fn frame_rect(ground: Ground, view: &View, frame: &Placed) -> Rect {
    let view = view.held_inside(frame.full_size);
    let screen_scale = view.screen_scale(frame.full_size);
    let is_exact = (screen_scale / frame.screen_scale - 1.0).abs() < 1e-9 && !frame.is_draft;
    let whole = frame.frame_size;
    let size_px = if is_exact {
        let magnification = (screen_scale / frame.scale).max(1.0);
        [whole.width, whole.height].map(|side| f64::from(side) * magnification)
    } else {
        [frame.full_size.width, frame.full_size.height].map(|side| f64::from(side) * screen_scale)
    };
    let (region, whole) = (frame.region, [whole.width, whole.height].map(f64::from));
    let from = [region.x, region.y];
    let to = [region.right(), region.bottom()];
    let share = |corner: [u32; 2]| [0, 1].map(|axis| f64::from(corner[axis]) / whole[axis]);
    rect_of(ground, Picture::new(&view, size_px), share(from), share(to))
}

/// The part of the picture between two corners given as shares of it.
fn rect_of(ground: Ground, picture: Picture, from: [f64; 2], to: [f64; 2]) -> Rect {
    let corner = |share: [f64; 2]| {
        let [x, y] = [0, 1].map(|axis| picture.min_px[axis] + share[axis] * picture.size_px[axis]);
        ground.to_points(x, y)
    };
    Rect::from_min_max(corner(from), corner(to))
}

/// `view` zoomed by `factor` with the picture's point under `at` staying there. Zooming out ends at
/// fit.
pub(super) fn zoomed(
    ground: Ground,
    view: &View,
    full_size: Size,
    (factor, at): (f64, Pos2),
) -> View {
    let fit = View {
        zoom: Zoom::Fit,
        ..*view
    };
    let fit_scale = fit.screen_scale(full_size);
    let scale = (view.screen_scale(full_size) * factor).min(MAX_ZOOM);
    if scale <= fit_scale * 1.000_001 {
        return View {
            centre: [0.5, 0.5],
            ..fit
        };
    }
    at_scale(ground, view, full_size, (scale, at))
}

/// `view` at `scale`, with the picture's point under `at` staying there.
pub(super) fn at_scale(
    ground: Ground,
    view: &View,
    full_size: Size,
    (scale, at): (f64, Pos2),
) -> View {
    let old = view.held_inside(full_size);
    let old_scale = old.screen_scale(full_size);
    let pointer = ground.to_px(at);
    let full = [full_size.width, full_size.height].map(f64::from);
    let viewport = [view.viewport.width, view.viewport.height].map(f64::from);
    let centre = [0, 1].map(|axis| {
        let from_middle = pointer[axis] - viewport[axis] / 2.0;
        let under = old.centre[axis] + from_middle / (old_scale * full[axis]);
        under - from_middle / (scale * full[axis])
    });
    View {
        zoom: Zoom::Scale(scale),
        centre,
        ..*view
    }
    .held_inside(full_size)
}

/// `view` moved with the picture following the hand by `by` points.
pub(super) fn panned(ground: Ground, view: &View, full_size: Size, by: Vec2) -> View {
    let view = view.held_inside(full_size);
    let scale = view.screen_scale(full_size);
    let full = [full_size.width, full_size.height].map(f64::from);
    let by_px = [by.x, by.y].map(|points| f64::from(points * ground.px_per_point));
    View {
        centre: [0, 1].map(|axis| view.centre[axis] - by_px[axis] / (scale * full[axis])),
        ..view
    }
    .held_inside(full_size)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Size = Size::new(4000, 3000);

    fn ground(px_per_point: f32) -> Ground {
        let rect = Rect::from_min_max(pos2(100.0, 50.0), pos2(900.0, 650.0));
        Ground::new(rect, px_per_point)
    }

    fn view(ground: Ground, zoom: Zoom) -> View {
        View {
            viewport: ground.viewport(),
            zoom,
            ..View::default()
        }
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        for px_per_point in [1.0, 1.5, 2.0] {
            let ground = ground(px_per_point);
            let before = view(ground, Zoom::Scale(1.0));
            let at = pos2(333.0, 444.0);
            let after = zoomed(ground, &before, FULL, (1.7, at));
            let share = |view: &View| {
                let rect = picture_rect(ground, view, FULL);
                ((at - rect.min) / rect.size()).to_pos2()
            };
            let moved_px = (share(&before) - share(&after)) * vec2(6800.0, 5100.0);
            assert!(moved_px.length() < 2.0, "{moved_px:?}");
        }
    }

    #[test]
    fn zooming_out_ends_at_fit_and_in_at_the_limit() {
        let ground = ground(1.0);
        let start = view(ground, Zoom::Scale(0.5));
        let out = zoomed(ground, &start, FULL, (0.01, pos2(200.0, 200.0)));
        assert_eq!((out.zoom, out.centre), (Zoom::Fit, [0.5, 0.5]));
        let deep = zoomed(ground, &start, FULL, (1e6, pos2(200.0, 200.0)));
        assert_eq!(deep.zoom, Zoom::Scale(MAX_ZOOM));
    }

    #[test]
    fn the_fitted_picture_lies_in_the_middle_on_whole_pixels() {
        let ground = ground(1.5);
        let rect = picture_rect(ground, &view(ground, Zoom::Fit), FULL);
        assert!((rect.center() - ground.rect.center()).length() < 1.0);
        assert!(ground.rect.expand(0.01).contains_rect(rect));
        let left_px = (rect.left() - ground.rect.left()) * 1.5;
        assert!((left_px - left_px.round()).abs() < 1e-3, "{left_px}");
    }

    #[test]
    fn panning_moves_with_the_hand_and_never_off_the_canvas() {
        let ground = ground(2.0);
        let start = view(ground, Zoom::Scale(1.0));
        let moved = panned(ground, &start, FULL, vec2(10.0, -6.0));
        let by = picture_rect(ground, &moved, FULL).min - picture_rect(ground, &start, FULL).min;
        assert!((by - vec2(10.0, -6.0)).length() < 1.0, "{by:?}");
        let far = panned(ground, &start, FULL, vec2(1e6, 1e6));
        assert!(picture_rect(ground, &far, FULL).contains_rect(ground.rect));
    }
}
