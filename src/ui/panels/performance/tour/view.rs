//! The steps at the left, the one in hand at the right: what happens, a guess, a button, what showed.

use egui::{
    Align, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::studio::run_history::{LineKey, Source};
use crate::studio::session::{Session, StepShown, Tour};
use crate::studio::tour::{Guess, TourFigures, TourStep};
use crate::telemetry::ids::RunId;
use crate::ui::command::{Command, Outbox};
use crate::ui::panels::figures;
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Button, Icon, Segment, Segmented, focus, text};

use super::end_card::end_card_ui;

const STEPS: f32 = 216.0;
const STEP_ROW: f32 = 24.0;

/// What the tour remembers between frames, beside what it showed.
#[derive(Debug)]
pub(in super::super) struct TourState {
    /// `None`: the card at the end.
    step: Option<TourStep>,
    guess: Option<Guess>,
    /// Whether the lanes of all runs of a step are shown.
    is_together: bool,
}

/// What stands below a step.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum BelowStep {
    Nothing,
    /// The run under way, or the chosen one.
    OneRun,
    /// These runs with their headings.
    Together(Vec<(RunId, String)>),
}

impl Default for TourState {
    fn default() -> Self {
        Self {
            step: Some(TourStep::OneWorker),
            guess: None,
            is_together: true,
        }
    }
}

impl TourState {
    fn go(&mut self, step: Option<TourStep>) {
        self.step = step;
        self.guess = None;
    }

    fn below(&self, session: &Session) -> BelowStep {
        let Some(step) = self.step else {
            return BelowStep::Nothing;
        };
        if session.jobs().running.is_some() {
            return BelowStep::OneRun;
        }
        let Some(shown) = session.tour().shown(step) else {
            return BelowStep::Nothing;
        };
        if !self.is_together || shown.runs.len() < 2 {
            return BelowStep::OneRun;
        }
        let heading = |label: &str, figures: &TourFigures| {
            format!("{label} · {}", figures::duration(figures.wall_ns))
        };
        let runs = shown.runs.iter();
        BelowStep::Together(
            runs.map(|(label, id, figures)| (*id, heading(label, figures)))
                .collect(),
        )
    }
}

/// Over the whole width there is; what is to stand in the room left below.
pub(in super::super) fn tour_ui(
    ui: &mut Ui,
    session: &Session,
    (state, chosen): (&mut TourState, &mut Option<LineKey>),
    outbox: &mut Outbox,
) -> BelowStep {
    let room = ui.available_rect_before_wrap();
    let (steps, rest) = room.split_left_right_at_x(room.left() + STEPS);
    let list = ui.scope_builder(UiBuilder::new().max_rect(steps), |ui| {
        steps_ui(ui, session.tour(), state);
    });
    let rest = rest.with_min_x(rest.left() + size::GAP_L);
    let shown = ui.scope_builder(UiBuilder::new().max_rect(rest), |ui| {
        ui.spacing_mut().item_spacing.y = size::GAP_XS;
        if let Some(step) = state.step {
            step_ui(ui, session, (step, &mut *state), chosen, outbox);
        } else {
            end_card_ui(ui, session.tour(), outbox);
        }
    });
    let bottom = shown
        .response
        .rect
        .bottom()
        .max(list.response.rect.bottom());
    let below = bottom + size::GAP_S;
    ui.advance_cursor_after_rect(Rect::from_min_max(room.min, pos2(room.left(), below)));
    state.below(session)
}

fn steps_ui(ui: &mut Ui, tour: &Tour, state: &mut TourState) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let steps = TourStep::ALL.into_iter().map(Some).chain([None]);
    for step in steps {
        let (number, title, is_done) = match step {
            Some(step) => {
                let number = (step.idx() + 1).to_string();
                (number, step.title(), tour.shown(step).is_some())
            }
            None => (String::new(), "What it showed", false),
        };
        if step_row_ui(ui, (&number, title), (state.step == step, is_done)) {
            state.go(step);
        }
    }
}

fn step_row_ui(
    ui: &mut Ui,
    (number, title): (&str, &str),
    (is_current, is_done): (bool, bool),
) -> bool {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), STEP_ROW);
    let (row, response) = ui.allocate_exact_size(wanted, Sense::click());
    response.widget_info(|| {
        let done = if is_done { ", done" } else { "" };
        let words = match number {
            "" => title.to_owned(),
            number => format!("Step {number}: {title}{done}"),
        };
        WidgetInfo::selected(Role::Tab, true, is_current, words)
    });
    let ground = theme.surface(&response, theme.panel);
    let ground = if is_current { theme.control } else { ground };
    ui.painter().rect_filled(row, size::RADIUS_CONTROL, ground);
    let ink = if is_current { theme.text } else { theme.soft };
    let sign = row.with_max_x(row.left() + 24.0);
    if is_done {
        Icon::Ok.paint_sized(ui.painter(), sign.center(), 13.0, theme.ok);
    } else {
        text::center(ui, sign, number, font::caption(), theme.faint);
    }
    let words = row.with_min_x(sign.right() + 2.0);
    text::left(ui, words, title, font::caption(), ink);
    focus::ring(ui, &response);
    response.clicked()
}

fn step_ui(
    ui: &mut Ui,
    session: &Session,
    (step, state): (TourStep, &mut TourState),
    chosen: &mut Option<LineKey>,
    outbox: &mut Outbox,
) {
    let theme = Theme::of(ui);
    let title = RichText::new(step.title()).font(font::name());
    ui.label(title.color(theme.text));
    let shown = session.tour().shown(step);
    let is_busy = session.jobs().running.is_some();
    if is_busy {
        paragraph(ui, step.explanation());
        paragraph(ui, &format!("Look at: {}", step.look_at()));
        return;
    }
    if let Some(shown) = shown {
        sentence_ui(ui, shown);
        after_ui(ui, session, (shown, &mut *state), chosen, outbox);
        return;
    }
    paragraph(ui, step.explanation());
    paragraph(ui, &format!("Look at: {}", step.look_at()));
    paragraph(ui, step.question());
    let has_photo = session.photo().is_some();
    row(ui, |ui| guess_ui(ui, state));
    row(ui, |ui| {
        let run = Button::main(step.button())
            .enabled(has_photo && state.guess.is_some())
            .tip("First a guess", "");
        if ui.add(run).clicked() {
            outbox.send(Command::RunTourStep(step, state.guess));
        }
    });
    if !has_photo {
        text::caption(ui, "Open a photo first; the sample will do.");
    }
}

fn guess_ui(ui: &mut Ui, state: &mut TourState) {
    text::caption(ui, "Your guess:");
    let segments = Guess::ALL.map(|guess| Segment::new(guess.label()));
    let chosen = Guess::ALL
        .iter()
        .position(|guess| Some(*guess) == state.guess);
    if let Some(idx) = Segmented::new("Your guess", &segments).show(ui, chosen) {
        state.guess = Some(Guess::ALL[idx]);
    }
}

/// What the step showed, and how the guess was.
fn sentence_ui(ui: &mut Ui, shown: &StepShown) {
    let theme = Theme::of(ui);
    let words = RichText::new(&shown.conclusion.sentence).font(font::title());
    ui.add(Label::new(words.color(theme.text)).wrap());
    let Some(guess) = shown.guess else {
        return;
    };
    let guessed = format!("You guessed {}", guess.label());
    let (icon, ink, words) = match shown.conclusion.answer {
        Some(answer) if guess == answer => (Icon::Ok, theme.ok, format!("{guessed}: right.")),
        Some(answer) => {
            let words = format!("{guessed}; it was {}.", answer.label());
            (Icon::Info, theme.soft, words)
        }
        None if shown.step == TourStep::OneWorker => {
            let words = format!("{guessed}: the next step measures all cores.");
            (Icon::Info, theme.soft, words)
        }
        None => return,
    };
    ui.horizontal(|ui| {
        let (_, square) = ui.allocate_space(vec2(16.0, 16.0));
        icon.paint_sized(ui.painter(), square.center(), 14.0, ink);
        text::caption(ui, &words);
    });
}

/// The way on, and which of the step's runs the lanes show.
fn after_ui(
    ui: &mut Ui,
    session: &Session,
    (shown, state): (&StepShown, &mut TourState),
    chosen: &mut Option<LineKey>,
    outbox: &mut Outbox,
) {
    let step = shown.step;
    row(ui, |ui| {
        let next = Button::main(if step.next().is_some() {
            "Next step"
        } else {
            "What it showed"
        });
        if ui.add(next).clicked() {
            state.go(step.next());
        }
        if ui.add(Button::quiet("Once more")).clicked() {
            outbox.send(Command::RunTourStep(step, shown.guess));
        }
    });
    let key_of = |idx: usize| {
        let id = shown.runs.get(idx)?.1;
        let lines = session.history().lines().iter().rev();
        let mut found = lines.filter(|line| line.source == Source::Sitting(id));
        Some(found.next()?.key.clone())
    };
    let n_runs = shown.runs.len();
    let of_chosen = (0..n_runs).find(|idx| key_of(*idx) == *chosen);
    if n_runs > 1 {
        let labels: Vec<&str> = shown.runs.iter().map(|run| run.0).collect();
        let labels = without_common_beginning(&labels).into_iter();
        let segments: Vec<Segment<'_>> = labels.chain(["together"]).map(Segment::new).collect();
        let lit = if state.is_together {
            Some(n_runs)
        } else {
            of_chosen
        };
        row(ui, |ui| {
            if let Some(idx) = Segmented::new("Lanes of", &segments).show(ui, lit) {
                state.is_together = idx == n_runs;
                if idx < n_runs {
                    *chosen = key_of(idx);
                }
            }
        });
    }
    if of_chosen.is_none() {
        *chosen = key_of(n_runs.saturating_sub(1));
    }
}

/// What tells labels apart, where all begin with the same words before a comma: there is no room to say
/// them thrice.
fn without_common_beginning<'a>(labels: &[&'a str]) -> Vec<&'a str> {
    let split = |label: &&'a str| label.split_once(", ");
    let parts: Option<Vec<_>> = labels.iter().map(split).collect();
    match parts {
        Some(parts) if parts.windows(2).all(|pair| pair[0].0 == pair[1].0) => {
            parts.into_iter().map(|(_, rest)| rest).collect()
        }
        _ => labels.to_vec(),
    }
}

fn row(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let wanted = vec2(ui.available_width(), size::BUTTON);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP_S;
        contents(ui);
    });
}

fn paragraph(ui: &mut Ui, words: &str) {
    let ink = Theme::of(ui).soft;
    let words = RichText::new(words).font(font::caption()).color(ink);
    ui.add(Label::new(words).wrap());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lose_what_all_of_them_say() {
        let short = without_common_beginning(&["processes, cold", "processes, one killed"]);
        assert_eq!(short, ["cold", "one killed"]);
        let labels = ["one worker that waits", "one lock, 4 threads"];
        assert_eq!(without_common_beginning(&labels), labels);
    }
}
