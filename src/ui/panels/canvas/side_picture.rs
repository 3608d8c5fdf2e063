//! One side's picture on the card: all of it, reduced, and over that its own pixels of what is in
//! sight, once the view stands still.

use std::time::Duration;

use egui::{
    Color32, ColorImage, Context, Painter, Rect, TextureHandle, TextureOptions, pos2, vec2,
};

use crate::studio::side_by_side::Raster;

/// Longest side of the reduced picture, in pixels.
const OVERVIEW_SIDE_PX: u32 = 2048;
/// A view that moved so lately is shown reduced.
const STILL_AFTER_S: f64 = 0.12;

/// See the module's own words.
pub(super) struct SidePicture {
    overview: TextureHandle,
    overview_factor: u32,
    detail: Option<Detail>,
    /// Where the whole picture lay when it was last painted, and since when.
    lay: (Rect, f64),
}

struct Detail {
    texture: TextureHandle,
    part: Part,
}

/// Pixels of a picture from `min` to below `max`, every `factor`-th of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    min: [u32; 2],
    max: [u32; 2],
    factor: u32,
}

impl SidePicture {
    pub(super) fn new(ctx: &Context, name: &str, raster: &Raster) -> Self {
        let factor = raster.size.long_side().div_ceil(OVERVIEW_SIDE_PX).max(1);
        let all = Part {
            min: [0, 0],
            max: [raster.size.width, raster.size.height],
            factor,
        };
        let image = cut(raster, all);
        Self {
            overview: ctx.load_texture(name, image, TextureOptions::LINEAR),
            overview_factor: factor,
            detail: None,
            lay: (Rect::NOTHING, 0.0),
        }
    }

    /// Makes what is in sight ready: `photo` is where the whole picture lies, in points.
    pub(super) fn look(&mut self, ctx: &Context, raster: &Raster, photo: Rect, visible: Rect) {
        let now_s = ctx.input(|input| input.time);
        if self.lay.0 != photo {
            self.lay = (photo, now_s);
        }
        let per_point = ctx.pixels_per_point();
        let Some(part) = self.part(raster, photo, (visible, per_point)) else {
            self.detail = None;
            return;
        };
        if self.detail.as_ref().is_some_and(|it| it.part == part) {
            return;
        }
        let rest_s = STILL_AFTER_S - (now_s - self.lay.1);
        if rest_s > 0.0 {
            ctx.request_repaint_after(Duration::from_secs_f64(rest_s));
            return;
        }
        let image = cut(raster, part);
        let texture = ctx.load_texture("side in sight", image, TextureOptions::LINEAR);
        self.detail = Some(Detail { texture, part });
    }

    /// What is in sight, where the reduced picture is too coarse for it.
    fn part(
        &self,
        raster: &Raster,
        photo: Rect,
        (visible, per_point): (Rect, f32),
    ) -> Option<Part> {
        let [width, height] = [raster.size.width, raster.size.height];
        let scale = photo.width() * per_point / width.max(1) as f32;
        let seen = visible.intersect(photo);
        if scale * self.overview_factor as f32 <= 1.0 || !seen.is_positive() {
            return None;
        }
        let factor = ((1.0 / scale).floor() as u32).max(1);
        let at = |share: f32, side: u32| (share * side as f32).clamp(0.0, side as f32);
        let x = |x: f32| at((x - photo.left()) / photo.width(), width);
        let y = |y: f32| at((y - photo.top()) / photo.height(), height);
        Some(Part {
            min: [x(seen.left()) as u32, y(seen.top()) as u32],
            max: [
                x(seen.right()).ceil() as u32,
                y(seen.bottom()).ceil() as u32,
            ],
            factor,
        })
    }

    pub(super) fn paint(&self, painter: &Painter, raster: &Raster, photo: Rect) {
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(self.overview.id(), photo, whole, Color32::WHITE);
        let Some(Detail { texture, part }) = &self.detail else {
            return;
        };
        let pixel = photo.size() / vec2(raster.size.width as f32, raster.size.height as f32);
        let at = |[x, y]: [u32; 2]| photo.min + vec2(x as f32, y as f32) * pixel;
        let n_pixels = texture.size_vec2() * part.factor as f32;
        let rect = Rect::from_min_size(at(part.min), n_pixels * pixel);
        painter.image(texture.id(), rect, whole, Color32::WHITE);
    }
}

/// Every pixel is one of the picture's own.
fn cut(raster: &Raster, part: Part) -> ColorImage {
    let Part { min, max, factor } = part;
    let n = |axis: usize| max[axis].saturating_sub(min[axis]).div_ceil(factor).max(1) as usize;
    let width = raster.size.width as usize;
    let mut rgb = Vec::with_capacity(n(0) * n(1) * 3);
    for row in 0..n(1) {
        let y = (min[1] as usize + row * factor as usize).min(raster.size.height as usize - 1);
        for column in 0..n(0) {
            let x = (min[0] as usize + column * factor as usize).min(width - 1);
            let at = (y * width + x) * 3;
            rgb.extend_from_slice(&raster.rgb[at..at + 3]);
        }
    }
    ColorImage::from_rgb([n(0), n(1)], &rgb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::geometry::Size;

    fn raster(width: u32, height: u32) -> Raster {
        let rgb = (0..width * height).flat_map(|idx| [idx as u8, (idx >> 8) as u8, 7]);
        Raster {
            size: Size::new(width, height),
            rgb: rgb.collect(),
        }
    }

    #[test]
    fn a_part_has_the_pictures_own_pixels() {
        let part = Part {
            min: [3, 1],
            max: [8, 3],
            factor: 2,
        };
        let image = cut(&raster(10, 4), part);
        assert_eq!(image.size, [3, 1]);
        let first: Vec<u8> = image.pixels.iter().map(Color32::r).collect();
        assert_eq!(first, [13, 15, 17]);
    }

    #[test]
    fn what_is_in_sight_comes_at_its_own_pixels_when_the_view_stands_still() {
        let (ctx, raster) = (Context::default(), raster(4096, 64));
        let mut side = SidePicture::new(&ctx, "left", &raster);
        assert_eq!(side.overview.size(), [2048, 32]);
        let visible = Rect::from_min_size(pos2(0.0, 0.0), vec2(400.0, 64.0));
        let mut frame = |time_s: f64, photo: Rect| {
            ctx.input_mut(|input| input.time = time_s);
            side.look(&ctx, &raster, photo, visible);
            side.detail.as_ref().map(|it| it.part)
        };
        let fitted = Rect::from_min_size(pos2(0.0, 0.0), vec2(400.0, 6.25));
        assert_eq!(frame(1.0, fitted), None, "the reduced one is fine enough");
        let whole = Rect::from_min_size(pos2(-100.0, 0.0), vec2(4096.0, 64.0));
        assert_eq!(frame(2.0, whole), None, "the view has just moved");
        let part = Part {
            min: [100, 0],
            max: [500, 64],
            factor: 1,
        };
        assert_eq!(frame(3.0, whole), Some(part));
        assert_eq!(frame(4.0, fitted), None);
    }
}
