//! The load of every core, now and over the last minute: rows to twelve, two columns to twenty-four, a
//! field of squares above.

use egui::{Frame, Margin, Ui, vec2};

use crate::ui::theme::size;
use crate::ui::widgets::{
    CoreInks, CoreRow, core_heat, core_history_row, core_legend, core_plot_width, text,
};

use super::live::Live;

const ROW_MIN: f32 = 14.0;
const ROW_MAX: f32 = 96.0;
const MOST_ROWS: usize = 12;

/// Over the whole space there is; few cores get higher rows.
pub(super) fn cores_ui(ui: &mut Ui, live: &mut Live, inks: CoreInks) {
    let n_cores = live.now().len();
    if n_cores == 0 {
        text::caption(ui, "This system does not tell how busy its cores are.");
        return;
    }
    let margin = Margin::symmetric(0, size::GAP_XS as i8);
    Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(size::GAP_M, 3.0);
        core_legend(ui, live.now(), inks);
        let has_frequency = live.has_frequencies();
        if n_cores > 2 * MOST_ROWS {
            let height = ui.available_height();
            let pointed = core_heat(ui, live.now(), inks, height - 18.0);
            heat_words(ui, live, pointed);
            return;
        }
        let n_columns = if n_cores > MOST_ROWS { 2.0 } else { 1.0 };
        let gaps = (n_columns - 1.0) * size::GAP_M;
        let width = (ui.available_width() - gaps) / n_columns;
        live.n_columns = core_plot_width(width, has_frequency) as usize;
        if n_cores > MOST_ROWS {
            let half = n_cores.div_ceil(2);
            ui.columns(2, |columns| {
                rows_ui(&mut columns[0], live, 0..half, inks);
                rows_ui(&mut columns[1], live, half..n_cores, inks);
            });
        } else {
            rows_ui(ui, live, 0..n_cores, inks);
        }
    });
}

/// One line below the field, so that nothing covers it.
fn heat_words(ui: &mut Ui, live: &Live, pointed: Option<usize>) {
    let words = match pointed.and_then(|core_idx| Some((core_idx, live.now().get(core_idx)?))) {
        Some((core_idx, load)) => {
            let frequency = live.mhz(core_idx).map_or_else(String::new, |mhz| {
                format!(", {:.2} GHz", f64::from(mhz) / 1e3)
            });
            format!("core {core_idx}: {}{frequency}", load.words())
        }
        None => "Point at a core".to_owned(),
    };
    text::caption(ui, &words);
}

fn rows_ui(ui: &mut Ui, live: &Live, cores: std::ops::Range<usize>, inks: CoreInks) {
    let n_rows = cores.len() as f32;
    let gaps = (n_rows - 1.0) * ui.spacing().item_spacing.y;
    let height = ((ui.available_height() - gaps) / n_rows).clamp(ROW_MIN, ROW_MAX);
    for core_idx in cores {
        let row = CoreRow {
            core_idx,
            now: live.now().get(core_idx).copied(),
            history: live.history(core_idx),
            mhz: live.mhz(core_idx),
        };
        core_history_row(ui, &row, inks, height.floor());
    }
}
