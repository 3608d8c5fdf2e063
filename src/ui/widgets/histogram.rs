//! Red, green, blue and luma of what is on the canvas, with a mark at each end that lights where
//! something is clipped.

use egui::accesskit::Role;
use egui::{
    Color32, Mesh, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::ui::theme::{Theme, WELL, size};

use super::{focus, tooltip};

pub const HISTOGRAM_HEIGHT: f32 = 84.0;
const N_BINS: usize = 256;
/// Below this share of pixels a clipped end stays dark.
const CLIPPED_SHARE: f64 = 1e-4;
const CORNER: f32 = 10.0;

/// Counts of pixels by level: red, green, blue, luma.
pub type HistogramBins = [[u32; N_BINS]; 4];

/// Over the whole width there is; without counts only the well. A click asks for the clipping marks
/// on the photo, `shows_clipping` says whether they are on.
pub fn histogram(ui: &mut Ui, bins: Option<&HistogramBins>, shows_clipping: bool) -> Response {
    let wanted = vec2(ui.available_width(), HISTOGRAM_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    response.widget_info(|| {
        let name = "Histogram: show clipping on the photo";
        WidgetInfo::selected(Role::Button, ui.is_enabled(), shows_clipping, name)
    });
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, size::RADIUS_CONTROL, WELL.ground);
    if let Some(bins) = bins {
        let plot = rect.shrink2(vec2(0.0, 4.0));
        let peak = peak(bins);
        for (channel, ink) in [(0, WELL.red), (1, WELL.green), (2, WELL.blue)] {
            painter.add(Shape::mesh(area(plot, &bins[channel], peak, ink)));
        }
        let crest: Vec<Pos2> = (0..N_BINS)
            .map(|bin| crest_at(plot, &bins[3], peak, bin))
            .collect();
        let faint = WELL.luma.gamma_multiply(0.55);
        painter.add(Shape::line(crest, Stroke::new(1.0, faint)));
        let n_pixels: f64 = bins[3].iter().map(|count| f64::from(*count)).sum();
        end_mark(
            &painter,
            rect,
            (&clipped(bins, 0, n_pixels), true),
            shows_clipping,
        );
        end_mark(
            &painter,
            rect,
            (&clipped(bins, N_BINS - 1, n_pixels), false),
            shows_clipping,
        );
    }
    let theme = Theme::of(ui);
    if response.hovered() {
        let line = Stroke::new(1.0, theme.pressed);
        let radius = size::RADIUS_CONTROL;
        painter.rect_stroke(rect, radius, line, egui::StrokeKind::Inside);
    }
    focus::ring(ui, &response);
    tooltip::tip(response, "Show what is clipped on the photo", "J")
}

/// The highest bar the plot scales to; the two ends may rise above it, or a black sky would flatten
/// all the rest.
fn peak(bins: &HistogramBins) -> f32 {
    let inner = bins.iter().flat_map(|channel| &channel[1..N_BINS - 1]);
    inner.copied().max().unwrap_or(0).max(1) as f32
}

fn height_share(count: u32, peak: f32) -> f32 {
    (count as f32 / peak).min(1.0).powf(0.75)
}

fn crest_at(plot: Rect, counts: &[u32; N_BINS], peak: f32, bin: usize) -> Pos2 {
    // A neighbour on each side calms the comb that a contrast curve makes of 8-bit levels.
    let at = |bin: usize| height_share(counts[bin.min(N_BINS - 1)], peak);
    let height = 0.25 * at(bin.saturating_sub(1)) + 0.5 * at(bin) + 0.25 * at(bin + 1);
    pos2(
        plot.left() + plot.width() * bin as f32 / (N_BINS - 1) as f32,
        plot.bottom() - plot.height() * height,
    )
}

fn area(plot: Rect, counts: &[u32; N_BINS], peak: f32, ink: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for bin in 0..N_BINS {
        let crest = crest_at(plot, counts, peak, bin);
        mesh.colored_vertex(crest, ink);
        mesh.colored_vertex(pos2(crest.x, plot.bottom()), ink);
        let first = 2 * bin as u32;
        if bin + 1 < N_BINS {
            mesh.add_triangle(first, first + 1, first + 2);
            mesh.add_triangle(first + 1, first + 2, first + 3);
        }
    }
    mesh
}

/// Which of red, green and blue are clipped at this bin.
fn clipped(bins: &HistogramBins, bin: usize, n_pixels: f64) -> [bool; 3] {
    let least = n_pixels * CLIPPED_SHARE;
    [0, 1, 2].map(|channel: usize| n_pixels > 0.0 && f64::from(bins[channel][bin]) > least)
}

/// The corner's triangle: dark, or in the colour of what is clipped, white where all is.
fn end_mark(painter: &Painter, rect: Rect, (is_clipped, is_left): (&[bool; 3], bool), is_on: bool) {
    let parts = [WELL.red, WELL.green, WELL.blue];
    let lit = parts.iter().zip(is_clipped).filter(|(_, lit)| **lit);
    let ink = match lit.clone().count() {
        0 => WELL.line,
        3 => WELL.text,
        _ => lit.fold(WELL.line, |sum, (part, _)| {
            sum.blend(part.linear_multiply(1.0)).to_opaque()
        }),
    };
    let inset = 5.0;
    let (corner, inward) = if is_left {
        (rect.left_top() + vec2(inset, inset), CORNER)
    } else {
        (rect.right_top() + vec2(-inset, inset), -CORNER)
    };
    let points = vec![
        corner,
        corner + vec2(inward, 0.0),
        corner + vec2(0.0, CORNER),
    ];
    let edge = if is_on {
        Stroke::new(1.0, WELL.text)
    } else {
        Stroke::NONE
    };
    painter.add(Shape::convex_polygon(points, ink, edge));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_clipped_end_lights_its_own_channels() {
        let mut bins = [[10_u32; N_BINS]; 4];
        bins[0][255] = 5000;
        let n_pixels = 10_000.0;
        bins[1][255] = 0;
        bins[2][255] = 0;
        assert_eq!(clipped(&bins, 255, n_pixels), [true, false, false]);
        assert_eq!(clipped(&bins, 0, 0.0), [false; 3], "no photo, no mark");
    }

    #[test]
    fn black_borders_do_not_flatten_the_rest() {
        let mut bins = [[0_u32; N_BINS]; 4];
        bins[3][0] = 1_000_000;
        bins[3][100] = 200;
        assert_eq!(peak(&bins), 200.0);
        assert_eq!(height_share(200, peak(&bins)), 1.0);
    }
}
