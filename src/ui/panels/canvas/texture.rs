//! A preview's pixels on the graphics card, in pieces where the card wants smaller ones.

use std::sync::Arc;

use egui::{Color32, ColorImage, Context, Painter, Rect, TextureHandle, TextureOptions, pos2};

use crate::pixels::geometry::Size;
use crate::ui::theme::{Theme, WELL};

/// How the pixels are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    /// Single pixels stay visible as squares.
    pub(super) is_sharp: bool,
    /// Where values end at black or white is marked.
    pub(super) marks_clipping: bool,
}

/// One picture on the card.
#[derive(Default)]
pub(super) struct Texture {
    size: Size,
    pieces: Vec<Piece>,
}

struct Piece {
    /// In pixels of the picture: left, top, right, bottom.
    from: [usize; 2],
    to: [usize; 2],
    handle: TextureHandle,
}

impl Texture {
    /// Puts RGBA pixels (straight alpha, packed) on the card, where the old ones were if the size is
    /// the same.
    pub(super) fn set(&mut self, ctx: &Context, (size, rgba): (Size, &[u8]), manner: Manner) {
        let max_side = ctx.input(|input| input.max_texture_side).max(64);
        let is_same_size = self.size == size && !self.pieces.is_empty();
        let options = if manner.is_sharp {
            TextureOptions::NEAREST
        } else {
            TextureOptions::LINEAR
        };
        if !is_same_size {
            self.size = size;
            self.pieces.clear();
        }
        let [width, height] = [size.width as usize, size.height as usize];
        let starts = |length: usize| (0..length).step_by(max_side);
        let corners = starts(height).flat_map(|y| starts(width).map(move |x| [x, y]));
        for (idx, from) in corners.enumerate() {
            let to = [
                (from[0] + max_side).min(width),
                (from[1] + max_side).min(height),
            ];
            let image = Arc::new(cut(rgba, width, (from, to), manner.marks_clipping));
            match self.pieces.get_mut(idx) {
                Some(piece) => piece.handle.set(image, options),
                None => self.pieces.push(Piece {
                    from,
                    to,
                    handle: ctx.load_texture("picture", image, options),
                }),
            }
        }
    }

    /// Stretches the whole picture over `rect`.
    pub(super) fn paint(&self, painter: &Painter, rect: Rect) {
        let [width, height] = [self.size.width, self.size.height].map(|side| side.max(1) as f32);
        let at = |[x, y]: [usize; 2]| {
            pos2(
                rect.left() + rect.width() * x as f32 / width,
                rect.top() + rect.height() * y as f32 / height,
            )
        };
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        for piece in &self.pieces {
            let target = Rect::from_min_max(at(piece.from), at(piece.to));
            painter.image(piece.handle.id(), target, uv, Color32::WHITE);
        }
    }
}

fn cut(
    rgba: &[u8],
    width: usize,
    (from, to): ([usize; 2], [usize; 2]),
    marks_clipping: bool,
) -> ColorImage {
    let size = [to[0] - from[0], to[1] - from[1]];
    let mut pixels = Vec::with_capacity(size[0] * size[1]);
    for y in from[1]..to[1] {
        let row = &rgba[(y * width + from[0]) * 4..(y * width + to[0]) * 4];
        if marks_clipping {
            let marked = row.chunks_exact(4).enumerate();
            pixels.extend(marked.map(|(x, pixel)| marked_color(pixel, x + y)));
        } else if row.chunks_exact(4).all(|pixel| pixel[3] == 255) {
            // Nothing to multiply: a copy, which matters while a slider is dragged.
            let opaque =
                |pixel: &[u8]| Color32::from_rgba_premultiplied(pixel[0], pixel[1], pixel[2], 255);
            pixels.extend(row.chunks_exact(4).map(opaque));
        } else {
            pixels.extend(row.chunks_exact(4).map(color));
        }
    }
    ColorImage::new(size, pixels)
}

fn color(pixel: &[u8]) -> Color32 {
    if pixel[3] == 255 {
        Color32::from_rgba_premultiplied(pixel[0], pixel[1], pixel[2], 255)
    } else {
        Color32::from_rgba_unmultiplied(pixel[0], pixel[1], pixel[2], pixel[3])
    }
}

/// Stripes where a channel is at its upper end, a flat colour where one is at its lower: told apart
/// without seeing colours.
fn marked_color(pixel: &[u8], diagonal: usize) -> Color32 {
    let (low, high) = (
        pixel[..3].iter().min().copied(),
        pixel[..3].iter().max().copied(),
    );
    match (low, high) {
        (_, Some(255)) if diagonal % 8 < 5 => Theme::dark().error,
        (Some(0), _) => WELL.cold,
        _ => color(pixel),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_hold_the_right_pixels() {
        let rgba: Vec<u8> = (0..6_u8).flat_map(|i| [i, i, i, 255]).collect();
        let piece = cut(&rgba, 3, ([1, 0], [3, 2]), false);
        let greys: Vec<u8> = piece.pixels.iter().map(Color32::r).collect();
        assert_eq!((piece.size, greys), ([2, 2], vec![1, 2, 4, 5]));
    }

    #[test]
    fn clipped_pixels_are_marked_and_others_are_not() {
        let rgba = [255, 9, 9, 255, 0, 9, 9, 255, 9, 9, 9, 255];
        let piece = cut(&rgba, 3, ([0, 0], [3, 1]), true);
        assert_eq!(piece.pixels[0], Theme::dark().error);
        assert_eq!(piece.pixels[1], WELL.cold);
        assert_eq!(piece.pixels[2], Color32::from_gray(9));
    }

    #[test]
    fn a_picture_larger_than_the_card_takes_is_cut() {
        let ctx = Context::default();
        let mut texture = Texture::default();
        let size = Size::new(5000, 3);
        let manner = Manner {
            is_sharp: false,
            marks_clipping: false,
        };
        texture.set(&ctx, (size, &vec![255; 5000 * 3 * 4]), manner);
        assert_eq!(texture.pieces.len(), 3);
        assert_eq!(texture.pieces[2].to, [5000, 3]);
    }
}
