//! The way of the last slider drag to the screen: from the hand to the picture, stage by stage, on a
//! scale of its own.

use egui::{Color32, Rangef, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use crate::ui::panels::figures;
use crate::ui::state::DragPath;
use crate::ui::theme::mark::PhaseMark;
use crate::ui::theme::{SERIES, Theme, WELL, font, size};
use crate::ui::widgets::text;

use super::super::marks;
use super::tip::tip_ui;

pub(super) const HEIGHT: f32 = 24.0;

/// In `row`, bars within `across`, as those of the lanes are.
pub(super) fn drag_row_ui(ui: &mut Ui, row: Rect, across: Rangef, drag: &DragPath) {
    let theme = Theme::of(ui);
    let response = ui.allocate_rect(row, Sense::hover());
    let total = figures::duration(drag.total_ns());
    let lines = stage_lines(drag);
    response.widget_info(|| {
        let spoken = format!(
            "Last slider drag, to the screen in {total}: {}",
            lines.join(", ")
        );
        WidgetInfo::labeled(Role::Image, true, spoken)
    });
    text::left(ui, row, "slider drag", font::caption(), theme.soft);
    let well = Rect::from_x_y_ranges(across, (row.top() + 3.0)..=(row.bottom() - 3.0));
    ui.painter().rect_filled(well, 0.0, WELL.trough);
    let whole = drag.total_ns().max(1) as f32;
    let mut at_ns = 0;
    for (stage_idx, (name, took_ns)) in drag.stages().into_iter().enumerate() {
        let x = |ns: u64| well.left() + well.width() * ns as f32 / whole;
        let (from, to) = (x(at_ns), x(at_ns + took_ns));
        at_ns += took_ns;
        let bar = Rect::from_min_max(
            pos2(from, well.top()),
            pos2((to - 1.0).max(from), well.bottom()),
        );
        let color = color_of(stage_idx, drag);
        if stage_idx == 0 {
            PhaseMark::Waiting.paint(ui.painter(), bar);
        } else {
            ui.painter().rect_filled(bar, 0.0, color);
        }
        let words = format!("{name} {}", figures::duration(took_ns));
        let ink = if stage_idx == 0 {
            WELL.text
        } else {
            WELL.on_light_mark
        };
        if text::width(ui, &words, font::caption()) + size::GAP_S <= bar.width() {
            text::center(ui, bar, &words, font::caption(), ink);
        }
    }
    let beside = row.with_min_x(across.max + size::GAP_M);
    let coalesced = match drag.n_coalesced {
        0 => String::new(),
        n => format!(" · {n} coalesced"),
    };
    let words = format!("on screen {total}{coalesced}");
    text::left_list(ui, beside, &words, font::caption(), theme.faint);
    response.on_hover_ui_at_pointer(|ui| tip_ui(ui, &lines));
}

fn stage_lines(drag: &DragPath) -> Vec<String> {
    let mut lines: Vec<String> = drag
        .stages()
        .into_iter()
        .map(|(name, took_ns)| format!("{name} {}", figures::duration(took_ns)))
        .collect();
    let n_coalesced = drag.n_coalesced as usize;
    lines.push(format!(
        "{} overtaken on the way",
        figures::counted(n_coalesced, "earlier input", "earlier inputs")
    ));
    lines
}

fn color_of(stage_idx: usize, drag: &DragPath) -> Color32 {
    let backend = marks::of_kind(drag.backend).color();
    match stage_idx {
        0 => PhaseMark::Waiting.color(),
        1 => SERIES[0],
        2 => backend.gamma_multiply(0.75),
        3 => backend,
        4 => PhaseMark::Receiving.color(),
        _ => PhaseMark::Writing.color(),
    }
}
