//! The chart: workers to the right, the figure upward; measured points with their backend's mark.

use egui::{
    Painter, Pos2, Rangef, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2,
};

use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::text;

use super::figures::{Curve, Figure, Stroked};

const LEFT: f32 = 56.0;
const BOTTOM: f32 = 22.0;
const MARK: f32 = 8.0;
/// Radius of the hole in marks of the second transport.
const HOLLOW: f32 = 2.0;
/// How near the pointer has to be to a point, in points of the screen.
const NEAR: f32 = 14.0;

/// Where values lie.
#[derive(Debug, Clone, Copy)]
struct Axes {
    plot: Rect,
    most_workers: f64,
    most_value: f64,
    /// Beyond sixteen workers each doubling takes the same room.
    is_log: bool,
}

impl Axes {
    fn across(&self, n_workers: f64) -> f32 {
        let share = if self.is_log {
            n_workers.log2() / self.most_workers.log2()
        } else {
            (n_workers - 1.0) / (self.most_workers - 1.0)
        };
        self.plot.left() + self.plot.width() * share as f32
    }

    fn at(&self, (n_workers, value): (f64, f64)) -> Pos2 {
        let share = (value / self.most_value).clamp(0.0, 1.0) as f32;
        pos2(
            self.across(n_workers),
            self.plot.bottom() - self.plot.height() * share,
        )
    }

    /// Numbers of workers with a tick.
    fn ticks(&self) -> Vec<f64> {
        let most = self.most_workers as usize;
        let step = (most / 8).max(1);
        if self.is_log {
            let doublings = (0..=most.ilog2()).map(|power| f64::from(1_u32 << power));
            doublings.collect()
        } else {
            (1..=most).step_by(step).map(|n| n as f64).collect()
        }
    }
}

/// Over `rect`; `n_cores` is marked, because beyond it workers share cores. The point under the pointer
/// is told in a tip.
pub(super) fn plot_ui(
    ui: &mut Ui,
    rect: Rect,
    curves: &[Curve],
    figure: Figure,
    n_cores: usize,
) -> Response {
    let response = ui.allocate_rect(rect, Sense::hover());
    response.widget_info(|| {
        let words = format!(
            "{} over workers: {}",
            figure.label(),
            spoken(curves, figure)
        );
        WidgetInfo::labeled(Role::Image, true, words)
    });
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let most_workers = points().map(|(n, _)| *n).fold(2.0, f64::max);
    let most_value = points().map(|(_, value)| *value).fold(0.0, f64::max);
    let axes = Axes {
        plot: Rect::from_min_max(
            pos2(rect.left() + LEFT, rect.top() + 6.0),
            pos2(rect.right() - size::GAP_L, rect.bottom() - BOTTOM),
        ),
        most_workers,
        most_value: nice_above(most_value),
        is_log: most_workers > 16.0,
    };
    ui.painter().rect_filled(axes.plot, 3.0, WELL.ground);
    grid_ui(ui, &axes, figure, n_cores);
    let painter = ui.painter_at(axes.plot.expand(MARK));
    for curve in curves {
        paint(&painter, ui, &axes, curve);
    }
    point_tip(ui, &response, &axes, curves, figure);
    response
}

fn grid_ui(ui: &Ui, axes: &Axes, figure: Figure, n_cores: usize) {
    let theme = Theme::of(ui);
    let line = Stroke::new(1.0, WELL.line);
    let plot = axes.plot;
    for quarter in 0..=4 {
        let value = axes.most_value * f64::from(quarter) / 4.0;
        let y = axes.at((1.0, value)).y;
        ui.painter().hline(plot.x_range(), y, line);
        let words = Rect::from_min_max(
            pos2(plot.left() - LEFT, y - 8.0),
            pos2(plot.left() - 6.0, y + 8.0),
        );
        text::right(
            ui,
            words,
            &figure.written(value),
            font::caption(),
            theme.faint,
        );
    }
    let foot = Rangef::new(plot.bottom(), plot.bottom() + BOTTOM);
    for n_workers in axes.ticks() {
        let x = axes.across(n_workers);
        ui.painter()
            .vline(x, Rangef::new(foot.min, foot.min + 4.0), line);
        let words = Rect::from_x_y_ranges(x - 20.0..=x + 20.0, foot);
        text::center(
            ui,
            words,
            &n_workers.to_string(),
            font::caption(),
            theme.faint,
        );
    }
    let x = axes.across(n_cores as f64);
    if n_cores > 1 && x < plot.right() - 1.0 {
        let dashed = Stroke::new(1.0, WELL.faint);
        let ends = [pos2(x, plot.top()), pos2(x, plot.bottom())];
        ui.painter()
            .extend(Shape::dashed_line(&ends, dashed, 2.0, 4.0));
        let words = Rect::from_min_max(
            pos2(x + 4.0, plot.top()),
            pos2(plot.right(), plot.top() + 16.0),
        );
        let label = format!("{n_cores} cores");
        text::left(ui, words, &label, font::caption(), WELL.faint);
    }
}

fn paint(painter: &Painter, ui: &Ui, axes: &Axes, curve: &Curve) {
    let line: Vec<Pos2> = curve.points.iter().map(|point| axes.at(*point)).collect();
    match curve.stroked {
        Stroked::Ideal => {
            let stroke = Stroke::new(1.0, WELL.faint);
            painter.extend(Shape::dashed_line(&line, stroke, 5.0, 4.0));
        }
        Stroked::Ceiling => {
            painter.add(Shape::line(line, Stroke::new(2.0, WELL.rest)));
        }
        Stroked::Fit(mark) => {
            let stroke = Stroke::new(1.0, mark.color().gamma_multiply(0.7));
            painter.extend(Shape::dashed_line(&line, stroke, 2.0, 3.0));
        }
        Stroked::Measured { mark, is_hollow } => {
            painter.add(Shape::line(line.clone(), Stroke::new(1.5, mark.color())));
            for ((n_workers, _), at) in curve.points.iter().zip(&line) {
                mark.paint(painter, Theme::of(ui), *at, MARK);
                if is_hollow {
                    painter.circle_filled(*at, HOLLOW, WELL.ground);
                }
                let is = |number: Option<usize>| number.is_some_and(|n| n as f64 == *n_workers);
                if is(curve.recommended) {
                    painter.circle_stroke(*at, MARK, Stroke::new(1.5, WELL.on_photo));
                }
                if is(curve.knee) {
                    let tick = Rangef::new(at.y + MARK, at.y + MARK + 7.0);
                    painter.vline(at.x, tick, Stroke::new(1.5, mark.color()));
                }
            }
        }
    }
}

fn point_tip(ui: &Ui, response: &Response, axes: &Axes, curves: &[Curve], figure: Figure) {
    let Some(pointer) = response.hover_pos() else {
        return;
    };
    let measured = curves
        .iter()
        .filter(|curve| matches!(curve.stroked, Stroked::Measured { .. } | Stroked::Ceiling));
    let points = measured.flat_map(|curve| curve.points.iter().map(move |point| (curve, point)));
    let nearest = points
        .map(|(curve, point)| (axes.at(*point).distance(pointer), curve, point))
        .filter(|(distance, ..)| *distance <= NEAR)
        .min_by(|one, other| one.0.total_cmp(&other.0));
    let Some((_, curve, (n_workers, value))) = nearest else {
        return;
    };
    let mut words = format!(
        "{}, {n_workers} workers: {}",
        curve.label,
        figure.written(*value)
    );
    let is = |number: Option<usize>| number.is_some_and(|n| n as f64 == *n_workers);
    if is(curve.recommended) {
        words += " · the fewest that are about as fast as any number";
    }
    if is(curve.knee) {
        words += " · the knee: each further one brings less than half a core";
    }
    let tip = egui::Tooltip::always_open(
        ui.ctx().clone(),
        ui.layer_id(),
        response.id,
        egui::PopupAnchor::Pointer,
    );
    tip.gap(size::GAP_M).show(|ui| {
        text::caption(ui, &words);
    });
}

fn spoken(curves: &[Curve], figure: Figure) -> String {
    let measured = curves
        .iter()
        .filter(|curve| matches!(curve.stroked, Stroked::Measured { .. }));
    let words = measured.filter_map(|curve| {
        let (n_workers, value) = curve.points.last()?;
        Some(format!(
            "{} {} with {n_workers}",
            curve.label,
            figure.written(*value)
        ))
    });
    words.collect::<Vec<_>>().join(", ")
}

/// A round number that is no less: 1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6 or 8 times a power of ten.
fn nice_above(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let decade = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let found = steps
        .into_iter()
        .find(|step| step * decade >= value * 0.999_999);
    found.unwrap_or(10.0) * decade
}

/// The sign a legend shows before a curve's label.
pub(super) fn sign(ui: &Ui, at: Rect, stroked: Stroked) {
    let middle = at.center();
    let ends = [pos2(at.left(), middle.y), pos2(at.right(), middle.y)];
    let painter = ui.painter();
    match stroked {
        Stroked::Ideal => {
            let stroke = Stroke::new(1.0, Theme::of(ui).faint);
            painter.extend(Shape::dashed_line(&ends, stroke, 5.0, 4.0));
        }
        Stroked::Ceiling => {
            painter.line_segment(ends, Stroke::new(2.0, WELL.rest));
        }
        Stroked::Fit(of) => {
            painter.extend(Shape::dashed_line(
                &ends,
                Stroke::new(1.0, of.color()),
                2.0,
                3.0,
            ));
        }
        Stroked::Measured { mark, is_hollow } => {
            painter.line_segment(ends, Stroke::new(1.5, mark.color()));
            mark.paint(painter, Theme::of(ui), middle, MARK);
            if is_hollow {
                painter.circle_filled(middle, HOLLOW, Theme::of(ui).panel);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers_above_what_is_shown() {
        for (value, above) in [
            (1.86, 2.0),
            (2.0, 2.0),
            (3.2, 4.0),
            (0.97, 1.0),
            (268e6, 300e6),
        ] {
            assert!((nice_above(value) - above).abs() < above * 1e-9, "{value}");
        }
        assert_eq!(nice_above(0.0), 1.0);
    }

    #[test]
    fn more_workers_lie_further_right_on_either_scale() {
        for most_workers in [8.0, 128.0] {
            let axes = Axes {
                plot: Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0)),
                most_workers,
                most_value: 1.0,
                is_log: most_workers > 16.0,
            };
            assert_eq!(axes.across(1.0), 0.0);
            assert!((axes.across(most_workers) - 100.0).abs() < 1e-3);
            let ticks = axes.ticks();
            assert!(ticks.len() <= 9, "{ticks:?}");
        }
    }
}
