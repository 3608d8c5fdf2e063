//! Three plots side by side with one legend and the advice in words below.

use crate::studio::engines::BackendKind;
use crate::studio::lab::advice::Advice;
use crate::studio::lab::points::{Point, Scaling, Series};

use super::axis::Axis;
use super::shape::{Anchor, Color, FRAME, GRID, Mark, PAPER, SOFT, Shape, TEXT};

pub(super) const WIDTH: f32 = 1500.0;
pub(super) const HEIGHT: f32 = 640.0;

const MARGIN: f32 = 40.0;
const TOP: f32 = 128.0;
const PLOT: [f32; 2] = [390.0, 330.0];
const BETWEEN: f32 = 95.0;

/// The ideal, and what this machine can do at best.
const IDEAL: Color = [0x8A, 0x8A, 0x8A];
const CEILING: Color = [0x56, 0xB4, 0xE9];

/// What a plot shows of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Time,
    Speedup,
    Efficiency,
}

/// Everything, from the back to the front.
pub(super) fn drawing(scaling: &Scaling) -> Vec<Shape> {
    let mut shapes = vec![Shape::Rect {
        at: [0.0, 0.0],
        size: [WIDTH, HEIGHT],
        color: PAPER,
    }];
    head(scaling, &mut shapes);
    for (idx, measure) in [Measure::Time, Measure::Speedup, Measure::Efficiency]
        .into_iter()
        .enumerate()
    {
        let left = MARGIN + 30.0 + idx as f32 * (PLOT[0] + BETWEEN);
        Plot::new(scaling, measure, left).draw(&mut shapes);
    }
    foot(scaling, &mut shapes);
    shapes
}

fn text(at: [f32; 2], text: impl Into<String>, size: f32, color: Color) -> Shape {
    Shape::Text {
        at,
        text: text.into(),
        size,
        anchor: Anchor::Start,
        color,
    }
}

fn head(scaling: &Scaling, shapes: &mut Vec<Shape>) {
    let runs = scaling.single.runs_ns.len();
    shapes.push(text([MARGIN, 40.0], "Scaling of one edit", 22.0, TEXT));
    let about = format!(
        "{}, {:.1} megapixels · {} cores · medians of {runs} runs, in rounds",
        scaling.photo, scaling.megapixels, scaling.n_cores
    );
    shapes.push(text([MARGIN, 64.0], about, 14.0, SOFT));
    let mut x = MARGIN;
    let mut entry = |label: String, color, mark: Option<Mark>, dash| {
        if mark != Some(Mark::Ring) {
            shapes.push(Shape::Line {
                points: vec![[x, 88.0], [x + 28.0, 88.0]],
                color,
                width: 2.0,
                dash,
            });
        }
        if let Some(mark) = mark {
            let at = [x + 14.0, 88.0];
            shapes.push(Shape::Mark { at, mark, color });
        }
        let width = label.chars().count() as f32 * 7.6;
        shapes.push(text([x + 36.0, 93.0], label, 14.0, TEXT));
        x += 36.0 + width + 28.0;
    };
    for series in &scaling.series {
        let (color, mark) = look(series);
        let fit = series.fit(scaling.n_cores);
        let label = match fit {
            Some(fit) => format!(
                "{}, {:.0} % serial",
                series.label(),
                fit.serial_share * 100.0
            ),
            None => series.label(),
        };
        entry(label, color, Some(mark), None);
    }
    entry("ideal".to_owned(), IDEAL, None, Some([6.0, 5.0]));
    if !scaling.ceiling.is_empty() {
        let label = "this machine's ceiling".to_owned();
        entry(label, CEILING, Some(Mark::Round), Some([2.0, 4.0]));
    }
    entry("knee".to_owned(), TEXT, Some(Mark::Ring), None);
}

fn foot(scaling: &Scaling, shapes: &mut Vec<Shape>) {
    let words = Advice::of(scaling).map_or_else(String::new, |advice| advice.words());
    for (idx, line) in wrapped(&words, 185).into_iter().enumerate() {
        let y = TOP + PLOT[1] + 76.0 + idx as f32 * 22.0;
        shapes.push(text([MARGIN, y], line, 15.0, TEXT));
    }
    let same = if scaling.is_identical {
        "All of them made the same bytes."
    } else {
        "OUTPUTS DIFFER: please report this."
    };
    shapes.push(text([MARGIN, HEIGHT - 20.0], same, 13.0, SOFT));
}

/// Lines of at most so many characters, broken between words.
fn wrapped(words: &str, n_chars: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= n_chars => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The same colours and shapes as in the window; a second transport of a backend is lighter.
fn look(series: &Series) -> (Color, Mark) {
    match (series.backend, series.transport.as_deref()) {
        (BackendKind::Single, _) => ([0xE0, 0xE0, 0xE0], Mark::Round),
        (BackendKind::Threads, _) => ([0x00, 0x9E, 0x73], Mark::Square),
        (BackendKind::Processes, Some("shared-memory")) => ([0xF7, 0xCF, 0x7F], Mark::Diamond),
        (BackendKind::Processes, _) => ([0xF0, 0xA0, 0x00], Mark::Diamond),
        (BackendKind::GlobalLock, _) => ([0xA9, 0x6B, 0xE0], Mark::Triangle),
    }
}

/// One of the three.
struct Plot<'a> {
    scaling: &'a Scaling,
    measure: Measure,
    left: f32,
    workers: Axis,
    values: Axis,
}

impl<'a> Plot<'a> {
    fn new(scaling: &'a Scaling, measure: Measure, left: f32) -> Self {
        let points = || {
            let of_series = scaling.series.iter().flat_map(|series| &series.points);
            of_series.chain(&scaling.ceiling).chain([&scaling.single])
        };
        let most_workers = points().map(|point| point.n_workers).max().unwrap_or(1);
        let values = points().filter_map(|point| measure.of(scaling, point));
        let most = values.fold(0.0, f64::max);
        let most = match measure {
            Measure::Time => most,
            // Room for the ideal within the cores.
            Measure::Speedup => most.max(scaling.n_cores as f64),
            Measure::Efficiency => most.max(100.0),
        };
        Self {
            scaling,
            measure,
            left,
            workers: Axis::holding(most_workers as f64),
            values: Axis::holding(most),
        }
    }

    fn at(&self, n_workers: f64, value: f64) -> [f32; 2] {
        [
            self.left + self.workers.place(n_workers) * PLOT[0],
            TOP + PLOT[1] * (1.0 - self.values.place(value.min(self.values.end))),
        ]
    }

    fn draw(&self, shapes: &mut Vec<Shape>) {
        self.draw_frame(shapes);
        self.draw_ideal(shapes);
        self.draw_fits(shapes);
        let line = |points: Vec<[f32; 2]>, color, dash| Shape::Line {
            points,
            color,
            width: 2.0,
            dash,
        };
        let ceiling: Vec<[f32; 2]> = self.places(&self.scaling.ceiling);
        shapes.push(line(ceiling.clone(), CEILING, Some([2.0, 4.0])));
        shapes.extend(ceiling.into_iter().map(|at| Shape::Mark {
            at,
            mark: Mark::Round,
            color: CEILING,
        }));
        for series in &self.scaling.series {
            let (color, mark) = look(series);
            let places = self.places(&series.points);
            shapes.push(line(places.clone(), color, None));
            shapes.extend(places.into_iter().map(|at| Shape::Mark { at, mark, color }));
            let knee = series.knee(&self.scaling.single);
            let knee = knee.and_then(|n_workers| series.at(n_workers));
            shapes.extend(
                knee.and_then(|point| self.place(point))
                    .map(|at| Shape::Mark {
                        at,
                        mark: Mark::Ring,
                        color: TEXT,
                    }),
            );
        }
        let single = self.place(&self.scaling.single);
        shapes.extend(single.map(|at| Shape::Mark {
            at,
            mark: Mark::Round,
            color: [0xE0, 0xE0, 0xE0],
        }));
    }

    fn place(&self, point: &Point) -> Option<[f32; 2]> {
        let value = self.measure.of(self.scaling, point)?;
        Some(self.at(point.n_workers as f64, value))
    }

    fn places(&self, points: &[Point]) -> Vec<[f32; 2]> {
        points
            .iter()
            .filter_map(|point| self.place(point))
            .collect()
    }

    fn draw_frame(&self, shapes: &mut Vec<Shape>) {
        shapes.push(Shape::Rect {
            at: [self.left, TOP],
            size: PLOT,
            color: FRAME,
        });
        shapes.push(text(
            [self.left - 30.0, TOP - 12.0],
            self.measure.title(),
            14.0,
            TEXT,
        ));
        let line = |points| Shape::Line {
            points,
            color: GRID,
            width: 1.0,
            dash: None,
        };
        let label = |at, text, anchor| Shape::Text {
            at,
            text,
            size: 12.0,
            anchor,
            color: SOFT,
        };
        for value in self.values.ticks() {
            let [x, y] = self.at(0.0, value);
            shapes.push(line(vec![[x, y], [x + PLOT[0], y]]));
            shapes.push(label(
                [x - 7.0, y + 4.0],
                self.values.label(value),
                Anchor::End,
            ));
        }
        for value in self.workers.ticks().filter(|value| value.fract() == 0.0) {
            let [x, y] = self.at(value, 0.0);
            shapes.push(line(vec![[x, y], [x, y + 5.0]]));
            shapes.push(label([x, y + 19.0], format!("{value:.0}"), Anchor::Middle));
        }
        let middle = self.left + PLOT[0] / 2.0;
        let under = TOP + PLOT[1] + 38.0;
        shapes.push(label([middle, under], "workers".to_owned(), Anchor::Middle));
        // Where workers begin to share cores.
        let n_cores = self.scaling.n_cores as f64;
        if n_cores < self.workers.end {
            let points = vec![self.at(n_cores, 0.0), self.at(n_cores, self.values.end)];
            shapes.push(Shape::Line {
                points,
                color: SOFT,
                width: 1.0,
                dash: Some([1.0, 4.0]),
            });
        }
    }

    fn draw_ideal(&self, shapes: &mut Vec<Shape>) {
        let single_ms = self.scaling.single.median_ns() as f64 / 1e6;
        let ideal = |n_workers: f64| match self.measure {
            Measure::Time => single_ms / n_workers,
            Measure::Speedup => n_workers,
            Measure::Efficiency => 100.0,
        };
        self.draw_curve(ideal, (IDEAL, [6.0, 5.0]), shapes);
    }

    fn draw_fits(&self, shapes: &mut Vec<Shape>) {
        for series in &self.scaling.series {
            let Some(fit) = series.fit(self.scaling.n_cores) else {
                continue;
            };
            let single_ns = self.scaling.single.median_ns() as f64;
            let curve = |n_workers: f64| {
                let time_ns = fit.time_ns(n_workers);
                match self.measure {
                    Measure::Time => time_ns / 1e6,
                    Measure::Speedup => single_ns / time_ns,
                    Measure::Efficiency => single_ns / time_ns / n_workers * 100.0,
                }
            };
            self.draw_curve(curve, (look(series).0, [1.5, 3.0]), shapes);
        }
    }

    /// From one worker to all cores.
    fn draw_curve(
        &self,
        value: impl Fn(f64) -> f64,
        (color, dash): (Color, [f32; 2]),
        shapes: &mut Vec<Shape>,
    ) {
        const N_STEPS: u32 = 60;
        let n_cores = self.scaling.n_cores as f64;
        let place = |idx: u32| {
            let n_workers = 1.0 + (n_cores - 1.0) * f64::from(idx) / f64::from(N_STEPS);
            self.at(n_workers, value(n_workers))
        };
        shapes.push(Shape::Line {
            points: (0..=N_STEPS).map(place).collect(),
            color,
            width: 1.5,
            dash: Some(dash),
        });
    }
}

impl Measure {
    const fn title(self) -> &'static str {
        match self {
            Self::Time => "Time of one picture, ms",
            Self::Speedup => "Speed-up against one core",
            Self::Efficiency => "Efficiency, % a worker",
        }
    }

    fn of(self, scaling: &Scaling, point: &Point) -> Option<f64> {
        let ns = point.median_ns();
        match self {
            Self::Time => (ns > 0).then_some(ns as f64 / 1e6),
            Self::Speedup => scaling.speedup(point),
            Self::Efficiency => scaling.efficiency(point).map(|share| share * 100.0),
        }
    }
}
