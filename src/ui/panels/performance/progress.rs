//! How far the job under way is and what it does now: in all, and as the lanes of its run while they
//! grow, or what each worker has done where there are too many tiles for that.

use egui::{Color32, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::studio::session::{Job, JobId, JobKind, WorkerProgress};
use crate::ui::panels::figures;
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::text;

use super::timeline::{RunLanes, TimelineState, TimelineView, timeline_ui};

const NAME: f32 = 104.0;
const FIGURE: f32 = 72.0;
const LANE: f32 = 12.0;
const LANE_STEP: f32 = 20.0;

/// `Running on threads · 62 % · 0.4 s to go`.
#[must_use]
fn job_sentence(job: &Job) -> String {
    let what = match &job.kind {
        JobKind::Opening(name) => format!("Opening {name}"),
        JobKind::Running(backend) => format!("Running on {}", backend.to_lowercase()),
        JobKind::Comparing => "Comparing all backends".to_owned(),
        JobKind::Scaling => "Measuring every number of workers".to_owned(),
        JobKind::SideBySide => "Running on two backends".to_owned(),
        JobKind::Touring(step) => format!("Tour: {step}"),
        JobKind::Exporting(name) => format!("Exporting {name}"),
    };
    let doing = job.doing().words();
    // "Tour: Threads" need not add that these are threads.
    let is_said = what.to_lowercase().ends_with(&doing);
    let what = if is_said {
        what
    } else {
        format!("{what} · {doing}")
    };
    if job.is_stopping() {
        return format!("{what} · stopping");
    }
    let share = format!("{:.0} %", job.share_done() * 100.0);
    let left = job.remaining_ns().filter(|ns| *ns > 500_000_000);
    match left {
        Some(ns) => format!(
            "{what} · {share} · {:.0} s to go",
            (ns as f64 / 1e9).max(1.0)
        ),
        None => format!("{what} · {share}"),
    }
}

/// A job as it is shown: renewed seldom, so that its figures can be read.
#[derive(Debug, Clone)]
pub(super) struct JobShown {
    id: JobId,
    taken_at_s: f64,
    pub(super) sentence: String,
    /// What it does now; empty where the sentence says it all.
    doing: String,
    share_done: f32,
    workers: Vec<WorkerProgress>,
    /// The run under way and how far its scale reaches.
    live: Option<(RunLanes, u64)>,
}

impl JobShown {
    /// The job now, or as it was shown less than `every_s` ago.
    pub(super) fn renewed(last: Option<Self>, job: &Job, now_s: f64, every_s: f64) -> Self {
        let is_fresh =
            |last: &Self| last.id == job.id && (0.0..every_s).contains(&(now_s - last.taken_at_s));
        last.filter(is_fresh).unwrap_or_else(|| Self {
            id: job.id,
            taken_at_s: now_s,
            sentence: job_sentence(job),
            share_done: job.share_done(),
            doing: job.doing().words(),
            workers: job.workers(),
            live: job.live().map(|live| {
                let heading = String::new();
                let run = live.run;
                (RunLanes { run, heading }, scale_ns(live.expected_ns))
            }),
        })
    }
}

/// A round figure that is not less: a scale that follows an estimate would never stand still.
fn scale_ns(expected_ns: u64) -> u64 {
    let mut decade = 1_000_000;
    loop {
        for tenths in [10, 15, 20, 30, 50, 75] {
            if decade / 10 * tenths >= expected_ns {
                return decade / 10 * tenths;
            }
        }
        decade *= 10;
    }
}

/// The whole job, what it does now, and the lanes of that.
pub(super) fn progress_ui(ui: &mut Ui, job: &JobShown, ours: Color32, lanes: &mut TimelineState) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let share = job.share_done;
    let percent = format!("{:.0} %", share * 100.0);
    let whole = if job.doing.is_empty() {
        "whole run"
    } else {
        "in all"
    };
    // In a well, which is dark in both themes.
    bar_ui(ui, (whole, &percent), share, WELL.luma);
    if !job.doing.is_empty() {
        text::caption(ui, &format!("Now: {}", job.doing));
    }
    if let Some((run, least_ns)) = &job.live {
        ui.add_space(size::GAP_XS);
        let view = TimelineView {
            runs: std::slice::from_ref(run),
            least_ns: *least_ns,
            drag: None,
        };
        timeline_ui(ui, &view, lanes);
        return;
    }
    let list = ScrollArea::vertical()
        .id_salt("progress")
        .auto_shrink(false);
    list.show(ui, |ui| workers_ui(ui, job, ours));
}

/// A bar a worker.
fn workers_ui(ui: &mut Ui, job: &JobShown, ours: Color32) {
    let shares = worker_shares(&job.workers, job.share_done);
    for (worker_idx, (worker, share)) in job.workers.iter().zip(shares).enumerate() {
        let name = format!("worker {worker_idx}");
        let n_tiles = figures::counted(worker.n_tiles as usize, "tile", "tiles");
        bar_ui(ui, (&name, &n_tiles), share, ours);
    }
}

/// What each worker has done, 1 being an equal part of the whole job.
fn worker_shares(workers: &[WorkerProgress], share_done: f32) -> Vec<f32> {
    let n_done: u32 = workers.iter().map(|worker| worker.n_tiles).sum();
    let n_all = n_done as f32 / share_done.max(1e-3);
    let equal_part = (n_all / workers.len().max(1) as f32).max(1.0);
    let share = |worker: &WorkerProgress| worker.n_tiles as f32 / equal_part;
    workers
        .iter()
        .map(|worker| share(worker).min(1.0))
        .collect()
}

fn bar_ui(ui: &mut Ui, (name, figure): (&str, &str), share: f32, ink: Color32) {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), LANE_STEP);
    let (row, response) = ui.allocate_exact_size(wanted, Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::ProgressIndicator, true, format!("{name}: {figure}"))
    });
    text::left(ui, row, name, font::caption(), theme.soft);
    text::right(ui, row, figure, font::caption(), theme.soft);
    let track = Rect::from_min_max(
        pos2(row.left() + NAME, row.center().y - LANE / 2.0),
        pos2(
            row.right() - FIGURE - size::GAP_S,
            row.center().y + LANE / 2.0,
        ),
    );
    let done = track.with_max_x(track.left() + track.width() * share.clamp(0.0, 1.0));
    ui.painter().rect_filled(track, 2.0, WELL.trough);
    ui.painter().rect_filled(done, 2.0, ink);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_does_its_part_reaches_the_whole_with_the_job() {
        let workers = [3, 1].map(|n_tiles| WorkerProgress { n_tiles });
        assert_eq!(worker_shares(&workers, 0.5), [0.75, 0.25]);
        assert_eq!(worker_shares(&workers, 1.0), [1.0, 0.5]);
        assert!(worker_shares(&[], 0.0).is_empty());
    }

    #[test]
    fn the_scale_of_a_run_under_way_stands_still_while_the_estimate_wavers() {
        assert_eq!(scale_ns(0), 1_000_000);
        assert_eq!(scale_ns(1_310_000_000), scale_ns(1_480_000_000));
        for expected_ns in [1, 999_999, 1_000_001, 260_000_000, 76_000_000_000] {
            let scale_ns = scale_ns(expected_ns);
            assert!(scale_ns >= expected_ns, "{expected_ns}");
            assert!(
                scale_ns <= expected_ns.max(666_667) * 17 / 10,
                "{expected_ns}"
            );
        }
    }
}
