//! Text as outlines, from the window's own font.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider as _};

use super::shape::Anchor;

/// Licence: `assets/fonts/OFL.txt`.
static FONT: &[u8] = include_bytes!("../../../../assets/fonts/ParallaxSans-Regular.otf");

/// Pieces a curve is drawn in.
const N_PIECES: u32 = 6;

/// The outlines of a line of text; none where the font cannot be read, which a test rules out.
pub(super) fn outlines(text: &str, at: [f32; 2], size: f32, anchor: Anchor) -> Vec<Vec<[f32; 2]>> {
    let Ok(font) = FontRef::new(FONT) else {
        return Vec::new();
    };
    let (charmap, glyphs) = (font.charmap(), font.outline_glyphs());
    let metrics = font.glyph_metrics(Size::new(size), LocationRef::default());
    let glyph_of = |character: char| charmap.map(character).unwrap_or_default();
    let advance = |character| {
        metrics
            .advance_width(glyph_of(character))
            .unwrap_or_default()
    };
    let width: f32 = text.chars().map(advance).sum();
    let shift = match anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => width / 2.0,
        Anchor::End => width,
    };
    let mut pen = Pen {
        origin: [at[0] - shift, at[1]],
        outlines: Vec::new(),
    };
    for character in text.chars() {
        if let Some(glyph) = glyphs.get(glyph_of(character)) {
            let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
            // A glyph that cannot be drawn leaves its place empty.
            glyph.draw(settings, &mut pen).ok();
        }
        pen.origin[0] += advance(character);
    }
    pen.outlines
}

struct Pen {
    origin: [f32; 2],
    outlines: Vec<Vec<[f32; 2]>>,
}

impl Pen {
    /// Fonts count upwards, drawings downwards.
    fn placed(&self, x: f32, y: f32) -> [f32; 2] {
        [self.origin[0] + x, self.origin[1] - y]
    }

    fn push(&mut self, point: [f32; 2]) {
        if let Some(outline) = self.outlines.last_mut() {
            outline.push(point);
        }
    }

    fn last(&self) -> [f32; 2] {
        let outline = self.outlines.last();
        outline
            .and_then(|outline| outline.last())
            .copied()
            .unwrap_or_default()
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let start = self.placed(x, y);
        self.outlines.push(vec![start]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push(self.placed(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (from, control, to) = (self.last(), self.placed(cx, cy), self.placed(x, y));
        for piece in 1..=N_PIECES {
            let t = piece as f32 / N_PIECES as f32;
            let at = |axis: usize| {
                let (a, b) = (
                    mix(from[axis], control[axis], t),
                    mix(control[axis], to[axis], t),
                );
                mix(a, b, t)
            };
            self.push([at(0), at(1)]);
        }
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let from = self.last();
        let (first, second, to) = (self.placed(ax, ay), self.placed(bx, by), self.placed(x, y));
        for piece in 1..=N_PIECES {
            let t = piece as f32 / N_PIECES as f32;
            let at = |axis: usize| {
                let a = mix(from[axis], first[axis], t);
                let b = mix(first[axis], second[axis], t);
                let c = mix(second[axis], to[axis], t);
                mix(mix(a, b, t), mix(b, c, t), t)
            };
            self.push([at(0), at(1)]);
        }
    }

    fn close(&mut self) {}
}

fn mix(from: f32, to: f32, t: f32) -> f32 {
    from + (to - from) * t
}
