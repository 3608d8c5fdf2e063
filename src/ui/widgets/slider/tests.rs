//! The slider, worked as a person would.

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::filters::spec::{NumberSpec, Track, Unit};
use crate::ui::theme::{Theme, ThemeChoice};

use super::{Change, ParamSlider, Stage};

static EV: NumberSpec = NumberSpec {
    min: -5.0,
    max: 5.0,
    step: 0.1,
    identity: Some(0.0),
    on_add: 0.5,
    unit: Unit::Ev,
    decimals: 2,
    track: Track::Plain,
};

/// A caller as every panel is one: it shows what it is told and counts undo steps.
#[derive(Default)]
struct Photo {
    ev: f64,
    steps: Vec<f64>,
    changes: Vec<Change>,
}

fn harness(ev: f64) -> Harness<'static, Photo> {
    let photo = Photo {
        ev,
        ..Photo::default()
    };
    let mut harness = Harness::builder()
        .with_size(vec2(340.0, 80.0))
        .with_max_steps(60)
        .with_step_dt(0.05)
        .build_ui_state(
            |ui, photo: &mut Photo| {
                Theme::apply(ui.ctx(), ThemeChoice::Dark);
                let slider = ParamSlider::new("Exposure", &EV);
                let Some(change) = slider.show(ui, "ev", photo.ev).change else {
                    return;
                };
                photo.ev = change.value;
                photo.changes.push(change);
                if change.stage == Stage::Committed {
                    photo.steps.push(change.value);
                }
            },
            photo,
        );
    harness.run();
    harness
}

fn knob(harness: &Harness<'_, Photo>) -> Pos2 {
    let rect = harness
        .get_by_role_and_label(Role::Slider, "Exposure")
        .rect();
    let share = (harness.state().ev + 5.0) / 10.0;
    let left = rect.left() + super::paint::KNOB_RADIUS;
    let width = rect.width() - 2.0 * super::paint::KNOB_RADIUS;
    pos2(left + width * share as f32, rect.center().y)
}

fn press(harness: &mut Harness<'_, Photo>, key: Key, modifiers: Modifiers) {
    harness.key_press_modifiers(modifiers, key);
    harness.step();
}

fn focus(harness: &mut Harness<'_, Photo>) {
    harness
        .get_by_role_and_label(Role::Slider, "Exposure")
        .focus();
    harness.run();
}

/// Long enough for a burst to end.
fn rest(harness: &mut Harness<'_, Photo>) {
    harness.run_steps(16);
}

#[test]
fn a_drag_moves_the_value_and_is_one_step() {
    let mut harness = harness(0.0);
    let start = knob(&harness);
    harness.drag_at(start);
    harness.step();
    for offset in [10.0, 20.0, 30.0] {
        harness.hover_at(start + vec2(offset, 0.0));
        harness.step();
    }
    assert!(harness.state().ev > 1.0, "{}", harness.state().ev);
    assert!(harness.state().steps.is_empty(), "not before the release");
    harness.drop_at(start + vec2(30.0, 0.0));
    harness.run();
    let photo = harness.state();
    assert_eq!(photo.steps, [photo.ev]);
    assert_eq!(photo.changes[0].stage, Stage::Started);
}

#[test]
fn shift_drags_finer() {
    let drag = |modifiers: Modifiers| {
        let mut harness = harness(0.0);
        let start = knob(&harness);
        harness.drag_at(start);
        harness.step();
        harness.event(Event::ModifiersChanged(modifiers));
        harness.hover_at(start + vec2(40.0, 0.0));
        harness.step();
        harness.state().ev
    };
    let (coarse, fine) = (drag(Modifiers::NONE), drag(Modifiers::SHIFT));
    assert!(fine > 0.0 && fine < coarse / 5.0, "{fine} against {coarse}");
}

#[test]
fn esc_in_mid_drag_leaves_no_step() {
    let mut harness = harness(1.0);
    let start = knob(&harness);
    harness.drag_at(start);
    harness.step();
    harness.hover_at(start + vec2(40.0, 0.0));
    harness.step();
    assert!(harness.state().ev > 1.5);
    press(&mut harness, Key::Escape, Modifiers::NONE);
    assert_eq!(harness.state().ev, 1.0);
    harness.hover_at(start + vec2(60.0, 0.0));
    harness.step();
    harness.drop_at(start + vec2(60.0, 0.0));
    harness.run();
    assert_eq!(harness.state().ev, 1.0);
    assert!(harness.state().steps.is_empty());
}

#[test]
fn keys_step_and_a_burst_is_one_step() {
    let mut harness = harness(0.0);
    focus(&mut harness);
    press(&mut harness, Key::ArrowRight, Modifiers::NONE);
    press(&mut harness, Key::ArrowRight, Modifiers::NONE);
    press(&mut harness, Key::ArrowLeft, Modifiers::SHIFT);
    assert_eq!(harness.state().ev, 0.19);
    rest(&mut harness);
    assert_eq!(harness.state().steps, [0.19]);
    press(&mut harness, Key::Delete, Modifiers::NONE);
    rest(&mut harness);
    assert_eq!(harness.state().steps, [0.19, 0.0]);
}

#[test]
fn a_typed_value_is_one_step() {
    let mut harness = harness(0.0);
    focus(&mut harness);
    press(&mut harness, Key::Enter, Modifiers::NONE);
    harness.run_steps(2);
    let field = harness.get_by_role_and_label(Role::TextInput, "Exposure");
    assert!(field.is_focused());
    harness.event(Event::Text("1,25".to_owned()));
    harness.step();
    press(&mut harness, Key::Enter, Modifiers::NONE);
    harness.run();
    assert_eq!(harness.state().steps, [1.25]);
    let slider = harness.get_by_role_and_label(Role::Slider, "Exposure");
    assert!(slider.is_focused(), "the keyboard goes back to the slider");
    assert_eq!(slider.value().as_deref(), Some("+1.25 EV"));
}

#[test]
fn esc_while_typing_changes_nothing() {
    let mut harness = harness(0.5);
    harness.get_by_label("Exposure: type a value").click();
    harness.run();
    harness.event(Event::Text("3".to_owned()));
    harness.step();
    press(&mut harness, Key::Escape, Modifiers::NONE);
    harness.run();
    assert_eq!(harness.state().ev, 0.5);
    assert!(harness.state().changes.is_empty());
}

#[test]
fn a_double_click_resets() {
    let mut harness = harness(2.0);
    let at = knob(&harness);
    for _ in 0..2 {
        harness.drag_at(at);
        harness.step();
        harness.drop_at(at);
        harness.step();
    }
    rest(&mut harness);
    assert_eq!(harness.state().steps, [0.0]);
}

#[test]
fn a_click_on_the_track_jumps() {
    let mut harness = harness(0.0);
    let rect = harness
        .get_by_role_and_label(Role::Slider, "Exposure")
        .rect();
    let at = pos2(rect.right() - 10.0, rect.center().y);
    harness.event(Event::PointerMoved(at));
    harness.event(Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed: true,
        modifiers: Modifiers::NONE,
    });
    harness.step();
    harness.drop_at(at);
    harness.step();
    rest(&mut harness);
    assert_eq!(harness.state().steps.len(), 1);
    assert!(harness.state().ev > 4.0);
}

#[test]
fn the_wheel_over_the_value_steps() {
    let mut harness = harness(0.0);
    let value = harness.get_by_label("Exposure: type a value").rect();
    harness.hover_at(value.center());
    harness.run_steps(3);
    for _ in 0..3 {
        harness.event(Event::MouseWheel {
            unit: egui::MouseWheelUnit::Line,
            delta: vec2(0.0, 1.0),
            phase: egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
            source: egui::MouseWheelSource::Wheel,
        });
        harness.step();
    }
    rest(&mut harness);
    assert_eq!(harness.state().steps, [0.3]);
}

#[test]
fn assistive_technology_sets_it() {
    let mut harness = harness(0.0);
    let slider = harness.get_by_role_and_label(Role::Slider, "Exposure");
    assert_eq!(slider.accesskit_node().max_numeric_value(), Some(5.0));
    slider.set_value_accesskit(-2.0);
    harness.run();
    assert_eq!(harness.state().steps, [-2.0]);
}
