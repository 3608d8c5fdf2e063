//! What is done with the cards by mouse and keyboard arrives as the right commands.

use std::path::PathBuf;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::filters::registry;
use crate::filters::spec::Spec;
use crate::filters::value::{Value, Values};
use crate::recipe::{Edit, Recipe};
use crate::ui::command::{Command, EditCommand, Outbox};
use crate::ui::theme::{Theme, ThemeChoice};

use super::{CameraFacts, RightState, RightView, right_panel};

struct Bench {
    recipe: Recipe,
    state: RightState,
    sent: Vec<EditCommand>,
    /// Files asked for, by path; an empty one asks for the dialog.
    files: Vec<PathBuf>,
}

impl Bench {
    /// What the window's dispatch does, without a history.
    fn carry_out(&mut self, outbox: &mut Outbox) {
        for command in outbox.take() {
            let edit = match command {
                Command::Edit(edit) => edit,
                Command::LoadFile(_, path) => {
                    self.files.push(path);
                    continue;
                }
                Command::ChooseFile(_) => {
                    self.files.push(PathBuf::new());
                    continue;
                }
                _ => continue,
            };
            if let EditCommand::Step { after, .. } | EditCommand::Drag { after, .. } = &edit {
                self.recipe = after.clone();
            }
            self.sent.push(edit);
        }
    }
}

fn spec(id: &str) -> &'static Spec {
    registry::find(id).unwrap().spec()
}

fn recipe_of(ids: &[&str]) -> Recipe {
    ids.iter().fold(Recipe::empty(), |recipe, id| {
        let n_edits = recipe.edits().len();
        recipe
            .inserted_at(n_edits, spec(id), &Values::on_add(spec(id)))
            .0
    })
}

fn filter_ids(recipe: &Recipe) -> Vec<&str> {
    recipe.edits().iter().map(Edit::filter_id).collect()
}

fn harness(recipe: Recipe) -> Harness<'static, Bench> {
    let bench = Bench {
        recipe,
        state: RightState::default(),
        sent: Vec::new(),
        files: Vec::new(),
    };
    let mut harness = Harness::builder()
        .with_size(vec2(368.0, 1400.0))
        .with_max_steps(30)
        .build_ui_state(
            |ui, bench: &mut Bench| {
                Theme::apply(ui.ctx(), ThemeChoice::Dark);
                let mut outbox = Outbox::default();
                let recipe = bench.recipe.clone();
                let view = RightView {
                    has_photo: true,
                    recipe: &recipe,
                    histogram: None,
                    camera: CameraFacts::default(),
                    edit_ns: &[(1, 22_000_000)],
                    is_reduced: true,
                    longer_side_px: 4000.0,
                };
                right_panel(ui, &view, &mut bench.state, &mut outbox);
                bench.carry_out(&mut outbox);
            },
            bench,
        );
    harness.run();
    harness
}

fn rect_of(harness: &Harness<'static, Bench>, role: Role, name: &str) -> Rect {
    harness.get_by_role_and_label(role, name).rect()
}

#[test]
fn a_drag_of_a_ready_slider_brings_its_edit_in_as_one_step() {
    let mut harness = harness(Recipe::empty());
    let track = rect_of(&harness, Role::Slider, "Contrast");
    harness.drag_at(track.center());
    harness.step();
    for dx in [10.0, 20.0, 30.0] {
        harness.hover_at(track.center() + vec2(dx, 0.0));
        harness.step();
    }
    harness.drop_at(track.center() + vec2(30.0, 0.0));
    harness.run();
    let bench = harness.state();
    let n_ends = |sent: &[EditCommand]| {
        let ends = sent
            .iter()
            .filter(|edit| matches!(edit, EditCommand::DragEnd));
        ends.count()
    };
    assert!(
        matches!(bench.sent.first(), Some(EditCommand::Drag { label, .. }) if label.starts_with("Contrast +"))
    );
    assert!(matches!(bench.sent.last(), Some(EditCommand::DragEnd)));
    assert_eq!(n_ends(&bench.sent), 1);
    assert!(bench.sent.len() >= 3, "several pictures on the way");
    assert_eq!(
        filter_ids(&bench.recipe),
        ["contrast"],
        "one edit, whatever the way"
    );
    let moved = bench.recipe.edits()[0].values().unwrap().number(0);
    assert!(moved > 10.0 && moved < 90.0, "{moved}");
}

#[test]
fn a_slider_set_at_once_is_a_step() {
    let mut harness = harness(recipe_of(&["sharpen"]));
    harness
        .get_by_role_and_label(Role::Slider, "Sharpen radius")
        .set_value_accesskit(2.0);
    harness.run();
    let bench = harness.state();
    let values = bench.recipe.edits()[0].values().unwrap();
    assert_eq!(values.get(1), Value::Number(2.0));
    assert_eq!(values.get(0), Values::on_add(spec("sharpen")).get(0));
}

#[test]
fn a_filter_is_added_by_typing_its_name_and_gets_the_keyboard() {
    let mut harness = harness(recipe_of(&["exposure", "grain"]));
    harness
        .get_by_role_and_label(Role::TextInput, "Add a filter")
        .click();
    harness.run();
    harness.event(egui::Event::Text("vign".to_owned()));
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let bench = harness.state();
    assert_eq!(filter_ids(&bench.recipe), ["exposure", "vignette", "grain"]);
    assert!(
        matches!(bench.sent.as_slice(), [EditCommand::Step { label, .. }] if label.contains("Vignette"))
    );
    let slider = harness.get_by_role_and_label(Role::Slider, "Vignette amount");
    assert!(slider.accesskit_node().is_focused());
}

#[test]
fn arrows_choose_among_what_was_found() {
    let mut harness = harness(Recipe::empty());
    harness
        .get_by_role_and_label(Role::TextInput, "Add a filter")
        .click();
    harness.run();
    harness.event(egui::Event::Text("geometry".to_owned()));
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(filter_ids(&harness.state().recipe), ["flip"]);
}

#[test]
fn the_eye_and_the_menu_change_one_edit() {
    let mut harness = harness(recipe_of(&["sharpen"]));
    let eye = harness.get_by_role_and_label(Role::Button, "Switch off: Sharpen");
    eye.click();
    harness.run();
    assert!(!harness.state().recipe.edits()[0].enabled);
    harness
        .get_by_role_and_label(Role::Button, "More: Sharpen")
        .click();
    harness.run();
    harness
        .get_by_role_and_label(Role::Slider, "Opacity in per cent")
        .set_value_accesskit(40.0);
    harness.run();
    assert_eq!(harness.state().recipe.edits()[0].opacity, 0.4);
    harness
        .get_by_role_and_label(Role::MenuItem, "Duplicate")
        .click();
    harness.run();
    assert_eq!(filter_ids(&harness.state().recipe), ["sharpen", "sharpen"]);
}

#[test]
fn a_card_is_moved_by_keyboard_and_by_its_grip() {
    let mut harness = harness(recipe_of(&["vignette", "grain", "blur"]));
    let grip = harness.get_by_role_and_label(Role::Button, "Move: Vignette");
    grip.focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    harness.run();
    assert_eq!(
        filter_ids(&harness.state().recipe),
        ["grain", "vignette", "blur"]
    );

    let from = rect_of(&harness, Role::Button, "Move: Blur").center();
    let first = rect_of(&harness, Role::Button, "Move: Grain");
    harness.drag_at(from);
    harness.step();
    harness.hover_at(first.center_top() - vec2(0.0, 3.0));
    harness.step();
    harness.drop_at(first.center_top() - vec2(0.0, 3.0));
    harness.run();
    let bench = harness.state();
    assert_eq!(filter_ids(&bench.recipe), ["blur", "grain", "vignette"]);
    assert!(
        matches!(bench.sent.last(), Some(EditCommand::Step { label, .. }) if label == "Move Blur")
    );
}

#[test]
fn what_a_reduced_preview_cannot_show_is_marked() {
    let harness = harness(recipe_of(&["median"]));
    assert!(harness.query_by_label("judge at 100 %").is_some());
}

#[test]
fn a_long_list_is_shown_in_parts_beginning_with_what_is_set() {
    let mut harness = harness(recipe_of(&["hue-bands"]));
    let has = |harness: &Harness<'static, Bench>, name: &str| {
        let found = harness.query_by_role_and_label(Role::Slider, name);
        found.is_some()
    };
    assert!(has(&harness, "Colour bands blue saturation"));
    assert!(!has(&harness, "Colour bands blue hue"));
    harness
        .get_by_role_and_label(Role::RadioButton, "Luminance")
        .click();
    harness.run();
    assert!(!has(&harness, "Colour bands blue saturation"));
    harness
        .get_by_role_and_label(Role::Slider, "Colour bands blue luminance")
        .set_value_accesskit(-55.0);
    harness.run();
    let values = harness.state().recipe.edits()[0].values().unwrap().clone();
    let idx = spec("hue-bands").param_idx("blue-luminance").unwrap();
    assert_eq!(values.get(idx), Value::Number(-55.0));
}

#[test]
fn a_curve_is_drawn_in_its_card_as_one_step() {
    let mut harness = harness(recipe_of(&["tone-curve"]));
    let field = rect_of(&harness, Role::Canvas, "Tone curve luma");
    // The point at a quarter, 20 % high.
    let inside = field.shrink(7.0);
    let at = inside.left_bottom() + vec2(0.25 * inside.width(), -0.2 * inside.height());
    harness.drag_at(at);
    harness.step();
    for dy in [5.0, 10.0, 15.0] {
        harness.hover_at(at + vec2(0.0, dy));
        harness.step();
    }
    harness.drop_at(at + vec2(0.0, 15.0));
    harness.run();
    let bench = harness.state();
    assert!(matches!(bench.sent.last(), Some(EditCommand::DragEnd)));
    let curve = bench.recipe.edits()[0].values().unwrap().curve(0);
    assert!(curve.points()[1][1] < 0.15, "{curve}");
}

#[test]
fn a_file_is_asked_for_by_path_or_by_dialog() {
    let mut harness = harness(recipe_of(&["lut"]));
    harness
        .get_by_role_and_label(Role::Button, "Browse…")
        .click();
    harness.run();
    harness
        .get_by_role_and_label(Role::TextInput, "Look table file")
        .focus();
    harness.run();
    harness.event(egui::Event::Text("/looks/film.cube".to_owned()));
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let expected = [PathBuf::new(), PathBuf::from("/looks/film.cube")];
    assert_eq!(harness.state().files, expected);
}
