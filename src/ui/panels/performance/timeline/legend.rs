//! The timeline's head: what its colours tell, and the way back to the whole run.

use egui::{Align, Layout, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Icon, IconButton, Segment, Segmented, text};

use super::classes::{Classes, ColorBy, Mark};
use super::span::Span;

const SQUARE: f32 = 10.0;

/// What the person did in the head.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct HeadAnswer {
    pub(super) by: Option<ColorBy>,
    pub(super) wants_whole: bool,
}

/// One row; `classes` are missing while the run is being prepared.
pub(super) fn head_ui(
    ui: &mut Ui,
    by: ColorBy,
    classes: Option<&Classes>,
    span: &Span,
) -> HeadAnswer {
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
            if let Some(classes) = classes {
                legend_ui(ui, rest, classes);
            }
        });
    });
    answer
}

/// As many entries as fit.
fn legend_ui(ui: &Ui, row: Rect, classes: &Classes) {
    let theme = Theme::of(ui);
    let mut left = row.left() + size::GAP_S;
    for entry in &classes.entries {
        let width = text::width(ui, &entry.label, font::caption());
        if left + SQUARE + 6.0 + width > row.right() {
            return;
        }
        let center = pos2(left + SQUARE / 2.0, row.center().y);
        let square = Rect::from_center_size(center, vec2(SQUARE, SQUARE));
        match entry.mark {
            Mark::Phase(mark) => mark.paint(ui.painter(), square),
            Mark::Plain(color) => {
                ui.painter().rect_filled(square, 0.0, color);
            }
        }
        // Light colours need an edge where the panel is light.
        let edge = Stroke::new(1.0, theme.mark_ring);
        ui.painter()
            .rect_stroke(square, 0.0, edge, StrokeKind::Outside);
        let words = row.with_min_x(square.right() + 6.0);
        let written = text::left(ui, words, &entry.label, font::caption(), theme.soft);
        left = written.right() + size::GAP_M;
    }
}
