//! Shapes as pixels in a PNG file.

use crate::studio::lab::points::Scaling;

use super::drawing::{HEIGHT, WIDTH, drawing};
use super::glyphs;
use super::raster::Raster;
use super::shape::{Color, Mark, Shape, outline};

/// Pixels a point: sharp on a dense screen.
const SCALE: f32 = 2.0;

/// The chart as a PNG file.
///
/// # Errors
/// What the encoder says; in memory it has no reason to.
pub fn png(scaling: &Scaling) -> Result<Vec<u8>, png::EncodingError> {
    let (width, height) = ((WIDTH * SCALE) as usize, (HEIGHT * SCALE) as usize);
    let mut raster = Raster::new(width, height);
    for shape in drawing(scaling) {
        paint(&mut raster, &shape);
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&raster.into_rgb())?;
    writer.finish()?;
    Ok(bytes)
}

fn paint(raster: &mut Raster, shape: &Shape) {
    match shape {
        Shape::Rect { at, size, color } => {
            let [x, y] = *at;
            let (right, bottom) = (x + size[0], y + size[1]);
            let corners = vec![[x, y], [right, y], [right, bottom], [x, bottom]];
            fill(raster, &[corners], *color);
        }
        Shape::Line {
            points,
            color,
            width,
            dash,
        } => {
            let dashes = dash.map_or_else(|| vec![points.clone()], |dash| dashes(points, dash));
            for points in dashes {
                stroke(raster, &points, *width, *color);
            }
        }
        Shape::Mark { at, mark, color } => {
            let mut corners = outline(*mark, *at);
            if *mark == Mark::Ring {
                corners.extend(corners.first().copied());
                stroke(raster, &corners, 1.5, *color);
            } else {
                fill(raster, &[corners], *color);
            }
        }
        Shape::Text {
            at,
            text,
            size,
            anchor,
            color,
        } => fill(raster, &glyphs::outlines(text, *at, *size, *anchor), *color),
    }
}

fn fill(raster: &mut Raster, outlines: &[Vec<[f32; 2]>], color: Color) {
    let scaled = |outline: &Vec<[f32; 2]>| {
        let points = outline.iter().map(|[x, y]| [x * SCALE, y * SCALE]);
        points.collect::<Vec<_>>()
    };
    let outlines: Vec<_> = outlines.iter().map(scaled).collect();
    raster.fill(&outlines, color);
}

/// Each piece as a bar of its own.
fn stroke(raster: &mut Raster, points: &[[f32; 2]], width: f32, color: Color) {
    for pair in points.windows(2) {
        let ([x0, y0], [x1, y1]) = (pair[0], pair[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        if length == 0.0 {
            continue;
        }
        let (nx, ny) = (
            (y0 - y1) / length * width / 2.0,
            (x1 - x0) / length * width / 2.0,
        );
        let bar = vec![
            [x0 + nx, y0 + ny],
            [x1 + nx, y1 + ny],
            [x1 - nx, y1 - ny],
            [x0 - nx, y0 - ny],
        ];
        fill(raster, &[bar], color);
    }
}

/// The strokes of a broken line.
fn dashes(points: &[[f32; 2]], [on, off]: [f32; 2]) -> Vec<Vec<[f32; 2]>> {
    let mut dashes = Vec::new();
    let mut current: Vec<[f32; 2]> = points.first().copied().into_iter().collect();
    let (mut is_on, mut left) = (true, on);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to[0] - from[0]).hypot(to[1] - from[1]);
            if length <= left {
                left -= length;
                current.push(to);
                break;
            }
            let t = left / length;
            from = [
                from[0] + (to[0] - from[0]) * t,
                from[1] + (to[1] - from[1]) * t,
            ];
            current.push(from);
            if is_on {
                dashes.push(std::mem::take(&mut current));
            }
            is_on = !is_on;
            left = if is_on { on } else { off };
            current = vec![from];
        }
    }
    if is_on && current.len() > 1 {
        dashes.push(current);
    }
    dashes
}
