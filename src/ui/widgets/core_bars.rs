//! How busy each core is: this program, its worker processes on top of it, and everything else in grey.

use egui::accesskit::Role;
use egui::{
    Color32, Mesh, Painter, Rect, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
    vec2,
};

use crate::ui::theme::{Theme, WELL, font, size};

use super::{text, tooltip};

/// Shares of one core's time, 0…1 each; together at most 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CoreLoad {
    /// Of this program itself.
    pub ours: f32,
    /// Of its worker processes.
    pub workers: f32,
    /// Of everything else.
    pub rest: f32,
}

impl CoreLoad {
    #[must_use]
    pub fn total(self) -> f32 {
        (self.ours + self.workers + self.rest).clamp(0.0, 1.0)
    }

    /// `Parallax 80 %, workers 0 %, other 3 %`.
    #[must_use]
    pub fn words(self) -> String {
        let [ours, workers, rest] =
            [self.ours, self.workers, self.rest].map(|share| (share * 100.0).round());
        format!("Parallax {ours} %, workers {workers} %, other {rest} %")
    }
}

/// Colours of the two parts that are this program's doing.
#[derive(Debug, Clone, Copy)]
pub struct CoreInks {
    pub ours: Color32,
    pub workers: Color32,
}

/// One core as its row shows it.
#[derive(Debug, Clone, Copy)]
pub struct CoreRow<'a> {
    pub core_idx: usize,
    /// Now; `None` before the first sample.
    pub now: Option<CoreLoad>,
    /// The last minute in columns of equal time, the newest last; gaps where nobody looked.
    pub history: &'a [Option<CoreLoad>],
    /// `None` where the system does not tell.
    pub mhz: Option<u32>,
}

const MICRO_BAR: f32 = 4.0;
const MICRO_GAP: f32 = 2.0;
const MICRO_HEIGHT: f32 = 18.0;
const LABEL: f32 = 24.0;
const PERCENT: f32 = 44.0;
const FREQUENCY: f32 = 60.0;
/// A minute needs as much to be read.
const PLOT_MIN: f32 = 80.0;
const CELL_MIN: f32 = 7.0;
const CELL_MAX: f32 = 26.0;
const CELL_GAP: f32 = 2.0;

/// One narrow bar a core, for the folded panel.
pub fn core_micro_bars(ui: &mut Ui, loads: &[CoreLoad], inks: CoreInks) {
    let width = loads.len() as f32 * (MICRO_BAR + MICRO_GAP) + MICRO_GAP;
    let (rect, response) = ui.allocate_exact_size(vec2(width, MICRO_HEIGHT + 4.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(loads)));
    ui.painter().rect_filled(rect, 3.0, WELL.ground);
    for (core_idx, load) in loads.iter().enumerate() {
        let left = rect.left() + MICRO_GAP + core_idx as f32 * (MICRO_BAR + MICRO_GAP);
        let bar = Rect::from_min_size(pos2(left, rect.top() + 2.0), vec2(MICRO_BAR, MICRO_HEIGHT));
        ui.painter().rect_filled(bar, 0.0, WELL.trough);
        load_bar(ui.painter(), bar, *load, inks);
    }
}

/// Width of the plot of a row that is `width` wide, in points. A frequency that would leave it too
/// little is told by the tooltip alone.
#[must_use]
pub fn core_plot_width(width: f32, has_frequency: bool) -> f32 {
    let plot = width - LABEL - PERCENT;
    let beside = plot - FREQUENCY;
    let is_shown = has_frequency && beside >= PLOT_MIN;
    if is_shown { beside } else { plot }.max(1.0)
}

/// A core's last minute as an area, newest at the right, with its number, its frequency where that is
/// known, and its load now. `height` lets a few cores fill the panel.
pub fn core_history_row(ui: &mut Ui, row: &CoreRow<'_>, inks: CoreInks, height: f32) {
    let wanted = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let percent = row.now.map_or("–".to_owned(), |load| {
        format!("{:.0} %", load.total() * 100.0)
    });
    let frequency = row
        .mhz
        .map(|mhz| format!("{:.2} GHz", f64::from(mhz) / 1e3));
    let told = row.now.map(CoreLoad::words).unwrap_or_default();
    let clock = frequency.as_deref().unwrap_or("frequency n/a");
    response.widget_info(|| {
        let words = format!("core {}: {percent}, {told}, {clock}", row.core_idx);
        WidgetInfo::labeled(Role::Image, true, words)
    });
    let theme = Theme::of(ui);
    let number = row.core_idx.to_string();
    let label = rect.with_max_x(rect.left() + LABEL);
    text::left(ui, label, &number, font::caption(), theme.faint);
    text::right(ui, rect, &percent, font::caption(), theme.text);
    let plot = Rect::from_min_size(
        pos2(rect.left() + LABEL, rect.top() + 1.0),
        vec2(
            core_plot_width(rect.width(), frequency.is_some()),
            rect.height() - 2.0,
        ),
    );
    let right = rect.right() - PERCENT;
    if let Some(frequency) = frequency.as_ref().filter(|_| plot.right() < right) {
        let words = rect.with_max_x(right).with_min_x(plot.right());
        text::right(ui, words, frequency, font::caption(), theme.faint);
    }
    ui.painter().rect_filled(plot, 3.0, WELL.ground);
    ui.painter().add(Shape::mesh(area(plot, row.history, inks)));
    tooltip::tip(response, &format!("core {number}: {told}, {clock}"), "");
}

/// A column for each stretch of time, its parts on top of each other.
fn area(plot: Rect, history: &[Option<CoreLoad>], inks: CoreInks) -> Mesh {
    let mut mesh = Mesh::default();
    let width = plot.width() / history.len().max(1) as f32;
    for (column, load) in history.iter().enumerate() {
        let left = plot.left() + column as f32 * width;
        let mut bottom = plot.bottom();
        for (share, ink) in parts(load.unwrap_or_default(), inks) {
            let top = (bottom - plot.height() * share).max(plot.top());
            if top < bottom {
                let part = Rect::from_min_max(pos2(left, top), pos2(left + width, bottom));
                mesh.add_colored_rect(part, ink);
            }
            bottom = top;
        }
    }
    mesh
}

/// Cores as a field of squares, for machines with more than rows can show; as large as `height` lets
/// them be. Returns the core under the pointer.
pub fn core_heat(ui: &mut Ui, loads: &[CoreLoad], inks: CoreInks, height: f32) -> Option<usize> {
    let width = ui.available_width();
    let (cell, n_columns) = heat_grid(loads.len(), vec2(width, height));
    let n_rows = loads.len().div_ceil(n_columns);
    let wanted = vec2(width, n_rows as f32 * (cell + CELL_GAP));
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(loads)));
    let square = |core_idx: usize| {
        let at = vec2(
            (core_idx % n_columns) as f32 * (cell + CELL_GAP),
            (core_idx / n_columns) as f32 * (cell + CELL_GAP),
        );
        Rect::from_min_size(rect.min + at, vec2(cell, cell))
    };
    for (core_idx, load) in loads.iter().enumerate() {
        ui.painter().rect_filled(square(core_idx), 1.0, WELL.trough);
        load_bar(ui.painter(), square(core_idx), *load, inks);
    }
    let at = response.hover_pos()?;
    (0..loads.len()).find(|core_idx| square(*core_idx).expand(CELL_GAP / 2.0).contains(at))
}

/// The largest squares that fit, and how many in a row; where none do, the smallest.
fn heat_grid(n_cores: usize, room: Vec2) -> (f32, usize) {
    let columns = |cell: f32| (((room.x + CELL_GAP) / (cell + CELL_GAP)) as usize).max(1);
    let fits = |cell: &f32| {
        n_cores.div_ceil(columns(*cell)) as f32 * (*cell + CELL_GAP) <= room.y + CELL_GAP
    };
    let sides = (CELL_MIN as u32..=CELL_MAX as u32).rev();
    let cell = sides.map(|side| side as f32).find(fits).unwrap_or(CELL_MIN);
    (cell, columns(cell))
}

/// What the colours mean, with how many cores' time each takes now.
pub fn core_legend(ui: &mut Ui, loads: &[CoreLoad], inks: CoreInks) {
    let theme = Theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let sum = |part: fn(&CoreLoad) -> f32| loads.iter().map(part).sum::<f32>();
    let entries = [
        ("Parallax", inks.ours, sum(|load| load.ours)),
        ("workers", inks.workers, sum(|load| load.workers)),
        ("other", WELL.rest, sum(|load| load.rest)),
    ];
    response.widget_info(|| {
        let words = entries.map(|(name, _, cores)| format!("{name} {cores:.1}"));
        let words = format!("Cores in use: {}", words.join(", "));
        WidgetInfo::labeled(Role::Label, true, words)
    });
    let mut left = rect.left();
    for (name, ink, cores) in entries {
        let square = Rect::from_min_size(pos2(left, rect.center().y - 4.0), vec2(8.0, 8.0));
        ui.painter().rect_filled(square, 0.0, ink);
        // Light colours need an edge where the panel is light.
        let edge = Stroke::new(1.0, theme.mark_ring);
        ui.painter()
            .rect_stroke(square, 0.0, edge, StrokeKind::Outside);
        let words = rect.with_min_x(square.right() + size::GAP_XS);
        let written = text::left(ui, words, name, font::caption(), theme.soft);
        let figure = rect.with_min_x(written.right() + size::GAP_XS);
        let cores = if cores < 9.95 {
            format!("{cores:.1}")
        } else {
            format!("{cores:.0}")
        };
        // Of one width while they change, until there are a hundred cores.
        let width = text::width(ui, &cores, font::caption()).max(22.0);
        let figure = figure.with_max_x(figure.left() + width + 1.0);
        text::left(ui, figure, &cores, font::caption(), theme.faint);
        left = figure.right() + size::GAP_XS;
    }
    tooltip::tip(
        response,
        "How many cores' time Parallax, its worker processes and all other programs take now",
        "",
    );
}

fn parts(load: CoreLoad, inks: CoreInks) -> [(f32, Color32); 3] {
    [
        (load.ours, inks.ours),
        (load.workers, inks.workers),
        (load.rest, WELL.rest),
    ]
}

/// Ours from the bottom, the workers' on top of it, then the rest.
fn load_bar(painter: &Painter, bar: Rect, load: CoreLoad, inks: CoreInks) {
    let mut bottom = bar.bottom();
    for (share, ink) in parts(load, inks) {
        let top = (bottom - bar.height() * share).max(bar.top());
        painter.rect_filled(bar.with_min_y(top).with_max_y(bottom), 0.0, ink);
        bottom = top;
    }
}

fn spoken(loads: &[CoreLoad]) -> String {
    let busy = loads.iter().filter(|load| load.total() > 0.5).count();
    format!("{busy} of {} cores busy", loads.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frequency_never_takes_the_plots_room() {
        assert!(core_plot_width(240.0, true) < core_plot_width(240.0, false));
        assert!((core_plot_width(119.0, true) - core_plot_width(119.0, false)).abs() < 1e-6);
        for width in 100..400 {
            assert!(core_plot_width(width as f32, true) > 30.0);
        }
    }

    #[test]
    fn squares_for_every_core_fit_where_there_is_room_for_them() {
        for n_cores in 2..=256 {
            let room = vec2(250.0, 172.0);
            let (cell, n_columns) = heat_grid(n_cores, room);
            let n_rows = n_cores.div_ceil(n_columns);
            let (width, height) = (
                n_columns as f32 * (cell + CELL_GAP) - CELL_GAP,
                n_rows as f32 * (cell + CELL_GAP) - CELL_GAP,
            );
            assert!(width <= room.x && height <= room.y, "{n_cores}: {cell}");
        }
        let (cell, n_columns) = heat_grid(4096, vec2(100.0, 50.0));
        assert_eq!((cell, n_columns), (CELL_MIN, 11));
    }
}
