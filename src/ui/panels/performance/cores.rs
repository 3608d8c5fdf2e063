//! The load of every core, now and over the last minute: rows to twelve, two columns to twenty-four, a
//! field of squares above, or where the panel is too low for rows.

use egui::{Frame, Margin, Ui, vec2};

use crate::ui::theme::size;
use crate::ui::widgets::{
    CoreInks, CoreRow, core_heat, core_history_row, core_legend, core_plot_width, text,
};

use super::live::Live;

const ROW_MIN: f32 = 12.0;
const ROW_GAP: f32 = 2.0;
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
        ui.spacing_mut().item_spacing = vec2(size::GAP_M, ROW_GAP);
        core_legend(ui, live.now(), inks);
        let has_frequency = live.has_frequencies();
        let Some(n_columns) = columns_for(n_cores, ui.available_height()) else {
            let height = ui.available_height();
            let pointed = core_heat(ui, live.now(), inks, height - 18.0);
            heat_words(ui, live, pointed);
            return;
        };
        let gaps = (n_columns - 1) as f32 * size::GAP_M;
        let width = (ui.available_width() - gaps) / n_columns as f32;
        live.n_columns = core_plot_width(width, has_frequency) as usize;
        if n_columns == 2 {
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

/// Columns of rows, 1 or 2; `None` where rows would be too many or too low.
fn columns_for(n_cores: usize, height: f32) -> Option<usize> {
    [1, 2].into_iter().find(|n_columns| {
        let n_rows = n_cores.div_ceil(*n_columns);
        n_rows <= MOST_ROWS && n_rows as f32 * (ROW_MIN + ROW_GAP) <= height + ROW_GAP
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use egui_kittest::Harness;
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use crate::telemetry::sampler::{CoreLoad, CpuSample};
    use crate::ui::theme::{Theme, ThemeChoice, WELL};

    /// Every third core busy with what this program does.
    fn live(n_cores: u32) -> Live {
        let mut live = Live::default();
        let core = |core: u32| CoreLoad {
            core,
            load: if core.is_multiple_of(3) { 1.0 } else { 0.1 },
            own: Some(if core.is_multiple_of(3) { 0.9 } else { 0.0 }),
            workers: Some(0.0),
            mhz: None,
        };
        live.renew(0.0, 0.25, |_| {
            vec![CpuSample {
                at_ns: 1,
                cores: (0..n_cores).map(core).collect(),
                ..CpuSample::default()
            }]
        });
        live
    }

    fn window(n_cores: u32) -> Harness<'static, Live> {
        let inks = CoreInks {
            ours: WELL.luma,
            workers: WELL.rest,
        };
        let mut window = Harness::builder()
            .with_size(vec2(248.0, 220.0))
            .build_ui_state(
                move |ui, live: &mut Live| {
                    Theme::apply(ui.ctx(), ThemeChoice::Dark);
                    cores_ui(ui, live, inks);
                },
                live(n_cores),
            );
        window.run_steps(3);
        window
    }

    #[test]
    fn from_two_to_256_cores_all_are_in_sight() {
        for n_cores in [2, 12, 13, 24] {
            let window = window(n_cores);
            for core in 0..n_cores {
                let name = format!("core {core}: ");
                let row = window.get_by_label_contains(&name);
                assert!(row.rect().bottom() <= 220.0, "{core} of {n_cores}");
            }
        }
        for (n_cores, n_busy) in [(25, 9), (64, 22), (128, 43), (256, 86)] {
            let window = window(n_cores);
            let words = format!("{n_busy} of {n_cores} cores busy");
            let field = window.get_by_label(&words).rect();
            assert!(
                field.bottom() <= 220.0 && field.right() <= 248.0,
                "{n_cores}"
            );
            assert!(field.height() >= 20.0, "{n_cores}");
        }
    }

    #[test]
    fn pointing_at_a_square_tells_its_core() {
        let mut window = window(64);
        let field = window.get_by_label_contains(" of 64 cores busy").rect();
        window.hover_at(field.min + vec2(3.0, 3.0));
        window.run_steps(3);
        let told = window.get_by_label_contains("core 0: ");
        let words = told.accesskit_node().value().unwrap_or_default();
        let label = told.accesskit_node().label().unwrap_or(words);
        assert!(label.contains("Parallax 90 %"), "{label}");
    }

    #[test]
    fn few_cores_in_a_low_panel_have_two_columns_or_squares() {
        assert_eq!(columns_for(12, 190.0), Some(1));
        assert_eq!(columns_for(12, 120.0), Some(2));
        assert_eq!(columns_for(13, 190.0), Some(2));
        assert_eq!(columns_for(24, 120.0), None);
        assert_eq!(columns_for(25, 500.0), None);
    }
}
