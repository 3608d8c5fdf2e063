//! The timeline's head: what its colours tell, and the way back to the whole run.

use egui::{Align, Layout, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Icon, IconButton, Segment, Segmented, text};

use super::classes::{ColorBy, Mark};
use super::prepared::Prepared;
use super::span::Span;

const SQUARE: f32 = 10.0;

/// What the person did in the head.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct HeadAnswer {
    pub(super) by: Option<ColorBy>,
    pub(super) wants_whole: bool,
}

/// What a word of the legend stands for: several marks where runs have colours of their own for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    label: String,
    marks: Vec<Mark>,
}

/// The legend of all runs together, every word once.
pub(super) fn legend_of(runs: &[&Prepared]) -> Vec<Entry> {
    let mut legend: Vec<Entry> = Vec::new();
    for entry in runs.iter().flat_map(|run| &run.classes.entries) {
        match legend.iter_mut().find(|known| known.label == entry.label) {
            Some(known) if known.marks.contains(&entry.mark) => {}
            Some(known) => known.marks.push(entry.mark),
            None => legend.push(Entry {
                label: entry.label.clone(),
                marks: vec![entry.mark],
            }),
        }
    }
    legend
}

/// One row; the legend is empty while runs are being prepared.
pub(super) fn head_ui(ui: &mut Ui, by: ColorBy, legend: &[Entry], span: &Span) -> HeadAnswer {
    let mut answer = HeadAnswer::default();
    let wanted = vec2(ui.available_width(), size::BUTTON);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP_S;
        let tips = [
            "What each worker is doing: computing, sending, waiting …",
            "On which core a tile was computed: a change of colour on a lane is a migration",
            "Which pass of the plan a tile belongs to",
            "Which filters took the time; parts of a tile, not their order",
        ];
        let segments: Vec<Segment<'_>> = ColorBy::ALL
            .iter()
            .zip(tips)
            .map(|(by, tip)| Segment {
                tip,
                ..Segment::new(by.label())
            })
            .collect();
        let chosen = ColorBy::ALL.iter().position(|other| *other == by);
        let picked = Segmented::new("Colour bars by", &segments).show(ui, chosen);
        answer.by = picked.map(|idx| ColorBy::ALL[idx]);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let fit = IconButton::new(Icon::Fit, "Show the whole run")
                .shortcut("Home")
                .enabled(!span.is_whole())
                .small();
            answer.wants_whole = ui.add(fit).clicked();
            let rest = ui.available_rect_before_wrap();
            legend_ui(ui, rest, legend);
        });
    });
    answer
}

/// As many entries as fit.
fn legend_ui(ui: &Ui, row: Rect, legend: &[Entry]) {
    let theme = Theme::of(ui);
    let mut left = row.left() + size::GAP_S;
    for entry in legend {
        let width = text::width(ui, &entry.label, font::caption());
        let squares = (SQUARE + 2.0) * entry.marks.len() as f32;
        if left + squares + 4.0 + width > row.right() {
            return;
        }
        for mark in &entry.marks {
            let center = pos2(left + SQUARE / 2.0, row.center().y);
            let square = Rect::from_center_size(center, vec2(SQUARE, SQUARE));
            match mark {
                Mark::Phase(mark) => mark.paint(ui.painter(), square),
                Mark::Plain(color) => {
                    ui.painter().rect_filled(square, 0.0, *color);
                }
            }
            // Light colours need an edge where the panel is light.
            let edge = Stroke::new(1.0, theme.mark_ring);
            ui.painter()
                .rect_stroke(square, 0.0, edge, StrokeKind::Outside);
            left += SQUARE + 2.0;
        }
        let words = row.with_min_x(left + 4.0);
        let written = text::left(ui, words, &entry.label, font::caption(), theme.soft);
        left = written.right() + size::GAP_M;
    }
}
