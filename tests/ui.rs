//! The window as a person uses it, without a display: opened, worked by mouse, keyboard and screen
//! reader's names, closed and opened again. Nothing is drawn; what is asked is what came of it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[path = "support/desk.rs"]
mod desk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::Queryable as _;
use parallax::studio::BackendKind;
use parallax::studio::session::Session;
use parallax::studio::view::Zoom;

use desk::{Desk, Window, press, shows, until, until_seen};

fn n_done(window: &Window) -> usize {
    let photo = window.state().session().photo().unwrap();
    photo.history.position()
}

fn pixels(window: &Window) -> Vec<u8> {
    window.state().session().preview().unwrap().pixels.clone()
}

#[test]
fn a_slider_changes_the_picture_as_one_step_and_keys_undo_and_redo_it() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    let plain = pixels(&window);
    window
        .get_by_role_and_label(Role::Slider, "Exposure")
        .set_value_accesskit(1.0);
    until(&mut window, |session| {
        session.is_preview_settled() && !session.recipe().is_empty()
    });
    until_seen(&mut window, |window| pixels(window) != plain);
    assert_eq!(n_done(&window), 1);
    let edited = pixels(&window);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until_seen(&mut window, |window| pixels(window) == plain);
    assert_eq!(n_done(&window), 0);
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    until_seen(&mut window, |window| pixels(window) == edited);
    assert_eq!(n_done(&window), 1);
}

#[test]
fn a_drag_is_one_step_and_ends_with_its_own_picture() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    let plain = pixels(&window);
    let slider = window.get_by_role_and_label(Role::Slider, "Exposure");
    let knob = slider.rect().center();
    window.drag_at(knob);
    window.step();
    for n in 1..=12_u8 {
        window.hover_at(knob + vec2(3.0 * f32::from(n), 0.0));
        window.step();
    }
    window.drop_at(knob + vec2(36.0, 0.0));
    window.run_steps(2);
    until(&mut window, Session::is_preview_settled);
    assert_eq!(n_done(&window), 1);
    let dragged = pixels(&window);
    assert!(dragged != plain);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    until_seen(&mut window, |window| pixels(window) == plain);
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    until_seen(&mut window, |window| pixels(window) == dragged);
}

#[test]
fn screen_readers_find_the_parts_of_the_window() {
    let desk = Desk::new();
    let window = desk.with_photo();
    for (role, name) in [
        (Role::Toolbar, "Toolbar"),
        (Role::Status, "Status"),
        (Role::Group, "Edits"),
        (Role::Group, "Performance"),
        (Role::Group, "Presets and history"),
    ] {
        window.get_by_role_and_label(role, name);
    }
}

#[test]
fn number_keys_switch_backends_and_the_picture_stays_the_same() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    let before = pixels(&window);
    for (key, kind) in [
        (Key::Num1, BackendKind::Single),
        (Key::Num3, BackendKind::Processes),
        (Key::Num2, BackendKind::Threads),
    ] {
        press(&mut window, Modifiers::NONE, key);
        until(&mut window, |session| {
            session.is_preview_settled()
                && session
                    .preview()
                    .is_some_and(|frame| frame.backend.kind == kind)
        });
        assert_eq!(pixels(&window), before, "{kind:?}");
    }
}

#[test]
fn before_shows_while_its_key_is_held() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    assert!(window.query_by_label("Before").is_none());
    window.key_down(Key::Backslash);
    until_seen(&mut window, |window| {
        window.query_by_label("Before").is_some()
    });
    window.key_up(Key::Backslash);
    window.run_steps(3);
    assert!(window.query_by_label("Before").is_none());
}

#[test]
fn keys_and_wheel_zoom() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    let zoom = |window: &Window| window.state().session().view().zoom;
    // The photo is smaller than the canvas, so fitted is one to one already.
    assert_eq!(zoom(&window), Zoom::Fit);
    let canvas = window.get_by_label("Photo canvas").rect();
    window.hover_at(canvas.center());
    window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: vec2(0.0, 10.0),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Unknown,
    });
    until_seen(
        &mut window,
        |window| matches!(zoom(window), Zoom::Scale(scale) if scale > 1.5),
    );
    // The wheel is smoothed over some frames: a key in between would be overtaken by its rest.
    let mut last = Zoom::Fit;
    until_seen(&mut window, |window| {
        let is_at_rest =
            zoom(window) == last && window.ctx.input(|i| i.smooth_scroll_delta().y == 0.0);
        last = zoom(window);
        is_at_rest
    });
    press(&mut window, Modifiers::NONE, Key::Z);
    assert_eq!(zoom(&window), Zoom::Fit);
    press(&mut window, Modifiers::NONE, Key::Z);
    assert_eq!(zoom(&window), Zoom::Scale(1.0));
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_photo_opens_by_dropping_it() {
    let desk = Desk::new();
    let mut window = desk.window(None, None);
    window.run_steps(2);
    assert!(shows(&window, "Open a photo to begin"));
    let file = Arc::new(Dropped(desk.photo()));
    window.input_mut().dropped_files.push(file);
    until(&mut window, |session| session.photo().is_some());
}

#[test]
fn a_photo_opens_by_the_desktops_dialog() {
    let desk = Desk::new();
    let mut window = desk.window(None, Some(&desk.photo()));
    press(&mut window, Modifiers::COMMAND, Key::O);
    until(&mut window, |session| session.photo().is_some());
}

#[test]
fn where_there_is_no_dialog_a_field_asks_for_the_path() {
    let desk = Desk::new();
    let mut window = desk.window(None, None);
    press(&mut window, Modifiers::COMMAND, Key::O);
    until_seen(&mut window, |window| shows(window, "Path of the photo"));
}

#[test]
fn edits_are_saved_by_themselves_and_are_there_again() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    window
        .get_by_role_and_label(Role::Slider, "Contrast")
        .set_value_accesskit(40.0);
    until(&mut window, |session| !session.recipe().is_empty());
    let recipe = window.state().session().recipe();
    let sidecar = desk.root.path().join("meadow.png.parallax.toml");
    until_seen(&mut window, |_| sidecar.exists());
    // As after a crash: the first window is still there when the second one opens.
    let again = desk.with_photo();
    assert!(again.state().session().recipe().says_same(&recipe));
    drop(window);
}

#[test]
fn the_export_sheet_writes_a_file() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    press(&mut window, Modifiers::COMMAND, Key::E);
    until_seen(&mut window, |window| {
        window.query_all_by_label("Runs on").next().is_some()
    });
    let start = window
        .get_all_by_role_and_label(Role::Button, "Export")
        .last()
        .unwrap();
    start.click();
    let target = desk.root.path().join("meadow-edited.png");
    until_seen(&mut window, |window| {
        target.exists() && shows(window, "Saved meadow-edited.png")
    });
    let written = image::open(&target).unwrap();
    assert_eq!((written.width(), written.height()), (600, 400));
}

#[test]
fn a_broken_file_is_told_of_and_stays_told() {
    let desk = Desk::new();
    let broken = desk.root.path().join("broken.jpg");
    std::fs::write(&broken, [0xFF, 0xD8, 0xFF, 0xE0, 0, 1]).unwrap();
    let mut window = desk.window(Some(&broken), None);
    until_seen(&mut window, |window| shows(window, "could not be opened"));
    window.run_steps(30);
    assert!(shows(&window, "broken.jpg could not be opened"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(!shows(&window, "could not be opened"));
}

#[test]
fn a_crop_by_keyboard_is_one_step() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    press(&mut window, Modifiers::NONE, Key::R);
    until_seen(&mut window, |window| {
        shows(window, "Crop rectangle, 600 × 400")
    });
    press(&mut window, Modifiers::SHIFT, Key::ArrowLeft);
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    until_seen(&mut window, |window| {
        shows(window, "Crop rectangle, 590 × 400")
    });
    press(&mut window, Modifiers::NONE, Key::Enter);
    until(&mut window, |session| {
        session.is_preview_settled()
            && session
                .preview()
                .is_some_and(|frame| frame.full_size.width == 590)
    });
    assert_eq!(n_done(&window), 1);
    press(&mut window, Modifiers::NONE, Key::R);
    until_seen(&mut window, |window| {
        shows(window, "Crop rectangle, 590 × 400")
    });
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(n_done(&window), 1);
    assert!(!shows(&window, "Crop rectangle"));
}

#[test]
fn comparing_finds_the_same_bytes_on_every_backend() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::R);
    assert!(window.state().session().jobs().running.is_some());
    until_seen(&mut window, |window| {
        shows(window, "same bytes on all backends")
    });
    assert_eq!(window.state().session().runs.rows().len(), 4);
}
