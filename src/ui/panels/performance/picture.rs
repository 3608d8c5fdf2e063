//! The panel as a picture: what the screen shows of it, and nothing else.

use std::sync::Arc;

use egui::{ColorImage, Context, Rect, ScreenshotCallback, ViewportCommand, pos2};

use super::state::PerformanceState;

/// Hands the panel's pixels to `take`, on whatever thread has them, once they are on the screen; false
/// where the panel is not shown.
#[must_use]
pub fn panel_picture(
    ctx: &Context,
    state: &PerformanceState,
    take: impl FnOnce(ColorImage) + Send + 'static,
) -> bool {
    let Some((window, rect)) = state.lies_at else {
        return false;
    };
    let per_point = ctx.pixels_per_point();
    let callback = ScreenshotCallback::new(move |picture: Arc<ColorImage>| {
        take(cut(&picture, rect, per_point));
    });
    ctx.send_viewport_cmd_to(window, ViewportCommand::Screenshot(callback));
    true
}

/// The part of the window's picture where the panel lies.
fn cut(picture: &ColorImage, rect: Rect, per_point: f32) -> ColorImage {
    let [width, height] = picture.size.map(|side| side as f32);
    let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(width, height));
    let scaled = |at: egui::Pos2| pos2((at.x * per_point).round(), (at.y * per_point).round());
    let part = Rect::from_min_max(scaled(rect.min), scaled(rect.max)).intersect(all);
    picture.region(&part, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Color32;

    #[test]
    fn the_picture_is_the_panel_at_the_screens_scale() {
        let pixels = (0..8 * 6).map(Color32::from_gray).collect();
        let picture = ColorImage::new([8, 6], pixels);
        let rect = Rect::from_min_max(pos2(0.0, 2.0), pos2(9.0, 3.0));
        let part = cut(&picture, rect, 2.0);
        assert_eq!(part.size, [8, 2]);
        assert_eq!(part.pixels[0], Color32::from_gray(32));
    }
}
