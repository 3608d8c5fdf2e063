//! The lanes: of the run under way, of the chosen one, of the last ones together, and of a step of the
//! tour below its words.

use std::sync::Arc;

use egui::{Color32, Ui};

use crate::studio::session::Session;
use crate::telemetry::ids::RunId;
use crate::ui::command::Outbox;
use crate::ui::panels::terms::explained;
use crate::ui::theme::size;
use crate::ui::widgets::text;

use super::marks;
use super::progress::progress_ui;
use super::run_strip::run_strip_ui;
use super::state::PerformanceState;
use super::timeline::{RunLanes, TimelineState, TimelineView, timeline_ui};
use super::tour::{BelowStep, tour_ui};

/// The run under way; else the chosen one or the last ones, with a strip to choose from.
pub(super) fn run_ui(ui: &mut Ui, session: &Session, state: &mut PerformanceState, ours: Color32) {
    if let Some(job) = &state.job {
        progress_ui(ui, job, ours, &mut state.live_lanes);
        return;
    }
    if state.late.len() > 1 {
        let both = (&mut state.strip, &mut state.chosen);
        run_strip_ui(ui, &state.late, both);
        ui.add_space(size::GAP_XS);
    }
    if state.shows_together() {
        together_ui(ui, state);
    } else {
        chosen_ui(ui, session, state);
    }
}

fn together_ui(ui: &mut Ui, state: &mut PerformanceState) {
    let runs = state.strip.together(&state.late).into_iter();
    let runs = runs.map(|late| RunLanes {
        run: Arc::clone(&late.run),
        heading: late.words.clone(),
    });
    several_ui(ui, &runs.collect::<Vec<_>>(), &mut state.timeline);
}

fn several_ui(ui: &mut Ui, runs: &[RunLanes], timeline: &mut TimelineState) {
    let view = TimelineView {
        runs,
        least_ns: 0,
        drag: None,
    };
    timeline_ui(ui, &view, timeline);
}

/// The chosen run, or what to do.
fn chosen_ui(ui: &mut Ui, session: &Session, state: &mut PerformanceState) {
    let line = state.chosen_line(session);
    let run = line.and_then(|line| session.run_of(line));
    match (line, run) {
        (Some(_), Some(run)) if !run.tiles.is_empty() => {
            let heading = String::new();
            let view = TimelineView {
                runs: &[RunLanes { run, heading }],
                least_ns: 0,
                drag: state.drag.as_ref(),
            };
            timeline_ui(ui, &view, &mut state.timeline);
        }
        (Some(_), _) => {
            text::caption(
                ui,
                "Only the row of this run is kept; the tiles of the latest runs are. Run it again to see its lanes.",
            );
        }
        (None, _) => {
            text::caption(
                ui,
                "Run computes the whole photo; what every worker and core did then stands here.",
            );
            let words = explained(session.backend().kind);
            text::caption(ui, words.what);
            text::caption(ui, &format!("Look at: {}", words.look_at));
        }
    }
}

/// The step in hand, and below it the lanes of its run, while it goes on and afterwards.
pub(super) fn tour_view_ui(
    ui: &mut Ui,
    session: &Session,
    state: &mut PerformanceState,
    outbox: &mut Outbox,
) {
    let both = (&mut state.tour, &mut state.chosen);
    let below = tour_ui(ui, session, both, outbox);
    let together = match &below {
        BelowStep::Nothing => return,
        BelowStep::OneRun => Vec::new(),
        BelowStep::Together(runs) => kept_of(session, runs),
    };
    if let Some(job) = &state.job {
        let ours = marks::core_inks(session.backend().kind).ours;
        progress_ui(ui, job, ours, &mut state.live_lanes);
    } else if together.is_empty() {
        chosen_ui(ui, session, state);
    } else {
        several_ui(ui, &together, &mut state.timeline);
    }
}

/// Those whose tiles are kept.
fn kept_of(session: &Session, runs: &[(RunId, String)]) -> Vec<RunLanes> {
    let kept = runs.iter().filter_map(|(id, heading)| {
        let run = &session.runs.find(*id)?.run;
        let lanes = RunLanes {
            run: Arc::clone(run),
            heading: heading.clone(),
        };
        (!run.tiles.is_empty()).then_some(lanes)
    });
    kept.collect()
}
