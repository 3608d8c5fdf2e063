//! A curve is drawn by mouse and by keyboard; each gesture is one step.

use egui::accesskit::Role;
use egui::{Key, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::filters::curve_points::CurvePoints;
use crate::ui::theme::{Theme, ThemeChoice};
use crate::ui::widgets::Stage;

use super::{paint, param_curve, place_of};

struct Bench {
    curve: CurvePoints,
    stages: Vec<Stage>,
}

fn harness(points: &[[f64; 2]]) -> Harness<'static, Bench> {
    let bench = Bench {
        curve: CurvePoints::new(points).unwrap(),
        stages: Vec::new(),
    };
    let mut harness = Harness::builder()
        .with_size(vec2(320.0, 220.0))
        .with_max_steps(60)
        .build_ui_state(
            |ui, bench: &mut Bench| {
                Theme::apply(ui.ctx(), ThemeChoice::Dark);
                let shown = param_curve(ui, "Luma", "test", &bench.curve, None);
                if let Some((curve, stage)) = shown.change {
                    bench.curve = curve;
                    bench.stages.push(stage);
                }
            },
            bench,
        );
    harness.run();
    harness
}

fn field(harness: &Harness<'static, Bench>) -> Rect {
    paint::field(harness.get_by_role_and_label(Role::Canvas, "Luma").rect())
}

fn at(harness: &Harness<'static, Bench>, point: [f64; 2]) -> Pos2 {
    place_of(field(harness), point)
}

fn drag(harness: &mut Harness<'static, Bench>, from: Pos2, to: Pos2) {
    harness.drag_at(from);
    harness.step();
    for share in [0.3, 0.7, 1.0] {
        harness.hover_at(from + share * (to - from));
        harness.step();
    }
    harness.drop_at(to);
    harness.run();
}

#[test]
fn dragging_a_point_is_one_step() {
    let mut harness = harness(&[[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]);
    let (from, to) = (at(&harness, [0.5, 0.5]), at(&harness, [0.4, 0.7]));
    drag(&mut harness, from, to);
    let bench = harness.state();
    let [x, y] = bench.curve.points()[1];
    assert!((x - 0.4).abs() < 0.02 && (y - 0.7).abs() < 0.02, "{x} {y}");
    let commits = bench
        .stages
        .iter()
        .filter(|stage| **stage == Stage::Committed);
    assert_eq!(commits.count(), 1);
    assert_eq!(bench.stages.last(), Some(&Stage::Committed));
}

#[test]
fn a_point_stays_between_its_neighbours_and_leaves_by_being_dragged_out() {
    let mut harness = harness(&[[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]);
    let (from, beyond) = (at(&harness, [0.0, 0.0]), at(&harness, [0.8, 0.2]));
    drag(&mut harness, from, beyond);
    let points = harness.state().curve.points().to_vec();
    assert!(points[0][0] < 0.5 && points.len() == 3, "{points:?}");
    let from = at(&harness, [0.5, 0.5]);
    drag(&mut harness, from, from + vec2(0.0, 200.0));
    assert_eq!(harness.state().curve.points().len(), 2);
}

#[test]
fn keys_choose_move_add_and_remove() {
    let mut harness = harness(&[[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]);
    harness.get_by_role_and_label(Role::Canvas, "Luma").focus();
    harness.run();
    harness.key_press(Key::PageUp);
    harness.step();
    for _ in 0..3 {
        harness.key_press(Key::ArrowUp);
        harness.step();
    }
    harness.run();
    let bench = harness.state();
    assert_eq!(bench.curve.points()[1], [0.5, 0.53]);
    let commits = bench
        .stages
        .iter()
        .filter(|stage| **stage == Stage::Committed);
    assert!(commits.count() <= 1, "a burst is one step");
    harness.key_press(Key::Insert);
    harness.step();
    assert_eq!(harness.state().curve.points().len(), 4);
    harness.key_press(Key::Delete);
    harness.step();
    assert_eq!(harness.state().curve.points().len(), 3);
}
