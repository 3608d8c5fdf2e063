//! Which part of the picture a viewport shows, and at which scale it must be computed.

use crate::pixels::geometry::{Rect, Size};

/// Screen pixels a photo pixel, at most.
pub const MAX_ZOOM: f64 = 16.0;

/// Screen pixels a photo pixel, at least.
pub const MIN_ZOOM: f64 = 0.01;

/// How large the picture is shown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Zoom {
    /// As large as fits, but not above one screen pixel a photo pixel.
    #[default]
    Fit,
    /// Screen pixels a photo pixel.
    Scale(f64),
}

/// What a person looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Physical pixels of the canvas.
    pub viewport: Size,
    /// Physical pixels left free on every side where the picture is fitted.
    pub margin_px: u32,
    pub zoom: Zoom,
    /// Point of the picture in the middle of the canvas, 0…1 each way.
    pub centre: [f64; 2],
}

impl Default for View {
    fn default() -> Self {
        Self {
            viewport: Size::new(1, 1),
            margin_px: 0,
            zoom: Zoom::Fit,
            centre: [0.5, 0.5],
        }
    }
}

impl View {
    /// Screen pixels a photo pixel for a picture of `full_size` at scale 1.
    #[must_use]
    pub fn screen_scale(&self, full_size: Size) -> f64 {
        match self.zoom {
            Zoom::Fit => {
                let side = |viewport: u32, length: u32| {
                    let free = viewport.saturating_sub(2 * self.margin_px).max(1);
                    f64::from(free) / f64::from(length.max(1))
                };
                let across = side(self.viewport.width, full_size.width);
                let down = side(self.viewport.height, full_size.height);
                across.min(down).clamp(1e-6, 1.0)
            }
            Zoom::Scale(scale) => scale.clamp(MIN_ZOOM, MAX_ZOOM),
        }
    }

    /// The scale pixels are computed at: never above the photo's own.
    #[must_use]
    pub fn render_scale(&self, full_size: Size) -> f64 {
        self.screen_scale(full_size).min(1.0)
    }

    /// The visible part of the picture, in pixels of the frame at the render scale.
    #[must_use]
    pub fn region(&self, full_size: Size, frame: Size) -> Rect {
        let magnification = (self.screen_scale(full_size) / self.render_scale(full_size)).max(1.0);
        let side = |viewport: u32, length: u32, centre: f64| {
            let visible = (f64::from(viewport) / magnification).ceil() as u32;
            let visible = visible.saturating_add(1).min(length);
            let start = centre.clamp(0.0, 1.0) * f64::from(length) - f64::from(visible) / 2.0;
            let start = start.round().clamp(0.0, f64::from(length - visible));
            (start as u32, visible)
        };
        let (x, width) = side(self.viewport.width, frame.width, self.centre[0]);
        let (y, height) = side(self.viewport.height, frame.height, self.centre[1]);
        Rect::new(x, y, width, height)
    }

    /// The centre moved so that the picture does not leave the canvas.
    #[must_use]
    pub fn held_inside(mut self, full_size: Size) -> Self {
        let scale = self.screen_scale(full_size);
        let hold = |centre: f64, viewport: u32, length: u32| {
            let half = f64::from(viewport) / (2.0 * scale * f64::from(length.max(1)));
            if half >= 0.5 {
                0.5
            } else {
                centre.clamp(half, 1.0 - half)
            }
        };
        self.centre = [
            hold(self.centre[0], self.viewport.width, full_size.width),
            hold(self.centre[1], self.viewport.height, full_size.height),
        ];
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fit_shows_everything_and_never_magnifies() {
        let view = View {
            viewport: Size::new(1600, 1000),
            ..View::default()
        };
        let full = Size::new(8192, 4474);
        let scale = view.render_scale(full);
        assert_eq!(scale, 1600.0 / 8192.0);
        let frame = full.scaled(scale);
        assert_eq!(view.region(full, frame), Rect::of(frame));
        assert_eq!(view.screen_scale(Size::new(100, 80)), 1.0);
    }

    #[test]
    fn a_margin_stays_free_around_the_fitted_picture_alone() {
        let mut view = View {
            viewport: Size::new(1000, 1000),
            margin_px: 50,
            ..View::default()
        };
        let full = Size::new(9000, 3000);
        assert_eq!(view.screen_scale(full), 0.1);
        view.zoom = Zoom::Scale(1.0);
        assert_eq!(view.region(full, full).width, 1001);
    }

    #[test]
    fn a_zoomed_view_shows_what_fits_the_viewport_and_stays_inside() {
        let full = Size::new(4000, 3000);
        let view = View {
            viewport: Size::new(800, 600),
            zoom: Zoom::Scale(2.0),
            centre: [0.0, 1.0],
            ..View::default()
        };
        assert_eq!(view.render_scale(full), 1.0);
        let region = view.held_inside(full).region(full, full);
        assert_eq!((region.width, region.height), (401, 301));
        assert!(Rect::of(full).contains(region) && region.x == 0);
    }
}
