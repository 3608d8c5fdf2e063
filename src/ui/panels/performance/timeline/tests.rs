//! Lanes as they are heard and worked by hand, and what a hundred thousand tiles cost a frame.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use egui::accesskit::Role;
use egui::{Key, Modifiers, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::pixels::geometry::{Rect, Size};
use crate::studio::BackendKind;
use crate::studio::preview::Stamps;
use crate::telemetry::event::{Phase, PhaseSpan, StepTime, TileRecord};
use crate::telemetry::ids::{PassIdx, RunId, TileIdx, WorkerIdx};
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::record::{PassRecord, RunRecord, StepLabel};
use crate::telemetry::summary::Summary;
use crate::telemetry::usage::thread_cpu_ns;
use crate::ui::state::{DragPath, PointedPhoto, PointedTile};
use crate::ui::theme::{Theme, ThemeChoice};

use super::classes::ColorBy;
use super::lanes::{RunLanes, TimelineState, TimelineView, timeline_ui};
use super::paint::{Place, lane_mesh};
use super::prepared::{Owner, Prepared};
use super::span::Span;

const MS: u64 = 1_000_000;

fn tile(idx: usize, worker: u16, (start_ns, end_ns): (u64, u64)) -> TileRecord {
    let third_ns = (end_ns - start_ns) / 8;
    let span = PhaseSpan::new;
    TileRecord {
        run: RunId(9),
        pass: PassIdx((idx % 2) as u16),
        tile: TileIdx(idx as u32),
        rect_in_frame: Rect::new(64 * (idx as u32 % 16), 64 * (idx as u32 / 16 % 16), 64, 64),
        worker: WorkerIdx(worker),
        core: Some(u32::from(worker % 4)),
        core_changed: idx.is_multiple_of(5),
        phases: vec![
            span(Phase::Sending, start_ns, start_ns + third_ns),
            span(Phase::Computing, start_ns + third_ns, end_ns),
        ],
        cpu_ns: None,
        steps: (0..2)
            .map(|step_idx| StepTime {
                step_idx,
                elapsed_ns: third_ns * 3,
            })
            .collect(),
        bytes_in: 1,
        bytes_out: 1,
        attempt: 1,
    }
}

/// Tiles side by side on every worker, each 95 % of its slot long.
fn run_of(n_tiles: usize, n_workers: u16, slot_ns: u64) -> Arc<RunWithEvents> {
    let tiles: Vec<TileRecord> = (0..n_tiles)
        .map(|idx| {
            let worker = (idx % usize::from(n_workers)) as u16;
            let start_ns = (idx / usize::from(n_workers)) as u64 * slot_ns;
            tile(idx, worker, (start_ns, start_ns + slot_ns * 19 / 20))
        })
        .collect();
    let label = |label: &str| StepLabel {
        edit: None,
        label: label.to_owned(),
    };
    let pass = |pass: u16| PassRecord {
        pass: PassIdx(pass),
        steps: vec![label("exposure"), label("blur")],
        ..PassRecord::default()
    };
    let record = RunRecord {
        id: RunId(9),
        backend: "processes".to_owned(),
        n_workers,
        wall_ns: n_tiles.div_ceil(usize::from(n_workers)) as u64 * slot_ns,
        region_in_frame: Rect::new(0, 0, 1024, 1024),
        passes: vec![pass(0), pass(1)],
        ..RunRecord::default()
    };
    Arc::new(RunWithEvents {
        record,
        tiles,
        events: Vec::new(),
    })
}

#[derive(Default)]
struct Desk {
    state: TimelineState,
    drag: Option<DragPath>,
    pointed: Option<PointedTile>,
}

fn window(run: Arc<RunWithEvents>) -> Harness<'static, Desk> {
    window_of(vec![run])
}

fn window_of(runs: Vec<Arc<RunWithEvents>>) -> Harness<'static, Desk> {
    let shown: Vec<RunLanes> = runs
        .into_iter()
        .map(|run| RunLanes {
            heading: format!("{} · {} ms", run.record.backend, run.record.wall_ns / MS),
            run,
        })
        .collect();
    Harness::builder()
        .with_size(vec2(900.0, 240.0))
        .with_max_steps(40)
        .build_ui_state(
            move |ui, desk: &mut Desk| {
                Theme::apply(ui.ctx(), ThemeChoice::Dark);
                let view = TimelineView {
                    runs: &shown,
                    least_ns: 0,
                    drag: desk.drag.as_ref(),
                };
                timeline_ui(ui, &view, &mut desk.state);
                let heard = PointedTile::heard(ui.ctx());
                desk.pointed = heard.or(desk.pointed.take());
            },
            Desk::default(),
        )
}

#[test]
fn every_lane_is_there_and_says_its_shares() {
    let window = window(run_of(8, 2, 10 * MS));
    let worker = window.get_by_label_contains("worker 0: ");
    let words = worker.accesskit_node().label().unwrap_or_default();
    assert_eq!(words, "worker 0: compute 83 · send 12 · wait 5 %");
    window.get_by_label_contains("worker 1: ");
    window.get_by_label_contains("core 0: busy 83 %");
    window.get_by_label_contains("Timeline, the whole run, 40 ms");
}

#[test]
fn a_hundred_workers_are_seen_together_and_the_cores_stay_in_sight() {
    let window = window(run_of(400, 100, 10 * MS));
    let area = window.get_by_role(Role::Canvas).rect();
    let lane = |name: &str| window.get_by_label_contains(name).rect();
    let (first, second) = (lane("worker 0: "), lane("worker 1: "));
    assert!(second.top() - first.top() < 8.0);
    for core in 0..4 {
        let row = lane(&format!("core {core}: "));
        assert!(area.y_range().contains(row.center().y), "core {core}");
    }
}

#[test]
fn runs_together_have_headings_and_one_scale_of_time() {
    let (long, short) = (run_of(8, 2, 10 * MS), run_of(4, 2, 10 * MS));
    let window = window_of(vec![long, short]);
    window.get_by_label_contains("Timeline of 2 runs, the whole run, 40 ms");
    let above = window.get_by_role_and_label(Role::Heading, "processes · 40 ms");
    let below = window.get_by_role_and_label(Role::Heading, "processes · 20 ms");
    let lane = |of: &str| {
        let words = format!("worker 0: compute 83 · send 12 · wait 5 %, of processes · {of} ms");
        window.get_by_label(&words).rect()
    };
    let tops = [
        above.rect().top(),
        lane("40").top(),
        below.rect().top(),
        lane("20").top(),
    ];
    assert!(tops.is_sorted(), "{tops:?}");
    assert_eq!(lane("40").height(), lane("20").height());
}

#[test]
fn a_filter_has_one_colour_in_all_runs_shown_together() {
    let label = |label: &str| StepLabel {
        edit: None,
        label: label.to_owned(),
    };
    let mut first = (*run_of(8, 2, 10 * MS)).clone();
    for tile in &mut first.tiles {
        tile.steps[1].elapsed_ns /= 2;
    }
    let mut second = first.clone();
    for pass in &mut second.record.passes {
        pass.steps = vec![label("blur"), label("exposure")];
    }
    let all = [Arc::new(first), Arc::new(second)];
    let marks = |run: &Arc<RunWithEvents>| {
        let prepared = Prepared::of(run, ColorBy::Filter, &all);
        let entries = prepared.classes.entries;
        entries.into_iter().map(|it| (it.label, it.mark)).collect()
    };
    let (first, second): (Vec<_>, Vec<_>) = (marks(&all[0]), marks(&all[1]));
    assert_eq!(first, second);
    assert!(first.iter().any(|(label, _)| label == "blur"));
}

#[test]
fn wheel_keys_and_button_change_what_is_shown() {
    let mut window = window(run_of(8, 2, 10 * MS));
    let area = window.get_by_role(Role::Canvas).rect();
    window.hover_at(area.center());
    window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: vec2(0.0, 5.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Unknown,
    });
    window.run_steps(30);
    assert!(
        window
            .query_by_label_contains("Timeline, the whole run")
            .is_none()
    );
    window
        .get_by_role_and_label(Role::Button, "Show the whole run")
        .click();
    window.run_steps(3);
    window.get_by_label_contains("Timeline, the whole run");
    window.get_by_role(Role::Canvas).focus();
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::NONE, Key::ArrowUp);
    window.run_steps(2);
    assert!(
        window
            .query_by_label_contains("Timeline, the whole run")
            .is_none()
    );
    window.key_press_modifiers(Modifiers::NONE, Key::Home);
    window.run_steps(2);
    window.get_by_label_contains("Timeline, the whole run");
}

#[test]
fn a_bar_tells_its_tile_and_outlines_it_on_the_photo() {
    let mut window = window(run_of(8, 2, 10 * MS));
    let area = window.get_by_role(Role::Canvas).rect();
    let lane = window.get_by_label_contains("worker 1: ").rect();
    // The second of four tiles of this worker, in the middle.
    window.hover_at(pos2(area.left() + area.width() * 0.37, lane.center().y));
    window.run_steps(3);
    let pointed = window.state().pointed.clone().unwrap();
    assert!(
        pointed.label.starts_with("tile 3 · worker 1 · core 1"),
        "{}",
        pointed.label
    );
    assert_eq!(pointed.frame, Size::new(1024, 1024));
    window.get_by_label("tile 3 · worker 1 · core 1");
    window.get_by_label("exposure 3.6 ms");
}

#[test]
fn the_photo_lights_the_bars_of_its_place() {
    let run = run_of(8, 2, 10 * MS);
    let at = |at: [u32; 2], side: u32| {
        Some(PointedPhoto {
            at,
            frame: Size::new(side, side),
        })
    };
    assert_eq!(super::pointed::lit_tiles(&run, at([70, 3], 1024)), [1]);
    assert!(super::pointed::lit_tiles(&run, at([70, 300], 1024)).is_empty());
    assert!(
        super::pointed::lit_tiles(&run, at([70, 3], 999)).is_empty(),
        "another picture"
    );
    let stretch = super::pointed::stretch_on(&run, 1, Owner::Worker(1)).unwrap();
    assert_eq!(stretch, (0, 9_500_000));
    assert!(super::pointed::stretch_on(&run, 1, Owner::Core(0)).is_none());
}

#[test]
fn colours_by_filter_split_tiles_and_lose_no_time() {
    let run = run_of(64, 2, 10 * MS);
    for by in [
        ColorBy::Phase,
        ColorBy::Core,
        ColorBy::Pass,
        ColorBy::Filter,
    ] {
        let prepared = Prepared::of(&run, by, &[Arc::clone(&run)]);
        for lane in &prepared.lanes {
            let (sum, _) = lane.track.over(0, 0, run.record.wall_ns);
            assert_eq!(sum.n_tiles, 32, "{by:?} {}", lane.name);
            let computing_ns = 32 * (9_500_000 - 9_500_000 / 8);
            let sending_ns = 32 * (9_500_000 / 8);
            let is_worker = lane.name.starts_with("worker");
            let expected = computing_ns + if is_worker { sending_ns } else { 0 };
            assert!(
                sum.busy_ns().abs_diff(expected) <= 64,
                "{by:?} {}",
                sum.busy_ns()
            );
        }
    }
}

#[test]
fn the_last_drag_has_a_row_of_its_own() {
    let mut window = window(run_of(8, 2, 10 * MS));
    let stamps = Stamps {
        input_ns: 0,
        taken_ns: MS,
        planned_ns: 2 * MS,
        first_tile_ns: 5 * MS,
        last_tile_ns: 12 * MS,
        n_coalesced: 3,
        ..Stamps::default()
    };
    window.state_mut().drag = Some(DragPath::of(
        BackendKind::Threads,
        &stamps,
        (13 * MS, 20 * MS),
    ));
    window.run_steps(2);
    window.get_by_label_contains("Last slider drag, to the screen in 20 ms: coalesced 1.0 ms");
    window.get_by_label_contains("3 earlier inputs overtaken on the way");
}

/// Prints figures; what it asserts is that no tile is lost at any zoom.
#[test]
fn a_hundred_thousand_tiles_are_drawn_whole_at_every_zoom() {
    let n_tiles = 100_000;
    let run = run_of(n_tiles, 16, 40_000);
    let began = Instant::now();
    let prepared = Prepared::of(&run, ColorBy::Phase, &[]);
    let prepared_ms = began.elapsed().as_secs_f64() * 1e3;
    let rect = egui::Rect::from_min_size(pos2(0.0, 0.0), vec2(1200.0, 16.0));
    let mut frames_ns = Vec::new();
    let mut span = Span::whole(run.record.wall_ns);
    for frame in 0..60 {
        let place = Place {
            rect,
            pixel: 1.0,
            span,
        };
        let began_ns = thread_cpu_ns();
        let n_vertices: usize = prepared
            .lanes
            .iter()
            .map(|lane| lane_mesh(&prepared, &lane.track, &place).vertices.len())
            .sum();
        frames_ns.extend(
            began_ns
                .zip(thread_cpu_ns())
                .map(|(began, ended)| ended - began),
        );
        assert!(n_vertices > 0);
        span = span.zoomed(0.85, 0.4 + 0.003 * f64::from(frame));
    }
    let Some(figures) = Summary::of(frames_ns) else {
        say("SKIPPED: this system does not tell a thread's CPU time");
        return;
    };
    say(&format!(
        "{n_tiles} tiles, {} lanes: prepared once in {prepared_ms:.0} ms; every lane anew in {:.2} ms of CPU time \
         (median), {:.2} ms (p95), {:.2} ms (most) a frame",
        prepared.lanes.len(),
        figures.median as f64 / 1e6,
        figures.p95 as f64 / 1e6,
        figures.max as f64 / 1e6,
    ));
    let workers = prepared
        .lanes
        .iter()
        .filter(|lane| lane.name.starts_with("worker"));
    let n_seen: u32 = workers
        .map(|lane| lane.track.over(0, 0, run.record.wall_ns).0.n_tiles)
        .sum();
    assert_eq!(n_seen as usize, n_tiles);
}

/// Past the harness, which keeps what a passing test prints.
fn say(words: &str) {
    drop(writeln!(std::io::stderr(), "\n{words}"));
}
