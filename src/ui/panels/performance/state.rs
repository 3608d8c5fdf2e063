//! What the panel remembers between frames, and how it keeps to the session.

use std::time::Duration;

use egui::{Rect, Ui, ViewportId};

use crate::studio::run_history::{LineKey, RunLine, Source};
use crate::studio::session::{Job, Session};
use crate::studio::workers::BenchWorker;
use crate::ui::Scene;
use crate::ui::state::DragPath;

use super::live::Live;
use super::model::{OpenJob, ShortLine, short_lines};
use super::progress::JobShown;
use super::run_strip::{LateRun, RunStripState, late_runs};
use super::runs::RunsState;
use super::scaling::ScalingState;
use super::timeline::TimelineState;
use super::tour::TourState;

/// Figures change no oftener than this.
const FIGURES_EVERY_S: f64 = 0.25;

/// Least height of the panel that shows several runs below each other.
const TOGETHER_HEIGHT: f32 = 380.0;

/// One of the panel's tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum View {
    /// The lanes of the chosen run.
    #[default]
    Run,
    /// The table of all runs.
    Runs,
    /// The worker processes there are.
    Workers,
    /// The scaling lab.
    Scaling,
    /// The guided tour.
    Tour,
}

impl View {
    pub(super) const ALL: [Self; 5] = [
        Self::Run,
        Self::Runs,
        Self::Workers,
        Self::Scaling,
        Self::Tour,
    ];

    /// `run` is what the tab of the chosen run says.
    pub(super) const fn label(self, run: &str) -> &str {
        match self {
            Self::Run => run,
            Self::Runs => "Runs",
            Self::Workers => "Workers",
            Self::Scaling => "Scaling",
            Self::Tour => "Tour",
        }
    }

    /// Least height of the panel in the window's foot that shows it well, in points.
    pub(super) const fn least_height(self) -> f32 {
        match self {
            Self::Run | Self::Runs | Self::Workers => 0.0,
            Self::Scaling => 320.0,
            Self::Tour => 440.0,
        }
    }
}

/// What the panel remembers between frames.
#[derive(Debug, Default)]
pub struct PerformanceState {
    /// Shown as a strip; whoever shows the panel sets it.
    pub is_folded: bool,
    /// In a window of its own; whoever shows the panel sets it.
    pub is_detached: bool,
    /// Where the panel lies, in points, and in which window: what a picture of it shows.
    pub(super) lies_at: Option<(ViewportId, Rect)>,
    pub(super) view: View,
    pub(super) live: Live,
    pub(super) chosen: Option<LineKey>,
    /// The newest run that was seen: a newer one is chosen by itself.
    newest: Option<LineKey>,
    pub(super) timeline: TimelineState,
    /// The last runs whose tiles are kept, newest first, and which of them are shown.
    pub(super) late: Vec<LateRun>,
    pub(super) strip: RunStripState,
    /// Of the run under way.
    pub(super) live_lanes: TimelineState,
    pub(super) drag: Option<DragPath>,
    /// When `drag` was renewed, on the window's clock.
    drag_at_s: f64,
    open_job: Option<(u64, OpenJob)>,
    pub(super) lines: Vec<ShortLine>,
    /// How many lines of the history those were made of.
    lines_of: usize,
    pub(super) runs: RunsState,
    pub(super) scaling: ScalingState,
    pub(super) tour: TourState,
    /// The worker processes when they were last looked at.
    pub(super) workers: Vec<BenchWorker>,
    workers_at_s: f64,
    pub(super) job: Option<JobShown>,
}

impl PerformanceState {
    /// Once a frame, before the panel is drawn anywhere.
    pub fn renew(&mut self, ui: &Ui, session: &Session) {
        let now_s = ui.input(|input| input.time);
        let every_s = if self.is_folded && !self.is_detached {
            1.0
        } else {
            FIGURES_EVERY_S
        };
        self.live.renew(now_s, every_s, |since_ns| {
            session.monitor.newer_than(since_ns)
        });
        let wait = Duration::from_secs_f64(self.live.due_in_s(now_s, every_s) + 0.01);
        ui.ctx().request_repaint_after(wait);
        if (now_s - self.workers_at_s).abs() >= every_s {
            self.workers_at_s = now_s;
            self.workers = session.monitor.workers();
        }
        self.lies_at = None;
        self.follow(session);
        self.job =
            running(session).map(|job| JobShown::renewed(self.job.take(), job, now_s, every_s));
    }

    /// The view that a picture of the window shall show comes to the front.
    pub(in crate::ui) const fn show_scene(&mut self, scene: Scene) {
        self.view = match scene {
            Scene::Runs => View::Runs,
            Scene::Scaling => View::Scaling,
            Scene::Tour => View::Tour,
            _ => self.view,
        };
    }

    /// The table of all runs comes to the front.
    pub const fn show_runs(&mut self) {
        self.view = View::Runs;
    }

    /// The way of the last slider drag; shown four times a second at most.
    pub fn note_drag(&mut self, drag: Option<DragPath>, now_s: f64) {
        if self.drag.is_none() || (now_s - self.drag_at_s).abs() >= FIGURES_EVERY_S {
            self.drag = drag;
            self.drag_at_s = now_s;
        }
    }

    /// Keeps to the newest run, and makes anew what follows from it.
    fn follow(&mut self, session: &Session) {
        let history = session.history();
        let is_of_now = |line: &&RunLine| line.source != Source::Earlier;
        let newest = history.lines().iter().rev().find(is_of_now);
        let newest = newest.map(|line| &line.key);
        let job_changed = self.follow_job(session);
        if newest != self.newest.as_ref() {
            self.newest = newest.cloned();
            self.chosen.clone_from(&self.newest);
        }
        if job_changed || self.lines_of != history.lines().len() {
            self.lines_of = history.lines().len();
            let open = self.open_job.as_ref().map(|(_, job)| job);
            self.lines = short_lines(history, open);
            self.late = late_runs(session, &self.lines);
        }
    }

    /// Whether the lanes of several runs are shown.
    pub(super) fn shows_together(&self) -> bool {
        self.strip.is_together && self.late.len() > 1
    }

    /// Least height of the panel in the window's foot that shows its view well, in points.
    pub(super) fn least_height(&self) -> f32 {
        if self.view == View::Run && self.shows_together() {
            TOGETHER_HEIGHT
        } else {
            self.view.least_height()
        }
    }

    /// The run that is looked at.
    pub(super) fn chosen_line<'a>(&self, session: &'a Session) -> Option<&'a RunLine> {
        session.history().find(self.chosen.as_ref()?)
    }

    /// Of all runs of this sitting, from 1.
    pub(super) fn place_of_chosen(&self) -> Option<usize> {
        let newest_first = self.lines.iter();
        let place = newest_first
            .rev()
            .position(|line| Some(&line.key) == self.chosen.as_ref());
        place.map(|place| place + 1)
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

fn running(session: &Session) -> Option<&Job> {
    let jobs = session.jobs();
    jobs.running.as_ref().or(jobs.exporting.as_ref())
}
