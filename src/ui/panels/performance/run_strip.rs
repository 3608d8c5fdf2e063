//! The last runs in a row: which of them the lanes show, one alone or several below each other on one
//! scale of time.

use std::sync::Arc;

use egui::{Align, Layout, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::studio::run_history::LineKey;
use crate::studio::session::Session;
use crate::telemetry::log::RunWithEvents;
use crate::ui::panels::figures;
use crate::ui::theme::mark::BackendMark;
use crate::ui::theme::{CLEAR, Theme, font, size};
use crate::ui::widgets::{Segment, Segmented, focus, text, tooltip};

use super::marks;
use super::model::{ShortLine, sentence};

/// Runs offered, and shown together at most.
const MOST_RUNS: usize = 6;

/// Lines looked at for them: only the latest runs keep their tiles.
const MOST_LOOKED_AT: usize = 40;

/// What is remembered between frames.
#[derive(Debug, Default)]
pub(super) struct RunStripState {
    /// Whether several runs are shown.
    pub(super) is_together: bool,
    /// Runs that the person took out of them.
    left_out: Vec<LineKey>,
}

/// One of the last runs whose tiles are kept.
#[derive(Debug, Clone)]
pub(super) struct LateRun {
    pub(super) key: LineKey,
    pub(super) run: Arc<RunWithEvents>,
    /// The run in one sentence.
    pub(super) words: String,
    label: String,
    /// Without the backend, which the mark tells as well.
    short_label: String,
    mark: BackendMark,
}

/// The last ones of `lines`, newest first.
pub(super) fn late_runs(session: &Session, lines: &[ShortLine]) -> Vec<LateRun> {
    let late = lines.iter().take(MOST_LOOKED_AT).filter_map(|short| {
        let line = session.history().find(&short.key)?;
        let run = session.run_of(line).filter(|run| !run.tiles.is_empty())?;
        Some(LateRun {
            key: short.key.clone(),
            run,
            words: sentence(line),
            label: label_of(short),
            short_label: short_label_of(short),
            mark: marks::of_name(&short.backend).unwrap_or(BackendMark::Threads),
        })
    });
    late.take(MOST_RUNS).collect()
}

/// `processes 4 · 268 ms`.
fn label_of(line: &ShortLine) -> String {
    let time = line
        .wall_ns
        .map_or_else(|| "–".to_owned(), figures::duration);
    match line.n_workers {
        0 | 1 => format!("{} · {time}", line.backend),
        n => format!("{} {n} · {time}", line.backend),
    }
}

/// `4 · 268 ms`.
fn short_label_of(line: &ShortLine) -> String {
    let label = label_of(line);
    let short = label.strip_prefix(&line.backend).unwrap_or(&label);
    short.trim_start_matches([' ', '·']).to_owned()
}

impl RunStripState {
    /// Those shown together, newest first.
    pub(super) fn together<'a>(&self, late: &'a [LateRun]) -> Vec<&'a LateRun> {
        let is_in = |run: &&LateRun| !self.left_out.contains(&run.key);
        late.iter().filter(is_in).collect()
    }

    fn toggle(&mut self, late: &[LateRun], key: &LineKey) {
        match self.left_out.iter().position(|out| out == key) {
            Some(idx) => {
                self.left_out.swap_remove(idx);
            }
            // The last one stays: lanes of nothing help nobody.
            None if self.together(late).len() > 1 => self.left_out.push(key.clone()),
            None => {}
        }
    }
}

/// One row; a click chooses the run, or takes it in or out where several are shown.
pub(super) fn run_strip_ui(
    ui: &mut Ui,
    late: &[LateRun],
    (state, chosen): (&mut RunStripState, &mut Option<LineKey>),
) {
    let wanted = vec2(ui.available_width(), size::BUTTON);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP_XS;
        let segments = [
            Segment {
                tip: "The lanes of one run over the whole room",
                ..Segment::new("One run")
            },
            Segment {
                tip: "The last runs below each other, all on one scale of time",
                ..Segment::new("Together")
            },
        ];
        let lanes_of = Segmented::new("Lanes of", &segments);
        if let Some(idx) = lanes_of.show(ui, Some(usize::from(state.is_together))) {
            state.is_together = idx == 1;
        }
        ui.add_space(size::GAP_XS);
        let gaps = size::GAP_XS * late.len() as f32;
        let whole: f32 = late.iter().map(|run| chip_width(ui, &run.label)).sum();
        let is_short = whole + gaps > ui.available_width();
        for run in late {
            let is_in = if state.is_together {
                !state.left_out.contains(&run.key)
            } else {
                chosen.as_ref() == Some(&run.key)
            };
            let label = if is_short {
                &run.short_label
            } else {
                &run.label
            };
            if chip_width(ui, label) > ui.available_width() {
                break;
            }
            if !chip_ui(ui, (run, label), (is_in, state.is_together)) {
                continue;
            }
            if state.is_together {
                state.toggle(late, &run.key);
            } else {
                *chosen = Some(run.key.clone());
            }
        }
    });
}

fn chip_width(ui: &Ui, label: &str) -> f32 {
    let label = text::width(ui, label, font::caption());
    (label + size::DOT + 6.0 + 2.0 * size::GAP_S).ceil()
}

/// Whether it was pressed.
fn chip_ui(
    ui: &mut Ui,
    (run, label): (&LateRun, &str),
    (is_in, is_together): (bool, bool),
) -> bool {
    let theme = Theme::of(ui);
    let wanted = vec2(chip_width(ui, label), size::BUTTON - 4.0);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let role = if is_together {
        Role::CheckBox
    } else {
        Role::RadioButton
    };
    response.widget_info(|| {
        let words = format!("Lanes of the run {}", run.label);
        WidgetInfo::selected(role, ui.is_enabled(), is_in, words)
    });
    let rest = if is_in { theme.control } else { CLEAR };
    let ground = theme.surface(&response, rest);
    ui.painter().rect_filled(rect, size::RADIUS_CONTROL, ground);
    let at = pos2(rect.left() + size::GAP_S + size::DOT / 2.0, rect.center().y);
    run.mark.paint(ui.painter(), theme, at, size::DOT);
    let words = Rect::from_min_max(pos2(at.x + size::DOT / 2.0 + 6.0, rect.top()), rect.max);
    let ink = if is_in { theme.text } else { theme.soft };
    text::left(ui, words, label, font::caption(), ink);
    focus::ring(ui, &response);
    let is_pressed = response.clicked();
    tooltip::tip(response, &run.words, "");
    is_pressed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panels::performance::model::AgainstSingle;

    fn line(backend: &str, n_workers: u16) -> ShortLine {
        ShortLine {
            key: LineKey::default(),
            backend: backend.to_owned(),
            what: "",
            n_workers,
            transport: None,
            wall_ns: Some(268_000_000),
            n_runs: 1,
            megapixels_per_s: None,
            against_single: AgainstSingle::Unknown,
        }
    }

    #[test]
    fn labels_get_shorter_where_many_must_fit() {
        let of = |line: &ShortLine| (label_of(line), short_label_of(line));
        let (long, short) = of(&line("global-lock", 100));
        assert_eq!(
            (long.as_str(), short.as_str()),
            ("global-lock 100 · 268 ms", "100 · 268 ms")
        );
        let (long, short) = of(&line("single", 1));
        assert_eq!(
            (long.as_str(), short.as_str()),
            ("single · 268 ms", "268 ms")
        );
    }
}
