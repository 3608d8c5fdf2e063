//! Shapes as SVG text.

use std::fmt::Write as _;

use crate::studio::lab::points::Scaling;

use super::drawing::{HEIGHT, WIDTH, drawing};
use super::shape::{Anchor, Color, Mark, Shape, outline};

/// The chart as an SVG file.
#[must_use]
pub fn svg(scaling: &Scaling) -> String {
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"Parallax Sans, Inter, sans-serif\">\n\
         <title>Scaling of one edit of {}</title>\n",
        escaped(&scaling.photo)
    );
    for shape in drawing(scaling) {
        write_shape(&mut text, &shape);
    }
    text.push_str("</svg>\n");
    text
}

/// Writing to a string cannot fail.
fn write_shape(out: &mut String, shape: &Shape) {
    let written = match shape {
        Shape::Rect { at, size, color } => writeln!(
            out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
            at[0],
            at[1],
            size[0],
            size[1],
            hex(*color)
        ),
        Shape::Line {
            points,
            color,
            width,
            dash,
        } => {
            let dash = dashed(*dash);
            writeln!(
                out,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" \
                 stroke-linejoin=\"round\"{dash}/>",
                listed(points),
                hex(*color)
            )
        }
        Shape::Mark { at, mark, color } => {
            let points = listed(&outline(*mark, *at));
            let color = hex(*color);
            if *mark == Mark::Ring {
                let look = format!("fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"");
                writeln!(out, "<polygon points=\"{points}\" {look}/>")
            } else {
                writeln!(out, "<polygon points=\"{points}\" fill=\"{color}\"/>")
            }
        }
        Shape::Text {
            at,
            text,
            size,
            anchor,
            color,
        } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size}\" text-anchor=\"{anchor}\" \
                 fill=\"{}\">{}</text>",
                at[0],
                at[1],
                hex(*color),
                escaped(text)
            )
        }
    };
    written.ok();
}

fn dashed(dash: Option<[f32; 2]>) -> String {
    dash.map_or_else(String::new, |[stroke, gap]| {
        format!(" stroke-dasharray=\"{stroke} {gap}\"")
    })
}

fn listed(points: &[[f32; 2]]) -> String {
    let points = points.iter().map(|[x, y]| format!("{x:.1},{y:.1}"));
    points.collect::<Vec<_>>().join(" ")
}

fn hex([r, g, b]: Color) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// Names of photos may hold anything; control characters have no place in XML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !character.is_control()) {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
