//! The panel's head and views, and what it remembers between frames.

use std::time::Duration;

use egui::{
    Align, Color32, Frame, Layout, Margin, Rect, RichText, ScrollArea, Ui, UiBuilder, vec2,
};

use crate::studio::session::{Job, Session};
use crate::telemetry::ids::RunId;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::timeline::Timeline;
use crate::ui::command::{Command, Outbox, ShowCommand};
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Button, Icon, IconButton, Segment, Segmented, text};

use super::cores::cores_ui;
use super::lanes::lanes_ui;
use super::live::Live;
use super::marks;
use super::model::{OpenJob, RunLine, preview_sentence, run_lines, sentence};
use super::progress::{JobShown, progress_ui};
use super::runs::{runs_ui, table_width};
use super::strip::strip_ui;

const HEIGHT: f32 = 264.0;
const HEAD: f32 = 34.0;
const CORES_WIDTH: f32 = 220.0;
/// Lanes narrower than this show nothing; the table then has a tab of its own.
const LANES_MIN: f32 = 360.0;
/// A minute of samples.
const N_SAMPLES: usize = 600;

/// Height of the panel, folded or not.
#[must_use]
pub const fn performance_height(is_folded: bool) -> f32 {
    if is_folded {
        size::PERFORMANCE_STRIP
    } else {
        HEIGHT
    }
}

/// What the panel remembers between frames.
#[derive(Debug, Default)]
pub struct PerformanceState {
    /// Shown as a strip; whoever shows the panel sets it.
    pub is_folded: bool,
    shows_runs: bool,
    live: Live,
    chosen: Option<RunId>,
    /// The newest run that was seen: a newer one is chosen by itself.
    newest: Option<RunId>,
    timeline: Option<(RunId, Timeline)>,
    open_job: Option<(u64, OpenJob)>,
    lines: Vec<RunLine>,
    job: Option<JobShown>,
}

/// The performance panel of the window.
pub fn performance_ui(
    ui: &mut Ui,
    session: &Session,
    state: &mut PerformanceState,
    outbox: &mut Outbox,
) {
    let now_s = ui.input(|input| input.time);
    let every_s = if state.is_folded { 1.0 } else { 0.25 };
    state
        .live
        .renew(now_s, every_s, || session.monitor.latest(N_SAMPLES));
    let wait = Duration::from_secs_f64(state.live.due_in_s(now_s, every_s) + 0.01);
    ui.ctx().request_repaint_after(wait);
    state.follow(session);
    state.job =
        running(session).map(|job| JobShown::renewed(state.job.take(), job, now_s, every_s));
    let ours = marks::of_kind(session.backend().kind).color();
    let words = head_words(session, state);
    if state.is_folded {
        strip_ui(ui, &state.live.now(), ours, &words, outbox);
        return;
    }
    head_ui(ui, session, state, &words, outbox);
    let body = ui
        .available_rect_before_wrap()
        .shrink2(vec2(size::GAP_M, 0.0));
    let shows_table = body.width() >= CORES_WIDTH + LANES_MIN + table_width() + 40.0;
    let (cores, rest) = body.split_left_right_at_x(body.left() + CORES_WIDTH);
    within(ui, cores, |ui| cores_ui(ui, &state.live, ours));
    divider(ui, rest.left() + size::GAP_M);
    let rest = rest.with_min_x(rest.left() + size::GAP_XL);
    let previews = preview_sentence(session.preview_summary());
    if state.shows_runs {
        within(ui, rest, |ui| table_ui(ui, state, &previews, outbox));
        return;
    }
    let lanes = if shows_table {
        let (lanes, runs) = rest.split_left_right_at_x(rest.right() - table_width());
        divider(ui, runs.left() - size::GAP_M);
        within(ui, runs, |ui| table_ui(ui, state, &previews, outbox));
        lanes.with_max_x(lanes.right() - size::GAP_XL)
    } else {
        rest
    };
    within(ui, lanes, |ui| run_ui(ui, session, state, ours));
}

impl PerformanceState {
    /// Keeps to the newest run, and makes anew what follows from it.
    fn follow(&mut self, session: &Session) {
        let rows = session.runs.rows();
        let newest = rows.last().map(|row| row.record().id);
        let job_changed = self.follow_job(session);
        if newest != self.newest {
            self.newest = newest;
            self.chosen = newest;
        }
        if job_changed
            || self.lines.len() != rows.len()
            || newest != self.lines.first().map(|line| line.id)
        {
            let open = self.open_job.as_ref().map(|(_, job)| job);
            self.lines = run_lines(&session.runs, open);
        }
        let shown = self.timeline.as_ref().map(|(id, _)| *id);
        if shown != self.chosen {
            let run = self.chosen.and_then(|id| session.runs.find(id));
            self.timeline = run.map(|row| (row.record().id, Timeline::of(&row.run)));
        }
    }

    /// Of all runs of this sitting, from 1.
    fn place_of_chosen(&self, session: &Session) -> Option<usize> {
        let rows = session.runs.rows();
        let row_idx = rows
            .iter()
            .position(|row| Some(row.record().id) == self.chosen);
        row_idx.map(|row_idx| row_idx + 1)
    }

    /// Whether another photo or recipe is open than in the last frame.
    fn follow_job(&mut self, session: &Session) -> bool {
        let Some(open) = session.photo() else {
            return self.open_job.take().is_some();
        };
        let (revision, file_name) = (open.history.revision(), open.photo.name());
        let is_same = self
            .open_job
            .as_ref()
            .is_some_and(|(seen, job)| *seen == revision && job.file_name == file_name);
        if is_same || open.history.has_open_gesture() {
            return false;
        }
        let recipe = open.history.current().to_toml();
        self.open_job = Some((revision, OpenJob { file_name, recipe }));
        true
    }
}

/// The job under way, or the chosen run, or what to do.
fn head_words(session: &Session, state: &PerformanceState) -> String {
    if let Some(job) = &state.job {
        return job.sentence.clone();
    }
    let row = state.chosen.and_then(|id| session.runs.find(id));
    row.map_or_else(|| "no full run yet".to_owned(), sentence)
}

fn running(session: &Session) -> Option<&Job> {
    let jobs = session.jobs();
    jobs.running.as_ref().or(jobs.exporting.as_ref())
}

fn head_ui(
    ui: &mut Ui,
    session: &Session,
    state: &mut PerformanceState,
    words: &str,
    outbox: &mut Outbox,
) {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), HEAD);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::GAP_S);
        let run = state
            .place_of_chosen(session)
            .map_or_else(|| "Run".to_owned(), |place| format!("Run {place}"));
        let tabs = [Segment::new(&run), Segment::new("Runs")];
        let chosen = usize::from(state.shows_runs);
        if let Some(tab) = Segmented::tabs("View", &tabs).show(ui, Some(chosen)) {
            state.shows_runs = tab == 1;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::GAP_XS);
            let fold = IconButton::new(Icon::ChevronDown, "Fold the performance panel");
            if ui.add(fold.shortcut("P").small()).clicked() {
                outbox.show(ShowCommand::TogglePerformance);
            }
            if !session.runs.rows().is_empty() {
                let save = Button::text("Save the log…");
                let tip =
                    "All runs of this sitting, with their tiles, as CSV, JSON or a Chrome trace";
                // An id of its own: the words beside it had this place before.
                let save = ui.push_id("save log", |ui| ui.add(save.tip(tip, "")));
                if save.inner.clicked() {
                    outbox.send(Command::ChooseLog);
                }
            }
            let words = RichText::new(words).font(font::caption()).color(theme.soft);
            ui.add(egui::Label::new(words).truncate());
        });
    });
    let line = egui::Stroke::new(1.0, theme.line_inner);
    ui.painter()
        .hline(ui.max_rect().x_range(), ui.cursor().top(), line);
}

fn divider(ui: &Ui, x: f32) {
    let area = ui.available_rect_before_wrap();
    let line = egui::Stroke::new(1.0, Theme::of(ui).line_inner);
    ui.painter().vline(x, area.y_range(), line);
}

fn within(ui: &mut Ui, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    let builder = UiBuilder::new().max_rect(rect);
    let mut inside = ui.new_child(builder);
    inside.set_clip_rect(ui.clip_rect().intersect(rect.expand(2.0)));
    let margin = Margin::symmetric(0, size::GAP_S as i8);
    Frame::NONE.inner_margin(margin).show(&mut inside, contents);
}

fn table_ui(ui: &mut Ui, state: &mut PerformanceState, previews: &str, outbox: &mut Outbox) {
    runs_ui(ui, &state.lines, previews, &mut state.chosen, outbox);
}

/// The run under way, or the chosen one as lanes.
fn run_ui(ui: &mut Ui, session: &Session, state: &PerformanceState, ours: Color32) {
    let list = ScrollArea::vertical().id_salt("lanes").auto_shrink(false);
    list.show(ui, |ui| {
        if let Some(job) = &state.job {
            progress_ui(ui, job, ours);
            return;
        }
        let run = state.chosen.and_then(|id| session.runs.find(id));
        match (run, &state.timeline) {
            (Some(row), Some((_, timeline))) if has_tiles(&row.run) => {
                lanes_ui(ui, &row.run, timeline);
            }
            (Some(_), _) => {
                text::caption(ui, "The tiles of this run are no longer kept; its row is.");
            }
            (None, _) => {
                text::caption(
                    ui,
                    "Run computes the whole photo; what every worker and core did then stands here.",
                );
            }
        }
    });
}

fn has_tiles(run: &RunWithEvents) -> bool {
    !run.tiles.is_empty()
}
