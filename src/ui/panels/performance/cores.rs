//! The live load of every core: rows to twelve, two columns to twenty-four, a field of squares above.

use egui::{Color32, Frame, Margin, Ui, vec2};

use crate::ui::theme::size;
use crate::ui::widgets::{core_heat, core_history_row, text};

use super::live::Live;

const ROW_MIN: f32 = 16.0;
const ROW_MAX: f32 = 104.0;
const MOST_ROWS: usize = 12;

/// Over the whole space there is; few cores get higher rows.
pub(super) fn cores_ui(ui: &mut Ui, live: &Live, ours: Color32) {
    let n_cores = live.history.len();
    if n_cores == 0 {
        text::caption(ui, "This system does not tell how busy its cores are.");
        return;
    }
    let margin = Margin::symmetric(0, size::GAP_XS as i8);
    Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(size::GAP_M, size::GAP_XS);
        if n_cores > 2 * MOST_ROWS {
            core_heat(ui, &live.now(), ours);
        } else if n_cores > MOST_ROWS {
            let half = n_cores.div_ceil(2);
            ui.columns(2, |columns| {
                rows_ui(&mut columns[0], live, 0..half, ours);
                rows_ui(&mut columns[1], live, half..n_cores, ours);
            });
        } else {
            rows_ui(ui, live, 0..n_cores, ours);
        }
    });
}

fn rows_ui(ui: &mut Ui, live: &Live, cores: std::ops::Range<usize>, ours: Color32) {
    let n_rows = cores.len() as f32;
    let gaps = (n_rows - 1.0) * ui.spacing().item_spacing.y;
    let height = ((ui.available_height() - gaps) / n_rows).clamp(ROW_MIN, ROW_MAX);
    for core_idx in cores {
        let history = live.history.get(core_idx).map_or(&[][..], Vec::as_slice);
        core_history_row(ui, core_idx, history, ours, height.floor());
    }
}
